"""The moods of a server."""

from __future__ import annotations

import pytest

from bot.client.texts.messages import ENGLISH
from bot.database import Database
from bot.documents import Mood
from bot.documents.mood import Range
from bot.errors import DatabaseDown
from bot.services.moods.service import MoodService, meaning
from nlp.vibe import AxisRange


async def test_the_six_moods_stand_in_their_order_with_icon_and_meaning(database: Database) -> None:
    moods = await MoodService().all(None)
    assert [mood.label for mood in moods] == ["Happy", "Sad", "Energetic", "Chill", "Focus", "Party"]
    assert [mood.icon for mood in moods] == ["😊", "😢", "⚡", "😌", "🎯", "🎉"]
    meanings = {mood.key: ENGLISH.mood_means(mood.meaning) for mood in moods}
    assert meanings == {
        "happy": "bright, high energy",
        "sad": "dark, low energy, slow",
        "energetic": "high energy, fast",
        "chill": "low energy, neither dark nor bright",
        "focus": "medium energy, mostly instrumental, few words, medium tempo",
        "party": "danceable, high energy, bright",
    }


async def test_a_server_s_own_mood_stands_in_for_the_built_in_one(database: Database) -> None:
    own = Mood(
        key="77:happy", label="Sunshine", guild_id="77", order=1, aliases=["yay"], defaults={"tempo": Range(low=150)}
    )
    await own.insert()
    here, elsewhere = await MoodService().words("77"), await MoodService().words("78")
    assert here[0].label == "Sunshine"
    assert here[0].aliases == ("yay",)
    assert here[0].defaults == (AxisRange(axis="tempo", low=150.0),)
    assert elsewhere[0].label == "Happy"
    assert len(here) == len(elsewhere) == 6


def test_a_meaning_reads_each_axis_in_its_own_units() -> None:
    ranges = (
        AxisRange(axis="tempo", low=150),
        AxisRange(axis="loudness", high=-20),
        AxisRange(axis="energy", low=0.4, high=0.6),
    )
    assert ENGLISH.mood_means(meaning(ranges)) == "fast, quiet, medium energy"


async def test_moods_without_a_database_say_that_it_is_down(broken_database: object) -> None:
    with pytest.raises(DatabaseDown):
        await MoodService().all("77")
