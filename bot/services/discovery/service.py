"""New songs where the catalogue is thin: looked for, listened to by the sources of features, and kept if they fit.

A member's request waits for it no longer than a deadline. What is under way then goes on in a worker that the app owns,
and its songs can be played by the next request.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bot.catalogue.identity import song_key
from bot.catalogue.importer import import_records
from bot.catalogue.index import Catalogue
from bot.catalogue.records import TrackRecord
from bot.errors import DatabaseDown, WorldDown
from bot.facts import Fact
from bot.features.provider_chain import DEADLINE_S, FeatureChain, LearnedSong
from bot.features.values import EVERY_FACT, EVERY_FEATURE, Candidate, Song, Wanted
from bot.generation.library import Library
from bot.generation.values import Recipe
from bot.services.discovery.candidate_sources import CandidateSource
from bot.services.discovery.coverage_gap import CoverageGap, need_of
from bot.services.discovery.ports import DiscoveryOutcome
from bot.services.facts import NoSongsFound, SongsFound
from nlp.names import fold

_log = logging.getLogger(__name__)

WORKERS = 2
MOST_WAITING = 20
"""Needs that wait for a worker; one more is not looked for."""

REST_S = 1800.0
"""How long the same need is not looked for again."""

MOST_RESTS = 500

SPARE = 10
MOST_A_REQUEST = 60
"""New songs that one request brings in at most: what is missing, and some to spare for the next one."""

TURNS = 40
EMPTY_TURNS = 4
"""Ways that are tried for one need, and how many of them in a row may bring nothing."""

CHUNK = 20
"""Candidates that are asked about at once; the first of them can be played while others are still looked at."""

MOST_OF_ARTIST, MOST_OF_WANTED = 4, 50
"""Songs of one artist that are taken at once: of any, and of those who were asked for."""

OnFound = Callable[[int, int], None]
"""Told how many new songs of how many wanted ones there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What came of looking: songs that are new in the catalogue, candidates looked at, sources that did not answer."""

    new: int = 0
    looked_at: int = 0
    down: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Search:
    """A need on its way through a worker."""

    need: CoverageGap
    most: int
    new: int = 0
    down: tuple[str, ...] = ()
    over: bool = False
    progress: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, new: int, _most: int) -> None:
        self.new = new
        if new >= self.need.missing:
            self.progress.set()

    def end(self, filled: Filled) -> None:
        self.new, self.down, self.over = filled.new, filled.down, True
        self.progress.set()

    def looked(self) -> DiscoveryOutcome:
        """What the member should know of it."""
        goes_on = not self.over and self.new < self.need.missing
        return DiscoveryOutcome(note=self._note(goes_on=goes_on), goes_on=goes_on)

    def _note(self, *, goes_on: bool) -> Fact:
        if self.new or goes_on:
            return SongsFound(new=self.new, goes_on=goes_on)
        return NoSongsFound(down=bool(self.down))


class DiscoveryService:
    """Looks for songs. `scouts` find candidates, `chain` says how they sound; they are stored and put into `catalogue`.

    A request waits up to `deadline_s` seconds.
    """

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        chain: FeatureChain,
        scouts: Sequence[CandidateSource],
        deadline_s: float = DEADLINE_S,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._catalogue = catalogue
        self._chain = chain
        self._scouts = tuple(scouts)
        self._deadline_s = deadline_s
        self._now = now
        self._waiting: asyncio.Queue[_Search] = asyncio.Queue(MOST_WAITING)
        self._rests: dict[tuple[object, ...], float] = {}
        self._working = False

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Workers, for as long as the block lasts."""
        workers = [asyncio.create_task(self._work(), name=f"discovery {number}") for number in range(WORKERS)]
        self._working = True
        try:
            yield
        finally:
            self._working = False
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def more_for(self, recipe: Recipe, library: Library) -> DiscoveryOutcome | None:
        """Look for new songs if few of `library` fit the recipe; what came of it, or None when nothing was looked for.

        When it returns, what was found in time is in the catalogue. Never raises for a source or the database.
        """
        until = asyncio.get_running_loop().time() + self._deadline_s
        need = await asyncio.to_thread(need_of, library, recipe)
        if need is None or not self._working or self._rested(need):
            return None
        search = _Search(need=need, most=min(need.missing + SPARE, MOST_A_REQUEST))
        try:
            self._waiting.put_nowait(search)
        except asyncio.QueueFull:
            return None
        self._rests[need.key] = self._now() + REST_S
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await search.progress.wait()
        return search.looked()

    async def fill(self, need: CoverageGap, most: int, on_found: OnFound | None = None) -> Filled:
        """Look until there are `most` new songs or every way was tried. Raises DatabaseDown."""
        seen: set[str] = set()
        new = empty = 0
        down: tuple[str, ...] = ()
        for turn in range(TURNS):
            before, silent = new, set[str]()
            for scout in self._scouts:
                for chunk in _chunks(await self._found(scout, need, turn, seen, silent)):
                    kept = await self._take(need, chunk, most - new, silent)
                    new += len(kept)
                    need = replace(need, seeds=(*need.seeds, *(record.spotify_id for record in kept)))
                    if on_found is not None:
                        on_found(new, most)
                    if new >= most:
                        return Filled(new=new, looked_at=len(seen))
            down = tuple(sorted(silent))
            empty = 0 if new > before else empty + 1
            if empty == EMPTY_TURNS or (down and new == before):
                break
        return Filled(new=new, looked_at=len(seen), down=down)

    async def _found(
        self, scout: CandidateSource, need: CoverageGap, turn: int, seen: set[str], silent: set[str]
    ) -> Sequence[Candidate]:
        """What one scout finds that is new; a source that does not answer is noted in `silent`."""
        try:
            found = await scout.find(need, turn)
        except DatabaseDown:
            raise
        except WorldDown as down:
            _log.info("no candidates from %s: %s", scout.name, down.cause)
            silent.add(scout.name)
            return ()
        most = MOST_OF_WANTED if need.vibe.artists.wanted else MOST_OF_ARTIST
        return await asyncio.to_thread(self._unknown, found, seen, most)

    def _rested(self, need: CoverageGap) -> bool:
        """Whether the same was looked for a moment ago."""
        now = self._now()
        if len(self._rests) > MOST_RESTS:
            self._rests = {key: until for key, until in self._rests.items() if until > now}
        return self._rests.get(need.key, 0.0) > now

    async def _work(self) -> None:
        while True:
            search = await self._waiting.get()
            filled = Filled()
            try:
                filled = await self.fill(search.need, search.most, search.note)
                _log.info("looked at %d songs, %d are new", filled.looked_at, filled.new)
            except DatabaseDown as down:
                _log.warning("new songs could not be kept: %s", down.cause)
            except Exception:  # noqa: BLE001 - a door: one bad search may not end the worker
                _log.exception("a search for new songs failed")
            finally:
                search.end(replace(filled, new=max(filled.new, search.new)))

    def _unknown(self, candidates: Sequence[Candidate], seen: set[str], of_each: int) -> list[Candidate]:
        """Candidates that are new to the catalogue, one of each song, `of_each` of an artist; noted in `seen`."""
        fresh: list[Candidate] = []
        songs: set[str] = set()
        of_artist: dict[str, int] = {}
        for candidate in candidates:
            artist = fold(candidate.artists[0])
            key, _ = song_key(candidate.title, candidate.artists[0])
            if candidate.spotify_id in seen or key in songs or of_artist.get(artist, 0) >= of_each:
                continue
            seen.add(candidate.spotify_id)
            if not self._catalogue.has(candidate.spotify_id, candidate.title, candidate.artists[0]):
                songs.add(key)
                of_artist[artist] = of_artist.get(artist, 0) + 1
                fresh.append(candidate)
        return fresh

    async def _take(
        self, need: CoverageGap, candidates: Sequence[Candidate], most: int, silent: set[str]
    ) -> list[TrackRecord]:
        """The candidates that are good for the need, stored and in the catalogue. Raises DatabaseDown."""
        answer = await self._chain.features_of([_asked(candidate) for candidate in candidates], None)
        genres_of = await asyncio.to_thread(self._genres_by, {candidate.artists[0] for candidate in candidates})
        records = [
            record_of(candidate, answer.songs[candidate.spotify_id], genres_of.get(candidate.artists[0], ()))
            for candidate in candidates
        ]
        good = [record for record in records if record.features and need.met_by(record)][:most]
        if good:
            await import_records(good, "discovery")
            await self._catalogue.catch_up()
        silent.update(answer.down)
        return good

    def _genres_by(self, artists: set[str]) -> dict[str, tuple[str, ...]]:
        """The genres that at least half of an artist's songs in the catalogue carry."""
        table = self._catalogue.table
        numbers = {name: number for number, name in enumerate(table.artists.words) if name in artists}
        found: dict[str, tuple[str, ...]] = {}
        for name, number in numbers.items():
            rows = np.flatnonzero(table.artist == number)
            carried: dict[str, int] = {}
            for row in rows.tolist():
                for genre in table.genres.of(row):
                    carried[genre] = carried.get(genre, 0) + 1
            found[name] = tuple(genre for genre, songs in carried.items() if 2 * songs >= len(rows))
        return found


def record_of(candidate: Candidate, learned: LearnedSong, by_artist: tuple[str, ...] = ()) -> TrackRecord:
    """A candidate with what was learned of it, and the source of everything.

    Its genres are those of the way it was found by, else its album's, else those of the artist's other songs.
    """
    genres, origin = next(
        (
            (genres, origin)
            for genres, origin in (
                (candidate.genres, candidate.found_by),
                (learned.genres, "deezer"),
                (by_artist, "artist"),
            )
            if genres
        ),
        ((), ""),
    )
    origins = tuple((name, value.source) for name, value in learned.features.items())
    return TrackRecord(
        spotify_id=candidate.spotify_id,
        title=candidate.title,
        artists=candidate.artists,
        duration_ms=candidate.duration_ms,
        album=candidate.album or learned.album,
        explicit=learned.explicit if candidate.explicit is None else candidate.explicit,
        year=candidate.year or learned.year,
        genres=genres,
        features=tuple((name, value.value) for name, value in learned.features.items()),
        popularity=candidate.popularity,
        isrc=candidate.isrc or learned.isrc,
        origins=(*origins, *((("genres", origin),) if origin else ())),
        described_by=candidate.source,
        asked=tuple(sorted(learned.asked)),
        priors=tuple((name, value.value) for name, value in learned.priors.items()),
    )


def _asked(candidate: Candidate) -> Song:
    known: set[Wanted] = {name for name in EVERY_FACT if getattr(candidate, name) not in (None, "", ())}
    return Song(
        spotify_id=candidate.spotify_id,
        isrc=candidate.isrc,
        genres=candidate.genres,
        wanted=EVERY_FEATURE | (EVERY_FACT - known),
    )


def _chunks(candidates: Sequence[Candidate]) -> Iterator[Sequence[Candidate]]:
    return (candidates[start : start + CHUNK] for start in range(0, len(candidates), CHUNK))
