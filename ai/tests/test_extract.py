"""The built-in answer is what the knowledge base says, word by word, and short."""

from __future__ import annotations

import pytest

from ai.knowledge.extract import LONGEST, extract
from ai.knowledge.search import search
from ai.tests.conftest import Learn
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db

PAGE = (
    "Our shop began in a garage in 2009. My sister painted the sign. "
    "Parcels to Chiang Mai take three days. Parcels to Phuket take five days because of the ferry. "
    "We have two cats. They sleep on the counter most of the day and do not care for visitors at all. "
    "The shop is closed on Mondays. Ask for Nok if you want to see the workshop behind the garden."
)
THAI = (
    "ร้านของเราเปิดทำการครั้งแรกเมื่อปี พ.ศ. 2552 ในโรงรถเล็กๆ หลังบ้านของคุณแม่ที่เชียงใหม่ "
    "พัสดุที่ส่งไปจังหวัดภูเก็ตใช้เวลาประมาณ 5 วันทำการเพราะต้องรอเรือข้ามฟาก "
    "ร้านมีแมวสองตัวชื่อส้มกับโอ ชอบนอนบนเคาน์เตอร์เกือบทั้งวันและไม่สนใจลูกค้าเลยแม้แต่น้อย "
    "ร้านปิดทุกวันจันทร์และวันสงกรานต์ หากต้องการชมโรงงานหลังสวนกรุณาติดต่อคุณนกล่วงหน้าหนึ่งวัน"
)


def answer(workspace: Workspace, question: str) -> str:
    found = extract(question, search(workspace, question))
    assert found is not None
    return found.text


def test_nothing_found_nothing_said() -> None:
    assert extract("anything", []) is None


def test_the_sentences_that_say_it(acme: Workspace, learn: Learn) -> None:
    learn(acme, PAGE, "About us")
    text = answer(acme, "How many days does a parcel to Phuket take?")
    assert "five days" in text and len(text) <= LONGEST
    assert text in PAGE
    assert "Nok" in answer(acme, "whom do I ask to see the workshop")


def test_in_thai(acme: Workspace, learn: Learn) -> None:
    learn(acme, THAI, "เกี่ยวกับเรา")
    text = answer(acme, "ส่งพัสดุไปภูเก็ตใช้เวลากี่วัน")
    assert "5 วันทำการ" in text and len(text) <= LONGEST
    assert text in THAI


def test_the_same_every_time(acme: Workspace, learn: Learn) -> None:
    learn(acme, PAGE, "About us")
    assert len({answer(acme, "the cats and the sign") for _ in range(5)}) == 1


def test_an_faq_is_answered_as_its_author_wrote(acme: Workspace, learn_faq: Learn) -> None:
    whole = "Yes. " + "We ship everywhere in Thailand, islands too. " * 20
    learn_faq(acme, "Do you ship to islands?", whole)
    found = extract("ship islands", search(acme, "ship islands"))
    assert found is not None
    assert (found.text, found.is_whole) == (whole.strip(), True)
    assert found.source_title == "Do you ship to islands?"


def test_an_endless_sentence_is_cut(acme: Workspace, learn: Learn) -> None:
    learn(acme, "coffee " + "and tea " * 100, "Menu")
    text = answer(acme, "coffee")
    assert len(text) <= LONGEST and text.endswith(("tea…", "and…"))
    learn(acme, "ก" * 600 + "ชาเขียว", "เมนู")
    assert len(answer(acme, "ชาเขียว")) <= LONGEST


def test_it_says_where_it_is_from(acme: Workspace, learn: Learn) -> None:
    made = learn(acme, PAGE)
    found = extract("cats", search(acme, "cats"))
    assert found is not None
    assert (found.source_title, found.source_url) == ("A page" if made.title == "A page" else str(made), "")
