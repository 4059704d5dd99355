"""The first minutes with no account, no network and no song: every command says what it can do, and what to do next."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest

from bot.catalogue.index import Catalogue
from bot.database import Database
from tests.cogs.doors import answers, called
from tests.cogs.moderation.test_library_cog import song, table
from tests.cogs.staging import Card, Stage, open_stage

NO_SONGS = ("There are no songs here yet", "/spotify upload", "/library import", "python -m bot discover")

SAID: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "vibe": ({"text": "calm piano"}, NO_SONGS),
    "again": ({}, ("You have no playlist here yet", "/vibe")),
    "history": ({}, ("You have none yet", "/vibe")),
    "taste": ({}, ("I know nothing of your taste yet", "/vibe")),
    "recap": ({}, ("Nothing was played here in the last week", "/vibe")),
    "moods": ({}, ("One press plays one", "Happy", "Play Happy")),
    "privacy": ({}, ("What I keep about you", "Give me a copy", "Delete everything")),
    "settings": ({}, ("Every change counts at once", "Time zone")),
    "library info": ({}, ("There are no songs yet", "/library import", "Exportify")),
    "library import": ({"file": ("x.csv", b"a,b\n1,2\n")}, ("I cannot read", "Export it again as CSV")),
    "mood list": ({}, ("choose one to change it", "/mood add")),
    "mood add": ({}, ()),  # a form
    "mood edit": ({"mood": "happy"}, ("not saved yet", "Save", "Discard")),
    "mood preview": ({"words": "slow and dark"}, ("There are no songs here yet", "/library import")),
    "mood remove": ({"mood": "nothing"}, ("no longer there", "/moods")),
    "mood disable": ({"mood": "party"}, ("Party", "Show it again")),
    "mood enable": ({"mood": "party"}, ("Party", "Hide it here")),
    "schedule add": ({"when": "every friday 18:00", "text": "happy 80s"}, NO_SONGS),
    "schedule list": ({}, ("There are none yet", "/schedule add")),
    "schedule pause": ({"schedule": "x"}, ("no longer there", "/schedule list")),
    "schedule now": ({"schedule": "x"}, ("no longer there", "/schedule list")),
    "schedule remove": ({"schedule": "x"}, ("no longer there", "/schedule list")),
    "models list": ({}, ("Nothing was learned yet", "python -m bot train")),
    "models activate": ({"version": "x"}, ("/models list",)),
    "models rollback": ({}, ("built-in",)),
    "spotify status": ({}, ("No Spotify account is linked", "Everything works without one", "/spotify upload")),
    "spotify link": ({}, ("cannot be linked here", "/spotify upload", "SPOTIFY_CLIENT_ID")),
    "spotify unlink": ({}, ("Unlink your Spotify account?", "Keep it")),
    "spotify sync": ({}, ("There is no Spotify account for that", "/spotify upload")),
    "spotify upload": ({"file": ("x.csv", b"")}, ("I cannot read", "Export it again as CSV")),
}


@pytest.fixture
async def empty(database: Database, make_bot: Any) -> AsyncIterator[Stage]:
    catalogue = await Catalogue.load()
    assert not catalogue.size
    async for stage in open_stage(make_bot(catalogue)):
        yield stage


def shown(result: Any) -> str:
    """Everything that is read, and what can be pressed."""
    messages = [message for message in (result.response, *result.followups) if message is not None]
    cards = [Card(message.components) for message in messages]
    return "\n".join(f"{card.text}\n{' '.join(card.labels)}" for card in cards)


async def test_every_command_says_how_to_get_further(empty: Stage) -> None:
    role = empty.guild.create_role("Everything", permissions=discord.Permissions(administrator=True))
    mo = empty.guild.add_member(empty.env.create_user("mo", global_name="Mo"), roles=[role])
    empty.bot.owner_id = mo.id
    groups = {
        command.name for command in empty.bot.tree.get_commands() if isinstance(command, discord.app_commands.Group)
    }
    assert {command.qualified_name for command in empty.bot.tree.walk_commands()} - groups == set(SAID)
    for command, (options, words) in SAID.items():
        told = shown(await mo.slash(empty.channel, command, **options))
        assert [word for word in words if word not in told] == [], f"/{command}: {told}"
    for words in ("calm piano", "what can you do?", ""):
        await empty.bo.send(empty.channel, called(empty, words))
    first, second, third = answers(empty)[-3:]
    for message in (first, second):
        assert "no songs here yet" in str([part.to_dict() for part in message.components])
    assert "Tell me how the music should feel" in str([part.to_dict() for part in third.components])


async def test_a_members_own_file_makes_the_first_playlist(empty: Stage) -> None:
    rows = table(*(song(number) for number in range(20)))
    told = shown(await empty.ada.slash(empty.channel, "spotify upload", file=("liked.csv", rows)))
    assert "**20** new songs of yours" in told
    made = await empty.vibe("songs i know", songs=5)
    assert "Again" in Card(made.response.components).labels
