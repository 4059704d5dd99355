"""Songs whose title says the occasion come before others that fit as well, and the reason says so."""

from bot.client.texts.facts.sentences import told
from bot.generation.engine import compose, prepare
from bot.generation.scoring.titles import titles_with
from bot.generation.values import Recipe, Rules
from nlp.vibe import Evidence, Vibe
from tests.generation.tables import Song, table_of

TITLES = (
    "Rainy Day",
    "The Rain",
    "Train in Spain",
    "RAIN",
    "Pluie",
    "Regen",
    "Drain",
    "No rain, no flowers",
    "rain-soaked",
)
TABLE = table_of([Song(title=title, artists=(f"Artist {row}",), year=1990 + row) for row, title in enumerate(TITLES)])


def test_words_of_titles_are_whole_words():
    said = titles_with(prepare(TABLE), "rain")
    assert [title for title, found in zip(TITLES, said, strict=True) if found] == [
        "The Rain",
        "RAIN",
        "No rain, no flowers",
        "rain-soaked",
    ]


def test_titles_that_say_the_occasion_come_first_and_say_why():
    recipe = Recipe(vibe=Vibe(contexts=("rain",), understood=True), seed=1, rules=Rules(tracks=4))
    composition = compose(TABLE, recipe)
    assert {pick.row for pick in composition.ordering} == {1, 3, 7, 8}
    assert {told(reason.fact) for pick in composition.ordering for reason in pick.reasons} == {"its title says rain"}


def test_songs_that_the_library_files_under_the_mood_come_first_and_say_so():
    songs = [Song(artists=(f"Artist {row}",), genres=("happy" if row < 4 else "pop",)) for row in range(20)]
    vibe = Vibe(understood=True, evidence=(Evidence(start=0, end=5, means="mood: happy"),))
    composition = compose(table_of(songs), Recipe(vibe=vibe, seed=1, rules=Rules(tracks=4)))
    assert {pick.row for pick in composition.ordering} == {0, 1, 2, 3}
    assert told(composition.ordering[0].reasons[0].fact) == "tagged for happy, which you asked for"
