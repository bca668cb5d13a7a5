"""`python -m benchmarks.answering`, with the settings of the site: two workspaces whose assistant answers, one from its
knowledge alone, one with a model. Prints their widgets' keys as JSON."""

from __future__ import annotations

import json
import os
import sys

FAQS = {
    "How long does delivery take?": "Delivery takes two days in Bangkok and four days elsewhere in Thailand.",
    "Can I return a cup?": "You can return what you have not used within 14 days.",
    "Do you ship abroad?": "We ship to Laos, Malaysia and Singapore.",
    "ส่งของกี่วัน": "ส่งถึงภายในสองวันในกรุงเทพฯ และสี่วันในต่างจังหวัด",
    "จ่ายเงินปลายทางได้ไหม": "ได้ค่ะ เก็บเงินปลายทางได้ทุกจังหวัด",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minichat.settings")
    import django

    django.setup()
    from ai.actions import add_link, set_key

    knowing, modelled = _shop("knowing"), _shop("modelled")
    set_key(_owner(modelled), provider="groq", key="gsk-benchmarks-0123456789")
    add_link(_owner(modelled), provider="groq", model="llama-3.1-8b-instant")
    sys.stdout.write(json.dumps({shop.slug: shop.inboxes.get().widget_key for shop in (knowing, modelled)}))


def _shop(slug: str):  # noqa: ANN202
    from ai.actions import add_faq
    from chat import actions as chat
    from chat.models import Handler
    from tests.faults.seed import SHOP, _person
    from workspaces import actions

    shop = actions.create_workspace(_person(f"{slug}@shop.test", "Mali"), name=slug, slug=slug, plan="business")
    inbox, owner = shop.inboxes.get(), _owner(shop)
    chat.set_allowed_origins(inbox, origins=[SHOP], by=owner)
    inbox.answered_by = Handler.AI
    inbox.save(update_fields=["answered_by"])
    for question, answer in FAQS.items():
        add_faq(owner, question=question, answer=answer)
    return shop


def _owner(shop):  # noqa: ANN001, ANN202
    from workspaces.roles import Role

    return shop.memberships.get(role=Role.OWNER)


if __name__ == "__main__":
    main()
