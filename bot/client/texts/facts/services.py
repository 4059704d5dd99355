"""What services tell of a set."""

from __future__ import annotations

from collections.abc import Mapping

from bot.client.texts.facts.dispatch import told
from bot.services import facts
from nlp.vibe import Axis

_WORDS: Mapping[Axis, tuple[str, str, str]] = {
    "energy": ("low energy", "medium energy", "high energy"),
    "brightness": ("dark", "neither dark nor bright", "bright"),
    "tempo": ("slow", "medium tempo", "fast"),
    "danceability": ("not for dancing", "a light groove", "danceable"),
    "acousticness": ("electric", "partly acoustic", "acoustic"),
    "instrumentalness": ("with singing", "some singing", "mostly instrumental"),
    "speechiness": ("few words", "some words", "many words"),
    "liveness": ("studio sound", "some live sound", "live"),
    "loudness": ("quiet", "medium loud", "loud"),
}
"""What the low, middle and high third of each axis is called."""


@told.register
def _songs_found(fact: facts.SongsFound) -> str:
    songs = f"{fact.new} new song{' was' if fact.new == 1 else 's were'} found for this"
    if not fact.goes_on:
        return f"{songs}."
    later = "more are being looked for: ask again in a minute"
    return f"{songs}, and {later}." if fact.new else f"Few songs here fit this; {later}."


@told.register
def _no_songs_found(fact: facts.NoSongsFound) -> str:
    if fact.down:
        return "Few songs here fit this, and where I look for new ones does not answer just now."
    return "Few songs here fit this, and I found no new ones that do."


@told.register
def _nobody_else(fact: facts.NobodyElse) -> str:
    return (
        "Nobody else is here that I know of: meet in a voice channel, or react to a playlist here, and it is for all."
    )


@told.register
def _too_many_here(fact: facts.TooManyHere) -> str:
    return f"It is for {fact.most} of you: more tastes in one set would leave each next to nothing."


@told.register
def _members_erased(fact: facts.MembersErased) -> str:
    return f"It was for several, and {fact.count} of them had everything about them deleted."


@told.register
def _no_recipe_kept(fact: facts.NoRecipeKept) -> str:
    return "This session was made before recipes were kept, so it cannot be made again."


@told.register
def _catalogue_changed(fact: facts.CatalogueChanged) -> str:
    return (
        f"The catalogue has changed: {fact.size_then:,} songs with the digest {fact.digest_then} then, "
        f"{fact.size_now:,} with {fact.digest_now} now."
    )


@told.register
def _engine_changed(fact: facts.EngineChanged) -> str:
    return f"The engine has changed: version {', '.join(fact.then)} then, {fact.now} now."


@told.register
def _parser_changed(fact: facts.ParserChanged) -> str:
    return f"The parser has changed: {fact.then} then, {fact.now} now; the words as understood then were used."


@told.register
def _axis_third(fact: facts.AxisThird) -> str:
    return _WORDS[fact.axis][fact.third]
