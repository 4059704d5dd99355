"""What gave way for a set, and what could not be checked."""

from __future__ import annotations

from bot.client.texts.facts.dispatch import quoted, told
from bot.client.texts.facts.wording import any_of, songs_text, span_text, spans_text
from bot.generation.facts import relaxed


@told.register
def _library_unknown(fact: relaxed.LibraryUnknown) -> str:
    return "I know no library of yours, so I went by your ratings. /spotify upload or /spotify link would tell me."


@told.register
def _range_unchecked(fact: relaxed.RangeUnchecked) -> str:
    return f"This library knows no {fact.asked.axis} of any song, so {quoted(fact.asked)} could not be checked."


@told.register
def _years_guessed(fact: relaxed.YearsGuessed) -> str:
    years = spans_text(fact.spans)
    return f"This library knows no years, so “{years}” is a guess by when its artists were known."


@told.register
def _years_unchecked(fact: relaxed.YearsUnchecked) -> str:
    return f"This library knows no years, so “{spans_text(fact.spans)}” could not be checked."


@told.register
def _no_years_unchecked(fact: relaxed.NoYearsUnchecked) -> str:
    return f"This library knows no years, so “nothing {span_text(fact.span)}” could not be checked."


@told.register
def _clean_unchecked(fact: relaxed.CleanUnchecked) -> str:
    return "This library does not say which songs are explicit, so “clean” could not be checked."


@told.register
def _genre_unchecked(fact: relaxed.GenreUnchecked) -> str:
    return f"This library knows no genres, so “no {fact.name}” could not be checked."


@told.register
def _without_unchecked(fact: relaxed.WithoutUnchecked) -> str:
    return f"Nothing in this library says which songs have {fact.name}, so “no {fact.name}” could not be checked."


@told.register
def _genre_missing(fact: relaxed.GenreMissing) -> str:
    nearest = fact.nearest
    instead = (
        f"the nearest {'is' if len(nearest) == 1 else 'are'} {', '.join(nearest)}" if nearest else "these come nearest"
    )
    return f"No song here is filed as {any_of(fact.names)}: {instead}."


@told.register
def _gave_way(fact: relaxed.GaveWay) -> str:
    return f"{_share(fact)} outside {quoted(fact.wish)}: too few songs keep it."


@told.register
def _recent_played(fact: relaxed.RecentPlayed) -> str:
    return f"{_share(fact)} from your last playlists: too few others fit."


@told.register
def _artists_repeated(fact: relaxed.ArtistsRepeated) -> str:
    return f"Up to {songs_text(fact.most)} of one artist instead of {fact.asked}: too few artists fit."


def _share(fact: relaxed.GaveWay | relaxed.RecentPlayed) -> str:
    """How many songs of a set it is about, with the verb: "3 of 25 songs are"."""
    return f"{fact.count} of {songs_text(fact.of)} {'is' if fact.count == 1 else 'are'}"
