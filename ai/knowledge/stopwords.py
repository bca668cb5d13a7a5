"""Words that say nothing about what a text is about. Short lists: a word too many here cannot be found any more."""

from __future__ import annotations

_ENGLISH = """
a an the and or but if of to in on at by for with from as into about is are was were be been being am do does did
has have had can could would will shall should may might must i me my we us our you your he him his she her it its
they them their this that these those there here what which who whom when where why how not no so than then too very
just please dont doesnt didnt isnt arent cant im ive whats whos hows theres
"""
_THAI = """
ที่ ซึ่ง อัน และ หรือ แต่ ของ ใน บน ที่ไหน จาก ถึง โดย ด้วย กับ แก่ ให้ ได้ เป็น คือ อยู่ มี ไป มา จะ ก็ ว่า นี้ นั้น นี่ นั่น ไหน
อะไร ใคร เมื่อใด เมื่อไหร่ เมื่อไร อย่างไร ยังไง ทำไม ใด ไหม มั้ย หรือไม่ หรือเปล่า ครับ ค่ะ คะ นะ นะคะ นะครับ จ้า จ๊ะ เลย แล้ว กว่า
ต่อ ตาม เพื่อ เพราะ ถ้า หาก เมื่อ ผม ฉัน ดิฉัน เรา คุณ เขา มัน ความ การ ต้อง ควร ขอ หน่อย บ้าง ล่ะ ละ ไม่ กี่ เท่าไร เท่าไหร่
"""
ENGLISH = frozenset(_ENGLISH.split())
THAI = frozenset(_THAI.split())
