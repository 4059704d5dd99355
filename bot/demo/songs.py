"""The invented demo catalogue: about 3,000 songs by artists who do not exist, always the same.

Each artist has one or two home genres, an era, a fame and a lean of sound that all songs share; albums follow each
other through a career; some songs come back live, remastered or remixed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from bot.catalogue.records import TrackRecord
from bot.demo.sounds import MEASURES, Array, Sound, read_sounds
from bot.demo.tags import tags_of
from bot.demo.versions import version_of
from bot.demo.words import DemoWords
from bot.generation.tracks import FEATURES, Feature
from nlp.names import fold

SEED = 1955
LAST_YEAR = 2025

_KEY_SHARES = (0.115, 0.094, 0.102, 0.031, 0.079, 0.082, 0.070, 0.116, 0.065, 0.099, 0.065, 0.082)
"""How often each key from C upwards occurs in the Spotify Tracks Dataset."""

_KEY_NAMES = ("C", "D-flat", "D", "E-flat", "E", "F", "F-sharp", "G", "A-flat", "A", "B-flat", "B")
_GUEST_FAMILIES = frozenset({"pop", "hiphop", "club", "latin", "soul", "asia", "reggae", "afro"})
_SINCE_LABELS = 1.35
"""The songs since parental labels carry the share of those before them too."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Artist:
    name: str
    homes: tuple[Sound, ...]
    first_year: int
    lean: Array
    fame: float


def demo_records(seed: int = SEED) -> tuple[TrackRecord, ...]:
    """All songs of the demo, with ids "demo:1" and up; the same for the same seed."""
    inventor = _Inventor(seed)
    songs = [song for artist in inventor.artists() for song in inventor.songs_of(artist)]
    versions = [version_of(song, inventor.random) for song in inventor.random.sample(songs, len(songs) // 25)]
    everything = songs + [version for version in versions if version is not None]
    return tuple(replace(song, spotify_id=f"demo:{number}") for number, song in enumerate(everything, start=1))


class _Inventor:
    """Draws artists and songs. What is drawn depends on the seed and on the order of the calls."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._rng = np.random.default_rng(seed)
        self._words = DemoWords.read()
        self._sounds = read_sounds()
        self._taken: set[str] = set()
        self._names: list[tuple[str, str]] = []
        self._titles: Counter[str] = Counter()

    def artists(self) -> tuple[_Artist, ...]:
        """As many artists as each genre has."""
        return tuple(self._artist(sound) for sound in self._sounds for _ in range(sound.artists))

    def songs_of(self, artist: _Artist) -> Iterator[TrackRecord]:
        """The songs of one artist, album by album."""
        count = min(3 + int(self.random.expovariate(1 / 2.9) + max(0.0, artist.fame)), 14)
        year = artist.first_year
        titles: set[str] = set()
        while count > 0:
            size = min(count, self.random.randint(2, 5))
            songs = [self._song(artist, year, titles) for _ in range(size)]
            given = {"title": songs[0].title.partition(" (")[0] or songs[0].title, "artist": artist.name}
            album = self._words.draw(artist.homes[0].words, "album", self.random, given)
            yield from (replace(song, album=album) for song in songs)
            year = min(year + self.random.randint(1, 4), artist.homes[0].last_year, LAST_YEAR)
            count -= size

    def _artist(self, home: Sound) -> _Artist:
        name = self._new_name(home.words)
        self._names.append((name, home.words))
        others = [
            sound
            for sound in self._sounds
            if sound.words == home.words and sound is not home and sound.first_year <= home.last_year
        ]
        second = (self.random.choice(others),) if others and self.random.random() < 0.5 else ()
        return _Artist(
            name=name,
            homes=(home, *second),
            first_year=self.random.randint(home.first_year, max(home.first_year, home.last_year - 2)),
            lean=self._rng.standard_normal(len(MEASURES)),
            fame=self.random.gauss(0, 1),
        )

    def _new_name(self, words: str) -> str:
        while True:
            name = self._words.draw(words, "artist", self.random)
            if fold(name) not in self._taken:
                self._taken.add(fold(name))
                return name

    def _song(self, artist: _Artist, year: int, titles: set[str]) -> TrackRecord:
        homes = [home for home in artist.homes if home is artist.homes[0] or home.plays_in(year)]
        sound = self.random.choice((homes[0], *homes))
        drawn = sound.draw(artist.lean, year, self._rng)
        seconds = drawn.pop("seconds")
        drawn["key"] = self.random.choices(range(12), _KEY_SHARES)[0]
        drawn["mode"] = float(self.random.random() < sound.major)
        guests = self._guests(artist, year)
        title = self._title(sound, titles, drawn)
        return TrackRecord(
            spotify_id="demo:0",
            title=f"{title} (feat. {guests[0]})" if guests else title,
            artists=(artist.name, *guests),
            duration_ms=int(seconds * 1000) + self.random.randrange(1000),
            explicit=year >= 1988 and self.random.random() < sound.explicit * _SINCE_LABELS,
            year=year,
            genres=self._genres(homes, sound),
            tags=tags_of(drawn, sound.words, self.random),
            features=tuple((name, _rounded(name, drawn[name])) for name in FEATURES),
            popularity=float(round(np.clip(self.random.gauss(36 + 15 * artist.fame, 9), 0, 96))),
        )

    def _genres(self, homes: list[Sound], sound: Sound) -> tuple[str, ...]:
        others = tuple(home.genre for home in homes if home is not sound)
        return (sound.genre, *others) if self.random.random() < 0.6 else (sound.genre,)

    def _guests(self, artist: _Artist, year: int) -> tuple[str, ...]:
        family = artist.homes[0].words
        if family not in _GUEST_FAMILIES or year < 1990 or self.random.random() > 0.09:
            return ()
        guest = self.random.choice([name for name, words in self._names if words == family])
        return (guest,) if guest != artist.name else ()

    def _title(self, sound: Sound, titles: set[str], drawn: dict[str, float]) -> str:
        key = f"{_KEY_NAMES[int(drawn['key'])]} {'major' if drawn['mode'] else 'minor'}"
        while True:
            title = self._words.draw(sound.words, "title", self.random, {"key": key})
            if title not in titles and self._titles[title] < 2:
                titles.add(title)
                self._titles[title] += 1
                return title


def _rounded(name: Feature, value: float) -> float:
    """As exact as Spotify gives it."""
    return round(value, 3 if name not in ("key", "mode") else 0)
