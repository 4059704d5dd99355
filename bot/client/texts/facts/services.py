"""What services tell of a set."""

from __future__ import annotations

from bot.client.texts.facts.dispatch import told
from bot.services import facts


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
