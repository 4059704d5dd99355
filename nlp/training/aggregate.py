"""The tables that the training reads, made from data sets that are not in the repository: figures of groups alone.

``python -m nlp.training.aggregate FOLDER`` writes them anew; every table names its sources. No row is about one song:
a word of titles needs songs of `FEWEST_ARTISTS` artists, a genre is a mean that its source published.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlp.training.tables import FEATURES, FOLDER

FEWEST_ARTISTS = 10
"""Artists who have a word in a title of theirs, before its songs are averaged."""

FARTHEST = 3.0
"""Standard deviations at which a song's feature is cut, so that no single song makes a word."""

_SONGS = (
    ("cat_msd_spotify_lastfm_50k/msd_spotify_lastfm.csv", "name", "artist"),
    ("cat_spotify_tracks_114k/dataset.csv", "track_name", "artists"),
)
_GENRES = "cat_feature_means_by_genre_artist_year/data_by_genres.csv"
_EMOJI = "emoji/cldr_annotations_en.json"
_BRACKETS = re.compile(r"[(\[].*?[)\]]|( - ).*$")
_WORD = re.compile(r"[a-z]{3,}")

Figures = npt.NDArray[np.float64]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write every table from the data sets below the folder named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m nlp.training.aggregate", description=main.__doc__)
    parser.add_argument("folder", type=Path, help="the folder that holds the data sets, each in a folder of its own")
    folder: Path = parser.parse_args(arguments).folder
    titles, artists, features = _songs(folder)
    centre, spread = features.mean(axis=0), features.std(axis=0)
    _write(
        "title_words.tsv",
        "Mean features of the songs with a word in their title, in standard deviations from the mean song, every "
        f"artist counted once; words of at least {FEWEST_ARTISTS} artists. From 128,000 songs: Million Song Dataset "
        "with Spotify features and Last.fm tags (fmxdat), Spotify Tracks Dataset (DSV/4372070).",
        ("word", "artists", *FEATURES),
        _title_words(titles, artists, np.clip((features - centre) / spread, -FARTHEST, FARTHEST)),
    )
    _write(
        "genre_means.tsv",
        "Mean features of genres, in standard deviations of songs from the mean song. From the means by genre of "
        "Spotify Dataset 1921-2020; mean song and deviations as in title_words.tsv.",
        ("genre", *FEATURES),
        _genres(folder / _GENRES, centre, spread),
    )
    _write(
        "emoji_words.tsv",
        "What emoji show. From the English annotations of Unicode CLDR, © Unicode, Inc., Unicode License V3.",
        ("emoji", "name", "keywords"),
        _emoji(folder / _EMOJI),
    )


def _songs(folder: Path) -> tuple[list[str], list[str], Figures]:
    """Titles, first artists and features of all songs, every song of an artist once."""
    found: dict[tuple[str, str], list[float]] = {}
    for name, title_column, artist_column in _SONGS:
        for row in _rows(folder / name):
            artist = row[artist_column].lower().split(";")[0]
            figures = _figures(row)
            if figures is not None:
                found.setdefault((row[title_column].lower(), artist), figures)
    titles, artists = zip(*found, strict=True)
    return list(titles), list(artists), np.array(list(found.values()))


def _title_words(titles: Sequence[str], artists: Sequence[str], features: Figures) -> Iterator[list[str]]:
    songs: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for song, (title, artist) in enumerate(zip(titles, artists, strict=True)):
        for word in set(_WORD.findall(_BRACKETS.sub("", title).replace("'", ""))):
            songs[word][artist].append(song)
    for word, by_artist in sorted(songs.items()):
        if len(by_artist) >= FEWEST_ARTISTS:
            means = np.array([features[rows].mean(axis=0) for rows in by_artist.values()])
            yield [word, str(len(by_artist)), *_written(means.mean(axis=0))]


def _genres(path: Path, centre: Figures, spread: Figures) -> Iterator[list[str]]:
    for row in _rows(path):
        figures = np.array([float(row[name]) for name in FEATURES])
        yield [row["genres"].lower(), *_written(np.clip((figures - centre) / spread, -FARTHEST, FARTHEST))]


def _emoji(path: Path) -> Iterator[list[str]]:
    notes = json.loads(path.read_text("utf-8"))["annotations"]["annotations"]
    for sign, words in notes.items():
        name = next(iter(words.get("tts", ())), "")
        if name and not sign.isascii() and not sign[0].isalnum():
            yield [sign, name.lower(), "|".join(word.lower() for word in words.get("default", ()))]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _figures(row: dict[str, str]) -> list[float] | None:
    try:
        return [float(row[name]) for name in FEATURES]
    except ValueError:
        return None


def _written(figures: Figures) -> list[str]:
    return [f"{figure:.2f}" for figure in figures]


def _write(name: str, source: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    lines = [f"# {source}", "\t".join(columns), *("\t".join(row) for row in rows)]
    (FOLDER / name).write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
