"""What a request leaves in the database: MoodQuery, GenerationSession, Playlist, written raw and in this order.

Every id is known before its document is written, so that writing twice is writing once.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from bot.database import guarded
from bot.documents import GenerationSession, Key, MoodQuery, Playlist, derived_key, new_key
from bot.documents.generation_session import Status
from bot.errors import BeingErased, DatabaseDown, NothingFits, VibratoError, WorldDown
from bot.generation.learning.ranking import RankingWeights
from bot.generation.values import Composition, Pick
from bot.services.members import Member, is_erased
from bot.services.playlists.request_text import spans
from nlp.vibe import Vibe

_log = logging.getLogger(__name__)

_REASON_LIMIT = 300
_PATIENCE_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestKeys:
    """The ids of what one request will leave behind."""

    query: Key
    session: Key
    playlist: Key

    @classmethod
    def new(cls) -> Self:
        """Keys for a request that was never seen before."""
        return cls(query=new_key(), session=new_key(), playlist=new_key())

    @classmethod
    def of(cls, press_id: str | None) -> Self:
        """The keys of a press, or new ones without one."""
        return cls.new() if press_id is None else cls.of_press(press_id)

    @classmethod
    def of_press(cls, press_id: str) -> Self:
        """The keys of what a press makes, the same for each of its deliveries."""
        return cls(
            query=derived_key("query", press_id),
            session=derived_key("session", press_id),
            playlist=derived_key("playlist", press_id),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """Where a request comes from: the request and the playlist that it follows."""

    query: Key
    playlist: Key


class OpenSession:
    """A request that is being worked on. Used as ``async with``: whatever leaves it too early leaves it failed.

    When the member had everything deleted meanwhile, nothing of it stays: it leaves with BeingErased.
    """

    def __init__(self, *, keys: RequestKeys, member: Member, parent: Parent | None) -> None:
        self.keys = keys
        self.member = member
        self._parent = parent

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if error is None:
            if await is_erased(self.member):
                await self._leave_nothing()
                raise BeingErased
            return
        # The write goes on where waiting for it ends: the member shall not wait for a database that is gone.
        patience_s = _PATIENCE_S if isinstance(error, DatabaseDown) else None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await asyncio.shield(self._fail(reason_of(error)))

    async def _leave_nothing(self) -> None:
        """Takes out again what this request stored: the member had everything deleted meanwhile."""
        keys = self.keys
        with guarded():
            await Playlist.remove(keys.playlist)
            await GenerationSession.remove(keys.session)
            await MoodQuery.remove(keys.query)

    async def start(self) -> None:
        """From pending to processing."""
        await self._note("processing")

    async def keep_results(self, results: Mapping[str, Any]) -> None:
        """Everything the session came to. It stays open: a database that goes away now leaves no finished session."""
        with guarded():
            await GenerationSession.keep_results(self.keys.session, results)

    async def keep_playlist(self, songs: Sequence[Key], contents: Mapping[str, Any]) -> None:
        """The playlist of these songs, tied to this session and to the one that it follows."""
        with guarded():
            new = await Playlist.enter(
                self.keys.playlist,
                user_id=self.member.id,
                session_id=self.keys.session,
                parent_id=self._parent.playlist if self._parent else None,
                songs=songs,
                contents=contents,
            )
        _tell_of_repeat(new, "playlist", self.keys.playlist)

    async def complete(self) -> None:
        """Done, with its playlist stored; the reason of an earlier try of the same press goes."""
        await self._note("completed")

    async def _note(self, status: Status, error: str | None = None) -> None:
        with guarded():
            await GenerationSession.set_status(self.keys.session, status, error=error)

    async def _fail(self, reason: str) -> None:
        """Says why; where the database is gone, the next start does it (GenerationSession.fail_unfinished)."""
        try:
            await self._note("failed", reason)
            if await is_erased(self.member):
                await self._leave_nothing()
        except DatabaseDown:
            _log.warning(
                "session %s failed (%s), and the database does not take that either", self.keys.session, reason
            )


async def open_session(
    *, who: Member, guild_id: str | None, vibe: Vibe, text: str, keys: RequestKeys, parent: Parent | None
) -> OpenSession:
    """The MoodQuery and the pending GenerationSession of a member, stored. Raises DatabaseDown."""
    with guarded():
        new = await MoodQuery.enter(
            keys.query,
            user_id=who.id,
            guild_id=guild_id,
            text=text,
            parsed=vibe.to_dict(texts=False),
            unknown_spans=spans(text, vibe.unknown),
            version=vibe.version,
            parent_id=parent.query if parent else None,
        )
    _tell_of_repeat(new, "request", keys.query)
    with guarded():
        new = await GenerationSession.open(keys.session, user_id=who.id, query_id=keys.query)
    _tell_of_repeat(new, "session", keys.session)
    return OpenSession(keys=keys, member=who, parent=parent)


def songs_of(composition: Composition) -> list[Key]:
    """The songs of a set by their keys, in their order."""
    return [pick.key for pick in composition.ordering]


def exposure_of(composition: Composition, weights: RankingWeights) -> dict[str, Any]:
    """What was shown, as training reads it: the parts of each song in thousandths, song after song, what each part
    counted by judgement, and the version of the weights that it was multiplied by.
    """
    parts = composition.ordering[0].parts
    return {
        "parts": [part.name for part in parts],
        "weights": [part.weight / weights.of(part.name) for part in parts],
        "values": [round(1000 * part.value) for pick in composition.ordering for part in pick.parts],
        "ranker": weights.version,
    }


def results_of(composition: Composition) -> dict[str, Any]:
    """What a session keeps of a finished set: candidates, ordering, algorithms, and what the member was told."""
    return {
        "candidates": [_candidate(pick) for pick in composition.candidates],
        "ordering": songs_of(composition),
        "algorithms": [
            {"name": step.name, "version": step.version, "config": dict(step.config)} for step in composition.algorithms
        ],
        "arc": [float(level) for level in composition.arc],
        "relaxed": [fact.to_dict() for fact in composition.relaxed],
        "notes": [fact.to_dict() for fact in composition.notes],
        "orderGap": composition.order_gap,
    }


def _candidate(pick: Pick) -> dict[str, Any]:
    return {
        "trackId": pick.key,
        "score": float(pick.score),
        "parts": {part.name: float(part.value) for part in pick.parts},
        "weights": {part.name: float(part.weight) for part in pick.parts},
        "reasons": [reason.fact.to_dict() for reason in pick.reasons],
    }


def reason_of(error: BaseException) -> str:
    """Why a session failed, for its `error` field: the failure's name and its facts, without a word of the member."""
    name = type(error).__name__
    if isinstance(error, asyncio.CancelledError):
        return "Cancelled: stopped before it was done"
    if isinstance(error, NothingFits):
        facts = json.dumps([fact.to_dict() for fact in error.conflicts], ensure_ascii=False)
        return f"{name}: {facts}" if error.conflicts else name
    if isinstance(error, WorldDown):
        return f"{name}: {error.cause}" if error.cause else name
    return name if isinstance(error, VibratoError) else f"{name}: {error}"[:_REASON_LIMIT]


def _tell_of_repeat(new: bool, what: str, key: Key) -> None:
    """A key that stands already was written by an earlier try of the same press."""
    if not new:
        _log.info("the %s %s stands already", what, key)
