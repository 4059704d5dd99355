"""What moderators write into forms: ranges, keys, names, emoji, time zones; and what a mood measures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.table import table_of
from bot.errors import BadEntry, NotHere
from bot.generation.library import Library, prepare
from bot.generation.values import Rules
from bot.services.feedback.emoji import emoji_in
from bot.services.guilds.settings import GuildRules, zone_named
from bot.services.moods.preview import jaccard, preview, within
from bot.services.moods.range_parser import aliases_of, key_of, label_of, ranges_of, read_ranges, written_ranges
from bot.services.values import Requester
from nlp.lexicon import LIMITS
from nlp.vibe import AXES, Axis, AxisChange, AxisRange, MoodWord, Vibe
from tests.remembering import demo_songs


@pytest.fixture(scope="module")
def library() -> Library:
    return prepare(table_of(demo_songs()[:800]))


@st.composite
def wishes(draw: st.DrawFn, axis: Axis) -> AxisRange:
    low, high = sorted(draw(st.floats(*LIMITS[axis]).map(lambda end: round(end, 2))) for _ in range(2))
    ends = draw(st.sampled_from([(low, high), (low, None), (None, high)]))
    weight = round(draw(st.floats(0.1, 3)), 2)
    return AxisRange(axis=axis, low=ends[0], high=ends[1], weight=weight, hard=draw(st.booleans()))


@given(st.lists(st.sampled_from(AXES), min_size=1, unique=True).flatmap(lambda axes: st.tuples(*map(wishes, axes))))
def test_ranges_are_read_as_they_are_written(ranges: tuple[AxisRange, ...]) -> None:
    in_order = tuple(sorted(ranges, key=lambda wish: AXES.index(wish.axis)))
    assert read_ranges(written_ranges(ranges)) == in_order


@pytest.mark.parametrize(
    ("line", "low", "high"),
    [
        ("energy: 0.6 or more", 0.6, None),
        ("Energy: >= 0,6", 0.6, None),
        ("energy: 0.6+", 0.6, None),
        ("energy: at most 0.4", None, 0.4),
        ("tempo: 110-150", 110, 150),
        ("loudness: -20 to -5", -20, -5),
        ("loudness: -10 or less", None, -10),
    ],
)
def test_ranges_can_be_written_in_several_ways(line: str, low: float | None, high: float | None) -> None:
    [wish] = read_ranges(line)
    assert (wish.low, wish.high) == (low, high)


@given(st.text(max_size=200))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    for read in (read_ranges, label_of, lambda words: aliases_of(words, "x"), lambda words: key_of(words, "x", "y")):
        try:
            read(text)
        except BadEntry:
            continue


@pytest.mark.parametrize(
    ("label", "key"),
    [("Dungeon crawl", "dungeon-crawl"), ("Café!", "cafe"), ("暗い", "mood-7f"), ("90s night", "mood-90s-night")],
)
def test_keys_are_made_of_labels(label: str, key: str) -> None:
    assert key_of("", label, "7f") == key


def test_a_step_goes_from_the_range_or_from_the_middle() -> None:
    vibe = Vibe(
        targets=(AxisRange(axis="energy", low=0.65),),
        changes=(AxisChange(axis="energy", amount=0.5), AxisChange(axis="brightness", amount=-0.5)),
    )
    energy, brightness = ranges_of(vibe)
    assert energy.low == pytest.approx(0.8)
    assert (brightness.low, brightness.high) == (None, pytest.approx(0.35))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("👍❤️", ("👍", "❤️")),
        ("👩🏽‍🚀, 🇩🇪 1️⃣", ("👩🏽‍🚀", "🇩🇪", "1️⃣")),
        ("<:pepe:12>", ("<:pepe:12>",)),
        ("", ()),
        ("🐉 🐉", ("🐉",)),
    ],
)
def test_emoji_are_read_one_by_one(text: str, found: tuple[str, ...]) -> None:
    assert emoji_in(text, own=frozenset({"<:pepe:12>"}), field="icon") == found


@pytest.mark.parametrize("text", ["x", "👍x", "1", "<:other:13>", "@everyone", "🏴" + "\U000e0061" * 60])
def test_what_is_no_emoji_is_refused(text: str) -> None:
    with pytest.raises(BadEntry):
        emoji_in(text, own=frozenset({"<:pepe:12>"}), field="icon")


@pytest.mark.parametrize(
    ("written", "zone"),
    [("berlin", "Europe/Berlin"), ("America/new york", "America/New_York"), ("UTC", "UTC"), (" Tokyo ", "Asia/Tokyo")],
)
def test_time_zones_are_found_by_name_and_city(written: str, zone: str) -> None:
    assert zone_named(written) == zone


def test_an_unknown_time_zone_is_refused_with_those_near_it() -> None:
    with pytest.raises(BadEntry) as refused:
        zone_named("Berlim")
    assert "Europe/Berlin" in refused.value.hints


def test_a_preview_counts_what_lies_within_and_shows_the_best(library: Library) -> None:
    dark = (AxisRange(axis="brightness", high=0.3), AxisRange(axis="energy", low=0.6))
    others = [
        MoodWord(key="same", label="Same", defaults=dark),
        MoodWord(key="bright", label="Bright", defaults=(AxisRange(axis="brightness", low=0.31),)),
        MoodWord(key="half", label="Half", defaults=dark[:1]),
    ]
    seen = preview(library, dark, others, Rules())
    inside = within(library, dark)
    assert seen.fits == len(np.unique(library.table.song[inside]))
    assert seen.total == len(np.unique(library.table.song))
    assert len(seen.songs) == 10
    assert len({song.artists[0] for song in seen.songs}) == 10
    assert seen.overlaps[0].share == 1
    assert [found.key for found in seen.overlaps] == ["same", "half"]


def test_a_preview_keeps_to_what_the_server_leaves_out(library: Library) -> None:
    calm = (AxisRange(axis="energy", high=0.5),)
    genre = library.table.genres.of(int(np.flatnonzero(within(library, calm))[0]))[0]
    less = preview(library, calm, (), Rules(genres_out=(genre,)))
    assert less.fits < preview(library, calm, (), Rules()).fits


def test_overlap_is_the_share_of_both_among_either() -> None:
    one, other = np.array([True, True, False, False]), np.array([False, True, True, False])
    assert jaccard(one, other) == pytest.approx(1 / 3)
    assert jaccard(one & other & ~one, other & ~other) == 0


@pytest.mark.parametrize(
    ("requester", "only_me", "admitted"),
    [
        ({"channel_id": "1"}, False, False),
        ({"channel_id": "1", "role_ids": ("7",)}, False, True),
        ({"channel_id": "2", "role_ids": ("7",)}, False, False),
        ({"channel_id": "2", "role_ids": ("7",)}, True, True),
        ({"channel_id": "9", "parent_channel_id": "1", "role_ids": ("7",)}, False, True),
        ({"channel_id": "1", "manager": True}, False, True),
        ({"channel_id": "2", "manager": True}, False, False),
        ({"channel_id": "2", "appointed": True}, False, True),
    ],
)
def test_who_may_ask_where(requester: dict[str, object], only_me: bool, admitted: bool) -> None:
    rules = GuildRules(channels=("1",), roles=("7",))
    who = Requester(**{"user_id": "5", "display_name": "Ada", "guild_id": "77", **requester})
    if admitted:
        rules.admit(who, only_me=only_me)
    else:
        with pytest.raises(NotHere):
            rules.admit(who, only_me=only_me)
