from __future__ import annotations

import pytest
from django.utils import timezone

from chat.models import Conversation
from minichat.lib import keyset
from minichat.lib.errors import Invalid
from workspaces.models import Membership


@pytest.mark.django_db
def test_what_one_list_said_is_nothing_to_another(
    omar_member: Membership, ana_member: Membership, conversation: Conversation
) -> None:
    """Of the same length, and of other types: a name is no moment."""
    people = omar_member.workspace.memberships.all()
    after = keyset.page(people, ["role", "id"], after="", size=1).next
    assert len(keyset.page(people, ["role", "id"], after=after, size=9).rows) == people.count() - 1
    for order in (["-role", "-id"], ["id", "role"]):
        with pytest.raises(Invalid):
            keyset.page(people, order, after=after, size=9)
    with pytest.raises(Invalid):
        keyset.page(conversation.workspace.conversations.all(), ["-last_message_at", "-id"], after=after, size=9)


@pytest.mark.django_db
def test_level_rows_are_told_apart_by_the_last_column(omar_member: Membership, ana_member: Membership) -> None:
    now = timezone.now()
    people = omar_member.workspace.memberships.all()
    people.update(created_at=now)
    seen, after = [], ""
    while True:
        page = keyset.page(people, ["-created_at", "-id"], after=after, size=1)
        seen += page.rows
        after = page.next
        if not after:
            break
    assert seen == list(people.order_by("-id"))
