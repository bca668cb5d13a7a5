"""Rules that come with the house, for a workspace to switch on. Each word is one that an ordinary question has not."""

from __future__ import annotations

from collections.abc import Mapping

from ai.persona import Act, Particle, Persona, Ready, Rule

# As it is kept with a conversation that a list has found something in; `chat/handoffs.py` has the names.
KEPT = "list:"

THREATS = (
    "kill you",
    "kill you all",
    "kill your family",
    "murder you",
    "shoot you",
    "stab you",
    "beat you up",
    "burn your shop",
    "burn your store",
    "burn down your",
    "bomb your",
    "bomb threat",
    "plant a bomb",
    "i know where you live",
    "i will find you and",
    "i'll find you and",
    "kill myself",
    "killing myself",
    "end my life",
    "take my own life",
    "want to die",
    "wanna die",
    "hurt myself",
    "harm myself",
    "self-harm",
    "suicide",
    "suicidal",
    "ฆ่ามึง",
    "ฆ่าแก",
    "ฆ่าคุณ",
    "ฆ่าพวกมึง",
    "ฆ่าพวกแก",
    "จะฆ่าให้ตาย",
    "ยิงมึง",
    "แทงมึง",
    "กระทืบมึง",
    "ตบมึง",
    "เผาร้าน",
    "วางระเบิด",
    "ขู่ฆ่า",
    "ฆ่าตัวตาย",
    "อยากตาย",
    "อยากฆ่าตัวเอง",
    "ทำร้ายตัวเอง",
    "กรีดแขน",
    "จบชีวิต",
    "ไม่อยากมีชีวิต",
    "ไม่อยากอยู่บนโลกนี้",
)
ABUSE = (
    "fuck you",
    "fuck off",
    "fucking idiot",
    "fucking stupid",
    "fucking scam",
    "fucking useless",
    "motherfucker",
    "motherfuckers",
    "asshole",
    "assholes",
    "arsehole",
    "bitch",
    "bitches",
    "bastard",
    "bastards",
    "cunt",
    "dickhead",
    "piece of shit",
    "full of shit",
    "son of a bitch",
    "shut the fuck up",
    "go to hell",
    "you idiot",
    "you idiots",
    "you moron",
    "you are an idiot",
    "you're an idiot",
    "ไอ้สัตว์",
    "ไอสัตว์",
    "ไอ้สัส",
    "ไอสัส",
    "อีสัตว์",
    "อีสัส",
    "เหี้ย",
    "ไอ้เหี้ย",
    "อีเหี้ย",
    "ควย",
    "หัวควย",
    "หน้าควย",
    "เย็ดแม่",
    "เย็ดแม่ง",
    "พ่อมึงตาย",
    "แม่มึงตาย",
    "พ่อมึง",
    "แม่มึง",
    "ไอ้ควาย",
    "อีควาย",
    "โง่เหมือนควาย",
    "อีดอก",
    "อีดอกทอง",
    "หน้าหี",
    "ชาติหมา",
    "ชาติชั่ว",
    "ระยำ",
    "จัญไร",
    "ไอ้โง่",
    "อีโง่",
    "ไปตายซะ",
    "ส้นตีน",
)
WORDS: Mapping[Ready, tuple[str, ...]] = {Ready.THREATS: THREATS, Ready.ABUSE: ABUSE}
# At the end of a statement, and after "นะ".
_ENDINGS = {Particle.NONE: ("", ""), Particle.KHA: ("ค่ะ", "คะ"), Particle.KHRAP: ("ครับ", "ครับ")}


def rules(persona: Persona, language: str) -> tuple[Rule, ...]:
    """Of the lists that are switched on. `language`: of what was written; Thai is answered in Thai, all else in
    English."""
    found = []
    if Ready.THREATS in persona.ready:
        found.append(Rule(KEPT + Ready.THREATS, THREATS, Act.HAND_OFF))
    if Ready.ABUSE in persona.ready:
        found.append(Rule(KEPT + Ready.ABUSE, ABUSE, Act.REPLY, calm(persona.particle, language)))
    return tuple(found)


def calm(particle: Particle, language: str) -> str:
    """To somebody who is abusive."""
    if language != "th":
        return "I would like to help. Please tell me calmly what this is about."
    statement, asking = _ENDINGS[particle]
    return f"ยินดีช่วย{statement} ขอความกรุณาใช้ถ้อยคำสุภาพ แล้วเล่าให้ฟังว่าเกิดปัญหาอะไรนะ{asking}"
