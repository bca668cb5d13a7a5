"""What providers are called, and a sentence for each thing that can go wrong with one."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, str | Promise] = {
    "openrouter": "OpenRouter",
    "groq": "Groq",
    "anthropic": "Anthropic",
    "gemini": "Google Gemini",
    "openai": "OpenAI",
    "ollama": "Ollama",
    "compatible": _("Compatible server"),
    "built_in": _("Built-in answers"),
}
# The key cannot be read any more: this installation has another SECRET_KEY.
UNREADABLE = "unreadable"
PROBLEMS: dict[str, str | Promise] = {
    "auth_failed": _("The provider refuses this key."),
    "no_credit": _("The account behind this key has no credit left."),
    "model_missing": _("The provider does not know this model."),
    "rate_limited": _("The provider asks us to wait. Try again in a minute."),
    "overloaded": _("The provider is overloaded or broken at the moment. Try again in a minute."),
    "timeout_connect": _("The provider cannot be reached. Look at the address, or try again in a minute."),
    "timeout_first_token": _("The provider took too long to answer. Try again in a minute."),
    "timeout_total": _("The provider took too long to answer. Try again in a minute."),
    "unreachable": _("The provider cannot be reached. Look at the address, or try again in a minute."),
    "bad_request": _("The provider did not accept the request."),
    "bad_answer": _("What answered does not speak like this provider. Look at the address."),
    "stream_broken": _("The answer broke off. Try again in a minute."),
    UNREADABLE: _("This key cannot be read any more. Enter it once more."),
}
ANYTHING_ELSE = _("The provider did not answer as it should. Try again in a minute.")


def provider_name(provider: str) -> str | Promise:
    return NAMES.get(provider, provider)


def problem_of(code: str) -> str | Promise:
    """The sentence for the code of a `ProviderError`; none for no code."""
    return PROBLEMS.get(code, ANYTHING_ELSE) if code else ""
