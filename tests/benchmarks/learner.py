"""The product's learner as the planted members meet it: ratings in, a taste for the recipe out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.generation.library import Library
from bot.generation.taste import Opinion, learn
from bot.generation.values import Taste
from bot.services.opinions import VALUES, mood_of_vibe
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

    def taste(self, rated: Sequence[Rated], *, vibe: Vibe, day: int) -> Taste:
        """The taste that a recipe of this vibe gets on this day."""
        return learn(self.library, _opinions(rated, day), mood=mood_of_vibe(vibe)).taste

    def own(self, rated: Sequence[Rated], *, day: int) -> Taste:
        """The member's taste by itself."""
        return learn(self.library, _opinions(rated, day)).taste

    def server(self, tastes: Sequence[Taste]) -> Taste:
        """What the tastes of a server's members say for each of them: nothing so far."""
        return Taste()

    def joined(self, own: Taste, server: Taste) -> Taste:
        """A member's own taste with their server's beneath it."""
        return own


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
