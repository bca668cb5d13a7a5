from __future__ import annotations

import gzip

import brotli
import pytest
from django.test import RequestFactory

from minichat.lib.packing import Packed

pytestmark = pytest.mark.pure

SOURCE = b"let words = 'the same again and again';\n" * 100
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5, br;q=0", "gzip"),
        ("br; q=0, gzip;q=0", ""),
        ("identity", ""),
        ("", ""),
    ],
)
def test_a_body_comes_as_the_client_likes_it(header: str, encoding: str) -> None:
    request = RequestFactory(headers={"Accept-Encoding": header}).get("/")
    answer = Packed(SOURCE).response(request, "text/javascript")
    assert answer.get("Content-Encoding", "") == encoding
    assert UNPACK[encoding](answer.content) == SOURCE
    assert answer["Vary"] == "Accept-Encoding" and answer["Content-Type"] == "text/javascript"
    assert not encoding or len(answer.content) < len(SOURCE) / 4
