"""Messages are found by what stands in them: in any script, on either database, by whoever may see them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from chat import actions, entries, search
from chat.models import Attachment, Conversation, Inbox, Message, MessageEntry
from chat.tasks import tidy_search
from chat.tests.uploads import sent_file, uploaded
from chat.widget.access import new_visitor
from conftest import SHOP
from minichat.lib.errors import Invalid
from minichat.lib.searching import question
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def say(inbox: Inbox) -> Callable[[str], Message]:
    """A visitor writes this."""
    visitor, _ = new_visitor(inbox, origin=SHOP, language="en")

    def write(text: str) -> Message:
        return actions.post_visitor_message(visitor, body=text, client_id=uuid.uuid4()).message

    return write


def results(by: Membership, text: str, **more: Any) -> search.Results:
    visible = by.workspace.conversations.visible_to(by)
    size = more.pop("size", search.PAGE)
    return search.find(by.workspace, search.Wanted(question(text), visible, **more), size=size)


def found(by: Membership, text: str, **more: Any) -> list[str]:
    return [row.body for row in results(by, text, **more).rows]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("เขากำลังกินข้าว", "กิน"),
        ("เขากำลังกินข้าว", "ข้าว กำลัง"),
        ("ขอสีน้ำเงิน", "นํ้า"),
        ("ไปรถไฟฟ้า", "รถ"),
        ("แมวสองตัว", "เเมว"),
        ("สั่งiPhone15แล้ว", "iphone 15"),
        ("สั่งiPhone15แล้ว", "สั่ง iphone15"),
        ("Where is my PARCEL?", "parcel"),
        ("Where is my parcel?", "parc"),
        ("Where is my parcel?", '"my parcel"'),
        ("Un café, s'il vous plaît", "cafe"),
        ("STRASSE 5", "straße"),
        ("Order ORD-12345 please", "ord-12345"),
        ("Order ORD-12345 please", "2345"),
        ("write to somchai.j@shop.example.com", "somchai.j@shop.example.com"),
        ("write to somchai.j@shop.example.com", "example"),
        ("โทร ๐๘๑-๒๓๔-๕๖๗๘", "0812345678"),
        ("call 0812345678", "081-234-5678"),
        ("ราคา 1,790 บาท", "1790"),
        ("ＡＢＣ　１２３", "abc 123"),
        ("買い物カートに入れた", "買"),
        ("買い物カートに入れた", "カート"),
        ("Доставка завтра", "достав"),
        ("100% sure_thing", "sure"),
    ],
)
def test_found(say: Any, omar_member: Membership, text: str, asked: str) -> None:
    say("nothing to see here 7")
    say(text)
    assert found(omar_member, asked) == [text]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("a cart full of parts", "art"),
        ("parcel my", '"my parcel"'),
        ("parcel of mine", "parcel yours"),
        ("กินข้าว", "ข้าวกิน"),
        ("กิ่งใบ นิ่ม", "กิน"),
        ("100 sure", "%"),
        ("hello 😀", "😀"),
        ("plan b", "b"),
        ("somchai", "_omchai"[:1]),
    ],
)
def test_not_found(say: Any, omar_member: Membership, text: str, asked: str) -> None:
    say(text)
    assert found(omar_member, asked) == []


def test_newest_first_and_page_by_page(say: Any, omar_member: Membership) -> None:
    for number in range(7):
        say(f"parcel {number}")
    pages, after = [], ""
    while True:
        page = results(omar_member, "parcel", size=3, after=after)
        pages.append([row.body[-1] for row in page.rows])
        after = page.next
        if not after:
            break
    assert [number for page in pages for number in page] == list("6543210")
    with pytest.raises(Invalid):
        results(omar_member, "parcel", after="forged")


def test_old_ones_are_found_by_the_index_and_in_windows(
    say: Any, omar_member: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "NEWEST", 2)
    for number in range(30):
        say(f"ข้อความ {'พัสดุ' if number < 9 else 'อื่น'} {number}")
    by_index = found(omar_member, "พัสดุ", size=100)
    assert [body[-1] for body in by_index] == list("876543210")
    monkeypatch.setattr(search, "MOST_SORTED", 3)
    assert found(omar_member, "พัสดุ", size=100) == by_index
    monkeypatch.setattr(search, "MOST_READ", 4)
    some = results(omar_member, "พัสดุ", size=100)
    assert some.rows == [] and some.looked_until
    rest = results(omar_member, "พัสดุ", size=100, after=some.next)
    while rest.next:
        some, rest = rest, results(omar_member, "พัสดุ", size=100, after=rest.next)
    assert rest.rows or some.rows


def test_notes_and_replies_are_found_and_edits_followed(conversation: Conversation, omar_member: Membership) -> None:
    note = actions.post_operator_message(
        conversation, by=omar_member, body="call the warehouse", client_id=uuid.uuid4(), note=True
    ).message
    assert found(omar_member, "warehouse") == ["call the warehouse"]
    actions.edit_message(note, by=omar_member, body="call the shop floor")
    assert found(omar_member, "warehouse") == []
    assert found(omar_member, "floor") == ["call the shop floor"]
    actions.delete_message(note, by=omar_member)
    assert found(omar_member, "floor") == []
    assert omar_member.workspace.message_entries.filter(message=note).count() == 0


def test_by_whom_and_when(say: Any, conversation: Conversation, omar_member: Membership) -> None:
    mine = say("about the parcel")
    reply = actions.post_operator_message(
        mine.conversation, by=omar_member, body="your parcel left", client_id=uuid.uuid4()
    ).message
    assert found(omar_member, "parcel", kinds=("visitor",)) == [mine.body]
    assert found(omar_member, "parcel", kinds=("operator", "note")) == [reply.body]
    assert found(omar_member, "parcel", since=reply.created_at) == [reply.body]
    assert found(omar_member, "parcel", until=reply.created_at) == [mine.body]


def test_only_in_conversations_that_one_may_see(say: Any, omar_member: Membership) -> None:
    one = say("a parcel").conversation
    others = omar_member.workspace.conversations.exclude(pk=one.pk)
    assert search.find(omar_member.workspace, search.Wanted(question("parcel"), others)).rows == []


def test_SR03_nothing_of_another_workspace(say: Any, omar_member: Membership, globex: Workspace, gil: Any) -> None:
    say("a secret parcel")
    gil_member = globex.memberships.get(user=gil)
    assert found(omar_member, "secret") == ["a secret parcel"]
    assert found(gil_member, "secret") == []


def test_a_message_that_goes_is_found_no_more(say: Any, omar_member: Membership) -> None:
    say("here today").conversation.delete()
    assert found(omar_member, "today") == []
    assert omar_member.workspace.message_entries.count() == 0
    say("here tomorrow")
    assert found(omar_member, "tomorrow") == ["here tomorrow"]


def test_what_was_written_before_is_found_after_the_command(
    say: Any, omar_member: Membership, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(entries, "BATCH", 2)
    for number in range(5):
        say(f"an old parcel {number}")
    entries.forget()
    assert found(omar_member, "old") == []
    call_command("index_messages")
    assert len(found(omar_member, "old")) == 5
    assert "5 message(s)" in capsys.readouterr().out
    call_command("index_messages", "--anew")
    call_command("index_messages")
    assert len(found(omar_member, "old")) == 5
    assert "0 message(s)" in capsys.readouterr().out


def test_the_same_statements_for_few_and_many(
    say: Any, omar_member: Membership, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        say(f"parcel {number}")
    # Where the window ends, its hits, which of them may be seen, the rows of the page.
    with django_assert_max_num_queries(4) as captured:
        assert len(found(omar_member, "parcel")) == search.PAGE
    assert not any("OFFSET" in query["sql"] for query in captured)


def test_tidying_loses_nothing(say: Any, omar_member: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "NEWEST", 1)
    for number in range(3):
        say(f"parcel {number}")
    before = found(omar_member, "parcel")
    tidy_search()
    assert found(omar_member, "parcel") == before != []


# --- Names of files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("ใบเสนอราคา-กาแฟดริป.pdf", "เสนอราคา"),
        ("ใบเสนอราคา-กาแฟดริป.pdf", "กาแฟ"),
        ("QT-2569-0148_final.pdf", "qt-2569"),
        ("QT-2569-0148_final.pdf", "final"),
        ("slip.webp", "slip.webp"),
    ],
)
def test_a_file_is_found_by_its_name(
    conversation: Conversation, omar_member: Membership, name: str, asked: str
) -> None:
    row = sent_file(conversation, kind="pdf", name=name)
    assert [hit.pk for hit in results(omar_member, asked).rows] == [row.message_id]


def test_words_and_a_name_are_found_together_until_the_message_goes(
    conversation: Conversation, omar_member: Membership
) -> None:
    file = uploaded(actions.answering(omar_member, conversation), kind="pdf", name="สัญญา.pdf")
    message = actions.post_operator_message(
        conversation, by=omar_member, body="as agreed", client_id=uuid.uuid4(), attachments=[file.pk]
    ).message
    assert found(omar_member, "agreed สัญญา") == ["as agreed"]
    message = actions.edit_message(message, by=omar_member, body="as discussed")
    assert found(omar_member, "agreed") == [] and found(omar_member, "สัญญา") == ["as discussed"]
    actions.delete_message(message, by=omar_member)
    assert found(omar_member, "สัญญา") == [] and found(omar_member, "discussed") == []
    assert not message.workspace.message_entries.filter(message=message).exists()


def test_what_was_sent_before_is_found_after_the_migration(conversation: Conversation, omar_member: Membership) -> None:
    row = sent_file(conversation, kind="pdf", name="แคตตาล็อก.pdf")
    # As it was: a message of files alone had no entry, one with words had none for the names.
    row.message.entry.delete()
    other = sent_file(conversation, kind="pdf", name="invoice.pdf")
    MessageEntry.unscoped.filter(message=other.message).update(text=" hello", tokens=[])
    entries.fill_anew(Message, MessageEntry, Attachment)
    for name, one in (("แคตตาล็อก", row), ("invoice", other)):
        assert [hit.pk for hit in results(omar_member, name).rows] == [one.message_id]
    assert entries.fill() == 0
