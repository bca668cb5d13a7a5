from django.urls import path

from contacts.views import contact, contacts, leads, merging, notes

urlpatterns = [
    path("contacts/", contacts.index, name="contacts"),
    path("contacts/export/", contacts.export_file, name="export-contacts"),
    path("contacts/<uuid:pk>/", contact.show, name="contact"),
    path("contacts/<uuid:pk>/edit/", contact.edit, name="edit-contact"),
    path("contacts/<uuid:pk>/attributes/", contact.set_attribute, name="set-attribute"),
    path("contacts/<uuid:pk>/attributes/delete/", contact.delete_attribute, name="delete-attribute"),
    path("contacts/<uuid:pk>/notes/", notes.index, name="contact-notes"),
    path("contacts/<uuid:pk>/notes/new/", notes.create, name="add-note"),
    path("contacts/<uuid:pk>/notes/<uuid:note>/edit/", notes.edit, name="edit-note"),
    path("contacts/<uuid:pk>/notes/<uuid:note>/delete/", notes.delete, name="delete-note"),
    path("contacts/<uuid:pk>/merge/", merging.merge, name="merge-contact"),
    path("leads/", leads.index, name="leads"),
    path("leads/<uuid:pk>/", leads.show, name="lead"),
    path("leads/<uuid:pk>/status/", leads.move, name="move-lead"),
    path("leads/<uuid:pk>/assignment/", leads.assign, name="assign-lead"),
]
