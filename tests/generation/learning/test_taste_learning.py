"""Taste, from ratings to the set: what is liked comes, what is doubtful is small, a change is followed."""

import numpy as np

from bot.client.texts.facts.notes import NEW_MARK
from bot.client.texts.facts.sentences import told, told_all
from bot.generation.engine import compose, prepare
from bot.generation.learning.preferences import preferences
from bot.generation.learning.taste import Opinion, consensus, learn
from bot.generation.library import AXIS_FEATURE
from bot.generation.scoring.exploration import NEW
from bot.generation.tracks import COLUMN
from bot.generation.values import Recipe, Rules, Taste
from nlp.vibe import AxisRange, Vibe
from tests.generation.tables import Song, table_of

GENRES = ("jazz", "metal", "folk", "techno", "polka")
LIVELY = Vibe(understood=True, targets=(AxisRange(axis="energy", low=0.2),))


def library(seed=3, rows=1_500):
    rng = np.random.default_rng(seed)
    return prepare(
        table_of(
            [
                Song(
                    artists=(f"Artist {rng.integers(0, 500)}",),
                    genres=(GENRES[row % len(GENRES)],),
                    features={name: float(rng.random()) for name in set(AXIS_FEATURE.values()) & {"energy", "valence"}},
                )
                for row in range(rows)
            ]
        )
    )


def opinions(library, liked, *, count, seed=1, way=1):
    rows = np.random.default_rng(seed).choice(len(library), count, replace=False)
    return [Opinion(rows=(int(row),), value=way * (0.6 if liked(library, row) else -0.7)) for row in rows]


def bright_jazz_or_folk(library, row):
    return library.table.genres.of(row)[0] in ("jazz", "folk") and library.features[COLUMN["valence"], row] > 0.3


def test_what_is_liked_comes_more_often_and_the_set_says_why():
    here = library()
    learned = learn(here, [one for one in opinions(here, bright_jazz_or_folk, count=60) if not polka(here, one)])
    assert learned.something > 0.9
    untaught = compose(here.table, Recipe(vibe=LIVELY, seed=5), library=here)
    taught = compose(here.table, Recipe(vibe=LIVELY, seed=5, taste=learned.taste), library=here)
    shares = [np.mean([bright_jazz_or_folk(here, pick.row) for pick in one.ordering]) for one in (untaught, taught)]
    assert shares[1] > shares[0] + 0.3
    assert any(note.startswith("With your ratings in mind: you ") for note in told_all(taught.notes))
    assert {reason.part for pick in taught.ordering for reason in pick.reasons} & {"taste genre", "taste sound"}
    new = [pick for pick in taught.ordering for part in pick.parts if part.name == NEW and part.value == 1]
    assert 1 <= len(new) <= 3
    few = compose(here.table, Recipe(vibe=LIVELY, seed=5, rules=Rules(tracks=8), taste=learned.taste), library=here)
    assert not [part for pick in few.ordering for part in pick.parts if part.name == NEW and part.value == 1]
    assert all(here.table.genres.of(pick.row) == ("polka",) for pick in new)
    assert all("you have rated no polka yet" in told(pick.reasons[0].fact) for pick in new)
    assert any(NEW_MARK in note for note in told_all(taught.notes))


def polka(library, opinion):
    return library.table.genres.of(opinion.rows[0]) == ("polka",)


def test_answers_at_random_teach_little_and_a_turned_taste_is_noticed():
    here = library()
    rng = np.random.default_rng(8)
    coins = learn(here, opinions(here, lambda *_: rng.random() < 0.5, count=60))
    before, after = (
        opinions(here, bright_jazz_or_folk, count=40, seed=seed, way=way) for seed, way in ((1, 1), (2, -1))
    )
    steady, turned = learn(here, before), learn(here, before + after)
    assert spread(here, coins.taste) < spread(here, steady.taste) / 2
    assert turned.changed > steady.changed
    jazz = [dict(one.taste.genres)["jazz"] for one in (steady, turned)]
    assert jazz[0] > 0 > jazz[1]


def spread(library, taste):
    total = preferences(library, taste).total
    return 0.0 if total is None else float(total.std())


def test_a_mood_of_its_own_counts_more_in_that_mood_and_old_opinions_less():
    here = library()
    calm, loud = (("energy", -1.0),), (("energy", 1.0),)
    rated = opinions(here, lambda one, row: one.table.genres.of(row) == ("folk",), count=30)
    in_calm = [Opinion(rows=one.rows, value=one.value, mood=calm) for one in rated]
    folk = [dict(learn(here, in_calm, mood=mood).taste.genres)["folk"] for mood in (calm, loud)]
    assert folk[0] > folk[1] > 0
    old = [Opinion(rows=one.rows, value=one.value, age_days=600) for one in rated]
    assert dict(learn(here, old).taste.genres)["folk"] < dict(learn(here, rated).taste.genres)["folk"]


def test_a_quarter_of_a_server_moves_nothing_that_others_do_not_say():
    here = library()
    honest = [
        learn(here, opinions(here, lambda one, row: one.table.genres.of(row)[0] != "metal", count=30, seed=seed)).taste
        for seed in range(8)
    ]
    hostile = learn(here, [Opinion(rows=(row,), value=1.0) for row in range(1, 200, 5)]).taste
    agreed = consensus(honest)
    assert dict(agreed.genres)["metal"] < 0
    assert dict(consensus([*honest, hostile, hostile]).genres)["metal"] < 0
    assert consensus(honest[:3]) == Taste()
    assert consensus([*honest[:2], *[Taste()] * 20]) == Taste()
