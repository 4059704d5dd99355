"""What the bot listens to, what it may, and when it registers its commands."""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args
from urllib.parse import parse_qs, urlsplit

import discord
import pytest
import simcord

from bot.client.bot import INTENTS, PERMISSIONS, VibratoBot, invite_link
from bot.client.cards.custom_ids import own_ids, playlist_ids
from bot.client.commands import FileCommandStore, tree_digest
from bot.client.components.history import HISTORY_PRESSES
from bot.client.components.playlists import PRESSES
from bot.client.components.privacy import PRIVACY_PRESSES
from bot.client.components.registry import COMPONENTS
from bot.client.components.why import WHY_PRESSES
from bot.client.texts.messages import Messages, messages_for
from bot.services.feedback.service import FeedbackService
from bot.services.moods.service import MoodService
from cogs.moods import MoodsCog
from cogs.vibe import VibeCog


def make_bot(cogs: Any = (VibeCog, MoodsCog), **options: Any) -> VibratoBot:
    services: Any = SimpleNamespace(
        playlists=None, feedback=FeedbackService(), moods=MoodService(), mood_edits=None
    )  # nothing here asks for more
    return VibratoBot(cogs=cogs, services=services, components=COMPONENTS, **options)


def test_it_listens_to_nothing_privileged() -> None:
    assert INTENTS.value == 13953
    assert not INTENTS.message_content
    assert not INTENTS.members
    assert not INTENTS.presences
    assert make_bot().intents == INTENTS


def test_the_invite_link_asks_for_exactly_what_is_needed() -> None:
    query = parse_qs(urlsplit(invite_link(1234)).query)
    assert PERMISSIONS.value == 274878024768
    assert query == {
        "client_id": ["1234"],
        "permissions": ["274878024768"],
        "scope": ["bot applications.commands"],
    }


def test_nothing_it_says_pings() -> None:
    allowed = make_bot().allowed_mentions
    assert allowed is not None
    assert allowed.to_dict() == discord.AllowedMentions.none().to_dict()


async def test_commands_are_registered_only_when_they_changed(tmp_path: Path) -> None:
    store = FileCommandStore(tmp_path / "new" / "commands.txt")

    async def registrations(bot: VibratoBot) -> int:
        async with simcord.run(bot) as env:
            return sum(entry.method == "PUT" and entry.path.endswith("/commands") for entry in env.http_requests)

    assert await registrations(make_bot(commands_store=store)) == 1
    assert await registrations(make_bot(commands_store=store)) == 0
    assert await registrations(make_bot(cogs=(VibeCog,), commands_store=store)) == 1
    assert await registrations(make_bot(cogs=(VibeCog,), commands_store=store)) == 0


async def test_refused_commands_are_tried_again_at_the_next_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = FileCommandStore(tmp_path / "commands.txt")
    bot = make_bot(commands_store=store)
    env = simcord.Env(bot)
    env.inject_error("PUT", "/applications/*/commands", status=403, code=50001)
    with caplog.at_level(logging.ERROR):
        await env.start()
    assert await store.read() is None
    assert any("could not be registered" in entry.getMessage() for entry in caplog.records)
    await env.restart_bot(make_bot(commands_store=store))
    assert await store.read() == tree_digest(env.bot)
    await env.shutdown()


async def test_a_damaged_store_only_costs_a_registration(tmp_path: Path) -> None:
    path = tmp_path / "commands.txt"
    path.write_bytes(b"\xff\xfe")
    assert await FileCommandStore(path).read() is None


async def test_commands_stand_in_servers_and_direct_messages() -> None:
    bot = make_bot()
    async with simcord.run(bot):
        for command in bot.tree.get_commands():
            payload = command.to_dict(bot.tree)
            of_moderators = payload["default_member_permissions"] is not None
            assert payload["contexts"] == ([0] if of_moderators else [0, 1])
            assert payload["integration_types"] == [0]


async def test_a_failing_event_is_logged_and_the_bot_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    bot = make_bot()
    with caplog.at_level(logging.ERROR):
        try:
            raise ZeroDivisionError
        except ZeroDivisionError:
            await bot.on_error("on_something")
    assert any("on_something" in entry.getMessage() and entry.exc_info for entry in caplog.records)


OBJECT, PRESS = "f" * 24, "e" * 24


@pytest.mark.parametrize(
    "custom_id",
    [
        *(playlist_ids.next_one(OBJECT, step) for step in playlist_ids.STEPS),
        playlist_ids.rate_set(OBJECT, "love"),
        playlist_ids.rate_set(OBJECT, "dislike"),
        playlist_ids.choose_song(OBJECT),
        *(playlist_ids.rate_song(OBJECT, PRESS, rating) for rating in ("love", "skip", "never")),
        playlist_ids.take_back(OBJECT, PRESS),
        playlist_ids.turn_page(OBJECT, 0),
        playlist_ids.turn_page(OBJECT, 10),
        playlist_ids.why(OBJECT),
        playlist_ids.turn_why(OBJECT, 19),
        playlist_ids.why_not(OBJECT),
        playlist_ids.undo_step(OBJECT, "9" * 20),
        playlist_ids.mood("happy"),
        playlist_ids.mood(f"{2**63}:late night drive"),
        playlist_ids.mood_menu(0),
        playlist_ids.try_text("a: b, 80s! " + "x" * (playlist_ids.TRY_LIMIT - 11), "all"),
        playlist_ids.try_text("calm", "me"),
        own_ids.turn_history(0),
        own_ids.turn_history(999_999),
        own_ids.FIRST_PAGE,
        own_ids.CHOOSE_PAST,
        *(own_ids.past(OBJECT, action) for action in get_args(own_ids.PastAction)),
        *(own_ids.privacy(action) for action in get_args(own_ids.PrivacyAction)),
    ],
)
def test_each_custom_id_is_read_by_one_press_and_fits(custom_id: str) -> None:
    presses = (*PRESSES, *HISTORY_PRESSES, *PRIVACY_PRESSES, *WHY_PRESSES)
    readers = [press for press in presses if press.__discord_ui_compiled_template__.fullmatch(custom_id)]
    assert len(readers) == 1
    assert len(custom_id) <= 100


def test_every_locale_has_a_language() -> None:
    assert all(isinstance(messages_for(locale), Messages) for locale in (*discord.Locale, None, "xx"))
