"""The project's addresses as local mode has them."""

from django.urls import include, path

from chat.views.demo_shop import demo_shop

urlpatterns = [path("demo/", demo_shop, name="demo-shop"), path("", include("minichat.urls"))]
