"""The words as data: every row of every table is read, and each group of words does what it stands for."""

from __future__ import annotations

from collections import Counter

import pytest

from nlp.genres import GenreGraph
from nlp.lexicon import LIMITS, WORD_KINDS, Entry, form_key, read_entries
from nlp.parser import VibeParser
from nlp.vibe import AxisRange, Vibe

CONTEXT_KINDS = frozenset({"activity", "scene", "weather", "time", "season", "place"})
FEELING_KINDS = CONTEXT_KINDS | {"mood", "sound"}


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    return read_entries()


@pytest.fixture(scope="module")
def words(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.kind in WORD_KINDS)


def test_the_tables_are_as_broad_as_promised(words: tuple[Entry, ...]) -> None:
    rows = Counter(entry.kind for entry in words)
    assert sum(rows[kind] for kind in FEELING_KINDS) >= 700
    assert rows["emoji"] >= 150
    assert rows["genre"] >= 350
    assert rows["instrument"] >= 60
    assert rows["language"] >= 40
    assert all(rows[kind] for kind in WORD_KINDS)


def test_no_form_stands_twice_in_a_kind(words: tuple[Entry, ...]) -> None:
    seen = Counter((entry.kind, form_key(form)) for entry in words for form in entry.forms)
    assert [form for form, times in seen.items() if times > 1] == []


def test_every_word_of_a_feeling_or_an_occasion_moves_an_axis(words: tuple[Entry, ...]) -> None:
    silent = [
        entry.name for entry in words if entry.kind in FEELING_KINDS and not entry.effects and not entry.hint("context")
    ]
    assert silent == []


def test_every_occasion_names_its_context(words: tuple[Entry, ...]) -> None:
    assert [entry.name for entry in words if entry.kind in CONTEXT_KINDS and not entry.hint("context")] == []


def test_ranges_lie_in_their_axis_and_leave_room(words: tuple[Entry, ...]) -> None:
    for entry in words:
        for wish in entry.effects:
            floor, ceiling = LIMITS[wish.axis]
            low, high = floor if wish.low is None else wish.low, ceiling if wish.high is None else wish.high
            assert (high - low) / (ceiling - floor) >= 0.05, (entry.name, wish)
            assert not wish.hard, entry.name


def test_every_number_says_where_it_is_from(words: tuple[Entry, ...]) -> None:
    known = ("judgement", "mood tags", "emoji sentiment", "genre means", "114 genre", "lastfm tag", "figures of ")
    assert [entry.name for entry in words if not entry.source.startswith(known)] == []


def test_hints_name_what_is_there(words: tuple[Entry, ...]) -> None:
    names = {kind: {entry.name for entry in words if entry.kind == kind} for kind in WORD_KINDS}
    for entry in words:
        for key, value in entry.hints:
            assert key in {"context", "genre", "instrument"}, (entry.name, key)
            assert key == "context" or value in names[key], (entry.name, value)


def test_genres_link_to_genres_without_a_cycle(words: tuple[Entry, ...]) -> None:
    links = {entry.name: entry.links for entry in words if entry.kind == "genre"}
    assert all(link in links for above in links.values() for link in above)
    done: set[str] = set()
    while ready := {name for name, above in links.items() if name not in done and done.issuperset(above)}:
        done |= ready
    assert done == links.keys()


def test_every_label_of_a_common_library_is_a_word(entries: tuple[Entry, ...]) -> None:
    forms = {form_key(form) for entry in entries for form in entry.forms}
    graph = GenreGraph(entries)
    labels = "acoustic chill club french german groove guitar happy iranian party piano romance sad sleep spanish study"
    assert [label for label in labels.split() if label not in forms] == []
    assert graph.canonical("children") == graph.canonical("kids") == "children's music"
    assert graph.closeness("korean", "k-pop") == graph.closeness("german", "german techno") == 1.0
    assert graph.canonical("german") is None


def test_words_leave_the_grammar_its_own(entries: tuple[Entry, ...]) -> None:
    """Eras, vocals, clean and changes decide themselves what their words mean."""
    own = {"era", "clean", "vocals", "change", "negation", "contrast", "familiarity"}
    grammar = {form_key(form): entry.name for entry in entries if entry.kind in own for form in entry.forms}
    taken = {
        form_key(form): entry.name
        for entry in entries
        if entry.kind in WORD_KINDS and entry.kind != "genre"
        for form in entry.forms
        if form_key(form) in grammar
    }
    assert taken == {}


DIRECTIONS = [
    ("happy songs", "brightness", 1),
    ("something sad", "brightness", -1),
    ("energetic", "energy", 1),
    ("chill vibes", "energy", -1),
    ("focus music", "instrumentalness", 1),
    ("party time", "danceability", 1),
    ("furious", "energy", 1),
    ("heartbroken", "brightness", -1),
    ("gloomy", "brightness", -1),
    ("calm and peaceful", "energy", -1),
    ("romantic", "energy", -1),
    ("euphoric", "energy", 1),
    ("groovy", "danceability", 1),
    ("bass heavy", "danceability", 1),
    ("unplugged", "acousticness", 1),
    ("distorted guitars", "energy", 1),
    ("fast", "tempo", 1),
    ("slow", "tempo", -1),
    ("loud", "loudness", 1),
    ("quiet", "loudness", -1),
    ("live recordings", "liveness", 1),
    ("workout", "energy", 1),
    ("clubbing", "danceability", 1),
    ("studying for finals", "instrumentalness", 1),
    ("helps me sleep", "energy", -1),
    ("cooking dinner", "brightness", 1),
    ("around the campfire", "acousticness", 1),
    ("coffee shop", "acousticness", 1),
    ("at the beach", "brightness", 1),
    ("deep space", "instrumentalness", 1),
    ("rainy day", "energy", -1),
    ("sunshine", "brightness", 1),
    ("foggy", "energy", -1),
    ("late night", "energy", -1),
    ("friday night", "energy", 1),
    ("summer", "brightness", 1),
    ("autumn", "acousticness", 1),
    ("havana", "brightness", 1),
    ("berghain", "energy", 1),
    ("🔥", "energy", 1),
    ("😢", "brightness", -1),
    ("💤", "energy", -1),
    ("🧘🏽‍♀️", "energy", -1),
    ("feliz", "brightness", 1),
    ("traurig", "brightness", -1),
    ("énergique", "energy", 1),
    ("per dormire", "energy", -1),
    ("festa", "danceability", 1),
    ("ambient", "energy", -1),
    ("death metal", "energy", 1),
    ("piano", "acousticness", 1),
]


@pytest.mark.parametrize(("text", "axis", "sign"), DIRECTIONS)
def test_a_sentence_for_each_group(parser: VibeParser, text: str, axis: str, sign: int) -> None:
    wish = _range(parser.parse(text), axis)
    assert wish is not None
    assert (wish.low is not None) if sign > 0 else (wish.high is not None)
    if axis in {"energy", "brightness", "danceability"}:
        assert _side(wish) == sign


@pytest.mark.parametrize(
    ("text", "contexts"),
    [
        ("gym playlist", ("workout",)),
        ("songs for lifting weights", ("workout",)),
        ("rainy sunday", ("rain", "sunday")),
        ("night drive", ("night drive",)),
        ("lernen", ("study",)),
        ("halloween", ("halloween",)),
        ("🎄", ("christmas",)),
        ("d&d tavern", ("fantasy",)),
    ],
)
def test_occasions_are_named(parser: VibeParser, text: str, contexts: tuple[str, ...]) -> None:
    assert parser.parse(text).contexts == contexts


@pytest.mark.parametrize(
    ("text", "genres", "instruments", "languages"),
    [
        ("dnb", ("drum and bass",), (), ()),
        ("some r&b and hip-hop", ("r&b", "hip hop"), (), ()),
        ("lofi hip hop beats", ("lo-fi hip hop",), (), ()),
        ("k-pop", ("k-pop",), (), ()),
        ("songs in spanish with trumpets", (), ("trumpet",), ("spanish",)),
        ("deutsche musik", (), (), ("german",)),
        ("upright bass", (), ("double bass",), ()),
        ("christmas carols", ("christmas",), (), ()),
    ],
)
def test_names_of_genres_instruments_and_languages(
    parser: VibeParser,
    text: str,
    genres: tuple[str, ...],
    instruments: tuple[str, ...],
    languages: tuple[str, ...],
) -> None:
    vibe = parser.parse(text)
    assert (vibe.genres.wanted, vibe.instruments.wanted, vibe.languages.wanted) == (genres, instruments, languages)


def _range(vibe: Vibe, axis: str) -> AxisRange | None:
    return next((wish for wish in vibe.targets if wish.axis == axis), None)


def _side(wish: AxisRange) -> int:
    """1 when the range leaves out more of the low end than of the high one."""
    low = 0.0 if wish.low is None else wish.low
    high = 0.0 if wish.high is None else 1.0 - wish.high
    return 1 if low > high else -1
