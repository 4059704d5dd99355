"""Other versions of an invented song, as catalogues are full of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from bot.catalogue.records import TrackRecord
from bot.generation.tracks import Feature

_Change = Callable[[float], float]

_HALLS = ("Marlow Hall", "the Paper Mill", "Kestrel Park", "the Lantern Room", "Odeon Street", "the Glasshouse")
_REMIXERS = ("Klaas-Jan Helios", "Parallax Poolside", "DN-41", "Mezzanine", "Anouk Azure")


def version_of(song: TrackRecord, random: Random) -> TrackRecord | None:
    """A live, remastered, acoustic, remixed or sped-up version of `song`; None where none would be made."""
    if "(" in song.title:
        return None
    kinds = [_live, *([_remastered] if (song.year or 0) < 1992 else [_acoustic, _remixed, _sped_up])]
    return random.choice(kinds)(song, random)


def _live(song: TrackRecord, random: Random) -> TrackRecord:
    hall = random.choice(_HALLS)
    liveness = round(random.uniform(0.68, 0.97), 3)
    return _changed(
        replace(song, title=f"{song.title} - Live at {hall}", album=f"Live at {hall}"),
        pace=random.uniform(0.86, 0.98),
        liveness=lambda _: liveness,
        energy=lambda value: min(1.0, value + 0.05),
    )


def _remastered(song: TrackRecord, random: Random) -> TrackRecord:
    title = f"{song.title} - Remastered {random.choice((1999, 2005, 2009, 2011, 2015))}"
    return _changed(replace(song, title=title), loudness=lambda value: min(-1.5, value + 2.5))


def _acoustic(song: TrackRecord, random: Random) -> TrackRecord:
    acousticness = round(random.uniform(0.75, 0.98), 3)
    return _changed(
        replace(song, title=f"{song.title} (Acoustic)", album=f"{song.title} (Acoustic)"),
        acousticness=lambda _: acousticness,
        energy=lambda value: value * 0.55,
        loudness=lambda value: value - 3,
        danceability=lambda value: value * 0.9,
    )


def _remixed(song: TrackRecord, random: Random) -> TrackRecord:
    return _changed(
        replace(song, title=f"{song.title} - {random.choice(_REMIXERS)} Remix"),
        tempo=lambda _: 124.0,
        danceability=lambda value: min(0.95, value + 0.15),
        energy=lambda value: min(0.97, value + 0.1),
        acousticness=lambda value: value * 0.3,
    )


def _sped_up(song: TrackRecord, random: Random) -> TrackRecord:
    return _changed(replace(song, title=f"{song.title} - Sped Up"), pace=random.uniform(1.18, 1.3))


def _changed(song: TrackRecord, *, pace: float = 1.0, **changes: _Change) -> TrackRecord:
    """`song` played at `pace` times its speed, with features changed by name."""
    by_pace: dict[str, _Change] = {"tempo": lambda value: value * pace}

    def new(name: Feature, value: float) -> float:
        return round(changes.get(name, by_pace.get(name, float))(value), 3)

    return replace(
        song,
        duration_ms=int(song.duration_ms / pace),
        features=tuple((name, new(name, value)) for name, value in song.features),
        popularity=None if song.popularity is None else max(0.0, song.popularity - 12),
    )
