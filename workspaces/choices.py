"""What a workspace can be set to: currencies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

CURRENCIES = [
    ("THB", _("Thai baht (THB)")),
    ("USD", _("US dollar (USD)")),
    ("EUR", _("Euro (EUR)")),
    ("JPY", _("Japanese yen (JPY)")),
    ("GBP", _("Pound sterling (GBP)")),
    ("SGD", _("Singapore dollar (SGD)")),
    ("MYR", _("Malaysian ringgit (MYR)")),
    ("IDR", _("Indonesian rupiah (IDR)")),
    ("PHP", _("Philippine peso (PHP)")),
    ("VND", _("Vietnamese dong (VND)")),
    ("LAK", _("Lao kip (LAK)")),
    ("KHR", _("Cambodian riel (KHR)")),
    ("MMK", _("Myanmar kyat (MMK)")),
    ("CNY", _("Chinese yuan (CNY)")),
    ("HKD", _("Hong Kong dollar (HKD)")),
    ("TWD", _("New Taiwan dollar (TWD)")),
    ("KRW", _("South Korean won (KRW)")),
    ("INR", _("Indian rupee (INR)")),
    ("AUD", _("Australian dollar (AUD)")),
    ("CHF", _("Swiss franc (CHF)")),
]
