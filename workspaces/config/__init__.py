"""A workspace's settings as a file: out, back in, with a look at what would change first.

Rooms add what they know as a `Section`. Nothing secret is in it: no keys, no PIN, no people, no messages.
"""

from workspaces.config.changes import Change, Problem
from workspaces.config.reading import VERSION
from workspaces.config.sections import Reading, Section, sections
from workspaces.config.work import Plan, export, import_config, plan

__all__ = [
    "VERSION",
    "Change",
    "Plan",
    "Problem",
    "Reading",
    "Section",
    "export",
    "import_config",
    "plan",
    "sections",
]
