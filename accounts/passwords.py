"""What a password must be (S-11, S-12). Django's validators look for its own list of twenty thousand that everybody
tries, for one's name and address; here is how long, of what, and not one of the last five.

Short ones are mixed; a sentence of fifteen characters or more may be of anything, because it is stronger and can be
remembered. Letters of a script without capitals, such as Thai, count as both sorts: there are more of them.
"""

from __future__ import annotations

import unicodedata

from django import forms
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import PasswordHistory, User

SHORTEST = 8
SENTENCE = 15
# Nobody types more, and each character is work for whoever hashes it.
LONGEST = 256
DIFFERENT = 5
REMEMBERED = 5
# Around these words everybody builds: what stands beside one must be a password of its own.
WORDS = ["password", "qwerty", "letmein", "welcome", "admin", "12345", "minichat"]
LETTERS_FOR_SIGNS = str.maketrans("013457@$!", "oleastasi")

RULE = gettext_lazy(
    "8 characters or more, with capital and small letters, a digit and a sign. Or a sentence of 15 characters or more."
)
MISSING: dict[str, str | Promise] = {
    "lower": gettext_lazy("a small letter"),
    "upper": gettext_lazy("a capital letter"),
    "digit": gettext_lazy("a digit"),
    "sign": gettext_lazy("a sign such as ! or ?"),
}


class Composition:
    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) < SHORTEST:
            message = ngettext(
                "This password is too short. It must contain at least %d character.",
                "This password is too short. It must contain at least %d characters.",
                SHORTEST,
            )
            raise ValidationError(message % SHORTEST, code="password_too_short")
        if len(password) > LONGEST:
            raise ValidationError(_("This password is too long."), code="password_too_long")
        if len(set(password)) < DIFFERENT:
            raise ValidationError(_("This password repeats itself too much."), code="password_too_plain")
        missing = [str(words) for kind, words in MISSING.items() if kind not in kinds(password)]
        if missing and len(password) < SENTENCE:
            message = _("A password of less than %(length)s characters also needs: %(what)s.")
            raise ValidationError(message % {"length": SENTENCE, "what": ", ".join(missing)}, code="password_too_plain")
        if is_built_around_a_word(password):
            raise ValidationError(
                _("This password is built around a word that everybody tries."), code="password_too_common"
            )

    def get_help_text(self) -> str:
        return str(RULE)


class NotOneOfTheLast:
    """Five are remembered, as hashes, the one in use among them."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        known = set(PasswordHistory.objects.filter(user=user).values_list("password", flat=True)[:REMEMBERED])
        if user.has_usable_password():
            known.add(user.password)
        if any(check_password(password, encoded) for encoded in known):
            raise ValidationError(_("You have used this password before. Choose a new one."), code="password_used")

    def password_changed(self, password: str, user: User | None = None) -> None:
        """Django calls it once the new one is saved."""
        if user is not None and user.pk is not None:
            PasswordHistory.objects.create(user=user, password=user.password)
            kept = PasswordHistory.objects.filter(user=user).values_list("pk", flat=True)[:REMEMBERED]
            PasswordHistory.objects.filter(user=user).exclude(pk__in=list(kept)).delete()

    def get_help_text(self) -> str:
        return _("Your password can’t be one of your last five.")


def kinds(password: str) -> set[str]:
    found = set()
    for sign in password:
        category = unicodedata.category(sign)
        if category == "Lo":
            found |= {"lower", "upper"}
        else:
            found.add({"Ll": "lower", "Lu": "upper", "Lt": "upper", "Nd": "digit"}.get(category, "sign"))
    return found


def is_built_around_a_word(password: str) -> bool:
    plain = password.casefold()
    for spelled in (plain, plain.translate(LETTERS_FOR_SIGNS)):
        for word in WORDS:
            if word in spelled and len(spelled.replace(word, "")) < SHORTEST - 1:
                return True
    return False


def dress(field: forms.Field) -> None:
    """The rule in one sentence beside the field, and the words of the meter that `js/strength.js` draws."""
    field.help_text = RULE
    field.widget.attrs |= {
        "data-strength": "",
        "data-weak": gettext_lazy("Weak"),
        "data-medium": gettext_lazy("Fair"),
        "data-strong": gettext_lazy("Strong"),
    }
