"""What a member notices in a set: the fit, the versions, the length, what is told, the reasons."""

import itertools

import numpy as np
import pytest

from bot.client.texts.facts.sentences import told, told_all
from bot.generation.engine import compose, prepare
from bot.generation.tracks import FEATURES
from bot.generation.values import Previous, Recipe, Rules, Taste
from nlp.vibe import Artists, AxisChange, AxisRange, Choice, Length, Vibe, Years
from tests.generation.tables import Song, random_table, table_of


def song(number, **given):
    """A song of its own artist with every feature in the middle, but for what is given."""
    features = {"tempo": 120.0, "loudness": -8.0, "key": number % 12, "mode": 1}
    features = dict.fromkeys(FEATURES, 0.5) | features | given.pop("features", {})
    return Song(**({"artists": (f"Artist {number}",)} | given), features=features)


def spread(count, feature="energy", **given):
    """Songs whose feature goes evenly from 0 to 1."""
    return [song(number, features={feature: number / (count - 1)}, **given) for number in range(count)]


def made(songs, vibe=None, *, seed=1, **rest):
    table = table_of(songs)
    return table, compose(table, Recipe(vibe=vibe or Vibe(understood=True), seed=seed, **rest))


def values(table, composition, feature="energy"):
    return [float(table.column(feature)[pick.row]) for pick in composition.ordering]


CALM = Vibe(understood=True, targets=(AxisRange(axis="energy", high=0.4),))


def test_songs_fit_the_asked_range():
    table, composition = made(spread(200), CALM)
    assert len(composition.ordering) == 25
    assert max(values(table, composition)) < 0.5
    assert composition.relaxed == ()


def test_songs_of_the_asked_genre_only_while_there_are_enough():
    songs = [song(number, genres=("bebop" if number % 3 == 0 else "metal",)) for number in range(120)]
    table, composition = made(songs, Vibe(understood=True, genres=Choice(wanted=("jazz",))))
    assert {table.genres.of(pick.row) for pick in composition.ordering} == {("bebop",)}
    assert len(composition.ordering) == 25


def test_no_strangers_fill_up_a_genre():
    songs = [song(number, genres=("jazz" if number < 6 else "metal",)) for number in range(120)]
    table, composition = made(songs, Vibe(understood=True, genres=Choice(wanted=("jazz",))))
    assert {table.genres.of(pick.row) for pick in composition.ordering} == {("jazz",)}
    assert len(composition.ordering) == 6
    assert any("Only 6 songs of the 25" in note for note in told_all(composition.notes))


def test_relatives_of_a_genre_are_told():
    songs = [song(number, genres=("bebop" if number < 10 else "jazz",)) for number in range(60)]
    _, composition = made(songs, Vibe(understood=True, genres=Choice(wanted=("bebop",))))
    assert len(composition.ordering) == 25
    assert any(sentence.startswith("15 of 25 songs are outside “bebop”") for sentence in told_all(composition.relaxed))


def test_a_wish_beyond_the_library_takes_its_end_and_says_so():
    songs = [song(number, features={"energy": number / 400}) for number in range(200)]
    table, composition = made(songs, Vibe(understood=True, targets=(AxisRange(axis="energy", low=0.9),)))
    assert np.mean(values(table, composition)) > 0.42
    assert any("as energetic as you asked (energy above 0.90)" in note for note in told_all(composition.notes))


@pytest.mark.parametrize(("amount", "sign"), [(0.25, 1), (-0.25, -1), (1.0, 1), (-1.0, -1)])
@pytest.mark.parametrize("before", [0.2, 0.5, 0.8])
def test_a_change_moves_the_next_set(amount, sign, before):
    asked = Vibe(
        understood=True,
        targets=(AxisRange(axis="energy", low=before - 0.1, high=before + 0.1),),
        changes=(AxisChange(axis="energy", amount=amount),),
    )
    table, composition = made(spread(300), asked, previous=Previous(means=(("energy", before),)))
    assert sign * (np.mean(values(table, composition)) - before) > 0.09


def test_tempo_at_half_speed_counts_when_the_song_is_lively():
    wish = Vibe(understood=True, targets=(AxisRange(axis="tempo", low=150, high=160),))
    songs = [song(number, features={"tempo": 78.0, "energy": 0.9}) for number in range(5)]
    songs += [song(number + 5, features={"tempo": 78.0, "energy": 0.4}) for number in range(5)]
    table, composition = made(songs, wish, rules=Rules(tracks=5))
    assert all(energy > 0.8 for energy in values(table, composition))


def test_the_studio_version_of_a_song_is_played_unless_live_is_asked():
    songs = [
        song(number, song=number // 2, version="live" if number % 2 else "", artists=(f"Artist {number // 2}",))
        for number in range(60)
    ]
    table, composition = made(songs)
    assert {table.version[pick.row] for pick in composition.ordering} == {""}
    live = Vibe(understood=True, targets=(AxisRange(axis="liveness", low=0.8),))
    table, composition = made(songs, live)
    assert {table.version[pick.row] for pick in composition.ordering} == {"live"}


def test_recent_songs_are_left_out_while_others_are_there():
    recent = frozenset(f"k{row}" for row in range(30))
    table, composition = made(spread(60), rules=Rules(recent=recent))
    assert not {table.keys[pick.row] for pick in composition.ordering} & recent
    table, composition = made(spread(40), rules=Rules(recent=recent))
    assert len(composition.ordering) == 25
    assert any("from your last playlists" in sentence for sentence in told_all(composition.relaxed))


@pytest.mark.parametrize("kind", ["about", "exact", "at_most", "at_least"])
@pytest.mark.parametrize("minutes", [12, 30, 61.5, 300])
def test_minutes_are_met_within_two_percent(kind, minutes):
    rng = np.random.default_rng(3)
    songs = [song(number, minutes=float(rng.uniform(2, 7))) for number in range(400)]
    table, composition = made(songs, Vibe(understood=True, length=Length(minutes=minutes, kind=kind)))
    total = sum(int(table.duration_ms[pick.row]) for pick in composition.ordering) / 60_000
    assert abs(total - minutes) <= 0.02 * minutes
    assert not (kind == "at_most" and total > minutes)
    assert not (kind == "at_least" and total < minutes)


def test_options_beat_words():
    words = Vibe(understood=True, length=Length(tracks=5))
    assert len(made(spread(60), words)[1].ordering) == 5
    assert len(made(spread(60), words, rules=Rules(tracks=9))[1].ordering) == 9


@pytest.mark.parametrize("rules", [Rules(tracks=0), Rules(tracks=-3), Rules(minutes=0), Rules(minutes=float("nan"))])
def test_a_set_of_nothing_is_refused_with_a_sentence(rules):
    _, composition = made(spread(60), rules=rules)
    assert composition.ordering == ()
    assert "empty" in told_all(composition.conflicts)[0]


def test_an_empty_library_is_told():
    _, composition = made([])
    assert told_all(composition.conflicts) == ("There is no song to choose from yet.",)


def test_one_song_makes_a_set_of_one():
    _, composition = made([song(0)])
    assert len(composition.ordering) == 1
    assert any("Only 1 song of the 25" in note for note in told_all(composition.notes))


def test_all_versions_of_one_song_are_one_song():
    _, composition = made([song(number, song=7, version="live" if number else "") for number in range(9)])
    assert [pick.row for pick in composition.ordering] == [0]


def test_a_library_of_one_artist_is_played_and_told():
    _, composition = made([song(number, artists=("Solo",)) for number in range(40)])
    assert len(composition.ordering) == 25
    assert any("25 songs of one artist instead of 2" in sentence for sentence in told_all(composition.relaxed))


def test_years_that_the_library_does_not_know_are_told_first():
    eighties = Vibe(understood=True, years=Years(wanted=((1980, 1989),)))
    _, composition = made(spread(60), eighties)
    assert "knows no years" in told_all(composition.relaxed)[0]
    _, composition = made([song(number, year=1970 + number % 30) for number in range(90)], eighties)
    assert len(composition.ordering) == 25
    assert composition.relaxed == ()


def test_what_cannot_be_met_names_the_wishes_and_what_each_costs():
    songs = [song(number, genres=("metal",), explicit=number % 2) for number in range(10)]
    songs += [song(number, genres=("jazz",), explicit=1) for number in range(10, 20)]
    vibe = Vibe(understood=True, genres=Choice(rejected=("metal",)), clean=True)
    _, composition = made(songs, vibe)
    assert composition.ordering == ()
    (conflict,) = told_all(composition.conflicts)
    assert conflict == (
        "No song here keeps “clean songs only” + “no metal” together. "
        "Without “clean songs only”: 10 songs; without “no metal”: 5 songs."
    )


def test_fewer_fits_than_asked_are_played_and_told():
    songs = [song(number, explicit=0 if number < 4 else 1) for number in range(50)]
    _, composition = made(songs, Vibe(understood=True, clean=True))
    assert len(composition.ordering) == 4
    assert any("Only 4 songs of the 25" in note for note in told_all(composition.notes))
    assert "Without “clean songs only” 50 songs would keep what must hold instead of 4." in told_all(composition.notes)


def test_songs_by_an_artist_are_really_theirs():
    songs = [song(number, artists=("Björk",) if number < 12 else (f"Artist {number}",)) for number in range(60)]
    table, composition = made(songs, Vibe(understood=True, artists=Artists(wanted=("bjork",))), rules=Rules(tracks=10))
    assert {table.artists.of(pick.row) for pick in composition.ordering} == {("Björk",)}
    assert told(composition.ordering[0].reasons[0].fact) == "by Björk, whom you asked for"


def test_sounds_like_an_artist_follows_features_and_genres():
    songs = [song(n, genres=("techno",), features={"energy": 0.9, "acousticness": 0.05}) for n in range(40)]
    songs += [song(n + 40, genres=("folk",), features={"energy": 0.2, "acousticness": 0.9}) for n in range(40)]
    table, composition = made(songs, Vibe(understood=True, artists=Artists(like=("Artist 3",))))
    assert {table.genres.of(pick.row) for pick in composition.ordering} == {("techno",)}


def test_love_and_dislike_count():
    taste = Taste(tracks=(("k7", 1.0),), artists=(("Artist 9", -1.0),), liked=(("song", "k7", 1, 1),))
    _, composition = made(spread(60), taste=taste, rules=Rules(tracks=59))
    by_row = {pick.row: pick for pick in composition.ordering}
    assert told(by_row[7].reasons[0].fact) == "you loved this song"
    assert min(composition.ordering, key=lambda pick: pick.score).row == 9 or 9 not in by_row


def test_unknown_features_are_neutral_and_told():
    songs = spread(30) + [Song(title=f"Blank {number}", artists=(f"B{number}",)) for number in range(10)]
    _, composition = made(songs, CALM, rules=Rules(tracks=20))
    assert any("energy is known for" in note for note in told_all(composition.notes)) or all(
        pick.row < 30 for pick in composition.ordering
    )
    blank = [Song(artists=(f"B{number}",)) for number in range(10)]
    _, composition = made(blank, CALM, rules=Rules(tracks=5))
    assert len(composition.ordering) == 5
    assert any("knows no energy" in note for note in told_all(composition.notes))


def test_reasons_say_the_value_and_the_wish():
    _, composition = made(spread(200, genres=("jazz",)) + spread(200, genres=("metal",)), CALM)
    first = next(pick for pick in composition.ordering if pick.reasons)
    assert first.reasons[0].part == "energy"
    assert told(first.reasons[0].fact).endswith("you asked for below 0.40")


def test_another_seed_gives_another_set_of_the_same_quality():
    songs = spread(1_000)
    one, other = (made(songs, CALM, seed=seed)[1] for seed in (1, 2))
    rows = [{pick.row for pick in composition.ordering} for composition in (one, other)]
    assert len(rows[0] & rows[1]) < 20
    means = [np.mean([pick.score for pick in composition.ordering]) for composition in (one, other)]
    assert abs(means[0] - means[1]) < 0.03


def test_the_asked_arc_is_followed():
    vibe = Vibe(understood=True, arc=((0, 0), (1, 1)))
    table, composition = made(spread(200), vibe)
    energy = values(table, composition)
    assert np.corrcoef(np.arange(len(energy)), energy)[0, 1] > 0.9
    assert list(composition.arc) == sorted(composition.arc)


def test_the_stages_and_steps_are_named():
    _, composition = made(spread(60), CALM)
    assert [name for name, _ in composition.stage_ms] == ["target", "score", "select", "sequence", "explain"]
    assert [step.name for step in composition.algorithms] == ["score", "ranker", "select", "sequence"]
    assert len(composition.candidates) <= 200


def test_the_clock_does_not_change_the_set():
    table = random_table(5, 200)
    recipe = Recipe(vibe=CALM, seed=3)
    ticking = itertools.count()
    slow = compose(table, recipe, now=lambda: float(next(ticking)))
    assert [pick.row for pick in slow.ordering] == [pick.row for pick in compose(table, recipe).ordering]
    assert dict(slow.stage_ms)["score"] == 1000.0


def test_a_prepared_library_gives_the_same_set():
    table = random_table(6, 200)
    recipe = Recipe(vibe=CALM, seed=3)
    prepared = compose(table, recipe, library=prepare(table))
    assert [pick.row for pick in prepared.ordering] == [pick.row for pick in compose(table, recipe).ordering]
