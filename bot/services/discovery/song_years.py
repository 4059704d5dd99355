"""The years of songs, put right: a table has the year of the edition it was made from, MusicBrainz that of the first.

This is the one value that a source may put in the place of a stored one, and only to make it earlier.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.database import guarded
from bot.documents import Track, now
from bot.features.musicbrainz import NAME, MusicBrainzYears
from bot.features.provider_chain import ChainResult, FeatureChain
from bot.features.values import Song

BATCH = 10
"""Songs asked about before the answers are written down."""

ASK_AGAIN = timedelta(days=180)
"""How long a recording that was not known, or no better known, is left alone."""

OnProgress = Callable[[int, int], None]
"""Told how many songs of how many were asked about."""

_ASKED = f"analysis.asked.{MusicBrainzYears.question}"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsLearned:
    """What came of a round: songs asked about, years that are new or earlier now, sources that did not answer."""

    asked: int = 0
    learned: int = 0
    down: tuple[str, ...] = ()


class SongYearsService:
    """Asks `chain` in which year the recordings of stored songs first came out."""

    def __init__(self, chain: FeatureChain, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._chain = chain
        self._clock = clock

    async def fill(
        self,
        limit: int | None = None,
        on_progress: OnProgress | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> YearsLearned:
        """Ask about up to `limit` songs, the best known first, until the source is down. Raises DatabaseDown.

        `check` is called before each batch, and may raise to end it. It goes on where it was stopped.
        """
        done = YearsLearned()
        with guarded():
            songs = await Track.not_asked_since(MusicBrainzYears.question, self._clock() - ASK_AGAIN, limit)
        for start in range(0, len(songs), BATCH):
            check()
            batch = songs[start : start + BATCH]
            answer = await self._chain.features_of([_song(raw) for raw in batch], None)
            said = {raw["_id"]: _said(raw, answer) for raw in batch if _answered(raw, answer)}
            with guarded():
                await Track.put_in(said)
            learned = sum("year" in fields for fields in said.values())
            done = replace(done, asked=done.asked + len(said), learned=done.learned + learned, down=answer.down)
            if on_progress is not None:
                on_progress(start + len(batch), len(songs))
            if answer.down:
                break
        return done


def _song(raw: Mapping[str, Any]) -> Song:
    return Song(spotify_id=raw["spotifyTrackId"], isrc=raw["isrc"], wanted=frozenset({"year"}))


def _answered(raw: Mapping[str, Any], answer: ChainResult) -> bool:
    """Whether the source came to this song before it went down."""
    learned = answer.songs[raw["spotifyTrackId"]]
    return not answer.down or learned.year is not None or bool(learned.asked)


def _said(raw: Mapping[str, Any], answer: ChainResult) -> dict[str, Any]:
    """What an answer changes in a stored song: the year only where it is unknown or no earlier than the one found."""
    at, year, stored = now(), answer.songs[raw["spotifyTrackId"]].year, raw.get("year")
    if year is None or (stored is not None and stored < year):
        return {_ASKED: at}
    return {_ASKED: at, "year": year, "analysis.fields.year": {"source": NAME, "at": at}}
