"""What can go wrong with a provider, in our words.

None of them carries a word of what the provider answered: such texts quote keys, addresses and prompts. `code` and
`status` are all there is for ledgers and pages.
"""

from __future__ import annotations


class ProviderError(Exception):
    """`may_retry`: the same link may be asked once more at once. `until_changed`: nothing helps but other settings.
    `counts`: says something about the provider and not about this one request, so that the breaker counts it."""

    code = "failed"
    may_retry = False
    until_changed = False
    counts = True

    def __init__(self, *, status: int | None = None, retry_after: float | None = None) -> None:
        self.status, self.retry_after = status, retry_after
        super().__init__(f"{self.code} ({status})" if status else self.code)


class Unreachable(ProviderError):
    """Not found, refused, closed before it answered; for an address that somebody typed also: not allowed."""

    code = "unreachable"
    may_retry = True


class RateLimited(ProviderError):
    """`retry_after` in seconds, if the provider named a time."""

    code = "rate_limited"


class Overloaded(ProviderError):
    """5xx. Asked to wait, we do not ask again at once."""

    code = "overloaded"

    def __init__(self, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(status=status, retry_after=retry_after)
        self.may_retry = retry_after is None and (status is None or status >= 500)


class Timeout(ProviderError):
    """`code` says which wait it was."""

    code = "timeout"

    def __init__(self, wait: str = "", *, status: int | None = None) -> None:
        if wait:
            self.code = f"timeout_{wait}"
        super().__init__(status=status)


class AuthFailed(ProviderError):
    code = "auth_failed"
    until_changed = True


class NoCredit(ProviderError):
    code = "no_credit"
    until_changed = True


class ModelMissing(ProviderError):
    code = "model_missing"
    until_changed = True


class BadRequest(ProviderError):
    """This one request was refused: too long, or flagged. The next one may be welcome."""

    code = "bad_request"
    counts = False


class BadAnswer(ProviderError):
    """A page instead of JSON, a redirect, an answer without a word."""

    code = "bad_answer"


class StreamBroken(ProviderError):
    """It ended before its end. `text` is what had come by then, `cause` the code of what ended it."""

    code = "stream_broken"

    def __init__(self, cause: str = "", *, text: str = "") -> None:
        self.cause, self.text = cause, text
        super().__init__()
