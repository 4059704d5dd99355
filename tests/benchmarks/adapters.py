"""The product behind the names that the evaluation calls; these translate names, and know nothing else.

`playlist_score` and `order` are asked for songs, by the engine; `slots` and `vibe` for words, by the parser.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from os import environ
from pathlib import Path
from typing import Any

import numpy as np

from bot.catalogue.names import ArtistNames, names_of
from bot.cli.generating import source_of
from bot.generation.engine import compose, prepare
from bot.generation.scoring.vibe_fit import fit
from bot.generation.sequencing.order import sequence
from bot.generation.texts import Coded, Texts
from bot.generation.tracks import FEATURES, Tagged, TrackTable
from bot.generation.values import Recipe, Rules
from bot.services.playlists.request_text import readable
from nlp.components.wishes.axis_ranges import direction, middle
from nlp.names import fold
from nlp.parser import VibeParser
from nlp.vibe import AxisRange

SLOTS = {
    "genre": "genre",
    "mood": "mood",
    "voices": "instrument",
    "instrument": "instrument",
    "years": "era",
    "context": "context",
    "language": "country",
    "artist": "artist",
    "song": "work",
}
"""What evidence is about, and the slot that the evaluation calls it."""

CLEARLY = {"tempo": 12.0}
"""How far past the middle an end may lie and still say a direction: 0.12 on the axes from 0 to 1."""


def order(tracks: Sequence[dict[str, Any]], arc: Sequence[tuple[float, float]], seed: int) -> list[Any]:
    """The ids of the tracks in the order that follows the arc and flows."""
    features = np.array([[track.get(name, np.nan) for name in FEATURES] for track in tracks], dtype=np.float32)
    artists = np.array([track["artist_no"] for track in tracks], dtype=np.int32)
    return [tracks[row]["id"] for row in sequence(features, artists, arc, seed)]


def playlist_score(text: str, tracks: Any) -> np.ndarray:
    """How well each track (a row of a pandas table) fits the text: the engine's score of the parsed vibe."""
    table = _table(tracks)
    return fit(table, _parser().parse(text, names=names_of(table)))


def maker(csv_path: str) -> Callable[[str, int, int], list[str]]:
    """Imports a file once and returns `make(text, songs, seed) -> Spotify ids` in playing order, as a request is
    answered without a member's history; empty when the bot would ask back."""
    catalogue = source_of(Path(csv_path))
    library = prepare(catalogue.table)

    def make(text: str, songs: int, seed: int) -> list[str]:
        parsed = _parser().parse(readable(text), names=catalogue.names)
        if not parsed.understood:
            return []
        made = compose(catalogue.table, Recipe(vibe=parsed, seed=seed, rules=Rules(tracks=songs)), library=library)
        return [str(catalogue.table.spotify_ids[pick.row]) for pick in made.ordering]

    return make


def slots(text: str) -> list[dict[str, str]]:
    """The words that were understood as genres, moods, instruments and so on, with their polarity."""
    pieces: dict[tuple[str, str], str] = {}
    for piece in _parser().parse(text, names=_names()).evidence:
        about = "voices" if "voices" in piece.means else piece.means.partition(":")[0]
        if about in SLOTS:
            pieces.setdefault((SLOTS[about], piece.text), piece.polarity)
    return [{"type": slot, "text": words, "polarity": polarity} for (slot, words), polarity in pieces.items()]


def vibe(text: str) -> dict[str, str | None]:
    """The direction of every axis that the text asks for: "high", "low", or nothing clear."""
    parsed = _parser().parse(text)
    said = {wish.axis: _direction(wish) for wish in parsed.targets}
    said |= {change.axis: "high" if change.amount > 0 else "low" for change in parsed.changes}
    return {"valence" if axis == "brightness" else axis: way for axis, way in said.items()}


def _direction(wish: AxisRange) -> str | None:
    """Which end of its axis a range asks for; None for one that only cuts off an extreme."""
    past = CLEARLY.get(wish.axis, 0.12)
    usual = middle(wish.axis)
    if direction(wish) > 0:
        return "high" if wish.low is not None and wish.low >= usual - past else None
    return "low" if direction(wish) < 0 and wish.high is not None and wish.high <= usual + past else None


@cache
def _names() -> ArtistNames | None:
    """The artists of the evaluation's tracks, when they lie beside the project or where VIBRATO_DATA says."""
    path = Path(environ.get("VIBRATO_DATA", "../shared")) / "eval" / "eval_tracks.parquet"
    if not path.exists():
        return None
    from pandas import read_parquet

    written = {fold(name): name for name in dict.fromkeys(read_parquet(path, columns=["artist"])["artist"].dropna())}
    written |= {key[4:]: name for key, name in written.items() if key.startswith("the ") and key[4:] not in written}
    written.pop("", None)
    return ArtistNames(longest=max(key.count(" ") + 1 for key in written), written=written)


@cache
def _parser() -> VibeParser:
    return VibeParser.load()


def _table(tracks: Any) -> TrackTable:
    """The evaluation's columns as a table; its genres are tags of listeners, written with underscores."""
    rows = len(tracks)
    columns = [
        tracks[name].to_numpy(dtype=np.float32, na_value=np.nan) if name in tracks else np.full(rows, np.nan)
        for name in FEATURES
    ]
    explicit = [-1 if known is None or known != known else int(known) for known in tracks["explicit"]]
    words = [[word.replace("_", " ") for word in genres] for genres in tracks["genres_independent"]]
    artists = _tagged([_named(names, first) for names, first in zip(tracks["artists"], tracks["artist"], strict=True)])
    songs = {key: number for number, key in enumerate(dict.fromkeys(tracks["norm_key"]))}
    return TrackTable(
        keys=Texts.of(tracks["id"]),
        spotify_ids=Texts.of(tracks["id"]),
        titles=Texts.of(title if isinstance(title, str) else "" for title in tracks["title"]),
        artist=artists.indices[artists.starts[:-1]],
        artists=artists,
        genres=_tagged(words),
        tags=_tagged([[]] * rows),
        features=np.stack(columns, axis=1).astype(np.float32),
        duration_ms=tracks["duration_ms"].fillna(0).to_numpy(dtype=np.int32),
        year=tracks["year_best"].fillna(0).to_numpy(dtype=np.int16),
        explicit=np.array(explicit, dtype=np.int8),
        popularity=tracks["popularity"].to_numpy(dtype=np.float32),
        song=np.array([songs[key] for key in tracks["norm_key"]], dtype=np.int32),
        version=Coded.of([""] * rows),
        digest="evaluation",
    )


def _named(names: Any, first: Any) -> list[str]:
    """The names of a track's artists; "?" where the table knows none."""
    known = [name for name in ([] if names is None or isinstance(names, float) else names) if isinstance(name, str)]
    return known or [first if isinstance(first, str) and first else "?"]


def _tagged(rows: Sequence[Sequence[str]]) -> Tagged:
    numbers: dict[str, int] = {}
    indices = [numbers.setdefault(word, len(numbers)) for words in rows for word in words]
    starts = np.concatenate([[0], np.cumsum([len(words) for words in rows])])
    return Tagged(words=tuple(numbers), starts=starts.astype(np.int64), indices=np.array(indices, dtype=np.int32))
