"""The project's addresses as local mode has them."""

from django.urls import path

from chat.views.demo_shop import demo_shop
from minichat.urls import urlpatterns as project

urlpatterns = [path("demo/", demo_shop, name="demo-shop"), *project]
