"""Named mails: a subject and a text from templates, and one HTML layout around the same text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


@dataclass(frozen=True)
class _Paragraph:
    text: str
    code: str

    @property
    def is_code(self) -> bool:
        return bool(self.code) and self.text == self.code

    @property
    def is_link(self) -> bool:
        """Only an address of ours that stands alone: what a stranger typed never becomes a link."""
        return self.text.startswith(f"{settings.BASE_URL}/") and not any(sign.isspace() for sign in self.text)


def make_message(name: str, to: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    """The mail `templates/emails/<name>-subject.txt` and `-body.txt`, in the active language."""
    subject = " ".join(render_to_string(f"emails/{name}-subject.txt", context).split())
    text = render_to_string(f"emails/{name}-body.txt", context).strip()
    message = EmailMultiAlternatives(subject, text, None, [to])
    return with_html(message, **context)


def with_html(message: EmailMultiAlternatives, *, code: str = "", **_: Any) -> EmailMultiAlternatives:
    """Add the HTML part: the same words in the house's layout, the code (if any) large."""
    paragraphs = [_Paragraph(text.strip(), code) for text in message.body.split("\n\n") if text.strip()]
    context = {"subject": message.subject, "paragraphs": paragraphs}
    message.attach_alternative(render_to_string("emails/_layout.html", context), "text/html")
    return message
