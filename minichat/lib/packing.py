"""Bodies that never change, packed once: for what is served by a view and yet is a file."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


@dataclass(frozen=True)
class Packed:
    """`source` as it is, and as browsers like it better."""

    source: bytes
    forms: Mapping[str, bytes] = field(init=False)

    def __post_init__(self) -> None:
        forms = {"br": brotli.compress(self.source), "gzip": gzip.compress(self.source, mtime=0)}
        object.__setattr__(self, "forms", forms)

    def response(self, request: HttpRequest, content_type: str) -> HttpResponse:
        wanted = _accepted(request.headers.get("Accept-Encoding", ""))
        encoding = next((name for name in self.forms if name in wanted), "")
        response = HttpResponse(self.forms.get(encoding, self.source), content_type=content_type)
        if encoding:
            response["Content-Encoding"] = encoding
        patch_vary_headers(response, ["Accept-Encoding"])
        return response


def _accepted(header: str) -> set[str]:
    """The encodings a client names and does not refuse (`br;q=0`)."""
    parts = (part.partition(";") for part in header.lower().split(","))
    return {name.strip() for name, _, rest in parts if rest.replace(" ", "") not in ("q=0", "q=0.0")}
