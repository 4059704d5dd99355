"""What else is to be known of a set."""

from __future__ import annotations

from bot.client.texts.facts.dispatch import quoted, told
from bot.client.texts.facts.wording import any_of, end_text, songs_text, value_text
from bot.generation.facts import notes

NEW_MARK = "✨"
"""What marks a song that is played to find out whether it is liked."""


@told.register
def _longest_set(fact: notes.LongestSet) -> str:
    return f"A set has {fact.tracks} songs at most, so it is no longer than that."


@told.register
def _fewer_songs(fact: notes.FewerSongs) -> str:
    return f"Only {songs_text(fact.songs)} of the {fact.asked} you asked for: no more fit."


@told.register
def _other_length(fact: notes.OtherLength) -> str:
    return f"The set has {fact.minutes:.1f} minutes; the songs that fit do not add up to {fact.asked:.0f}."


@told.register
def _would_free(fact: notes.WouldFree) -> str:
    freed = songs_text(fact.count)
    return f"Without {quoted(fact.wish)} {freed} would keep what must hold instead of {fact.now:,}."


@told.register
def _known_for(fact: notes.KnownFor) -> str:
    return f"{fact.axis} is known for {fact.known} of {songs_text(fact.of)}."


@told.register
def _not_changed(fact: notes.NotChanged) -> str:
    return f"This library knows no {fact.axis} of any song, so it could not be changed."


@told.register
def _at_end_already(fact: notes.AtEndAlready) -> str:
    return f"That was at the end of what this library holds in {fact.axis} already."


@told.register
def _range_ignored(fact: notes.RangeIgnored) -> str:
    return f"This library knows no {fact.asked.axis} of any song, so {quoted(fact.asked)} counted for nothing."


@told.register
def _estimated(fact: notes.Estimated) -> str:
    asked = tuple(map(quoted, fact.asked))
    estimates = (
        f"{', '.join(asked[:-1])} and {asked[-1]} are estimates" if len(asked) > 1 else f"{asked[0]} is an estimate"
    )
    return f"No song here was measured for it: {estimates} by genres and tags."


@told.register
def _range_moved(fact: notes.RangeMoved) -> str:
    axis = fact.asked.axis
    most = end_text(axis, upper=fact.upper)
    reach = f"{'from' if fact.upper else 'up to'} {value_text(axis, fact.reach)}"
    return (
        f"Hardly a song that fits is as {most} as you asked ({told(fact.asked)}): "
        f"these are the most {most} ones here, {reach}."
    )


@told.register
def _genres_ignored(fact: notes.GenresIgnored) -> str:
    return f"This library knows no genres, so “{any_of(fact.names)}” counted for nothing."


@told.register
def _nothing_like(fact: notes.NothingLike) -> str:
    return f"This library holds nothing like {any_of(fact.names)}."


@told.register
def _stands_in(fact: notes.StandsIn) -> str:
    return f"No song here is marked {fact.name}, so songs marked {fact.word} stand in."


@told.register
def _words_ignored(fact: notes.WordsIgnored) -> str:
    return f"Nothing in this library says which songs are {any_of(fact.names)}, so it counted for nothing."


@told.register
def _artist_read(fact: notes.ArtistRead) -> str:
    filed = f", filed as {', '.join(fact.filed)}" if fact.filed else ""
    return f"“Like {fact.artist}” was read from {songs_text(fact.songs)} here{filed}."


@told.register
def _no_such_artist(fact: notes.NoSuchArtist) -> str:
    return f"There is nothing by {fact.artist} here to compare with."


@told.register
def _no_such_title(fact: notes.NoSuchTitle) -> str:
    return f"There is no song called “{fact.title}” here to compare with."


@told.register
def _nothing_to_compare(fact: notes.NothingToCompare) -> str:
    return "There is no playlist before to compare with, so this was read against what is here."


@told.register
def _nothing_to_keep(fact: notes.NothingToKeep) -> str:
    return "There is no playlist before to keep songs of or to take songs out of."


@told.register
def _no_such_number(fact: notes.NoSuchNumber) -> str:
    return f"There was no number {fact.number} in the set before."


@told.register
def _number_gone(fact: notes.NumberGone) -> str:
    return f"Number {fact.number} could not be kept: it is not in the library any more."


@told.register
def _number_breaks(fact: notes.NumberBreaks) -> str:
    return f"Number {fact.number} could not be kept: it does not go with {quoted(fact.wish)}."


@told.register
def _stayed(fact: notes.Stayed) -> str:
    return f"{fact.count} of {songs_text(fact.of)} of the playlist before stayed."


@told.register
def _liked_for(fact: notes.LikedFor) -> str:
    return f"{told(fact.reason)} (for {songs_text(fact.songs)})"


@told.register
def _with_ratings(fact: notes.WithRatings) -> str:
    return f"With your ratings in mind: {'; '.join(map(told, fact.liked))}."


@told.register
def _new_songs(fact: notes.NewSongs) -> str:
    return f"{songs_text(fact.count)} {'is' if fact.count == 1 else 'are'} something new for you, marked {NEW_MARK}."
