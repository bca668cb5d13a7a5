"""Signing in and up the way a browser without scripts does: forms, cookies, the CSRF token."""

from __future__ import annotations

import re

import aiohttp

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SESSION, CSRF = "minichat_session", "minichat_csrf"

Cookies = dict[str, str]


async def sign_in(http: aiohttp.ClientSession, url: str, email: str, password: str) -> Cookies:
    """The cookies of a signed-in browser."""
    cookies, token = await _form(http, f"{url}/accounts/login/")
    fields = {"login": email, "password": password, "csrfmiddlewaretoken": token}
    async with http.post(
        f"{url}/accounts/login/", data=fields, headers=_cookie_header(cookies), allow_redirects=False
    ) as response:
        cookies |= {name: morsel.value for name, morsel in response.cookies.items()}
        if SESSION not in cookies:
            raise RuntimeError(f"{email} could not sign in: {response.status}")
    return cookies


async def sign_up(http: aiohttp.ClientSession, url: str, email: str, password: str) -> None:
    """Post the form. The answer may never come: the server is killed meanwhile."""
    cookies, token = await _form(http, f"{url}/accounts/signup/")
    fields = {"email": email, "password1": password, "name": "Nok", "csrfmiddlewaretoken": token}
    try:
        async with http.post(
            f"{url}/accounts/signup/", data=fields, headers=_cookie_header(cookies), allow_redirects=False
        ) as response:
            await response.read()
    except (aiohttp.ClientError, OSError):
        return


def cookie_headers(cookies: Cookies, url: str) -> dict[str, str]:
    """What a browser with these cookies sends, the token for unsafe requests included."""
    return {**_cookie_header(cookies), "X-CSRFToken": cookies.get(CSRF, ""), "Referer": f"{url}/"}


async def _form(http: aiohttp.ClientSession, url: str) -> tuple[Cookies, str]:
    async with http.get(url) as response:
        found = TOKEN.search(await response.text())
        if found is None:
            raise RuntimeError(f"{url} shows no form: {response.status}")
        return {name: morsel.value for name, morsel in response.cookies.items()}, found[1]


def _cookie_header(cookies: Cookies) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
