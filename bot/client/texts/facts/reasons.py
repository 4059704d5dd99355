"""Why a song is in a set: no capital and no full stop, as a line of a list."""

from __future__ import annotations

from bot.client.texts.facts.dispatch import quoted, told
from bot.client.texts.facts.wording import any_of, bounds_text, spans_text, value_text
from bot.generation.facts import reasons

_STILL = 9_999
_NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}
_Ranged = reasons.InRange | reasons.NearRange | reasons.EndOfRange | reasons.EstimatedInRange


@told.register
def _in_range(fact: reasons.InRange) -> str:
    return f"{_measured(fact)}, you asked for {_asked(fact)}"


@told.register
def _near_range(fact: reasons.NearRange) -> str:
    return f"{_measured(fact)}, not far from what you asked for: {_asked(fact)}"


@told.register
def _end_of_range(fact: reasons.EndOfRange) -> str:
    return f"{_measured(fact)}: at the end of what is here, for {quoted(fact.asked)}"


@told.register
def _estimated_in_range(fact: reasons.EstimatedInRange) -> str:
    likely = value_text(fact.asked.axis, fact.value)
    return (
        f"{fact.asked.axis} not measured, about {likely} is an estimate by its being tagged {any_of(fact.words)}; "
        f"you asked for {_asked(fact)}"
    )


@told.register
def _tagged_for(fact: reasons.TaggedFor) -> str:
    return f"tagged for {any_of(fact.names)}, which you asked for"


@told.register
def _title_names(fact: reasons.TitleNames) -> str:
    return f"its title names {any_of(fact.names)}, which you asked for"


@told.register
def _title_says(fact: reasons.TitleSays) -> str:
    return f"its title says {any_of(fact.words)}"


@told.register
def _of_genre(fact: reasons.OfGenre) -> str:
    return f"tagged {fact.word}, which you asked for"


@told.register
def _is_genre(fact: reasons.IsGenre) -> str:
    return f"tagged {fact.word}: that is {fact.asked}, which you asked for"


@told.register
def _near_genre(fact: reasons.NearGenre) -> str:
    return f"tagged {fact.word}, which is close to {fact.asked}"


@told.register
def _genre_by_sound(fact: reasons.GenreBySound) -> str:
    return f"not tagged, but it fits {any_of(fact.names)} by its {'artist and ' if fact.artist else ''}sound"


@told.register
def _from_year(fact: reasons.FromYear) -> str:
    return f"from {fact.year}, you asked for songs {spans_text(fact.spans)}"


@told.register
def _by_artist(fact: reasons.ByArtist) -> str:
    return f"by {fact.name}, whom you asked for"


@told.register
def _one_of_named(fact: reasons.OneOfNamed) -> str:
    return f"one of the songs you named: {any_of(tuple(map(told, fact.named)))}"


@told.register
def _like_named(fact: reasons.LikeNamed) -> str:
    return f"sounds like the songs you named: {any_of(tuple(map(told, fact.named)))}"


@told.register
def _as_familiar(fact: reasons.AsFamiliar) -> str:
    return {"popular": "widely known", "deep": "hardly known", "mine": "among what you liked"}[fact.how]


@told.register
def _liked_sound(fact: reasons.LikedSound) -> str:
    return f"you like {fact.axis} about {value_text(fact.axis, fact.value)}"


@told.register
def _liked_artist(fact: reasons.LikedArtist) -> str:
    return f"you {_verb(fact)} {_number(fact.count)} by {fact.name}"


@told.register
def _liked_genre(fact: reasons.LikedGenre) -> str:
    return f"you {_verb(fact)} {_number(fact.count)} {'song' if fact.count == 1 else 'songs'} of {fact.name}"


@told.register
def _liked_song(fact: reasons.LikedSong) -> str:
    return "you loved this song" if fact.loved else "you liked this song before"


@told.register
def _new_to_you(fact: reasons.NewToYou) -> str:
    return f"something new: you have rated no {fact.genre} yet, tell me what you think of it"


@told.register
def _sounds_fitting(fact: reasons.SoundsFitting) -> str:
    return "sounds like the songs here that fit best"


@told.register
def _of_kind(fact: reasons.OfKind) -> str:
    return (
        f"{fact.kind}, as {fact.artist} plays it" if fact.artist else f"probably {fact.kind}, by its labels and sound"
    )


@told.register
def _typical(fact: reasons.Typical) -> str:
    return f"by {fact.name}, whom people put on for this"


@told.register
def _like_typical(fact: reasons.LikeTypical) -> str:
    return f"{fact.name} plays much the same music as {fact.like}"


@told.register
def _well_known(fact: reasons.WellKnown) -> str:
    return "one of the best-known songs here" if fact.best else "a song that many know"


@told.register
def _of_era(fact: reasons.OfEra) -> str:
    if fact.artist is None:
        return f"from {fact.first}, which belongs to this"
    years = f"since {fact.first}" if fact.last >= _STILL else f"from {fact.first} to {fact.last}"
    return f"of the right era, as far as {fact.artist}'s best-known years tell ({years})"


def _measured(fact: _Ranged) -> str:
    return f"{fact.asked.axis} {value_text(fact.asked.axis, fact.value)}"


def _asked(fact: _Ranged) -> str:
    return bounds_text(fact.asked.axis, fact.asked.low, fact.asked.high)


def _verb(fact: reasons.LikedArtist | reasons.LikedGenre) -> str:
    return "loved" if fact.loved else "liked"


def _number(count: int) -> str:
    return _NUMBERS.get(count, str(count))
