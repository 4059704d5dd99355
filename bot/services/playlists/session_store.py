"""What a request leaves in the database: MoodQuery, GenerationSession, Playlist, written raw and in this order.

Every id is known before its document is written, so that writing twice is writing once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from beanie import PydanticObjectId
from pymongo.errors import DuplicateKeyError

from bot.database import guarded
from bot.documents import GenerationSession, MoodQuery, Playlist, derived_id, stamped, stamped_new
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

    query: PydanticObjectId
    session: PydanticObjectId
    playlist: PydanticObjectId

    @classmethod
    def new(cls) -> Self:
        """Keys for a request that was never seen before."""
        return cls(query=PydanticObjectId(), session=PydanticObjectId(), playlist=PydanticObjectId())

    @classmethod
    def of(cls, press_id: str | None) -> Self:
        """The keys of a press, or new ones without one."""
        return cls.new() if press_id is None else cls.of_press(press_id)

    @classmethod
    def of_press(cls, press_id: str) -> Self:
        """The keys of what a press makes, the same for each of its deliveries."""
        return cls(
            query=derived_id("query", press_id),
            session=derived_id("session", press_id),
            playlist=derived_id("playlist", press_id),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """Where a request comes from: the request and the playlist that it follows."""

    query: PydanticObjectId
    playlist: PydanticObjectId


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
            for document, key in (
                (Playlist, keys.playlist),
                (GenerationSession, keys.session),
                (MoodQuery, keys.query),
            ):
                await document.get_motor_collection().delete_one({"_id": key})

    async def start(self) -> None:
        """From pending to processing."""
        await self._set({"status": "processing"})

    async def keep_results(self, results: Mapping[str, Any]) -> None:
        """Everything the session came to. It stays open: a database that goes away now leaves no finished session."""
        await self._set(results)

    async def keep_playlist(self, contents: Mapping[str, Any]) -> None:
        """The playlist, tied to this session and to the one that it follows."""
        document = {
            "_id": self.keys.playlist,
            "userId": self.member.id,
            "sourceSessionId": self.keys.session,
            **({"parentId": self._parent.playlist} if self._parent else {}),
            **contents,
        }
        await _insert(Playlist.get_motor_collection(), document)

    async def complete(self) -> None:
        """Done, with its playlist stored; the reason of an earlier try of the same press goes."""
        await self._set({"status": "completed"}, unset=("error",))

    async def _set(self, fields: Mapping[str, Any], unset: tuple[str, ...] = ()) -> None:
        update: dict[str, Any] = {"$set": fields, "$unset": dict.fromkeys(unset, "")} if unset else {"$set": fields}
        with guarded():
            await GenerationSession.get_motor_collection().update_one({"_id": self.keys.session}, stamped(update))

    async def _fail(self, reason: str) -> None:
        """Says why; where the database is gone, the next start does it (GenerationSession.fail_unfinished)."""
        try:
            await self._set({"status": "failed", "error": reason})
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
    query = {
        "_id": keys.query,
        "userId": who.id,
        **({"guildId": guild_id} if guild_id else {}),
        "rawText": text,
        "parsed": vibe.to_dict(texts=False),
        "unknownSpans": spans(text, vibe.unknown),
        "modelVersion": vibe.version,
        **({"parentId": parent.query} if parent else {}),
    }
    await _insert(MoodQuery.get_motor_collection(), query)
    session = {
        "_id": keys.session,
        "userId": who.id,
        "moodQueryId": keys.query,
        "candidates": [],
        "ordering": [],
        "algorithms": [],
        "status": "pending",
    }
    await _insert(GenerationSession.get_motor_collection(), session)
    return OpenSession(keys=keys, member=who, parent=parent)


def positions(composition: Composition) -> list[dict[str, Any]]:
    """The songs of a set as a playlist keeps them, counted from 1."""
    return [
        {"trackId": PydanticObjectId(pick.key), "position": position}
        for position, pick in enumerate(composition.ordering, start=1)
    ]


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
        "ordering": [PydanticObjectId(pick.key) for pick in composition.ordering],
        "algorithms": [
            {"name": step.name, "version": step.version, "config": dict(step.config)} for step in composition.algorithms
        ],
        "arc": [float(level) for level in composition.arc],
        "relaxed": list(composition.relaxed),
        "notes": list(composition.notes),
        "orderGap": composition.order_gap,
    }


def _candidate(pick: Pick) -> dict[str, Any]:
    return {
        "trackId": PydanticObjectId(pick.key),
        "score": float(pick.score),
        "parts": {part.name: float(part.value) for part in pick.parts},
        "weights": {part.name: float(part.weight) for part in pick.parts},
        "reasons": [reason.text for reason in pick.reasons],
    }


def reason_of(error: BaseException) -> str:
    """Why a session failed, for its `error` field: the failure's name and its facts, without a word of the member."""
    name = type(error).__name__
    if isinstance(error, asyncio.CancelledError):
        return "Cancelled: stopped before it was done"
    if isinstance(error, NothingFits):
        return f"{name}: {'; '.join(error.conflicts)}" if error.conflicts else name
    if isinstance(error, WorldDown):
        return f"{name}: {error.cause}" if error.cause else name
    return name if isinstance(error, VibratoError) else f"{name}: {error}"[:_REASON_LIMIT]


async def _insert(collection: Any, document: Mapping[str, Any]) -> None:
    """Inserts what is not there yet: a key that stands already was written by an earlier try of the same press."""
    try:
        with guarded():
            await collection.insert_one(stamped_new(document))
    except DuplicateKeyError:
        _log.info("%s %s stands already", collection.name, document["_id"])
