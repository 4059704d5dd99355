"""The rules of `tests.architecture` hold, and each of them can break: a fault is planted, and it is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture import MOST_FILES, ROOMS, ROOT, faults


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """A house with three rooms of two files each, without a fault."""
    for room in ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").write_text("")
        (tmp_path / room / "first.py").write_text(f"class {room.title()}:\n    class Settings:\n        pass\n")
        (tmp_path / room / "second.py").write_text(f"from {room}.first import {room.title()}\n")
    return tmp_path


def test_the_house_has_no_faults(small_house: Path) -> None:
    assert faults(ROOT) == []
    assert faults(small_house) == []


@pytest.mark.parametrize("inner", ["class Bot:\n    pass\n", "def make():\n    class Bot:\n        pass\n"])
def test_a_class_name_with_two_meanings_is_found(small_house: Path, inner: str) -> None:
    (small_house / "nlp" / "third.py").write_text(inner)
    assert faults(small_house) == ["class Bot means 2 things: bot.first, nlp.third"]


@pytest.mark.parametrize(
    "planted",
    [
        "from bot.second import Bot\n",
        "from bot import second\n",
        "import bot.second\n",
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from bot.second import Bot\n",
        "def late():\n    import bot.second\n",
    ],
)
def test_a_circle_is_found_whatever_form_the_import_has(small_house: Path, planted: str) -> None:
    (small_house / "bot" / "first.py").write_text(f"{planted}\nclass Bot:\n    pass\n")
    assert faults(small_house) == ["these files import each other: bot.first, bot.second"]


def test_a_crowded_folder_is_found(small_house: Path) -> None:
    for number in range(MOST_FILES):
        (small_house / "cogs" / f"more_{number}.py").write_text("")
    assert faults(small_house) == [f"cogs holds {MOST_FILES + 2} files, more than {MOST_FILES}"]


@pytest.mark.parametrize("planted", ["Track.get_motor_collection()", "Track.plain().find({})"])
def test_a_query_in_a_service_is_found(small_house: Path, planted: str) -> None:
    (small_house / "bot" / "services").mkdir()
    (small_house / "bot" / "services" / "songs.py").write_text(f"from bot.documents import Track\n\n{planted}\n")
    told = "bot.services.songs asks a collection itself in line 3; queries stand in bot/documents"
    assert faults(small_house) == [told]


@pytest.mark.parametrize(
    "planted",
    [
        'TOLD = "No song here fits."',
        'def told(count):\n    return f"{count} songs fit, and no more."',
        'raise Refused("That is not allowed here.")',
        'TOLD = "Which of them fits?"',
    ],
)
@pytest.mark.parametrize("room", ["services", "generation"])
def test_a_sentence_in_a_room_of_facts_is_found(small_house: Path, room: str, planted: str) -> None:
    (small_house / "bot" / room).mkdir()
    (small_house / "bot" / room / "songs.py").write_text(planted)
    (told,) = faults(small_house)
    assert told.startswith(f"bot.{room}.songs holds a sentence in line ")


@pytest.mark.parametrize(
    "allowed",
    [
        '"""What this file is for."""',
        '_log.warning("No source answered at %s.", moment)',
        'raise ValueError("Shares add up to 1.")',
        'CODE = "gave_way"',
        'NAME = "Your Vibe"',
    ],
)
def test_what_no_member_reads_is_no_sentence(small_house: Path, allowed: str) -> None:
    (small_house / "bot" / "services").mkdir()
    (small_house / "bot" / "services" / "songs.py").write_text(allowed)
    assert faults(small_house) == []
