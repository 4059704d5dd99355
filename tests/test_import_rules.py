"""The import rules hold, and each of them can break: an import that it forbids is planted, and it is found."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
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

WITHIN = frozenset({SERVICES, CLIENT, BUTTONS, ENGINE, PARSER})

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


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A copy of the code with forbidden imports planted in it, and the linter's report of it.

    One run of the linter sees them all: forty runs took 27 s of processor, three take 3 s. An import is looked for by
    its module and line, under the rule that it breaks.
    """

    lines: dict[tuple[str, str], int]
    sections: dict[str, str]

    def names(self, file: str, planted: str, rule: str) -> bool:
        """Whether the report names this import as one that breaks this rule."""
        module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        place = rf"(?<![\w.]){re.escape(module)}(?: -> \S+)? \(l\.{self.lines[file, planted]}\)"
        return re.search(place, self.sections.get(rule, "")) is not None


@pytest.fixture(scope="module")
def copied(tmp_path_factory) -> Path:
    """A copy of the code to plant imports in."""
    copy = tmp_path_factory.mktemp("house")
    for room in ("bot", "cogs", "nlp"):
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", "*.tsv", "model"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


@pytest.fixture(scope="module")
def houses(copied) -> tuple[House, House]:
    """The house with what breaks the rules of all rooms, and with what breaks those within a room.

    Apart, as a way from room to room around everything would hide the short one within a room.
    """
    within = [case for case in FORBIDDEN if case[2] in WITHIN]
    return _planted(copied, [case for case in FORBIDDEN if case not in within]), _planted(copied, within)


def _planted(copied: Path, cases: list[tuple[str, str, str]]) -> House:
    clean = {file: (copied / file).read_text(encoding="utf-8") for file, _, _ in cases}
    texts, lines = dict(clean), {}
    for file, planted, _ in cases:
        texts[file] += f"\n{planted}\n"
        lines[file, planted] = texts[file].count("\n")
    try:
        for file, text in texts.items():
            (copied / file).write_text(text, encoding="utf-8")
        report = lint(copied)
    finally:
        for file, text in clean.items():
            (copied / file).write_text(text, encoding="utf-8")
    parts = re.split(r"\n(.+)\n-{4,}\n", report.partition("Broken contracts")[2])
    return House(lines=lines, sections=dict(zip(parts[1::2], parts[2::2], strict=True)))


def lint(house: Path) -> str:
    """What the linter prints for a house."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    # Wide enough that no line is broken, wherever the tests run.
    wide = os.environ | {"COLUMNS": "4000"}
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False, env=wide).stdout


def test_the_house_keeps_its_rules(copied):
    report = lint(copied)
    assert "BROKEN" not in report
    assert "16 kept, 0 broken" in report


@pytest.mark.parametrize(("file", "planted", "rule"), FORBIDDEN)
def test_a_forbidden_import_is_found(houses, file, planted, rule):
    assert houses[rule in WITHIN].names(file, planted, rule)
