"""The form around an upload: a file, and the name its sender gave it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _

from chat import frames
from minichat.lib.errors import Invalid, TooLarge


def received(request: HttpRequest) -> dict[str, Any]:
    """`client_id`, `file` and `name`, as `actions.upload` takes them. The body is read here and not before: whoever
    may not send files has been refused by now.
    """
    try:
        fields, files = request.POST.dict(), request.FILES
    except RequestDataTooBig as error:
        raise TooLarge from error
    except MultiPartParserError as error:
        raise Invalid from error
    client_id = frames.read(fields, {"client_id": frames.uuid})["client_id"]
    file = files.get("file")
    if file is None:
        raise Invalid(_("Choose a file first."))
    return {"client_id": client_id, "file": file, "name": file.name or ""}
