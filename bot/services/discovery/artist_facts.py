"""What artists are known for: asked once for all their songs, a few artists an hour, and kept beside the catalogue.

Nobody waits for any of this. An answer is written down as it comes, so it can be stopped at any moment and goes on
where it was; what was answered is not asked again before it is old.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.database import guarded
from bot.documents import KnownArtist, Track
from bot.errors import SourceDown
from bot.features.validation import isrc_of
from bot.services.discovery.artist_questions import ArtistQuestion, AskedArtist
from nlp.names import fold

_log = logging.getLogger(__name__)

KEPT = timedelta(days=180)
"""How long an answer about an artist is good for: they end, and become known, slowly."""

ASK_AGAIN = timedelta(days=30)
"""How long an artist whom nobody knew is not looked for again."""

LONGEST_WAIT_S = 60.0
MOST_WAITS = 5
"""A source that wants a short rest is waited for, so often in one round; then it is left alone for the round."""

_MARGIN_S = 0.05
"""A rest is measured by another clock than the one it is spent by."""

OnProgress = Callable[[int, int], None]
"""Told how many artists of how many were asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistsLearned:
    """What came of a round: artists asked about, those of whom something was found, sources that did not answer."""

    asked: int = 0
    learned: int = 0
    down: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """An artist with open questions. `rank` is 0 for a new one, 1 where answers are missing, 2 where they are old."""

    artist: AskedArtist
    questions: tuple[ArtistQuestion, ...]
    rank: int
    songs: int


@dataclass(slots=True, kw_only=True)
class _FillRound:
    """How the sources fare in one round."""

    down: set[str] = field(default_factory=set)
    waits: int = 0


class ArtistFactsService:
    """Asks about the artists of the stored songs. Those that are `shipped` with the bot are known, and not asked about.

    `sleep` spends the seconds of a short rest that a source wants.
    """

    def __init__(
        self,
        questions: Sequence[ArtistQuestion],
        *,
        shipped: Callable[[str], bool] = lambda name: False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._questions = tuple(questions)
        self._shipped = shipped
        self._clock = clock
        self._sleep = sleep

    async def fill(
        self,
        limit: int | None = None,
        on_progress: OnProgress | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> ArtistsLearned:
        """Ask about up to `limit` artists: new ones first, and those with the most songs. Raises DatabaseDown.

        `check` is called before each of them, and may raise to end it. It ends by itself when no source answers.
        """
        due = (await self._due())[:limit]
        sources, this_round = {question.source for question in self._questions}, _FillRound()
        asked = learned = 0
        for number, one in enumerate(due, start=1):
            if sources <= this_round.down:
                break
            check()
            answers = await self._ask(one, this_round)
            asked, learned = asked + bool(answers), learned + any(answers)
            if on_progress is not None:
                on_progress(number, len(due))
        return ArtistsLearned(asked=asked, learned=learned, down=tuple(sorted(this_round.down)))

    async def _due(self) -> list[_Due]:
        """Everybody with open questions, in the order in which they are asked about. Raises DatabaseDown."""
        artists, states = await _artists_of_songs(), await _states()
        return await asyncio.to_thread(self._open, artists, states)

    def _open(
        self, artists: Mapping[str, tuple[AskedArtist, int]], states: Mapping[str, Mapping[str, Any]]
    ) -> list[_Due]:
        found: list[_Due] = []
        for key, (artist, songs) in artists.items():
            state: Mapping[str, Any] = states.get(key, {})
            asked: Mapping[str, datetime] = state.get("asked") or {}
            questions = self._questions_for(state, asked)
            if questions and not self._shipped(artist.name):
                rank = 0 if not asked else 2 if all(question.name in asked for question in questions) else 1
                due = replace(artist, mbid=state.get("mbid"))
                found.append(_Due(artist=due, questions=questions, rank=rank, songs=songs))
        return sorted(found, key=lambda due: (due.rank, -due.songs, due.artist.name))

    def _questions_for(self, state: Mapping[str, Any], asked: Mapping[str, datetime]) -> tuple[ArtistQuestion, ...]:
        """What is open about an artist: never answered, or long ago. Without an id, who it is comes before all else."""
        found = state.get("mbid") is not None
        fresh_since = self._clock() - (KEPT if found else ASK_AGAIN)
        due = (q for q in self._questions if q.name not in asked or _aware(asked[q.name]) <= fresh_since)
        return tuple(question for question in due if found or not asked or not question.needs_id)

    async def _ask(self, due: _Due, this_round: _FillRound) -> list[bool]:
        """For each question that was answered, whether anything was found. Raises DatabaseDown."""
        artist, answers = due.artist, list[bool]()
        for question in due.questions:
            if question.source in this_round.down or (question.needs_id and artist.mbid is None):
                continue
            try:
                said = await self._answer(question, artist, this_round)
            except SourceDown as gone:
                _log.info("nothing of artists from %s: %s", gone.name, gone.cause)
                # Not always the one that was asked: to tell namesakes apart takes another.
                this_round.down.add(gone.name)
                continue
            with guarded():
                await KnownArtist.learn(artist.name, said, question=question.name, at=self._clock())
            artist = replace(artist, mbid=said.get("mbid") or artist.mbid)
            answers.append(any(said.values()))
        return answers

    async def _answer(self, question: ArtistQuestion, artist: AskedArtist, this_round: _FillRound) -> Mapping[str, Any]:
        """The answer, waited for where the source only wants a short rest. Raises SourceDown."""
        while True:
            try:
                return await question.answer(artist)
            except SourceDown as gone:
                wait_s = LONGEST_WAIT_S + 1 if gone.until is None else (gone.until - datetime.now(UTC)).total_seconds()
                if wait_s > LONGEST_WAIT_S or this_round.waits >= MOST_WAITS:
                    raise
                this_round.waits += 1
                await self._sleep(max(wait_s, 0.0) + _MARGIN_S)


async def _artists_of_songs() -> Mapping[str, tuple[AskedArtist, int]]:
    """Who the stored songs are by, with how many songs, by folded name. Raises DatabaseDown.

    Invented songs are by nobody, and a name without a letter cannot be looked for.
    """
    found: dict[str, tuple[AskedArtist, int]] = {}
    with guarded():
        async for row in Track.artists_credited():
            key = fold(row["_id"])
            known, songs = found.get(key, (AskedArtist(name=row["_id"]), 0))
            if key:
                named = replace(known, isrc=known.isrc or isrc_of(row.get("isrc")))
                found[key] = (named, songs + row["songs"])
    return found


async def _states() -> Mapping[str, Mapping[str, Any]]:
    """What was asked about whom, by folded name. Raises DatabaseDown."""
    with guarded():
        return {raw["key"]: raw async for raw in KnownArtist.everybody("key", "mbid", "asked")}


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
