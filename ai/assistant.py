"""What the rest of the house asks about a workspace's assistant: `persona_of(workspace)`, and what a persona makes of
a question before anybody looks it up."""

from __future__ import annotations

from ai.persona import BlockedTopic, Hours, Particle, Persona, Tone, restored
from ai.phrases import blocked, wants_person
from ai.small_talk import small_talk
from workspaces.models import Workspace

__all__ = [
    "BlockedTopic",
    "Hours",
    "Particle",
    "Persona",
    "Tone",
    "blocked",
    "persona_of",
    "small_talk",
    "wants_person",
]


def persona_of(workspace: Workspace) -> Persona:
    """The published one; that of a workspace which never published any is the default."""
    row = workspace.assistants.select_related("published").first()
    return restored(row.published.settings) if row is not None and row.published is not None else Persona()
