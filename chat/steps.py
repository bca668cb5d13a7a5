"""The steps of a new workspace from its widget to its first answer."""

from django.utils.translation import gettext_lazy as _

from chat import events
from workspaces.models import Workspace
from workspaces.setup import Step


def has_messages(workspace: Workspace) -> bool:
    return workspace.conversations.exists()


def has_answers(workspace: Workspace) -> bool:
    return workspace.conversations.exclude(first_replied_at=None).exists()


LOOK = Step(
    key="look",
    title=_("Choose its look"),
    text=_("Your colour and your greeting."),
    icon="palette",
    url_name="setup-look",
    ticked_by=(events.INBOX_LOOK_CHANGED,),
    is_page=True,
)
SITE = Step(
    key="site",
    title=_("Put it on your website"),
    text=_("Done as soon as somebody opens the chat there."),
    icon="code",
    url_name="setup-install",
    ticked_by=(events.INBOX_INSTALLED,),
    is_page=True,
)
# Asked of what is there: an event of each message would cost the busiest path a statement.
MESSAGE = Step(
    key="message",
    title=_("Get a first message"),
    text=_("Write one yourself on the trial page."),
    icon="message-circle",
    url_name="setup-try",
    has_happened=has_messages,
)
REPLY = Step(
    key="reply",
    title=_("Answer it"),
    text=_("The visitor sees your answer at once."),
    icon="send",
    url_name="inbox",
    has_happened=has_answers,
)
STEPS = (LOOK, SITE, MESSAGE, REPLY)
