"""What the knowledge base finds: the right chunk first, in one order on both databases, never another's."""

from __future__ import annotations

from typing import Any

import pytest

from ai.knowledge import search as module
from ai.knowledge.search import search
from ai.knowledge.split import Piece
from ai.tests.conftest import Learn
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(acme: Workspace, learn: Learn, learn_faq: Learn) -> Workspace:
    learn(acme, "We ship in two days. Parcels to Chiang Mai take three days. Shipping costs 50 baht.", "Shipping")
    learn(acme, "Send it back within 30 days. We pay the money back to your card.", "Returns")
    learn(acme, "The red shirt AB-12 costs 390 baht. The blue shirt AB-13 costs 420 baht.", "Shirts")
    learn_faq(acme, "Where is your shop?", "In Nimman, Chiang Mai, next to the temple.", "What is your address?")
    learn(acme, "ร้านเปิดทุกวัน ตั้งแต่เก้าโมงเช้าถึงหกโมงเย็น ปิดวันสงกรานต์", "เวลาเปิดร้าน")
    return acme


def titles(workspace: Workspace, text: str, **options: Any) -> list[str]:
    return [hit.chunk.titles[0] for hit in search(workspace, text, **options)]


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("How much is shipping?", "Shipping"),
        ("can I return it", "Returns"),
        ("price of AB-12", "Shirts"),
        ("ab12?", "Shirts"),
        ("ร้านเปิดกี่โมงคะ", "เวลาเปิดร้าน"),
        ("What's your address", "Where is your shop?"),
    ],
)
def test_the_right_one_comes_first(shop: Workspace, question: str, title: str) -> None:
    assert titles(shop, question)[0] == title


def test_a_hit_says_why(shop: Workspace) -> None:
    hit = search(shop, "How much is shipping to the moon?")[0]
    assert hit.matched == ("ship",)
    features = hit.features
    for value in (features.bm, features.cov, features.scov, features.gap, features.chcov, features.ch, features.miss):
        assert 0 <= value <= 1
    assert 0 < features.cov < 1 and features.miss > 0
    assert 0 < hit.p_right < 1 and 0 < hit.p_answerable < 1
    assert hit.chunk.document.source.title == "Shipping"


@pytest.mark.parametrize("question", ["Where is your shop?", "where is your shop", "WHAT IS YOUR ADDRESS ?!"])
def test_a_question_that_is_the_title_is_sure(shop: Workspace, question: str) -> None:
    hit = search(shop, question)[0]
    assert hit.is_exact and hit.p_right == hit.p_answerable == 1.0


def test_what_nobody_wrote_about_is_unsure(shop: Workspace) -> None:
    sure = search(shop, "How many baht does shipping cost?")[0].p_right
    unsure = search(shop, "Which programming language costs the compiler team most days?")[0].p_right
    assert unsure < 0.35 < sure


def test_no_hits(shop: Workspace, globex: Workspace) -> None:
    assert search(shop, "xylophone") == []
    assert search(shop, "") == search(shop, "  \n") == search(shop, "😀") == []
    assert search(globex, "shipping") == []


@pytest.mark.parametrize("question", ["What is it?", "where", "อะไรคะ"])
def test_stop_words_alone_are_asked_for(acme: Workspace, learn: Learn, question: str) -> None:
    """They stand in no index of a text that says more, but where they are all there is they are found."""
    assert search(acme, question) == []
    learn(acme, question)
    assert len(search(acme, question)) == 1


def test_a_workspace_finds_its_own_alone(acme: Workspace, globex: Workspace, learn: Learn) -> None:
    for workspace, price in ((acme, "100"), (globex, "999")):
        for _ in range(3):
            learn(workspace, f"The coffee costs {price} baht. Shipping of coffee is free.", "Coffee")
        learn(workspace, f"Tea costs {price} baht.")
    for workspace, others in ((acme, globex), (globex, acme)):
        hits = search(workspace, "What does coffee cost?", k=20)
        assert hits and {hit.chunk.workspace_id for hit in hits} == {workspace.pk}
        assert not search(workspace, "999" if others is globex else "100")


def test_another_workspace_changes_no_score(acme: Workspace, globex: Workspace, learn: Learn) -> None:
    for number in range(4):
        learn(acme, f"Coffee number {number} from the hills.")
    before = [(hit.chunk.pk, hit.score, hit.p_right) for hit in search(acme, "coffee number 2")]
    for _ in range(9):
        learn(globex, "Coffee, coffee, coffee number 2 and nothing else.")
    assert [(hit.chunk.pk, hit.score, hit.p_right) for hit in search(acme, "coffee number 2")] == before


def test_of_equals_the_older_comes_first(acme: Workspace, learn: Learn) -> None:
    words = ["apple", "berry", "cherry", "durian", "elder", "grape"]
    made = [learn(acme, f"We sell {word} cakes") for word in words]
    hits = search(acme, "cakes", k=10)
    assert [hit.chunk.document_id for hit in hits if hit.score == hits[0].score] == [
        document.pk for document, word in zip(made, words, strict=True) if len(word) == 5
    ] or len({hit.score for hit in hits}) == len(hits)
    assert [hit.chunk.pk for hit in hits] == [hit.chunk.pk for hit in search(acme, "cakes", k=10)]


def test_no_more_than_two_of_one_document(acme: Workspace, learn: Learn) -> None:
    pieces = [Piece(f"Coffee from hill {hill}, roasted on day {hill * 7}, number {hill * 31}") for hill in range(6)]
    long = learn(acme, "", pieces=pieces)
    other = learn(acme, "Coffee")
    found = [hit.chunk.document_id for hit in search(acme, "coffee", k=5)]
    assert found.count(long.pk) == 2 and found.count(other.pk) == 1


def test_what_was_said_already_is_not_said_again(acme: Workspace, learn: Learn) -> None:
    text = "Our coffee is roasted every Monday in Chiang Mai and sent to all provinces of Thailand by post."
    for one in (text, text, text.replace("Monday", "Mondays")):
        learn(acme, one)
    learn(acme, "Tea and coffee are sold at the market on Sundays, as long as there is some.")
    assert len(search(acme, "coffee", k=10)) == 2


def test_a_follow_up_borrows_from_what_was_asked_before(shop: Workspace) -> None:
    history = ["Do you ship to Chiang Mai?", "What does the red shirt cost?"]
    assert titles(shop, "and the blue one?", history=history)[0] == "Shirts"
    assert titles(shop, "แล้วสีแดงล่ะ", history=["price of the shirt AB-12"])[0] == "Shirts"
    assert titles(shop, "แล้วสีแดงล่ะ") == []


def test_what_only_borrowed_words_have_found_is_marked(shop: Workspace) -> None:
    history = ["What does the red shirt cost?"]
    assert [hit.is_borrowed for hit in search(shop, "and submarines?", history=history)][:1] == [True]
    assert [hit.is_borrowed for hit in search(shop, "and the blue one?", history=history)][:1] == [False]
    assert not any(hit.is_borrowed for hit in search(shop, "What does the red shirt cost?"))


def test_a_question_of_its_own_borrows_nothing(shop: Workspace) -> None:
    question = "How many days until I may return something?"
    assert titles(shop, question, history=["What does the red shirt cost?"]) == titles(shop, question)


def test_a_new_subject_wins_over_what_is_borrowed(shop: Workspace) -> None:
    assert titles(shop, "shipping", history=["What does the red shirt cost?"])[0] == "Shipping"


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "ship\x00ping'; DROP TABLE ai_posting; --",
        "%s %(x)s {0} \\ \" ' `",
        "ก" * 2_000,
        "😀" * 2_000,
        " ".join(f"word{number}" for number in range(2_000)),
        "a" * 100_000,
        "(" * 2_000,
        "\ud7ff\uffff\u202e shipping",
    ],
    ids=range(9),
)
def test_whatever_is_asked_is_answered(shop: Workspace, text: str) -> None:
    for hit in search(shop, text, history=[text]):
        assert hit.chunk.workspace_id == shop.pk
        assert 0 <= hit.p_right <= 1
    assert shop.knowledge_postings.exists()


def test_no_more_words_are_asked_for_than_is_sensible(shop: Workspace, django_assert_max_num_queries: Any) -> None:
    question = " ".join(f"w{number}" for number in range(900)) + " shipping"
    assert len(module._weights(question, [question])) == module.MOST_TERMS
    with django_assert_max_num_queries(4):
        search(shop, "How much is shipping?")
