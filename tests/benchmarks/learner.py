"""The product's learner as the planted members meet it: ratings in, a taste for the recipe out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bson import ObjectId

from bot.generation.library import Library
from bot.generation.values import Taste
from bot.services.taste import song_opinions, taste_from
from nlp.vibe import Vibe

_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """A rating: the song's row, whether it was liked (or even loved), on which day, in a playlist of which vibe."""

    row: int
    liked: bool
    day: int
    vibe: Vibe
    love: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """What the product makes of ratings on a library."""

    library: Library

    def taste(self, rated: Sequence[Rated], *, vibe: Vibe, day: int) -> Taste:
        """The taste that a recipe of this vibe gets on this day."""
        return self.own(rated, day=day)

    def own(self, rated: Sequence[Rated], *, day: int) -> Taste:
        """The member's taste by itself."""
        opinions = song_opinions([_event(one) for one in reversed(rated)], {}, _START + timedelta(days=day))
        table = self.library.table
        tracks: list[dict[str, Any]] = [
            {
                "_id": _key(row),
                "artists": [{"name": name} for name in table.artists.of(row)],
                "genres": list(table.genres.of(row)),
            }
            for row in {one.row for one in rated}
        ]
        taste = taste_from(opinions, tracks)
        named = tuple((str(table.keys[int(key, 16)]), amount) for key, amount in taste.tracks)
        return Taste(tracks=named, artists=taste.artists, genres=taste.genres)

    def server(self, tastes: Sequence[Taste]) -> Taste:
        """What the tastes of a server's members say for each of them: nothing so far."""
        return Taste()

    def joined(self, own: Taste, server: Taste) -> Taste:
        """A member's own taste with their server's beneath it."""
        return own


def _event(one: Rated) -> dict[str, Any]:
    kind = "love" if one.love else "like" if one.liked else "dislike"
    return {
        "_id": ObjectId(),
        "event": kind,
        "trackId": _key(one.row),
        "createdAt": _START + timedelta(days=one.day),
    }


def _key(row: int) -> ObjectId:
    return ObjectId(f"{row:024x}")
