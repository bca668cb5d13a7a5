"""Two rows turn out to be one: whatever points at the one points at the other from now on."""

from __future__ import annotations

from django.db.models import ManyToOneRel, Model


def repoint(old: Model, new: Model, *, but: tuple[type[Model], ...] = ()) -> None:
    """Move every row that refers to `old` over to `new`, whichever room it is in; rows of the models in `but` stay.

    Of what there can be one only `new` keeps its own.
    """
    for relation in old._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel) or relation.related_model in but:
            continue
        column, rows = relation.field.name, relation.related_model._base_manager
        if not (relation.one_to_one and rows.filter(**{column: new}).exists()):
            rows.filter(**{column: old}).update(**{column: new})
