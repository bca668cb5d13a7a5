"""What the demo shop sells. The conversations of the demo speak of the same things."""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.translation import gettext as _


def products() -> list[dict[str, str]]:
    """In the active language, with the question that "Ask about it" puts into the composer."""
    return [
        _product("comet", "Comet 64", "12,900", _("Electric grinder, 64 mm flat burrs, stepless, 220 V.")),
        _product("acorn", "Acorn", "2,450", _("Hand grinder for filter and moka pot, 38 mm steel burrs.")),
        _product("doi-chang", _("Doi Chang, washed"), "320", _("250 g. Red apple, cocoa, roasted on Tuesdays.")),
        _product("chiang-dao", _("Chiang Dao, honey"), "360", _("250 g. Longan, brown sugar, roasted on Fridays.")),
        _product("dripper", _("Cloud dripper set"), "890", _("Ceramic dripper, glass server, 40 paper filters.")),
        _product("kettle", _("Swan kettle"), "1,690", _("0.9 litres, thin spout, for gas and induction.")),
    ]


def _product(image: str, name: str, price: str, text: str) -> dict[str, str]:
    question = _("Hello, I have a question about %(product)s: ") % {"product": name}
    return {"image": static(f"img/demo/{image}.svg"), "name": name, "price": price, "text": text, "question": question}
