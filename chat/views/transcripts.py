"""An operator sends a conversation to the contact's proven address."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from chat import actions
from chat.views.conversation import header
from chat.views.doors import conversation_for
from minichat.lib import throttle
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

MAILS_PER_HOUR = 60


@require_POST
@member(Role.OPERATOR)
def create(request: MemberRequest, pk: UUID) -> HttpResponse:
    conversation = conversation_for(request, pk)
    throttle.hit("transcripts", str(request.membership.pk), MAILS_PER_HOUR, 3600)
    actions.mail_transcript(conversation, by=request.membership)
    return header(request, pk)
