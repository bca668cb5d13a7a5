"""A form's field for a picture: clean data is what we drew, an error is a sentence beside the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minichat.lib.files.kinds import PICTURES
from minichat.lib.files.pictures import Picture, Recipe, draw
from minichat.lib.files.refusals import FileEmpty, FileRefused, FileTooLarge, NotAPicture

ACCEPT = ",".join(sorted(f"image/{kind}" for kind in PICTURES))


def hint() -> str:
    megabytes = settings.UPLOAD_LIMIT // (1024 * 1024)
    return gettext("JPEG, PNG, WebP or GIF, at most %(megabytes)s MB.") % {"megabytes": megabytes}


class PictureField(forms.FileField):
    def __init__(self, *, recipe: Recipe, **kwargs: Any) -> None:
        missing = _("Choose a picture first.")
        super().__init__(
            error_messages={"required": missing, "missing": missing, "empty": FileEmpty.message},
            widget=forms.FileInput(attrs={"accept": ACCEPT, "data-limit": settings.UPLOAD_LIMIT}),
            help_text=lazy(hint, str)(),
            **kwargs,
        )
        self.recipe = recipe

    @property
    def too_large(self) -> str:
        """What the page says before anything is sent."""
        return FileTooLarge(settings.UPLOAD_LIMIT).detail

    @property
    def not_a_picture(self) -> str:
        return NotAPicture().detail

    def clean(self, data: Any, initial: Any = None) -> Picture:
        upload = super().clean(data, initial)
        try:
            return draw(upload, self.recipe)
        except FileRefused as refusal:
            raise ValidationError(refusal.detail, code=refusal.code) from refusal
