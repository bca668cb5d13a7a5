from __future__ import annotations

from collections.abc import Sequence

from chat import events
from chat.models import Inbox
from contacts import actions
from contacts.actions import FieldWish
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Membership


@action
def set_inbox_form(
    inbox: Inbox,
    *,
    by: Membership,
    fields: Sequence[FieldWish],
    consent: str = "",
    makes_leads: bool = False,
    asks_when_away: bool = False,
) -> Inbox:
    """What visitors are asked from now on; who was asked already is not asked again."""
    inbox = inbox.workspace.inboxes.select_for_update(of=("self",)).select_related("lead_form").get(pk=inbox.pk)
    form = actions.set_form(
        inbox.workspace,
        inbox.lead_form,
        fields=fields,
        consent=consent,
        makes_leads=makes_leads,
        asks_when_away=asks_when_away,
    )
    if inbox.lead_form_id != form.pk:
        inbox.lead_form = form
        inbox.save(update_fields=["lead_form"])
    emit(events.INBOX_FORM_CHANGED, inbox, actor=by)
    return inbox
