"""The product's learner as the planted members meet it: ratings in, a taste for the recipe out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.generation.learning.taste import Opinion, consensus, learn
from bot.generation.library import Library
from bot.generation.values import Taste
from bot.services.feedback.rating_values import VALUES, mood_of_vibe
from nlp.vibe import Vibe


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

    def taste(self, rated: Sequence[Rated], *, vibe: Vibe | None, day: int, server: Taste | None = None) -> Taste:
        """The taste that a recipe of this vibe gets on this day, with the server's taste beneath the member's own."""
        mood = () if vibe is None else mood_of_vibe(vibe)
        return learn(self.library, _opinions(rated, day), mood=mood, under=server).taste

    def server(self, tastes: Sequence[Taste]) -> Taste:
        """What the tastes of a server's members say for each of them."""
        return consensus(tastes)


def _opinions(rated: Sequence[Rated], day: int) -> list[Opinion]:
    return [
        Opinion(
            rows=(one.row,),
            value=VALUES["love" if one.love else "like" if one.liked else "dislike"],
            age_days=day - one.day,
            mood=mood_of_vibe(one.vibe),
        )
        for one in rated
    ]
