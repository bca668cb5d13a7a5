"""What a question says before anybody looks it up: that its author wants a person, or a topic that is not spoken about.

A false alarm costs a good answer, so a word alone is never enough: somebody has to ask *for* a person. "Who of your
staff delivers?" and "a person's discount" are questions like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from ai.knowledge.terms import cut, normalise
from ai.persona import BlockedTopic, Persona

# From so many Thai letters on a phrase is no part of another word by accident.
LONG_ENOUGH = 6

_THAI_LETTERS = re.compile("[\u0e01-\u0e5b]+")
# Vowels and tones that belong to the letter before them.
_HANGS = re.compile("[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]")


def wants_person(question: str, persona: Persona) -> bool:
    """Whether they ask for a person, in words of ours or of the workspace."""
    text = _flat(question)
    return (
        text in _of_the_button()
        or _asks_in_english(text)
        or _asks_in_thai(text)
        or any(_says(text, persona.hand_off_phrases))
    )


@lru_cache(maxsize=1)
def _of_the_button() -> frozenset[str]:
    """What the widget's button says in the visitor's name, in each language that it speaks."""
    found = set()
    for language, _name in settings.VISITOR_LANGUAGES:
        with translation.override(language):
            found.add(_flat(_("Talk to a person")))
    return frozenset(found)


def blocked(question: str, persona: Persona) -> BlockedTopic | None:
    """The first topic of which a word stands in the question."""
    text = _flat(question)
    return next((topic for topic in persona.blocked_topics if any(_says(text, topic.words))), None)


def stands_in_any(text: str, phrases: Iterable[str]) -> bool:
    """Whether one of these stands in it, as words of its own."""
    return any(_says(_flat(text), phrases))


def _flat(text: str) -> str:
    """Normalised, with straight apostrophes and single spaces."""
    return " ".join(normalise(text).replace("\u2019", "'").split())


def _says(text: str, phrases: Iterable[str]) -> Iterator[bool]:
    return (_stands_in(text, phrase) for phrase in map(_flat, phrases) if phrase)


def _stands_in(text: str, phrase: str) -> bool:
    """As words of its own: "vip" is not in "vipassana", and ยา (medicine) is not in อยาก (to want)."""
    start = text.find(phrase)
    while start >= 0:
        if _begins_at(text, start, phrase) and _ends_at(text, start + len(phrase), phrase):
            return True
        start = text.find(phrase, start + 1)
    return False


def _begins_at(text: str, at: int, phrase: str) -> bool:
    if not _runs_on(text, at):
        return True
    if not _THAI_LETTERS.match(text[at]):
        return False
    before, _after = _halves(text, at)
    return len(phrase) >= LONG_ENOUGH or _is_words(before)


def _ends_at(text: str, at: int, phrase: str) -> bool:
    if not _runs_on(text, at):
        return True
    if not _THAI_LETTERS.match(text[at]):
        return False
    _before, after = _halves(text, at)
    return not _HANGS.match(after) and (len(phrase) >= LONG_ENOUGH or _is_words(after))


def _runs_on(text: str, at: int) -> bool:
    """Whether a word may go on there: letters of the same script on both sides."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    is_thai = [bool(_THAI_LETTERS.match(one)) for one in (before, after)]
    return all(is_thai) or (before.isalnum() and after.isalnum() and not any(is_thai))


def _halves(text: str, at: int) -> tuple[str, str]:
    """What the word around this place has before it and after it; nothing where one word ends and another begins."""
    run = next(one for one in _THAI_LETTERS.finditer(text) if one.start() < at < one.end())
    begins = run.start()
    for word in cut(run[0]):
        if begins <= at < begins + len(word):
            return text[begins:at], text[at : begins + len(word)] if at > begins else ""
        begins += len(word)
    return "", ""


def _is_words(text: str) -> bool:
    """What is left of a compound is words (or nothing); what is left of a word that was cut in two is not."""
    return all(len(word) > 1 and not _HANGS.match(word) for word in cut(text)) if text else True


# --- English ----------------------------------------------------------------------------------------------------------

_KIND = (
    r"(?:(?:a|an|the|your|some|any|one of your|actual|real|live|human|customer|support|sales|service|care"
    r"|another)\s+)*"
)
_STAFF = (
    r"(?:human(?: being| agent)?|agent|operator|representative|rep|staff(?: member)?|team member|employee|advisor"
    r"|adviser"
    r"|manager|supervisor|admin|customer (?:service|support|care)|support(?: team| agent)?|sales(?:person| team)?)"
)
_SOMEBODY = rf"(?:person|people|someone|somebody|anyone|anybody|{_STAFF})"
# Neither somebody's thing ("a person's discount") nor a part of another word ("human-readable").
_ALONE = r"(?![\w-]|'s|s')"
_POLITE = r"(?:\s*(?:please|pls|plz|now|here|instead|asap|thanks|thank you))*\s*[.!?]*$"

_ENGLISH = [
    re.compile(pattern)
    for pattern in (
        # "I'd like to talk to someone", "can I chat with a real person?"
        rf"\b(?:talk|speak|chat|talking|speaking|chatting)(?: directly)? (?:to|with) {_KIND}{_SOMEBODY}{_ALONE}",
        # "connect me to an agent", "put me through to your staff"
        rf"\b(?:connect|transfer|pass|forward|switch|put|hand|redirect|escalate|refer) (?:me|us|this(?: chat"
        rf"| conversation)?)"
        rf"(?: (?:over|on|through|straight))? (?:to|with) {_KIND}{_SOMEBODY}{_ALONE}",
        rf"^(?:please |pls |just )?(?:connect|transfer|escalate|switch) to {_KIND}{_STAFF}{_ALONE}",
        # "I want a human", "can I get an operator please"
        rf"\b(?:want|need|give me|get me|find me|i'd like|would like|can i (?:get|have)|could i (?:get|have)"
        rf"|may i have) "
        rf"{_KIND}(?:{_STAFF}|person){_POLITE}",
        rf"\b(?:want|need|give me|get me|prefer|i'd like|would like) (?:a |an |the )?(?:(?:real|live"
        rf"|actual) (?:person|human|agent)"
        rf"|human(?: being| agent| person| operator| representative| help| support)|human(?= (?:to|who|not|on|for"
        rf"|and|that)\b)){_ALONE}",
        # "can somebody call me back?"
        r"\b(?:can|could|have|let|please have) (?:someone|somebody|a person|a human|an agent|your team"
        r"|your staff)(?: please)? "
        r"(?:call|phone|ring|contact|get back to|talk to|speak to|speak with|talk with) (?:me|us)\b",
        # "is there anyone I can talk to?", "is anybody there"
        r"^(?:hello |hi |hey )?is (?:there )?(?:anyone|anybody|someone|somebody|any human|a human|a (?:real"
        r"|live) (?:person|human|agent))"
        r"(?: (?:there|here|around|available|online|at home|i can (?:talk|speak|chat) (?:to|with)|i could (?:talk"
        r"|speak) (?:to|with)"
        r"|who can help(?: me)?))?\s*[.!?]*$",
        # "a human please, it is about my order"
        r"\b(?:human|human being|human agent|(?:real|live) (?:person|human|agent)),? (?:please|pls|plz)\b",
        # "human please", "agent!"
        rf"^(?:please |pls |hi |hello |hey |ok |a |an |the |real |live |actual )*(?:human(?: being| agent| support"
        rf"| help)?|person|agent"
        rf"|operator|representative|live chat|(?:live|real) (?:agent|person|human)|support agent){_POLITE}",
    )
]
# Who turns a machine down asks for a person, whatever else they say.
_NO_BOT_ENGLISH = re.compile(
    # "no bots please", "I don't want to talk to a robot"
    r"\b(?:no more|no|stop the|stop this|enough of this|enough with the) (?:bots?|chatbots?|robots?|ai|machines?)"
    r"(?: please| pls)?\s*[.!?,]*$"
    r"|\b(?:don't|do not|dont|won't|not going to|hate to|hate) (?:want |like )?(?:to )?(?:talk|talking|speak"
    r"|speaking|chat|chatting) "
    r"(?:to|with) (?:a |an |this |the |some )?(?:bot|chatbot|robot|machine|computer|ai)\b"
)
# Questions about talking, and about who is talking, and what is over: nobody is asked for.
_NOT_ENGLISH = re.compile(
    r"\b(?:do|does|would|will|did|must|should) (?:i|we|you|they|one|he|she) (?:have to|need to|really have to"
    r"|really need to)? ?"
    r"(?:talk|speak|chat|need|want)\b"
    r"|\b(?:don't|do not|dont|didn't|didnt) (?:want|need|have|wish|like)(?: to (?:talk|speak|chat))?(?: (?:to"
    r"|with))?(?: a| an| any| your)* (?:person|human|agent"
    r"|operator|representative|anyone|anybody|someone|people|staff)"
    r"|\bwithout (?:talking|speaking|chatting)\b"
    r"|^(?:hi |hello |hey )?(?:are you|am i (?:talking|speaking|chatting)|is this|is it|is that|was that|who am i)\b"
    r"|\b(?:i was|i've been|was) (?:talking|speaking|chatting) (?:to|with)\b"
)


def _asks_in_english(text: str) -> bool:
    if _NO_BOT_ENGLISH.search(text):
        return True
    return any(pattern.search(text) for pattern in _ENGLISH) and not _NOT_ENGLISH.search(text)


# --- Thai -------------------------------------------------------------------------------------------------------------

# Those who carry, drive and mend are asked about, not for; people at home are not ours.
_OTHERS = (
    r"(?!\s*(?:ส่ง|ขน|ขับ|ยก|ไปรษณีย์|ติดตั้ง|ศุลกากร|ธนาคาร|รปภ|ทำความสะอาด|เคอรี่|แฟลช|kerry|flash)"
    r"|\s*(?:ไป|ไว้|มา)*\s*(?:แล้ว|เมื่อวาน|เมื่อกี้|เมื่อเช้า))"
)
_STAFF_THAI = (
    r"(?:เจ้าหน้าที่|จนท\.?|พนักงาน|แอดมิน|แอดมิ้น|แอ็ดมิน|admin|ทีมงาน|มนุษย์|คนจริง|คนขาย|ฝ่ายขาย|เซลล์|เซลส์"
    r"|แม่ค้า|พ่อค้า|เจ้าของร้าน|เจ้าของ"
    r"|ผู้จัดการ|โอเปอเรเตอร์|ฝ่ายบริการ(?:ลูกค้า)?|ฝ่ายซัพพอร์ต|ซัพพอร์ต|staff|สตาฟ|คนที่เป็นคน)"
)
_TEAM = _STAFF_THAI + _OTHERS
_PEOPLE = r"คน(?!ที่บ้าน|ในบ้าน|ที่ทำงาน|อื่น|รู้จัก|ละ|ไข้|ท้อง|เดียว|รัก|ข้าง|นั้น|โน้น|ส่ง|ขับ|ขน|ยก|ใน|แก่)"
_WHETHER = r"(?:ไหม|มั้ย|มั๊ย|ไม๊|มัย|ป่าว|เปล่า|หรือเปล่า|รึเปล่า|รึป่าว|หรือยัง|ปะ)"
_END = r"\s*(?:ที|หน่อย|ได้ไหม|ได้มั้ย|ได้ป่าว|ไหม|มั้ย|เลย|ด่วน|นะ|น่ะ|จ้า|จ้ะ|จ๊ะ|ครับ|คับ|ค้าบ|ค่ะ|คะ|ค่า|ๆ|\s|[.!?])*$"
_BOT = r"(?:แชทบอท|แชตบอต|บอท|บอต|โรบอท|หุ่นยนต์|เอไอ|ai|bot|ระบบอัตโนมัติ|ระบบตอบอัตโนมัติ)"

_THAI = [
    re.compile(pattern)
    for pattern in (
        # ขอคุยกับเจ้าหน้าที่, อยากพูดกับคน, คุยแอดมิน
        rf"(?:คุย|พูดคุย|พูด|พูดสาย|สนทนา|แชท|แชต)\s*(?:สาย)?(?:ตรง)?\s*(?:กับ|กะ|กัย)\s*(?:ทาง)?\s*(?:{_TEAM}"
        rf"|{_PEOPLE})",
        rf"(?:ขอ|อยาก|ต้องการ|จะ)\s*(?:คุย|พูด|แชท|แชต|ติดต่อ)\s*(?:กับ|กะ)?\s*(?:ทาง)?\s*{_TEAM}",
        rf"^\s*(?:รบกวน)?(?:คุย|ติดต่อ)\s*(?:กับ)?\s*(?:ทาง)?\s*{_TEAM}{_END}",
        rf"ปรึกษากับ\s*{_TEAM}",
        # ขอสายเจ้าหน้าที่, โอนสายให้แอดมิน, เรียกแอดมินหน่อย
        rf"(?:ขอสาย|ต่อสาย|โอนสาย|โอนแชท|โอนเรื่อง|ส่งต่อ|ส่งเรื่อง|เรียก|ตาม|ตามตัว)\s*(?:ไป|ไปที่|ไปหา|ถึง|หา"
        rf"|ให้|กับ|คุณ)*\s*{_TEAM}(?!\s*(?:ที่|คือ))",
        # ขอแอดมินหน่อย, ขอคนจริง, ขอคนมาตอบ
        rf"(?:ขอ|อยากได้|ต้องการ|เอา)\s*(?:{_TEAM}{_END}|คนจริง|มนุษย์|คน(?=\s*(?:ช่วย|ตอบ|คุย|หน่อย|มาตอบ|มาคุย"
        rf"|มาช่วย|ครับ|ค่ะ|คะ|$)))",
        # ให้เจ้าหน้าที่ติดต่อกลับ, ให้คนมาตอบ
        rf"(?:ให้|มี|รบกวน)\s*(?:ทาง)?\s*(?:{_TEAM}|{_PEOPLE})\s*(?:มา|ช่วย|จริงๆ|จริง)*\s*(?:ตอบแชท|ตอบคำถาม"
        rf"|ตอบ(?!แทน)|ติดต่อกลับ|โทรกลับ|โทรหา|ทักมา|ทักกลับ|คุยกับ|คุยด้วย)",
        # มีคนอยู่ไหม, แอดมินอยู่ไหม
        rf"มี(?:คนจริง|คน|แอดมิน|เจ้าหน้าที่|พนักงาน|ใคร|ทีมงาน)(?:จริง)?(?:ๆ)?(?:อยู่|ตอบ|ว่าง|รับสาย|คุยด้วย"
        rf"|ให้คุย)(?:บ้าง)?\s*{_WHETHER}",
        rf"^(?:สวัสดี(?:ครับ|ค่ะ)?\s*)?(?:แอดมิน|แอดมิ้น|admin|เจ้าหน้าที่|ทีมงาน)\s*(?:อยู่"
        rf"|ว่าง)\s*{_WHETHER}{_END}",
        rf"^(?:แอดมิน|แอดมิ้น|admin|เจ้าหน้าที่|คนจริงๆ?|มนุษย์|พนักงาน){_END}",
        rf"(?:เปลี่ยน|สลับ)\s*(?:เป็น|ไปเป็น|ให้เป็น)\s*(?:คน(?:จริง|ตอบ|คุย|{_END})|{_TEAM})",
    )
]
_NO_BOT_THAI = re.compile(
    rf"(?:ไม่อยาก|ไม่ต้องการ|ไม่ขอ|ไม่|เลิก|หยุด|เบื่อ|ขี้เกียจ)\s*(?:คุย|พูด|แชท|ใช้|เอา|อยากคุย)\s*(?:กับ"
    rf"|กะ)?\s*{_BOT}"
)
# Questions about reaching them, and who would rather not.
_NOT_THAI = re.compile(
    rf"(?:ไม่อยาก|ไม่ต้อง|ไม่ต้องการ|ไม่จำเป็นต้อง|ไม่ขอ|ไม่ได้)\s*(?:ให้)?\s*(?:คุย|พูด|ติดต่อ|แชท|โทร)?\s*(?:กับ"
    rf"|กะ)?\s*(?:{_TEAM}|{_PEOPLE})"
    rf"|(?:ต้อง|จำเป็นต้อง)(?:โทร|ไป)?\s*(?:คุย|ติดต่อ|พูด)\s*(?:กับ)?\s*(?:{_TEAM}|{_PEOPLE}).*{_WHETHER}"
    rf"|{_STAFF_THAI}.{{0,12}}(?:กี่โมง|วันไหน|ช่วงไหน|เวลาไหน|ตอนไหน|เมื่อไหร่|เมื่อไร)"
    r"|(?:เคย|เพิ่ง|พึ่ง)(?:ได้)?(?:คุย|ติดต่อ|พูด)"
)


def _asks_in_thai(text: str) -> bool:
    if _NO_BOT_THAI.search(text):
        return True
    return any(pattern.search(text) for pattern in _THAI) and not _NOT_THAI.search(text)
