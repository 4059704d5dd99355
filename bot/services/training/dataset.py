"""What training learns from, read raw and in batches: ratings of songs, and what was shown to those who rated.

Left out is what may not teach: members and servers that paused learning, what was done while it was paused, ratings
that were taken back, and members who are being deleted. Only numbers leave: no title, no word, no Spotify content.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.database import guarded
from bot.documents import FeedbackEvent, GuildSettings, Key, Playlist, User, key_in
from bot.generation.learning.ranking import Ratings

GAINS: Mapping[str, float] = {"love": 1.0, "save": 0.7, "like": 0.6, "skip": -0.3, "dislike": -0.7, "never": -1.0}
"""What a rating of one song says, from -1 to 1. Reactions on a whole set say nothing about which song was better."""

MOST_RATINGS = 1_200_000
"""The newest ratings that are read; more would only take longer and say the same."""

SHOWN_BATCH = 200
"""Playlists read at once; each has some hundred numbers."""

READ_S = 600.0
"""How long all of the reading may take."""

NOBODY = Key("0" * 24)

_MOST_SONGS = 500
_MOST_PARTS = 60


Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Ratings with the ids of the `members`, by their numbers; `playlists` were shown, and `since` and `until` are the
    first and the last moment of them.
    """

    ratings: Ratings
    members: tuple[Key, ...]
    playlists: int
    since: datetime | None
    until: datetime | None


class _Columns:
    """Ratings as they come, a number in each column; members and playlists are numbered by their first coming."""

    def __init__(self) -> None:
        self.members: dict[str, int] = {}
        self.playlists: dict[str, int] = {}
        self.member, self.playlist, self.position, self.gain = array("i"), array("i"), array("i"), array("f")
        self.at = array("d")

    def take(self, raw: Raw) -> None:
        """One rating."""
        position, member, playlist = raw.get("position"), raw["member"], raw["playlist"]
        if not isinstance(position, int) or not 1 <= position <= _MOST_SONGS or member is None or playlist is None:
            return
        self.member.append(self.members.setdefault(member, len(self.members)))
        self.playlist.append(self.playlists.setdefault(playlist, len(self.playlists)))
        self.position.append(position - 1)
        self.gain.append(GAINS[raw["event"]])
        self.at.append((raw["at"] or 0) / 1000)


class _Shown:
    """What playlists showed, as it is read."""

    def __init__(self) -> None:
        self.parts: dict[str, int] = {}
        self.blocks: list[npt.NDArray[np.uint16]] = []
        self.weights: list[dict[int, float]] = []
        self.sizes: list[int] = []
        self.numbers: dict[int, int] = {}
        self.owners: list[Key] = []

    def take(self, number: int, raw: Raw) -> None:
        """One playlist under its number among the rated ones; one that keeps no exposure is left out."""
        told = raw.get("exposure") or {}
        names, weights, values = (told.get(key) or () for key in ("parts", "weights", "values"))
        count = len(names)
        if not 0 < count <= _MOST_PARTS or len(weights) != count or not values or len(values) % count:
            return
        columns = [self.parts.setdefault(name, len(self.parts)) for name in names]
        songs = len(values) // count
        block = np.zeros((songs, len(self.parts)), dtype=np.uint16)
        block[:, columns] = np.clip(np.asarray(values, dtype=np.float64), 0, 1000).reshape(songs, count)
        self.numbers[number] = len(self.blocks)
        self.blocks.append(block)
        self.weights.append(dict(zip(columns, weights, strict=True)))
        self.sizes.append(songs)
        self.owners.append(raw["userId"])


async def read_ratings(since: datetime) -> Read:
    """Every rating since then that may be learned from, the newest MOST_RATINGS. Raises DatabaseDown."""
    # The time of a usual operation is the time of all batches together: here it would not do.
    with guarded(within_s=READ_S):
        quiet = await User.quiet()
        guilds = await GuildSettings.quiet()
        undone = await FeedbackEvent.taken_back_since(since)
        columns = _Columns()
        async for batch in FeedbackEvent.song_ratings(GAINS, since, MOST_RATINGS):
            for raw in batch:
                if raw["_id"] not in undone and raw["member"] not in quiet and raw.get("guild") not in guilds:
                    columns.take(raw)
        shown = await _shown(columns.playlists)
    return await asyncio.to_thread(_joined, columns, shown)


async def _shown(playlists: Mapping[str, int]) -> _Shown:
    shown, keys = _Shown(), [key for text in playlists if (key := key_in(text)) is not None]
    for start in range(0, len(keys), SHOWN_BATCH):
        for raw in await Playlist.exposures(keys[start : start + SHOWN_BATCH]):
            shown.take(playlists[str(raw["_id"])], raw)
    return shown


def _joined(columns: _Columns, shown: _Shown) -> Read:
    """The ratings of what is known to have been shown; of several of a song on a playlist the newest counts."""
    parts, sizes = len(shown.parts), np.array(shown.sizes, dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    values, weights = np.zeros((int(starts[-1]), parts), np.uint16), np.zeros((len(sizes), parts), np.float32)
    for place, block in enumerate(shown.blocks):
        values[starts[place] : starts[place + 1], : block.shape[1]] = block
        for column, amount in shown.weights[place].items():
            weights[place, column] = amount
    numbers = np.full(len(columns.playlists), -1, dtype=np.int64)
    for number, place in shown.numbers.items():
        numbers[number] = place
    playlist = numbers[np.array(columns.playlist, dtype=np.int64)]
    position, member = np.array(columns.position, dtype=np.int64), np.array(columns.member, dtype=np.int64)
    known = playlist >= 0
    known[known] = position[known] < sizes[playlist[known]]
    key = (member * (len(sizes) + 1) + playlist + 1) * _MOST_SONGS + position
    # The columns are newest first, so the first of equal ones is the newest.
    chosen = np.unique(key, return_index=True)[1]
    chosen = chosen[known[chosen]]
    at = np.array(columns.at)[chosen]
    owner = np.array([columns.members.get(str(owner), -1) for owner in shown.owners], dtype=np.int64)
    ratings = Ratings(
        parts=tuple(shown.parts),
        values=values,
        starts=starts,
        weights=weights,
        playlist=playlist[chosen],
        position=position[chosen],
        member=member[chosen],
        gain=np.array(columns.gain, dtype=np.float32)[chosen],
        at=_first_times(member[chosen] * (len(sizes) + 1) + playlist[chosen], at),
        own=owner[playlist[chosen]] == member[chosen] if len(chosen) else np.zeros(0, dtype=np.bool_),
    )
    first, last = (datetime.fromtimestamp(end, UTC) for end in (at.min(), at.max())) if len(at) else (None, None)
    return Read(ratings=ratings, members=tuple(_ids(columns.members)), playlists=len(sizes), since=first, until=last)


def _first_times(groups: npt.NDArray[np.int64], at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """For each rating when this member rated anything of that playlist first."""
    if not len(groups):
        return at
    _, number = np.unique(groups, return_inverse=True)
    first = np.full(int(number.max()) + 1, np.inf)
    np.minimum.at(first, number, at)
    times: npt.NDArray[np.float64] = first[number]
    return times


def _ids(keys: Iterable[str]) -> Iterator[Key]:
    """Members by their ids, in their order; one that is no id of ours stands for nobody."""
    return (key_in(key) or NOBODY for key in keys)
