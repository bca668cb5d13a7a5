"""What the agent of the demo's shop knows. It answers whoever writes there."""

from __future__ import annotations

import tomllib
from pathlib import Path

from ai import actions
from ai.actions import FaqWish
from chat.actions import change_inbox
from chat.models import Handler
from workspaces.models import Workspace
from workspaces.roles import Role

FAQS = Path(__file__).parent / "faqs.toml"


def teach(workspace: Workspace) -> None:
    """Once, and indexed at once: the process that makes the demo has no queue."""
    told = tomllib.loads(FAQS.read_text(encoding="utf-8")).get(workspace.slug)
    if told is None or workspace.knowledge_sources.exists():
        return
    wishes = [FaqWish(**faq, category=category) for category, faqs in told.items() for faq in faqs]
    actions.import_faqs(workspace.memberships.get(role=Role.OWNER), wishes)
    actions.learn_waiting(workspace)
    change_inbox(
        workspace.inboxes.oldest_first()[0], answered_by=Handler.AI, by=workspace.memberships.get(role=Role.OWNER)
    )
