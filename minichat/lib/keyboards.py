"""The Thai (Kedmanee) and the American layout: what was meant when the keyboard was in the other one."""

from __future__ import annotations

_LATIN = r"""`1234567890-=qwertyuiop[]\asdfghjkl;'zxcvbnm,./~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?"""
_THAI = '_ๅ/-ภถุึคตจขชๆไำพะัีรนยบลฃฟหกดเ้่าสวงผปแอิืทมใฝ%+๑๒๓๔ู฿๕๖๗๘๙๐"ฎฑธํ๊ณฯญฐ,ฅฤฆฏโฌ็๋ษศซ.()ฉฮฺ์?ฒฬฦ'
_TO_THAI = dict(zip(_LATIN, _THAI, strict=True))
_TO_LATIN = {thai: latin for latin, thai in _TO_THAI.items() if "\u0e00" <= thai <= "\u0e7f"}


def other_layout(text: str) -> str:
    """`text` as the same keys type it in the other layout: "ะำฟท" ↔ "team". Empty when there is nothing to change."""
    if any(char in _TO_LATIN for char in text):
        return "".join(_TO_LATIN.get(char, char) for char in text)
    if any(char.isalpha() for char in text) and text.isascii():
        return "".join(_TO_THAI.get(char, char) for char in text)
    return ""
