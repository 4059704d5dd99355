"""What a browser comes to while an account is linked: our own page first, and Spotify's answer in the end.

The first page marks the browser with a cookie, so that the answer counts in that browser alone; the last one shows the
code that the member types into Discord. Reading a page twice changes nothing but that a used link says so.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from aiohttp import web

from bot.client.error_handling import message_for
from bot.client.markdown import plain
from bot.client.texts.messages import ENGLISH, Messages
from bot.errors import LinkFailed, VibratoError, WorldDown
from bot.services.accounts.link_secrets import is_secret, returned
from bot.services.accounts.service import AccountService
from bot.services.accounts.views import CALLBACK, LINK, LINK_LASTS
from bot.web.pages import page

_log = logging.getLogger(__name__)

_NAME = 60
_MARKUP = re.compile(r"[*`]|<t:\d+:\w>")
_STATUS = {"expired": 410, "used": 410, "browser": 403, "stranger": 403}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def link_routes(accounts: AccountService, *, secure: bool, say: Messages = ENGLISH) -> Sequence[web.RouteDef]:
    """The routes of linking. With `secure`, browsers reach us by HTTPS alone, and the cookie never leaves it."""
    pages = _LinkPages(accounts, secure=secure, say=say)
    # No HEAD: what looks at links before people do shall not use them up.
    return (
        web.get(LINK + "{state}", pages.told(pages.begin), allow_head=False),
        web.get(CALLBACK, pages.told(pages.end), allow_head=False),
    )


class _LinkPages:
    def __init__(self, accounts: AccountService, *, secure: bool, say: Messages) -> None:
        self._accounts = accounts
        self._secure = secure
        self._say = say
        # The prefix makes browsers refuse the cookie from anybody but this very host.
        self._cookie = "__Host-vibrato-link" if secure else "vibrato-link"

    async def begin(self, request: web.Request) -> web.StreamResponse:
        """Who this is for, and the way to Spotify."""
        state = request.match_info["state"]
        if not is_secret(state):
            raise LinkFailed("expired")
        opened = await self._accounts.opened(state, self._mark(request))
        heading, lines, label = self._say.page_ask(plain(opened.name, _NAME), owner=opened.owner)
        answer = page(heading, lines, go=(label, opened.url))
        answer.set_cookie(
            self._cookie,
            opened.mark,
            max_age=round((2 * LINK_LASTS) / timedelta(seconds=1)),
            path="/",
            secure=self._secure,
            httponly=True,
            # Spotify sends the browser back by an ordinary link, with which Lax goes along.
            samesite="Lax",
        )
        return answer

    async def end(self, request: web.Request) -> web.StreamResponse:
        """The code, if Spotify's answer is a good one."""
        answer = returned(dict(request.query))
        if answer is None:
            raise LinkFailed("spotify")
        pending = await self._accounts.called_back(answer, self._mark(request))
        heading, lines = self._say.page_code(plain(pending.name, _NAME), owner=pending.owner)
        return page(heading, lines, code=pending.code)

    def told(self, handler: Handler) -> Handler:
        """Whatever goes wrong is a page too. No line of the log holds the address, which may hold a code."""

        async def careful(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except VibratoError as error:
                return self._failure(error)
            except Exception:  # noqa: BLE001 - a door: whatever comes is told to the member and logged
                report = secrets.token_hex(4)
                _log.exception("report %s", report)
                sentence = self._say.our_bug(report)
                return page(sentence.title, (_unmarked(sentence.cause), self._say.report(report)), status=500)

        return careful

    def _failure(self, error: VibratoError) -> web.Response:
        if isinstance(error, WorldDown):
            _log.warning("a link could not go on: %r", error)
        sentence = message_for(error, say=self._say)
        if sentence is None:
            raise AssertionError("what is expected has a sentence")
        fault = error.fault if isinstance(error, LinkFailed) else ""
        status = 503 if isinstance(error, WorldDown) else _STATUS.get(fault, 400)
        lines = (_unmarked(sentence.cause), _unmarked(sentence.step), self._say.PAGE_CLOSE)
        return page(_unmarked(sentence.title), lines, status=status)

    def _mark(self, request: web.Request) -> str | None:
        mark = request.cookies.get(self._cookie, "")
        return mark if is_secret(mark) else None


def _unmarked(text: str) -> str:
    """A sentence made for Discord as plain text."""
    return _MARKUP.sub("", text)
