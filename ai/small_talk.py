"""Greetings, thanks and goodbyes, and nothing but them: answered at once, without looking anything up."""

from __future__ import annotations

import re

from ai.knowledge.terms import normalise
from ai.persona import Particle, Persona, Tone

# Longer ones say something.
LONGEST = 120

# In the order in which they are answered: who says thanks and goodbye is going.
_KINDS = {
    "bye": (
        r"good ?bye|bye+(?: ?bye+)*|see (?:you|ya|u)(?: later| soon| around| tomorrow)?|good ?night|take care|cya|ttyl"
        r"|have (?:a|an) (?:nice|good|great|lovely|wonderful) (?:day|evening|one|night|weekend|time)(?: ahead)?|you too"
        r"|(?:no )?that(?:'?s| is| will be) (?:all|it)(?: for now| i need(?:ed)?)?|nothing else|no,? thank(?:s| you)"
        r"|ลาก่อน|บ๊า?ยบาย|บายบาย|บาย|ไว้เจอกัน(?:ใหม่)?|แล้วเจอกัน(?:ใหม่)?|ไว้คุยกัน(?:ใหม่)?|ราตรีสวัสดิ์|ฝันดี|ขอตัวก่อน|ไปก่อน"
        r"|ไม่มีแล้ว|ไม่มีอะไรแล้ว|แค่นี้(?:แหละ|ก่อน)?|เท่านี้(?:แหละ|ก่อน)?|หมดแล้ว"
    ),
    "thanks": (
        r"(?:many |ok |okay )?(?:thanks|thank (?:you|u|yo)|thankyou|thx|tnx|thnx|tks|ty|tysm|cheers"
        r"|much appreciated|appreciate it)"
        r"(?: (?:so much|very much|a lot|lots|a bunch|a million|loads|again|in advance|anyway|mate))*"
        r"(?: for (?:your|the|all your|all the) (?:help|time|support|info|information|answer|reply|assistance"
        r"|quick reply))?"
        r"|ขอบ(?:คุณ|ใจ|พระคุณ|คุน)(?:มาก|มากมาย|ล่วงหน้า|หลาย|จริง|อีกครั้ง|สำหรับ(?:ข้อมูล|คำตอบ|ความช่วยเหลือ)|ที่(?:ช่วยเหลือ"
        r"|ช่วย|ตอบ|แนะนำ))*"
        r"|แต๊งกิ้ว|แต้งกิ้ว|แต๊ง|แต้ง|ขอบ(?:คุณ)?น้า"
    ),
    "hello": (
        r"hello+|hi+(?: there)?|hey+(?: there)?|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)"
        r"|morning|what'?s up|sup"
        r"|how are you(?: doing)?(?: today)?|how do you do|nice to meet you"
        r"|สวัสดี(?:ตอน(?:เช้า|บ่าย|เย็น)|ยาม(?:เช้า|บ่าย|เย็น)|ปีใหม่)?|หวัดดี|สวัดดี|สวัสดิ์ดี|ดี(?=ค่ะ|ครับ|คับ|จ้า|ค่า)|ฮัลโหล|ฮาโหล"
        r"|เฮลโล|ไฮ(?!ไ)|อรุณสวัสดิ์|ทักทาย|สบายดีไหม|สบายดีมั้ย|เป็นไงบ้าง"
    ),
}
# What stands beside it and says nothing.
_FILLING = (
    r"ok(?:ay)?|k|great|perfect|nice|cool|alright|all right|awesome|got it|i see|sure|yes|yeah|wonderful"
    r"|excellent|again|there|all|everyone"
    r"|team|guys|friend|dear|sir|madam|everybody|bot|admin|and|for now|just"
    r"|โอเค|โอเคร|โอเช|เข้าใจแล้ว|เข้าใจ|ได้เลย|รับทราบ|ตกลง|เรียบร้อย|ทราบแล้ว|จ้า|จ้ะ|จ๊ะ|ครับผม|ครับ|คร้าบ|คับ|ค้าบ|ฮะ|ค่ะ"
    r"|คะ|ค่า|ขา|นะ|น้า|งับ|ผม|ทุกคน|แอดมิน|ๆ|มาก|เลย|แล้ว|ด้วย|นี้"
)
_NO_LETTERS = re.compile(r"[^\w'\u0e01-\u0e5b]+|_+")


def _thing(*kinds: str) -> re.Pattern[str]:
    """One or more of these, Latin ones apart, Thai ones run together. Nothing is tried twice."""
    return re.compile(rf"(?>(?:{'|'.join(kinds)})(?![a-z0-9'])\s*)++")


_ANYTHING = _thing(*_KINDS.values(), _FILLING)
_SAYS = {kind: re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])") for kind, pattern in _KINDS.items()}

# `p` ends a statement, `q` a question. The warm one for friendly and lively tones, the plain one for the others.
_ANSWERS = {
    ("hello", "en", True): "Hello!{i_am} How can I help you?",
    ("hello", "en", False): "Hello.{i_am} How may I help you?",
    ("thanks", "en", True): "You're welcome! Just write if there is anything else.",
    ("thanks", "en", False): "You are welcome. Please write if there is anything else.",
    ("bye", "en", True): "Bye, and have a nice day! Just write if anything comes up.",
    ("bye", "en", False): "Goodbye. Please write whenever you need us.",
    ("hello", "th", True): "สวัสดี{p}{i_am} มีอะไรให้ช่วยบอกได้เลยนะ{q}",
    ("hello", "th", False): "สวัสดี{p}{i_am} มีอะไรให้ช่วยไหม{q}",
    ("thanks", "th", True): "ยินดี{p} มีอะไรถามเพิ่มได้เสมอนะ{q}",
    ("thanks", "th", False): "ยินดี{p} หากมีคำถามเพิ่มเติมสอบถามได้{p}",
    ("bye", "th", True): "ขอบคุณที่แวะมา{p} ขอให้เป็นวันที่ดีนะ{q}",
    ("bye", "th", False): "ขอบคุณที่ติดต่อเรา{p}",
}
_I_AM = {"en": " I'm {name}.", "th": " {name}ยินดีให้บริการ{p}"}
_WARM = (Tone.FRIENDLY, Tone.LIVELY)
# At the end of a statement, and of a question or after "นะ".
_PARTICLES = {Particle.NONE: ("", ""), Particle.KHA: ("ค่ะ", "คะ"), Particle.KHRAP: ("ครับ", "ครับ")}


def small_talk(question: str, persona: Persona, language: str) -> str | None:
    """The answer; None as soon as there is anything else in it. Thai is answered in Thai, all else in English."""
    kind = _kind(question)
    if kind is None:
        return None
    spoken = "th" if language == "th" else "en"
    statement, asking = _PARTICLES[persona.particle]
    i_am = _I_AM[spoken].format(name=persona.name, p=statement) if persona.name and kind == "hello" else ""
    return _ANSWERS[kind, spoken, persona.tone in _WARM].format(p=statement, q=asking, i_am=i_am)


def _kind(question: str) -> str | None:
    if len(question) > LONGEST:
        return None
    text = _NO_LETTERS.sub(" ", normalise(question).replace("\u2019", "'")).strip()
    if not text or not _ANYTHING.fullmatch(text):
        return None
    return next((kind for kind, says in _SAYS.items() if says.search(text)), None)
