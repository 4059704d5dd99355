"""Why there is no set at all."""

from __future__ import annotations

from bot.client.texts.facts.dispatch import quoted, told
from bot.client.texts.facts.wording import songs_text
from bot.generation.facts import conflicts


@told.register
def _no_tracks_asked(fact: conflicts.NoTracksAsked) -> str:
    return f"A set of {fact.tracks} songs is empty: ask for one song at least."


@told.register
def _no_minutes_asked(fact: conflicts.NoMinutesAsked) -> str:
    return "A set of no minutes is empty: ask for one minute at least."


@told.register
def _nothing_to_choose_from(fact: conflicts.NothingToChooseFrom) -> str:
    return "There is no song to choose from yet."


@told.register
def _nothing_near_it(fact: conflicts.NothingNearIt) -> str:
    wanted = " or ".join(fact.names) or "what you asked for"
    return f"No song here is {wanted}, or near it, and keeps everything else that must hold."


@told.register
def _dropped(fact: conflicts.Dropped) -> str:
    return f"without {quoted(fact.wish)}: {songs_text(fact.freed)}"


@told.register
def _cannot_meet(fact: conflicts.CannotMeet) -> str:
    if len(fact.wishes) == 1:
        (only,) = fact.wishes
        return f"No song here keeps {quoted(only.wish)}. Without it: {songs_text(only.freed)}."
    names = " + ".join(quoted(dropped.wish) for dropped in fact.wishes)
    drops = "; ".join(map(told, fact.wishes))
    return f"No song here keeps {names} together. {drops[0].upper()}{drops[1:]}."
