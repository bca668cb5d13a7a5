"""Who asks for a person is heard; who asks about one is answered. Small talk is nothing but small talk."""

from __future__ import annotations

import time

import pytest
from django.conf import settings
from django.utils import translation

from ai.assistant import BlockedTopic, Particle, Persona, Tone, blocked, small_talk, wants_person
from chat.widget.views.more import more_words

pytestmark = pytest.mark.pure
NOBODY = Persona()

ASKS_FOR_A_PERSON = """
I want to talk to a person
can i talk to a human please
Can I speak with someone?
I'd like to speak to a real person
let me talk to your manager
Talk to staff
talk to an agent
speak to customer service
I need to chat with a live agent about my refund
chat with support team please
I want to talk to someone else
connect me to an agent
Please connect me with a human
transfer me to a representative
put me through to an operator
hand me over to your staff
switch to a human agent
connect to agent
I want a human
I need a real person
Can I get an operator please
give me a live agent
I need an agent now!
would like a human being
I need human help
I want a human to answer this
can someone call me back
could somebody please contact me
Is there anyone I can talk to?
is anybody there?
Is there a real person here
hello is anyone there
human
Human please!
a human please, it is about my order
agent
live chat
real person please
operator
I don't want to talk to a bot
I do not want to chat with a robot, where is my order
no bots please
Stop the bot
ＴＡＬＫ ＴＯ Ａ ＨＵＭＡＮ
i don’t want to speak with this machine
ขอคุยกับเจ้าหน้าที่
ขอคุยกับเจ้าหน้าที่หน่อยค่ะ
อยากคุยกับคน
อยากคุยกับคนจริงๆ
ขอคุยกับแอดมินได้ไหมคะ
คุยกับพนักงาน
คุยกะแอดมินหน่อย
คุยแอดมิน
ติดต่อเจ้าหน้าที่
ต้องการติดต่อเจ้าหน้าที่ค่ะ
อยากติดต่อพนักงานขาย
ต้องการพูดกับเจ้าหน้าที่เรื่องคืนเงิน
ขอพูดสายกับเจ้าหน้าที่
ขอสายเจ้าหน้าที่หน่อยครับ
โอนสายให้แอดมินที
ต่อสายเจ้าหน้าที่
ส่งต่อให้เจ้าหน้าที่
เรียกแอดมินหน่อย
ตามแอดมินให้หน่อยค่ะ
ขอแอดมินหน่อย
ขอเจ้าหน้าที่ครับ
ขอคนจริงได้ไหม
ขอคนมาตอบหน่อย
ให้เจ้าหน้าที่ติดต่อกลับด้วยค่ะ
ให้คนมาตอบได้ไหม
มีคนอยู่ไหม
มีแอดมินอยู่ไหมคะ
มีใครอยู่บ้างไหม
แอดมินอยู่ไหม
แอดมิน
แอดมินคะ
เจ้าหน้าที่ครับ
ไม่อยากคุยกับบอท
ไม่เอาบอท
เลิกคุยกับบอท ขอคน
เปลี่ยนเป็นคนตอบได้ไหม
ขอคุยกับแอดมินคนเดิมค่ะ
สวัสดีค่ะ ขอคุยกับเจ้าหน้าที่เรื่องใบกำกับภาษี
อยากแชทกับพนักงาน
ขอคุยกับเจ้าหน้าที่
""".strip().splitlines()

ASKS_SOMETHING_ELSE = """
do I get a person's discount
how many people fit into the tent
Does a person have to sign for the parcel?
is delivery per person or per order
do you need a person to sign for it
Do I have to talk to someone to cancel?
can I return it without talking to anyone
I was talking to an agent yesterday about order 1042
are you a real person?
Am I talking to a human?
is this a bot
do you have a cleaning agent for grinders
is the guarantee transferable to another person
can the order be transferred to another person
I need a human-readable invoice
what is the agent's commission
do you sell human hair
how old must a person be to buy
staff discount
What does your staff recommend for espresso?
is the staff vaccinated
I bought it for a person who is blind
what are the opening hours of customer service
how do I contact you
does the operator manual exist in Thai
who is the manager of the shop
I need a new battery
I don't need a person to install it
live demo of the grinder
support for left-handed people
talk to my machine via bluetooth
how do I connect to the wifi
พนักงานส่งของมากี่โมง
พนักงานส่งของโทรมาแล้วไม่ได้รับสาย
คนส่งของมาถึงหรือยัง
ใช้คนละครึ่งได้ไหม
ขอคนละครึ่งหน่อย
กี่คนต่อห้อง
มีพนักงานยกของให้ไหม
ขอคุยกับคนที่บ้านก่อนนะ
ต้องติดต่อเจ้าหน้าที่ก่อนไหม
ติดต่อเจ้าหน้าที่ได้กี่โมง
เจ้าหน้าที่ทำงานวันไหนบ้าง
เมื่อวานคุยกับแอดมินแล้ว เขาบอกว่าส่งฟรี
ติดต่อแอดมินไปแล้วยังไม่ส่งของ
ไม่ต้องติดต่อเจ้าหน้าที่ก็ได้ใช่ไหม
ขอพนักงานติดตั้งมาวันเสาร์ได้ไหม
แอดมินคะ สินค้านี้มีกี่สี
ขอสอบถามแอดมินหน่อยค่ะ ราคาเท่าไร
โอนเงินให้แอดมินแล้วค่ะ
มีคนรับของแทนได้ไหม
คนท้องกินได้ไหม
สินค้าสำหรับคนแก่
พนักงานแนะนำตัวไหน
ส่วนลดพนักงาน
รับสมัครพนักงานไหม
เจ้าของร้านชื่ออะไร
มนุษย์ต่างดาวมีจริงไหม
คุยกันเรื่องราคา
แชทได้กี่โมง
""".strip().splitlines()


@pytest.mark.parametrize("question", ASKS_FOR_A_PERSON)
def test_who_asks_for_a_person(question: str) -> None:
    assert wants_person(question, NOBODY)


@pytest.mark.parametrize("question", ASKS_SOMETHING_ELSE)
def test_who_asks_something_else(question: str) -> None:
    assert not wants_person(question, NOBODY)


@pytest.mark.parametrize("question", ["", " ", "?!", "\u200b", "x" * 20_000, "talk to " * 2_000, "ขอคุย" * 2_000])
def test_any_text_is_read_in_no_time(question: str) -> None:
    began = time.process_time()
    wants_person(question, NOBODY)
    small_talk(question, NOBODY, "en")
    assert time.process_time() - began < 20


# --- Words of the workspace -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "_name"), settings.VISITOR_LANGUAGES)
def test_the_button_of_the_widget_is_heard_in_each_language(language: str, _name: str) -> None:
    with translation.override(language):
        assert wants_person(more_words()["person"], NOBODY)


@pytest.mark.parametrize(
    ("phrase", "question", "said"),
    [
        ("complaint", "I have a COMPLAINT!", True),
        ("complaint", "no complaints so far", False),
        ("ร้องเรียน", "ขอร้องเรียนเรื่องพนักงาน", True),
        ("เคลม", "อยากเคลมสินค้า", True),
        ("ยา", "อยากได้ของด่วน", False),
        ("ยา", "มียาแก้ปวดไหม", True),
        ("speak to Khun Nok", "can I Speak  to khun nok?", True),
        ("ยา", "เป็นมายาวนานแล้ว", False),
        ("ยา", "สายยาวกี่เมตร", False),
        ("คืนเงิน", "ขอคืนเงิน", True),
        ("หวย", "มีหวยขายไหม", True),
        ("กา", "อากาศดีไหม", False),
        ("vip", "are you vip", True),
        ("vip", "vipassana course", False),
        ("LINE ไอดี", "ขอ line ไอดีหน่อย", True),
        ("  ", "anything", False),
    ],
)
def test_own_phrases_are_whole_words(phrase: str, question: str, said: bool) -> None:
    assert wants_person(question, Persona(hand_off_phrases=(phrase,))) is said
    topic = BlockedTopic((phrase,), "Not here.")
    assert (blocked(question, Persona(blocked_topics=(topic,))) is topic) is said


def test_the_first_topic_replies() -> None:
    politics = BlockedTopic(("election", "การเมือง"), "We sell coffee.")
    prices = BlockedTopic(("wholesale", "ราคาส่ง"), "Please ask our sales team.")
    persona = Persona(blocked_topics=(politics, prices))
    assert blocked("ขอราคาส่งหน่อย", persona) is prices
    assert blocked("wholesale before the election?", persona) is politics
    assert blocked("price of a grinder", persona) is None


# --- Small talk -------------------------------------------------------------------------------------------------------

SMALL_TALK = """
hello
Hi!
hi there :)
hey 👋
Good morning
good afternoon everyone
how are you?
thanks
Thank you so much!
ok thanks
thank you for your help
thx
great, thanks a lot
bye
ok bye
Goodbye, have a nice day!
that's all, thanks
no thanks
Thanks, bye
hi and thanks
สวัสดี
สวัสดีค่ะ
สวัสดีครับผม
หวัดดีจ้า
ดีค่ะ
ขอบคุณ
ขอบคุณมากค่ะ
ขอบคุณมากๆ เลยนะคะ
ขอบคุณค่ะแอดมิน
โอเคค่ะ ขอบคุณค่ะ
เข้าใจแล้วครับ ขอบคุณมากครับ
ลาก่อน
บายค่ะ
แค่นี้ค่ะ ขอบคุณค่ะ
ไม่มีแล้วค่ะ
สวัสดีครับ ขอบคุณครับ
ขอบคุณที่ช่วยเหลือนะคะ 🙏
""".strip().splitlines()
SAYS_MORE = """
hello, where is my order?
hi do you ship to Laos
thanks but it is still broken
thank you card
goodbye kiss mug
hi-fi speakers
good morning blend price
how are you shipping this
ok
great
👍
hello kitty cup
bye bye baby pillow
yo-yo
สวัสดีค่ะ ส่งฟรีไหม
ขอบคุณค่ะ แล้วส่งวันไหน
การ์ดขอบคุณราคาเท่าไร
ดีไหม
สินค้าดีค่ะ
โอเค
ค่ะ
บายศรีราคาเท่าไร
ไฮไลท์คืออะไร
""".strip().splitlines()


@pytest.mark.parametrize("question", SMALL_TALK)
def test_small_talk_is_answered(question: str) -> None:
    for language in ("en", "th"):
        assert small_talk(question, NOBODY, language)


@pytest.mark.parametrize("question", ["", "?", "x" * 500, *SAYS_MORE, *ASKS_FOR_A_PERSON[:40], *ASKS_SOMETHING_ELSE])
def test_whatever_says_more_is_none(question: str) -> None:
    assert small_talk(question, NOBODY, "en") is None


def test_the_answer_fits_what_was_said() -> None:
    assert small_talk("hi", NOBODY, "en") == "Hello! How can I help you?"
    assert str(small_talk("ok thank you", NOBODY, "en")).startswith("You're welcome")
    assert str(small_talk("thanks, bye", NOBODY, "en")).startswith("Bye")
    assert "ยินดี" in str(small_talk("ขอบคุณค่ะ", NOBODY, "th"))


def test_the_particle_ends_what_is_said_in_thai() -> None:
    kha = Persona(particle=Particle.KHA, name="น้องมะลิ", tone=Tone.PROFESSIONAL)
    assert small_talk("สวัสดี", kha, "th") == "สวัสดีค่ะ น้องมะลิยินดีให้บริการค่ะ มีอะไรให้ช่วยไหมคะ"
    khrap = Persona(particle=Particle.KHRAP)
    assert small_talk("ขอบคุณ", khrap, "th") == "ยินดีครับ มีอะไรถามเพิ่มได้เสมอนะครับ"
    plain = str(small_talk("สวัสดี", NOBODY, "th"))
    assert not any(particle in plain for particle in ("ค่ะ", "คะ", "ครับ"))
    assert small_talk("hello", kha, "en") == "Hello. I'm น้องมะลิ. How may I help you?"


def test_another_language_is_answered_in_english() -> None:
    assert str(small_talk("hello", NOBODY, "ja")).startswith("Hello")
