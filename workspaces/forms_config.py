from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workspaces.config.reading import MOST_BYTES
from workspaces.forms_guarded import GuardedForm


class ImportForm(forms.Form):
    """A file, or its text: what was wrong in it can be mended in place."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or its text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if file := cleaned.get("file"):
            cleaned["text"] = self._read(file)
        if not self.errors and not (cleaned.get("text") or "").strip():
            self.add_error("file", _("Choose a file, or paste its text."))
        return cleaned

    def _read(self, file: UploadedFile) -> str:
        if (file.size or 0) > MOST_BYTES:
            self.add_error("file", _("The file is larger than 512 KB. A file of settings is much smaller."))
            return ""
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", _("This is not a file of settings."))
            return ""


class ApplyForm(GuardedForm):
    """The text once more, and the changes that were looked at."""

    text = forms.CharField(strip=False, widget=forms.HiddenInput())
    agreed = forms.CharField(max_length=64, widget=forms.HiddenInput())


class ConfigExportForm(GuardedForm):
    """Nothing but the PIN, where there is one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "export")
        super().__init__(*args, **kwargs)
