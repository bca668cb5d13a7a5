"""Our own .po → .mo says the same as gettext's."""

from __future__ import annotations

import gettext
import importlib.util
import io
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings

pytestmark = pytest.mark.pure
BASE = Path(settings.BASE_DIR)

SOURCE = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#: chat/views.py:1
msgid "Send"
msgstr "ส่ง"

msgctxt "verb"
msgid "Open"
msgstr "เปิด"

msgid "Open"
msgstr "เปิดอยู่"

msgid ""
"Two "
"lines\n"
msgstr ""
"สอง\t"
"\"บรรทัด\"\n"

#, python-format
msgid "%(n)d chat"
msgid_plural "%(n)d chats"
msgstr[0] "%(n)d แชต"
msgstr[1] "%(n)d แชตๆ"

#, fuzzy
msgid "Guess"
msgstr "เดา"

msgid "Empty"
msgstr ""

#~ msgid "Gone"
#~ msgstr "หายไป"
"""


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("compile_messages", BASE / "tools/compile_messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks itself up
    spec.loader.exec_module(module)
    return module


def read(content: bytes) -> gettext.GNUTranslations:
    return gettext.GNUTranslations(io.BytesIO(content))


def test_gettext_reads_what_we_write(tool: ModuleType) -> None:
    thai = read(tool.compiled(tool.parse(SOURCE)))
    assert thai.gettext("Send") == "ส่ง"
    assert thai.pgettext("verb", "Open") == "เปิด"
    assert thai.gettext("Open") == "เปิดอยู่"
    assert thai.gettext("Two lines\n") == 'สอง\t"บรรทัด"\n'
    assert [thai.ngettext("%(n)d chat", "%(n)d chats", n) for n in (1, 2)] == ["%(n)d แชต", "%(n)d แชตๆ"]


@pytest.mark.parametrize("word", ["Guess", "Empty", "Gone"])
def test_what_is_not_finished_stays_english(tool: ModuleType, word: str) -> None:
    assert read(tool.compiled(tool.parse(SOURCE))).gettext(word) == word


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="gettext is not installed")
@pytest.mark.parametrize("source", sorted(BASE.glob("locale/*/LC_MESSAGES/*.po")), ids=lambda path: path.parts[-3])
def test_msgfmt_says_the_same(tool: ModuleType, source: Path, tmp_path: Path) -> None:
    subprocess.run(["msgfmt", "-o", tmp_path / "theirs.mo", source], check=True, timeout=60)
    theirs = read((tmp_path / "theirs.mo").read_bytes())._catalog  # type: ignore[attr-defined]
    ours = read(tool.compiled(tool.parse(source.read_text())))._catalog  # type: ignore[attr-defined]
    assert ours == theirs


def test_a_broken_line_is_told_with_its_file(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "locale/th/LC_MESSAGES/django.po"
    broken.parent.mkdir(parents=True)
    broken.write_text('msgid "Send\nmsgstr "x"\n')
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    assert tool.main() == 1
    assert "locale/th/LC_MESSAGES/django.po" in capsys.readouterr().err


def test_only_what_changed_is_compiled(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "locale/th/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text(SOURCE)
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    assert tool.main() == 0
    assert "Compiled" in capsys.readouterr().out
    assert tool.main() == 0
    assert capsys.readouterr().out == ""
