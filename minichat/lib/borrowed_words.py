"""Sentences of Django and allauth that have no Thai, or none that reads well.

Nothing imports this. It keeps our translations of them alive: `makemessages` sees each as one of ours, and a
project's catalogue wins over a package's.
"""

from django.utils.translation import gettext_noop as _

WORDS = [
    _("Remember Me"),
    _("This field is required."),
    _("Enter a valid email address."),
    _("You must type the same password each time."),
    _("This password is too common."),
    _("This password is entirely numeric."),
    _("The password is too similar to the %(verbose_name)s."),
    _("The email address and/or password you specified are not correct."),
    _("Incorrect password."),
    _("Please type your current password."),
    _("Too many failed login attempts. Try again later."),
    _("Be patient, you are sending too many requests."),
    _("A user is already registered with this email address."),
    _("This email address is already associated with this account."),
    _("Incorrect code."),
    _("You cannot activate two-factor authentication until you have verified your email address."),
    _("You cannot generate recovery codes without having two-factor authentication enabled."),
    _("You cannot add more than %d email addresses."),
]
