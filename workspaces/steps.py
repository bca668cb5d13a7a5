"""The steps of a new workspace that this room knows of."""

from django.utils.translation import gettext_lazy as _

from workspaces import events
from workspaces.setup import Step

NAME = Step(
    key="name",
    title=_("Name your workspace"),
    text=_("Visitors see the name over the chat."),
    icon="store",
    url_name="setup-name",
    ticked_by=(events.WORKSPACE_CHANGED,),
    field="name",
    is_page=True,
)
