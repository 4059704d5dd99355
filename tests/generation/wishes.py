"""Hypothesis strategies: random vibes, rules and recipes, sane and absurd."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.generation.values import Previous, Recipe, Rules, Taste
from nlp.vibe import AXES, Artists, AxisChange, AxisRange, Choice, Length, Vibe, Years
from tests.generation.tables import GENRES

ARTISTS = (*(f"Artist {number}" for number in range(6)), "Nobody")


@st.composite
def axis_ranges(draw):
    axis = draw(st.sampled_from(AXES))
    scale = {"tempo": (40, 220), "loudness": (-40, 0)}.get(axis, (0, 1))
    ends = st.none() | st.floats(*scale, width=32) | st.sampled_from((float("nan"), -1e9, 1e9))
    return AxisRange(
        axis=axis, low=draw(ends), high=draw(ends), weight=draw(st.floats(0, 3)), hard=draw(st.integers(0, 3)) == 0
    )


def few(values, most=2):
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


def seldom(strategy, default):
    """The default in three of four cases: several hard wishes at once leave nothing of a small library."""
    return st.integers(0, 3).flatmap(lambda number: strategy if number == 0 else st.just(default))


spans = st.tuples(st.none() | st.integers(1950, 2030), st.none() | st.integers(1950, 2030))
lengths = st.one_of(
    st.builds(Length, tracks=st.integers(0, 60)),
    st.builds(
        Length,
        minutes=st.floats(0, 400),
        kind=st.sampled_from(("about", "exact", "at_most", "at_least")),
    ),
)
vibes = st.builds(
    Vibe,
    understood=st.just(True),
    targets=st.lists(axis_ranges(), max_size=3, unique_by=lambda wish: wish.axis).map(tuple),
    genres=st.builds(Choice, wanted=few(GENRES), rejected=few(GENRES, 1)),
    artists=st.builds(
        Artists, wanted=seldom(few(ARTISTS), ()), like=seldom(few(ARTISTS), ()), rejected=seldom(few(ARTISTS), ())
    ),
    years=st.builds(
        Years, wanted=seldom(st.lists(spans, max_size=2).map(tuple), ()), rejected=seldom(st.tuples(spans), ())
    ),
    instruments=st.builds(Choice, wanted=seldom(few(("piano", "tuba")), ()), rejected=seldom(few(("piano",)), ())),
    languages=st.builds(Choice, wanted=seldom(few(("spanish", "welsh")), ())),
    contexts=few(("party", "rain")),
    length=st.none() | lengths,
    arc=st.none()
    | st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=4).map(
        lambda points: tuple(sorted(points))
    ),
    clean=seldom(st.booleans(), None),
    familiarity=st.none() | st.sampled_from(("popular", "deep", "mine")),
    changes=seldom(
        st.builds(AxisChange, axis=st.sampled_from(AXES), amount=st.floats(-1, 1)).map(lambda change: (change,)), ()
    ),
)
rules = st.builds(
    Rules,
    tracks=st.none() | st.integers(-1, 40),
    minutes=seldom(st.floats(-5, 320), None),
    clean=seldom(st.booleans(), False),
    genres_out=seldom(few(GENRES, 1), ()),
    artists_out=seldom(few(ARTISTS), ()),
    left_out=st.frozensets(st.integers(0, 60).map(lambda row: f"k{row}"), max_size=5),
    recent=st.frozensets(st.integers(0, 60).map(lambda row: f"k{row}"), max_size=10),
    per_artist=st.none() | st.integers(1, 4),
    artist_gap=st.none() | st.integers(0, 8),
)
likings = st.floats(-1, 1)
tastes = st.builds(
    Taste,
    tracks=st.lists(st.tuples(st.integers(0, 60).map(lambda row: f"k{row}"), likings), max_size=8).map(tuple),
    artists=st.lists(st.tuples(st.sampled_from(ARTISTS), likings), max_size=2).map(tuple),
    genres=st.lists(st.tuples(st.sampled_from(GENRES), likings), max_size=2).map(tuple),
    axes=st.lists(st.tuples(st.sampled_from(("energy@0", "tempo@0.5", "brightness@1")), likings), max_size=2).map(
        tuple
    ),
    liked=st.sampled_from(((), (("artist", "Artist 1", 2, 3), ("genre", "jazz", 0, 1)))),
)
recipes = st.builds(
    Recipe,
    vibe=vibes,
    seed=st.integers(0, 2**40),
    rules=rules,
    taste=tastes,
    previous=st.none() | st.builds(Previous, means=st.tuples(st.tuples(st.sampled_from(AXES), st.floats(-50, 250)))),
)
