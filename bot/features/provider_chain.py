"""The chain: asks the sources in their order, each only for what those before it did not know.

What is stored already, an imported table's values among it, is not asked for: it is not in `Song.wanted`. What a source
does not know it is not asked again for a while. Whatever nobody knows stays unknown, which is neutral and never 0.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.errors import SourceDown
from bot.features.values import FACTS, Fact, FeatureSource, Song, SourceReading, Wanted
from bot.generation.tracks import FEATURES, Feature

_log = logging.getLogger(__name__)

DEADLINE_S = 1.4
"""What all sources together may delay a member's request by: 1.5 s, of which a busy loop may take a tenth."""

ASK_AGAIN = timedelta(days=14)
"""How long a source that did not know a song is not asked about it again: new songs come in within weeks."""

OnProgress = Callable[[int, int], None]
"""Told how many songs of how many a source was asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A feature's value, and who said it."""

    value: float
    source: str


@dataclass(slots=True, kw_only=True)
class LearnedSong:
    """What was learned of one song: `features` and guesses (`priors`) with their sources, the facts, and the questions
    that were `asked` in vain.
    """

    features: dict[Feature, Value] = field(default_factory=dict)
    priors: dict[Feature, Value] = field(default_factory=dict)
    isrc: str | None = None
    year: int | None = None
    explicit: bool | None = None
    album: str = ""
    genres: tuple[str, ...] = ()
    asked: set[str] = field(default_factory=set)

    def knows(self) -> frozenset[Wanted]:
        """What need not be asked any more; a guess is no knowledge."""
        facts: set[Wanted] = {name for name in FACTS if getattr(self, name) not in (None, "", ())}
        return frozenset(facts | self.features.keys())

    def take(self, finding: SourceReading, source: FeatureSource, wanted: frozenset[Wanted]) -> None:
        """Add what a source says, where it was wanted and nothing better is known."""
        kept = self.priors if source.prior else self.features
        for name, value in finding.features:
            if name in wanted and name not in self.features:
                kept.setdefault(name, Value(value=value, source=source.name))
        for fact in FACTS:
            if fact in wanted or fact == "isrc":
                self._take_fact(fact, finding)

    def _take_fact(self, fact: Fact, finding: SourceReading) -> None:
        if getattr(self, fact) in (None, "", ()):
            setattr(self, fact, getattr(finding, fact))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainResult:
    """What the chain came to: by `Song.spotify_id`, for every song that anything was learned of.

    `down` names the sources that did not answer; `late` tells that the deadline came before all was asked.
    """

    songs: Mapping[str, LearnedSong]
    down: tuple[str, ...] = ()
    late: bool = False


class FeatureChain:
    """Asks `sources` in their order. `clock` says what time it is, in UTC."""

    def __init__(
        self, sources: Iterable[FeatureSource], *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.sources = tuple(sources)
        self._clock = clock

    async def features_of(
        self, songs: Sequence[Song], deadline_s: float | None = DEADLINE_S, on_progress: OnProgress | None = None
    ) -> ChainResult:
        """What the sources know of these songs. Never raises for a source: one that is down is passed over.

        After `deadline_s` seconds (None: however long it takes) what was learned until then is the answer.
        """
        learned = {song.spotify_id: LearnedSong(isrc=song.isrc) for song in songs}
        down: list[str] = []
        late = False
        try:
            async with asyncio.timeout(deadline_s):
                for source in self.sources:
                    await self._ask(source, songs, learned, down, on_progress)
        except TimeoutError:
            late = True
            await self._guess(songs, learned)
        return ChainResult(songs=learned, down=tuple(dict.fromkeys(down)), late=late)

    async def _ask(
        self,
        source: FeatureSource,
        songs: Sequence[Song],
        learned: dict[str, LearnedSong],
        down: list[str],
        on_progress: OnProgress | None,
    ) -> None:
        """One source about all songs that still lack what it may know, batch by batch, until it is down."""
        open_ones = [song for song in songs if self._is_open(source, song, learned[song.spotify_id])]
        for start in range(0, len(open_ones), source.batch):
            batch = [_now_known(song, learned[song.spotify_id]) for song in open_ones[start : start + source.batch]]
            try:
                found = await source.fetch(batch)
            except SourceDown as gone:
                _log.info("no features from %s: %s", source.name, gone.cause)
                down.append(source.name)
                return
            for song in batch:
                if song.spotify_id in found:
                    _note(source, song, found[song.spotify_id], learned[song.spotify_id])
            if on_progress is not None and not source.prior:
                on_progress(min(start + source.batch, len(open_ones)), len(open_ones))

    def _is_open(self, source: FeatureSource, song: Song, learned: LearnedSong) -> bool:
        if not (song.wanted - learned.knows()) & source.gives:
            return False
        asked = song.asked.get(source.question)
        if asked is not None and self._clock() - _aware(asked) < ASK_AGAIN:
            return False
        return source.takes(_now_known(song, learned))

    async def _guess(self, songs: Sequence[Song], learned: dict[str, LearnedSong]) -> None:
        """Guesses cost no wait, so they are made after the deadline too."""
        for source in self.sources:
            if source.prior:
                await self._ask(source, songs, learned, [], None)


def _note(source: FeatureSource, song: Song, finding: SourceReading | None, learned: LearnedSong) -> None:
    if finding is not None:
        learned.take(finding, source, song.wanted)
    elif not source.prior:
        learned.asked.add(source.question)


def _now_known(song: Song, learned: LearnedSong) -> Song:
    """The song with what was learned on the way: a code found by one source lets the next one be asked."""
    if song.isrc == learned.isrc and not learned.genres:
        return song
    return Song(
        spotify_id=song.spotify_id,
        isrc=learned.isrc,
        genres=song.genres or learned.genres,
        tags=song.tags,
        wanted=song.wanted,
        asked=song.asked,
    )


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def unknown_features(known: Iterable[str]) -> frozenset[Wanted]:
    """The features that are not among the known ones."""
    return frozenset(FEATURES) - frozenset(known)
