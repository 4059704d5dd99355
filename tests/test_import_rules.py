"""The import rules hold, and each of them can break: an import that it forbids is planted, and it is found."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

SERVICES = "The rooms of the services know each other only where it is written here"
CLIENT = "The client is built from texts and cards up to the bot"
BUTTONS = "The bot knows nobody's buttons; the wiring hands them over"
ENGINE = "The engine tells its reasons last"
SENTENCES = "Sentences know no Discord"
FACTS = "Facts know nothing but their values"
PARSER = "The parser's components do not know each other"

FORBIDDEN = [
    ("nlp/vibe.py", "import bot.errors", "Words know neither Discord nor the database nor the bot"),
    ("nlp/names.py", "import discord", "Words know neither Discord nor the database nor the bot"),
    ("bot/generation/values.py", "import spacy", "The engine and the pictures know no framework"),
    ("bot/pictures/__init__.py", "import bot.settings", "The engine and the pictures know no framework"),
    ("cogs/__init__.py", "import bot.documents", "Doors never reach past the services"),
    ("cogs/__init__.py", "import numpy", "Doors never reach past the services"),
    ("bot/scheduler/__init__.py", "import bot.documents", "Doors never reach past the services"),
    ("bot/scheduler/__init__.py", "import cogs", "The rooms know each other only downwards"),
    ("bot/documents/__init__.py", "import motor", "Only database.py knows the driver"),
    ("bot/services/values.py", "import bson", "Services know no driver"),
    ("bot/services/members.py", "import pymongo", "Services know no driver"),
    ("bot/services/playlists/history.py", "import motor", "Services know no driver"),
    ("bot/services/privacy/erasure.py", "import beanie", "Services know no driver"),
    ("bot/services/values.py", "import discord", "Nothing of Discord enters a service"),
    ("bot/client/__init__.py", "import simcord", "Only the demo knows simcord"),
    ("bot/services/values.py", "import spotipy", "Only the gateway's room knows spotipy"),
    ("bot/spotify/values.py", "import bot.services", "The rooms know each other only downwards"),
    ("bot/generation/values.py", "import bot.catalogue", "The rooms know each other only downwards"),
    ("bot/generation/values.py", "import bot.documents", "The rooms know each other only downwards"),
    ("bot/catalogue/__init__.py", "import bot.services", "The rooms know each other only downwards"),
    ("bot/services/values.py", "import bot.client", "The rooms know each other only downwards"),
    ("bot/client/__init__.py", "import cogs", "The rooms know each other only downwards"),
    ("cogs/__init__.py", "import bot.demo", "The rooms know each other only downwards"),
    ("cogs/__init__.py", "import bot.app", "The rooms know each other only downwards"),
    ("bot/services/training/artifacts.py", "import bot.services.accounts.service", SERVICES),
    ("bot/services/discovery/ports.py", "import bot.services.playlists.service", SERVICES),
    ("bot/services/members.py", "import bot.services.moods.service", SERVICES),
    ("bot/client/components/forms.py", "import bot.client.bot", CLIENT),
    ("bot/client/cards/layout.py", "import bot.client.publishing", CLIENT),
    ("bot/client/bot.py", "import bot.client.components.registry", BUTTONS),
    ("bot/client/context.py", "import bot.client.components.taste", BUTTONS),
    ("bot/generation/scoring/target.py", "import bot.generation.reasons.song_reasons", ENGINE),
    ("bot/generation/learning/ranking.py", "import bot.generation.sequencing.order", ENGINE),
    ("bot/generation/facts/reasons.py", "import bot.generation.learning.taste", ENGINE),
    ("bot/generation/facts/wishes.py", "import numpy", FACTS),
    ("bot/facts.py", "import bot.client.texts.messages", FACTS),
    ("bot/client/texts/facts/notes.py", "import bot.client.cards.layout", SENTENCES),
    ("bot/client/texts/why.py", "import discord", SENTENCES),
    ("nlp/components/names/cues.py", "import nlp.components.limits.years", PARSER),
    ("nlp/components/wishes/negation.py", "import nlp.components.meaning.trained_meaning", PARSER),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Path:
    """A copy of the code to plant imports in."""
    copy = tmp_path_factory.mktemp("house")
    for room in ("bot", "cogs", "nlp"):
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", "*.tsv", "model"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def lint(house: Path) -> str:
    """What the linter prints for a house."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False).stdout


def test_the_house_keeps_its_rules(house):
    report = lint(house)
    assert "BROKEN" not in report
    assert "16 kept, 0 broken" in report


@pytest.mark.parametrize(("file", "planted", "rule"), FORBIDDEN)
def test_a_forbidden_import_is_found(house, file, planted, rule):
    room = house / file
    clean = room.read_text(encoding="utf-8")
    room.write_text(f"{clean}\n{planted}\n", encoding="utf-8")
    try:
        assert f"{rule} BROKEN" in lint(house)
    finally:
        room.write_text(clean, encoding="utf-8")
