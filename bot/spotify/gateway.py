"""The one way to Spotify: every call is counted, timed, made once, and answered with a plain value.

Only what still works for an app made today is here. A read that got no answer is tried again, a write never: whether
it was done is for the caller to find out.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

from bot.errors import DatabaseDown, LinkExpired, SpotifyBusy, SpotifyRefused, SpotifyUnreachable
from bot.spotify import response_parsing
from bot.spotify.http_call import Call, CallPatience, HttpAnswer, Method, Params, attempt, silence
from bot.spotify.quota_gate import QuotaGate
from bot.spotify.values import (
    AccessToken,
    PlayedTrack,
    PlaylistPage,
    Priority,
    Profile,
    SavedPage,
    SpotifyPlaylist,
    SpotifyTrack,
    TopTerm,
)

_log = logging.getLogger(__name__)
T = TypeVar("T")

API_BASE = "https://api.spotify.com/v1/"

ITEMS_A_CALL = 100
"""Songs that one call puts into a playlist (Spotify's limit)."""

SEARCH_LIMIT = 10
"""Songs that one search gives (Spotify's limit for apps made today)."""

PAGE_LIMIT = 50
"""Entries of any other page (Spotify's limit)."""

THREADS, BACKGROUND_THREADS = 4, 2
"""Calls under way at once, and how many of them may be such that no member waits for."""

PAUSES_S = (0.3, 1.0)
"""Before a read is tried again; each is drawn between its half and itself."""

_QUERY_LIMIT = 250
_OK, _MANY = 200, 429
_REASON = re.compile(r"[A-Z][A-Z_]{2,40}")
_QUOTA = "QUOTA_EXCEEDED"


class SpotifyGateway:
    """Spotify's Web API. Close it when it is no longer needed.

    Every method raises SpotifyBusy before anything happened when no call may be made now, LinkExpired when the token
    is not taken, SpotifyRefused for any other no, SpotifyUnreachable without an answer that makes sense (`maybe_done`
    tells whether a write may have been carried out), and DatabaseDown when the budget cannot be asked.
    """

    def __init__(
        self, *, daily_calls: int = 1000, api_base: str = API_BASE, patience: CallPatience | None = None
    ) -> None:
        silence()
        self._base = api_base if api_base.endswith("/") else f"{api_base}/"
        self._patience = patience or CallPatience()
        self._admission = QuotaGate(daily_calls=daily_calls)
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="spotify")
        self._background = asyncio.Semaphore(BACKGROUND_THREADS)
        self._outcomes: Counter[str] = Counter()

    def close(self) -> None:
        """Begin no call any more; those under way end by themselves within seconds."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def me(self, token: AccessToken, *, priority: Priority = "linking") -> Profile:
        """Whose account the token opens."""
        return await self._read(Call(name="me", method="GET", path="me"), token, priority, response_parsing.profile)

    async def create_playlist(
        self, token: AccessToken, name: str, description: str, public: bool, *, priority: Priority = "publishing"
    ) -> SpotifyPlaylist:
        """Make an empty playlist. Not public means only that no profile lists it: who has its link can open it."""
        payload = {"name": name, "description": description, "public": public}
        call = Call(name="create_playlist", method="POST", path="me/playlists", payload=payload)
        return await self._read(call, token, priority, response_parsing.playlist)

    async def replace_items(
        self, token: AccessToken, playlist_id: str, uris: Sequence[str], *, priority: Priority = "publishing"
    ) -> None:
        """Make these the songs of a playlist, whatever was in it: one call for each 100 of them.

        Doing it again from the start is always right: the first call replaces, the others append.
        """
        path = f"playlists/{_safe(playlist_id)}/items"
        for start in range(0, max(len(uris), 1), ITEMS_A_CALL):
            payload = {"uris": list(uris[start : start + ITEMS_A_CALL])}
            method: Method = "POST" if start else "PUT"
            call = Call(name="replace_items", method=method, path=path, payload=payload)
            await self._read(call, token, priority, response_parsing.snapshot)

    async def change_details(
        self, token: AccessToken, playlist_id: str, name: str, description: str, *, priority: Priority = "publishing"
    ) -> None:
        """Give a playlist another name and description."""
        payload = {"name": name, "description": description}
        call = Call(name="change_details", method="PUT", path=f"playlists/{_safe(playlist_id)}", payload=payload)
        await self._done(call, token, priority)

    async def upload_cover(
        self, token: AccessToken, playlist_id: str, jpeg: str, *, priority: Priority = "publishing"
    ) -> None:
        """Give a playlist a cover: a JPEG in base64, at most 256 KB of it. Needs the scope ugc-image-upload."""
        path = f"playlists/{_safe(playlist_id)}/images"
        call = Call(name="upload_cover", method="PUT", path=path, payload=jpeg, content_type="image/jpeg")
        await self._done(call, token, priority)

    async def unfollow(self, token: AccessToken, playlist_id: str, *, priority: Priority = "publishing") -> None:
        """Take a playlist out of the account's library; for one's own that is how it is deleted."""
        params = {"uris": f"spotify:playlist:{_safe(playlist_id)}"}
        await self._done(Call(name="unfollow", method="DELETE", path="me/library", params=params), token, priority)

    async def own_playlists(
        self, token: AccessToken, limit: int = PAGE_LIMIT, offset: int = 0, *, priority: Priority = "publishing"
    ) -> PlaylistPage:
        """A page of the account's playlists, own and followed ones, the latest first."""
        params: Params = {"limit": _within(limit, PAGE_LIMIT), "offset": offset}
        call = Call(name="own_playlists", method="GET", path="me/playlists", params=params)
        return await self._read(call, token, priority, response_parsing.playlist_page)

    async def search_tracks(
        self, token: AccessToken, query: str, limit: int = SEARCH_LIMIT, *, priority: Priority = "discovery"
    ) -> tuple[SpotifyTrack, ...]:
        """Up to ten songs that Spotify's search finds."""
        params: Params = {"q": query[:_QUERY_LIMIT], "type": "track", "limit": _within(limit, SEARCH_LIMIT)}
        call = Call(name="search_tracks", method="GET", path="search", params=params)
        return await self._read(call, token, priority, response_parsing.found_tracks)

    async def saved_tracks(
        self, token: AccessToken, offset: int = 0, limit: int = PAGE_LIMIT, *, priority: Priority = "library"
    ) -> SavedPage:
        """A page of the songs that the account has saved, the latest first."""
        params: Params = {"limit": _within(limit, PAGE_LIMIT), "offset": offset}
        call = Call(name="saved_tracks", method="GET", path="me/tracks", params=params)
        return await self._read(call, token, priority, response_parsing.saved_page)

    async def top_tracks(
        self,
        token: AccessToken,
        term: TopTerm = "medium_term",
        limit: int = PAGE_LIMIT,
        *,
        priority: Priority = "library",
    ) -> tuple[SpotifyTrack, ...]:
        """What the account listens to most, the most first."""
        params: Params = {"time_range": term, "limit": _within(limit, PAGE_LIMIT)}
        call = Call(name="top_tracks", method="GET", path="me/top/tracks", params=params)
        return await self._read(call, token, priority, response_parsing.tracks)

    async def recently_played(
        self,
        token: AccessToken,
        after: datetime | None = None,
        limit: int = PAGE_LIMIT,
        *,
        priority: Priority = "library",
    ) -> tuple[PlayedTrack, ...]:
        """What the account played lately, the latest first; with `after` only what was played since."""
        since_ms = None if after is None else int(after.timestamp() * 1000)
        params: Params = {"limit": _within(limit, PAGE_LIMIT), "after": since_ms}
        call = Call(name="recently_played", method="GET", path="me/player/recently-played", params=params)
        return await self._read(call, token, priority, response_parsing.played)

    def figures(self) -> Mapping[str, tuple[str, Callable[[], float]]]:
        """What operators watch: name -> what it is, and how it is read."""
        meanings = {
            "done": "Calls of this process that Spotify carried out.",
            "refused": "Calls of this process that Spotify refused.",
            "limited": "Calls of this process that Spotify answered with 429.",
            "unreachable": "Calls of this process without an answer that makes sense.",
            "held_back": "Calls of this process that were not made, for want of budget or during a pause.",
        }
        own: dict[str, tuple[str, Callable[[], float]]] = {
            f"spotify_calls_{name}": (meaning, lambda name=name: float(self._outcomes[name]))  # type: ignore[misc]
            for name, meaning in meanings.items()
        }
        return {**self._admission.figures(), **own}

    async def refresh_figures(self) -> None:
        """Learn what other processes did, before the figures are read. Raises DatabaseDown."""
        await self._admission.look()

    async def _read(self, call: Call, token: AccessToken, priority: Priority, read: Callable[[Any], T]) -> T:
        """The answer's body as a value."""
        answer = await self._answered(call, token, priority)
        try:
            return read(answer.body)
        except response_parsing.NoSense as error:
            self._outcomes["unreachable"] += 1
            raise SpotifyUnreachable(cause=f"{call.name}: {error}", maybe_done=not call.repeatable) from None

    async def _done(self, call: Call, token: AccessToken, priority: Priority) -> None:
        """The call, whose good answer is an empty one, or JSON. A page of something in between is no answer."""
        answer = await self._answered(call, token, priority)
        if answer.body is None and not answer.empty:
            self._outcomes["unreachable"] += 1
            raise SpotifyUnreachable(cause=f"{call.name}: no sense", maybe_done=True)

    async def _answered(self, call: Call, token: AccessToken, priority: Priority) -> HttpAnswer:
        """The call's good answer; reads are tried again when none comes."""
        for pause_s in PAUSES_S if call.repeatable else ():
            try:
                return await self._once(call, token, priority)
            except SpotifyUnreachable as error:
                _log.info("%s is tried again: %s", call.name, error.cause)
                await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))
        return await self._once(call, token, priority)

    async def _once(self, call: Call, token: AccessToken, priority: Priority) -> HttpAnswer:
        try:
            await self._admission.enter(priority)
        except SpotifyBusy:
            self._outcomes["held_back"] += 1
            raise
        try:
            if priority in ("publishing", "linking"):
                answer = await self._in_thread(call, token)
            else:
                async with self._background:
                    answer = await self._in_thread(call, token)
        except SpotifyUnreachable as error:
            self._outcomes["unreachable"] += 1
            _log.warning("Spotify did not answer %s: %s", call.name, error.cause)
            await self._note(self._admission.failed())
            raise
        return await self._judged(call, answer)

    async def _in_thread(self, call: Call, token: AccessToken) -> HttpAnswer:
        """The attempt in a thread. A caller that is cancelled leaves it to end by itself."""
        whole_s = self._patience.whole_s
        until = time.monotonic() + whole_s
        work = asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: attempt(call, token, base=self._base, patience=self._patience, until=until)
        )
        try:
            async with asyncio.timeout(whole_s):
                return await work
        except TimeoutError:
            raise SpotifyUnreachable(cause=f"no answer within {whole_s:g} s", maybe_done=True) from None

    async def _judged(self, call: Call, answer: HttpAnswer) -> HttpAnswer:
        """The answer, if it is a good one."""
        status, reason = answer.status, _reason_of(answer.body)
        if status == _MANY:
            self._outcomes["limited"] += 1
            seconds = _retry_after_s(answer.headers)
            _log.warning("Spotify wants a pause of %s s (%s) at %s", seconds, reason or "no reason", call.name)
            raise await self._admission.told_to_wait(seconds, quota_exceeded=reason == _QUOTA)
        if not (_OK <= status < 300 or 400 <= status < 500):
            self._outcomes["unreachable"] += 1
            await self._note(self._admission.failed())
            _log.warning("Spotify answered %s with %d", call.name, status)
            raise SpotifyUnreachable(cause=f"{call.name}: HTTP {status}", maybe_done=status >= 500)
        await self._note(self._admission.worked())
        if status < 300:
            self._outcomes["done"] += 1
            return answer
        self._outcomes["refused"] += 1
        _log.info("Spotify refused %s with %d (%s)", call.name, status, reason or "no reason")
        if status == 401:
            raise LinkExpired
        raise SpotifyRefused(cause=f"{call.name}: HTTP {status}", status=status, reason=reason)

    async def _note(self, noting: Awaitable[None]) -> None:
        """What is noted after a call never takes its answer away."""
        try:
            await noting
        except DatabaseDown as down:
            _log.warning("how Spotify is doing could not be noted: %s", down.cause)


def _within(limit: int, most: int) -> int:
    return min(max(limit, 1), most)


def _safe(playlist_id: str) -> str:
    """An id that is a part of an address. Raises SpotifyRefused for anything else: Spotify knows no such playlist."""
    if not response_parsing.is_id(playlist_id):
        raise SpotifyRefused(cause="not an id", status=404)
    return playlist_id


def _reason_of(body: Any) -> str:
    """Spotify's own short code in an error, such as QUOTA_EXCEEDED; its sentences are not repeated anywhere."""
    error = body.get("error") if isinstance(body, dict) else None
    reason = error.get("reason") if isinstance(error, dict) else None
    return reason if isinstance(reason, str) and _REASON.fullmatch(reason) else ""


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None
