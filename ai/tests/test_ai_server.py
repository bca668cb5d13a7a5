"""The fake provider runs by itself as well, for browser tests and benchmarks."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.conf import settings

from ai.providers import web
from ai.providers.openai_style import OpenAI
from ai.tests.speaking import listen, question
from tests.fakes.ai_server import ANSWER

pytestmark = pytest.mark.pure


async def test_it_runs_by_itself() -> None:
    command = [sys.executable, "-m", "tests.fakes.ai_server", "--pause", "0"]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        heard = await listen(OpenAI(address=f"{url}/v1").stream(question()))
        await web.close_client()
        process.terminate()
        assert process.wait(10) == 0
    assert heard.text == "".join(ANSWER)
