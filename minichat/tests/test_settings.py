"""AT-05, SR-65: a bad configuration is told as one list, and nothing starts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from minichat import expectations
from minichat.config import Config
from minichat.expectations import Values, examine, is_private

pytestmark = pytest.mark.pure

GOOD_KEY = "8sdHf0aKq2mZx91LwPo3uVbn4TyRc7GeJt5Xi6Qk-_Az"
SECRET = "2f9a6c0b7d1e48a3b5c6"
PRODUCTION = {
    "MINICHAT_MODE": "production",
    "SECRET_KEY": GOOD_KEY,
    "BASE_URL": "https://chat.acme.test",
    "ALLOWED_HOSTS": "chat.acme.test",
    "TRUSTED_PROXIES": "1",
}
SELFHOST = {
    **PRODUCTION,
    "MINICHAT_MODE": "selfhost",
    "BASE_URL": "http://192.168.1.5:8000",
    "ALLOWED_HOSTS": "192.168.1.5",
}
LOCAL = {"MINICHAT_MODE": "local", "SECRET_KEY": GOOD_KEY}


def problems(environment: dict[str, str]) -> list[str]:
    """What the rules say about it, through the same readers as the settings."""
    return examined(environment).problems


def examined(environment: dict[str, str]) -> Config:
    config = Config(None, environment)
    mode = config.choice("MINICHAT_MODE", ["local", "selfhost", "production"], "production")
    values = Values(
        mode=mode,
        debug=config.flag("DEBUG"),
        secret_key=config.text("SECRET_KEY"),
        base_url=config.text("BASE_URL", "http://127.0.0.1:8000" if mode == "local" else ""),
        allowed_hosts=config.names("ALLOWED_HOSTS", ["localhost"] if mode == "local" else []),
        trusted_proxies=config.number("TRUSTED_PROXIES", 0),
        throttle_scale=config.number("THROTTLE_SCALE", 1, minimum=1),
        redis_url=config.text("REDIS_URL"),
        is_semantic=config.flag("AI_SEMANTIC"),
        google=config.pair("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
        github=config.pair("GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"),
        line=config.pair("LINE_CHANNEL_ID", "LINE_CHANNEL_SECRET"),
    )
    config.database("DATABASE_URL", "sqlite:///x.sqlite3")
    examine(config, values)
    return config


def in_a_process(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Run it as an installation would, without the tests' own settings and without anybody's .env."""
    path = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={**path, "ENV_FILE": os.devnull, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


# --- What is good -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("environment", [PRODUCTION, SELFHOST, LOCAL], ids=["production", "selfhost", "local"])
def test_a_good_configuration_has_no_problems(environment: dict[str, str]) -> None:
    assert problems(environment) == []


@pytest.mark.parametrize("environment", [PRODUCTION, SELFHOST, LOCAL], ids=["production", "selfhost", "local"])
def test_at_05_a_good_configuration_passes_check(environment: dict[str, str]) -> None:
    done = in_a_process(environment, "manage.py", "check")
    assert done.returncode == 0, done.stderr


def test_selfhost_over_plain_http_is_warned_about() -> None:
    assert any(warning.startswith("BASE_URL: plain http") for warning in examined(SELFHOST).warnings)
    assert "minichat.W001" in in_a_process(SELFHOST, "manage.py", "check").stderr


def test_each_provider_is_offered_once_its_pair_is_set() -> None:
    pairs = {
        "GOOGLE_CLIENT_ID": "1-x.apps.googleusercontent.com",
        "GOOGLE_CLIENT_SECRET": SECRET,
        "GITHUB_CLIENT_ID": "Iv1.x",
        "GITHUB_CLIENT_SECRET": SECRET,
        "LINE_CHANNEL_ID": "1234567890",
        "LINE_CHANNEL_SECRET": SECRET,
    }
    assert problems({**PRODUCTION, **pairs}) == []


def test_selfhost_on_sqlite_without_redis_is_fine() -> None:
    assert problems({**SELFHOST, "DATABASE_URL": "sqlite:////tmp/chat.sqlite3", "REDIS_URL": ""}) == []


# --- What is not ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": GOOD_KEY[:31]}, "SECRET_KEY"),
        ({"SECRET_KEY": "change-me-change-me-change-me-change-me"}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-8sdHf0aKq2mZx91LwPo3uVbn4TyRc7G"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 50}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "chat.acme.test,*.acme.test"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "chat.acme.test,.acme.test"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "other.test"}, "ALLOWED_HOSTS"),
        ({"BASE_URL": ""}, "BASE_URL"),
        ({"BASE_URL": "http://chat.acme.test"}, "BASE_URL"),
        ({"BASE_URL": "https://chat.acme.test/app"}, "BASE_URL"),
        ({"BASE_URL": "chat.acme.test"}, "BASE_URL"),
        ({"BASE_URL": "https://ana:pw@chat.acme.test"}, "BASE_URL"),
        ({"DEBUG": "on"}, "DEBUG"),
        ({"DEBUG": "maybe"}, "DEBUG"),
        ({"THROTTLE_SCALE": "10"}, "THROTTLE_SCALE"),
        ({"THROTTLE_SCALE": "0"}, "THROTTLE_SCALE"),
        ({"TRUSTED_PROXIES": "0"}, "TRUSTED_PROXIES"),
        ({"TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES"),
        ({"MINICHAT_MODE": "prod"}, "MINICHAT_MODE"),
        ({"DATABASE_URL": "mysql://root@localhost/x"}, "DATABASE_URL"),
        ({"REDIS_URL": "localhost:6379"}, "REDIS_URL"),
        ({"GOOGLE_CLIENT_ID": "1-x.apps.googleusercontent.com"}, "GOOGLE_CLIENT_SECRET"),
        ({"GOOGLE_CLIENT_SECRET": SECRET}, "GOOGLE_CLIENT_ID"),
        ({"GOOGLE_CLIENT_ID": "Iv1.x", "GOOGLE_CLIENT_SECRET": SECRET}, "GOOGLE_CLIENT_ID"),
        ({"GITHUB_CLIENT_ID": "Iv1.x"}, "GITHUB_CLIENT_SECRET"),
        ({"GITHUB_CLIENT_ID": "Iv1.x", "GITHUB_CLIENT_SECRET": "short"}, "GITHUB_CLIENT_SECRET"),
        ({"GITHUB_CLIENT_ID": SECRET, "GITHUB_CLIENT_SECRET": SECRET}, "GITHUB_CLIENT_SECRET"),
        ({"GITHUB_CLIENT_ID": "Iv1.x", "GITHUB_CLIENT_SECRET": "put your secret in here"}, "GITHUB_CLIENT_SECRET"),
        ({"LINE_CHANNEL_SECRET": SECRET}, "LINE_CHANNEL_ID"),
        ({"LINE_CHANNEL_ID": "@acme", "LINE_CHANNEL_SECRET": SECRET}, "LINE_CHANNEL_ID"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(f"{k}={v[:20]}" for k, v in value.items()),
)
def test_a_bad_value_is_named(change: dict[str, str], name: str) -> None:
    assert [problem.partition(":")[0] for problem in problems({**PRODUCTION, **change})] == [name]


def test_an_extra_that_is_not_installed_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expectations, "SEMANTIC_PACKAGES", ("json", "no_such_model"))
    [problem] = problems({**PRODUCTION, "AI_SEMANTIC": "1"})
    assert problem.startswith("AI_SEMANTIC: ") and "(no_such_model)" in problem and "make semantic" in problem
    monkeypatch.setattr(expectations, "SEMANTIC_PACKAGES", ("json",))
    assert problems({**PRODUCTION, "AI_SEMANTIC": "1"}) == []


def test_every_problem_is_listed_at_once() -> None:
    bad = {
        "MINICHAT_MODE": "production",
        "DEBUG": "on",
        "SECRET_KEY": "short",
        "ALLOWED_HOSTS": "*",
        "BASE_URL": "http://x.test",
    }
    names = {problem.partition(":")[0] for problem in problems(bad)}
    assert names == {"DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "TRUSTED_PROXIES"}


def test_selfhost_refuses_plain_http_on_a_public_name() -> None:
    public = {**SELFHOST, "BASE_URL": "http://chat.acme.example", "ALLOWED_HOSTS": "chat.acme.example"}
    assert [problem.partition(":")[0] for problem in problems(public)] == ["BASE_URL"]


@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "192.168.1.5", "::1", "localhost", "nas.local", "box"])
def test_private_hosts(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize("host", ["8.8.8.8", "chat.acme.example", "2606:4700::1111"])
def test_public_hosts(host: str) -> None:
    assert not is_private(host)


# --- Whoever starts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", [["manage.py", "check"], ["manage.py", "migrate"], ["-m", "minichat.serve"], ["-m", "minichat.prepare"]]
)
def test_at_05_it_exits_with_the_list_and_without_a_traceback(command: list[str]) -> None:
    done = in_a_process({"MINICHAT_MODE": "production", "SECRET_KEY": "short", "DEBUG": "on"}, *command)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for name in ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "BASE_URL"):
        assert f"- {name}:" in done.stderr
    assert "short" not in done.stderr.replace("at least", "")  # the value itself is nobody's business


def test_several_processes_without_redis_are_refused() -> None:
    done = in_a_process({**PRODUCTION, "WEB_CONCURRENCY": "4"}, "-m", "minichat.serve")
    assert done.returncode == 1
    assert "minichat.E001" in done.stderr
    assert "Traceback" not in done.stderr


def test_several_processes_with_redis_are_fine() -> None:
    done = in_a_process(
        {**PRODUCTION, "WEB_CONCURRENCY": "4", "REDIS_URL": "redis://127.0.0.1:1/0"}, "manage.py", "check"
    )
    assert done.returncode == 0, done.stderr


def test_local_mode_answers_to_this_machine_only() -> None:
    done = in_a_process({**LOCAL, "ALLOWED_HOSTS": "localhost,chat.acme.test"}, "manage.py", "check")
    assert done.returncode == 1
    assert "minichat.E002" in done.stderr


@pytest.mark.parametrize("command", [["worker", "--pool", "solo"], ["beat"]])
def test_a_worker_without_redis_says_why_it_will_not_run(command: list[str], tmp_path: Path) -> None:
    times = ["--schedule", str(tmp_path / "times")] if command == ["beat"] else []
    done = in_a_process({**PRODUCTION, "C_FORCE_ROOT": "1"}, "-m", "celery", "-A", "minichat", *command, *times)
    assert done.returncode != 0
    assert "Set REDIS_URL" in done.stderr


# --- The file ---------------------------------------------------------------------------------------------------------


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=9000\nLOG_LEVEL=DEBUG\n")
    config = Config(tmp_path / ".env", {"PORT": "8100"})
    assert (config.number("PORT", 8000), config.text("LOG_LEVEL")) == (8100, "DEBUG")
    assert "LOG_LEVEL" not in os.environ


def test_local_mode_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"MINICHAT_MODE=local\nSECRET_KEY={GOOD_KEY}\n")
    config = Config(tmp_path / ".env", {})
    values = Values("local", False, GOOD_KEY, "http://127.0.0.1:8000", ["localhost"], 0, 1, "")
    examine(config, values)
    assert [problem.partition(":")[0] for problem in config.problems] == ["MINICHAT_MODE"]


def test_an_empty_line_means_not_set(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=\nDATABASE_URL=\n")
    config = Config(tmp_path / ".env", {})
    assert config.number("PORT", 8000) == 8000
    assert config.database("DATABASE_URL", "sqlite:///x.sqlite3")["ENGINE"].endswith("sqlite3")
    assert config.problems == []


def test_check_raises_the_list() -> None:
    config = Config(None, {"PORT": "many", "DEBUG": "perhaps"})
    config.number("PORT", 1)
    config.flag("DEBUG")
    with pytest.raises(ImproperlyConfigured, match=r"2 problem\(s\)") as caught:
        config.check()
    assert "PORT: must be a whole number" in str(caught.value)
    assert "DEBUG: must be on or off" in str(caught.value)


def test_every_variable_is_explained() -> None:
    """.env.example and docs/configuration.md name what settings.py reads."""
    source = (settings.BASE_DIR / "minichat/settings.py").read_text()
    read = set(re.findall(r'config\.\w+\(\s*"([A-Z_]+)"', source))
    assert len(read) > 20
    for page in (".env.example", "docs/configuration.md"):
        text = (settings.BASE_DIR / page).read_text()
        missing = {name for name in read if name not in text}
        assert not missing, f"{page} does not explain {sorted(missing)}"


# --- Behind a proxy ---------------------------------------------------------------------------------------------------

ASK = """
import django
django.setup()
from django.test import Client
for headers in ({}, {"X-Forwarded-Proto": "https"}, {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.test"}):
    answer = Client().get("/nowhere/", headers={"Host": "chat.acme.test", **headers})
    print(answer.status_code, answer.get("Location"), answer.get("Strict-Transport-Security"))
"""


def test_production_serves_https_only_and_believes_its_proxy_about_it() -> None:
    done = in_a_process({**PRODUCTION, "DJANGO_SETTINGS_MODULE": "minichat.settings", "LOG_LEVEL": "ERROR"}, "-c", ASK)
    plain, proxied, forged = done.stdout.splitlines()[-3:]
    assert plain == "301 https://chat.acme.test/nowhere/ None"
    assert proxied == forged == "404 None max-age=31536000; includeSubDomains"


def test_without_a_trusted_proxy_nobody_is_believed() -> None:
    environment = {
        **SELFHOST,
        "BASE_URL": "http://192.168.1.5:8000",
        "TRUSTED_PROXIES": "0",
        "ALLOWED_HOSTS": "192.168.1.5",
    }
    script = ASK.replace("chat.acme.test", "192.168.1.5")
    done = in_a_process(
        {**environment, "DJANGO_SETTINGS_MODULE": "minichat.settings", "LOG_LEVEL": "ERROR"}, "-c", script
    )
    assert done.stdout.splitlines()[-3:] == ["404 None None"] * 3
