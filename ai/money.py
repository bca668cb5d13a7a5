"""How sums are written."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils import formats

MICRO = Decimal(1_000_000)
SMALLEST = Decimal("0.0001")
CENT = Decimal("0.01")


def usd(microusd: int) -> str:
    """Two digits from a dollar on, four below; what is less than the last of them says so."""
    amount = Decimal(microusd) / MICRO
    if 0 < amount < SMALLEST:
        return f"< ${formats.number_format(SMALLEST)}"
    digits = 2 if amount >= 1 or not amount else 4
    return f"${formats.number_format(_rounded(amount, digits), digits, use_l10n=True, force_grouping=True)}"


def said(amount: Decimal, currency: str) -> str:
    """A sum in some currency, by its code: THB 1,250.00. What is below a hundredth of a unit says so."""
    if 0 < amount < CENT:
        return f"< {currency} {formats.number_format(CENT)}"
    return f"{currency} {formats.number_format(_rounded(amount, 2), 2, force_grouping=True)}"


def per_million(microusd: int) -> str:
    """A price for a million tokens, with as many digits as it has."""
    amount = (Decimal(microusd) / MICRO).normalize()
    digits = max(2, -int(amount.as_tuple().exponent)) if amount else 2
    return f"${formats.number_format(amount, digits)}"


def _rounded(amount: Decimal, digits: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
