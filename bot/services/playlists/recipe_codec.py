"""The recipe of a set as its session keeps it, without a word of the member: with the stored vibe it is whole again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.generation.learning.ranking import RankingWeights
from bot.generation.values import Edit, Guest, Numbers, Previous, Recipe, Rules, Taste
from nlp.vibe import Vibe

Raw = Mapping[str, Any]


def recipe_fields(recipe: Recipe) -> dict[str, Any]:
    """Everything of a recipe but its vibe, which the request keeps, its seed, which the session has, and its group."""
    rules, edit = recipe.rules, recipe.edit
    return {
        "rules": {
            "tracks": rules.tracks,
            "minutes": rules.minutes,
            "defaultTracks": rules.default_tracks,
            "clean": rules.clean,
            "genresOut": list(rules.genres_out),
            "artistsOut": list(rules.artists_out),
            "leftOut": sorted(rules.left_out),
            "recent": sorted(rules.recent),
            **({} if rules.own is None else {"own": sorted(rules.own)}),
            "perArtist": rules.per_artist,
            "artistGap": rules.artist_gap,
        },
        "taste": taste_fields(recipe.taste),
        "previous": None if recipe.previous is None else _pairs(recipe.previous.means),
        "edit": None
        if edit is None
        else {
            "songs": list(edit.songs),
            "kept": list(edit.kept),
            "dropped": list(edit.dropped),
            "like": list(edit.like),
        },
        "weights": {"version": recipe.weights.version, "multipliers": _pairs(recipe.weights.multipliers)},
    }


def taste_fields(taste: Taste) -> dict[str, Any]:
    """A taste as it is kept."""
    return {
        "tracks": _pairs(taste.tracks),
        "artists": _pairs(taste.artists),
        "genres": _pairs(taste.genres),
        "axes": _pairs(taste.axes),
        "liked": [list(fact) for fact in taste.liked],
        "sure": taste.sure,
    }


def recipe_of(session: Raw, vibe: Vibe, group: tuple[Guest, ...] = ()) -> Recipe | None:
    """The recipe that `recipe_fields` wrote into a session; None for a session of a time when none was kept.

    What the members of a `group` brought along is kept beside it, in documents of their own.
    """
    kept = session.get("recipe")
    if not kept:
        return None
    previous, edit = kept.get("previous"), kept.get("edit")
    return Recipe(
        vibe=vibe,
        seed=int(session.get("seed") or 0),
        rules=_rules(kept.get("rules") or {}),
        taste=taste_of(kept.get("taste") or {}),
        previous=None if previous is None else Previous(means=_numbers(previous)),  # type: ignore[arg-type]  # axes
        edit=None if edit is None else Edit(**{name: tuple(values) for name, values in edit.items()}),
        weights=_weights(kept.get("weights") or {}),
        group=group,
    )


def _weights(kept: Raw) -> RankingWeights:
    """The learned weights; a session of a time before there were any had those of the engine."""
    multipliers = _numbers(kept.get("multipliers") or ())
    return RankingWeights(version=kept.get("version", RankingWeights().version), multipliers=multipliers)


def _rules(kept: Raw) -> Rules:
    return Rules(
        tracks=kept.get("tracks"),
        minutes=kept.get("minutes"),
        default_tracks=kept.get("defaultTracks", Rules().default_tracks),
        clean=bool(kept.get("clean")),
        genres_out=tuple(kept.get("genresOut", ())),
        artists_out=tuple(kept.get("artistsOut", ())),
        left_out=frozenset(kept.get("leftOut", ())),
        recent=frozenset(kept.get("recent", ())),
        own=None if kept.get("own") is None else frozenset(kept["own"]),
        per_artist=kept.get("perArtist"),
        artist_gap=kept.get("artistGap"),
    )


def taste_of(kept: Raw) -> Taste:
    """The taste that `taste_fields` wrote."""
    return Taste(
        tracks=_numbers(kept.get("tracks", ())),
        artists=_numbers(kept.get("artists", ())),
        genres=_numbers(kept.get("genres", ())),
        axes=_numbers(kept.get("axes", ())),
        liked=tuple((kind, name, int(loved), int(liked)) for kind, name, loved, liked in kept.get("liked", ())),
        sure=float(kept.get("sure", 1.0)),
    )


def _pairs(numbers: Numbers | tuple[tuple[Any, float], ...]) -> list[list[Any]]:
    return [[name, float(amount)] for name, amount in numbers]


def _numbers(pairs: Any) -> Numbers:
    return tuple((name, float(amount)) for name, amount in pairs)
