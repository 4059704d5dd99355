"""Logs are readable by people or machines, and hold no secret."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.log import set_up_logging
from bot.requests import keep_private, request

SECRETS = {
    "a bearer token": "Authorization: Bearer BQDc1d2e3f4g5h6i7j8k9l0-mnop",
    "a bot token in a header": "{'Authorization': 'Bot abcdefghijklmnopqrstuvwx.yz0123.456789'}",
    "a bot token": "Improper token: " + "M" + "T" * 25 + ".GhIjKl." + "m" * 38,
    "a password in an address": "cannot reach mongodb://vibrato:s3cr3t-s3cr3t@db.example/",
    "a client secret": "client_secret=0123456789abcdef0123456789abcdef",
    "a refresh token in JSON": '{"refresh_token": "AQCabcdefghijklmnop"}',
    "the token of an interaction": "POST https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb246MTIzNDU2Nzg5",
}
WORDS = ("BQDc", "yz0123", "GhIjKl", "s3cr3t", "0123456789abcdef", "AQCabc", "aW50ZXJh")


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What was logged; everything is as before afterwards."""
    root, level = logging.getLogger(), logging.getLogger().level
    handlers = root.handlers[:]
    others = {name: logging.getLogger(name).level for name in ("discord", "pymongo", "urllib3", "spotipy", "asyncio")}
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, its in others.items():
        logging.getLogger(name).setLevel(its)


@pytest.mark.parametrize("style", ["text", "json"])
@pytest.mark.parametrize("said", SECRETS.values(), ids=SECRETS.keys())
def test_no_secret_is_logged(said: str, style: str, stream: io.StringIO) -> None:
    set_up_logging("DEBUG", style, stream)  # type: ignore[arg-type]
    logging.getLogger("bot").info("said: %s", said)
    try:
        raise ValueError(said)
    except ValueError:
        logging.getLogger("bot").exception("failed")
    logged = stream.getvalue()
    assert "***" in logged
    assert not [word for word in WORDS if word in logged]


def test_text_is_a_line_for_people(stream: io.StringIO) -> None:
    set_up_logging(stream=stream)
    logging.getLogger("bot.database").warning("index %s is made anew", "key_1")
    assert stream.getvalue().endswith("WARNING bot.database: index key_1 is made anew\n")


def test_json_is_one_object_a_record(stream: io.StringIO) -> None:
    set_up_logging("INFO", "json", stream)
    logging.getLogger("bot").info("über %s\nzwei", 1)
    try:
        raise KeyError("x")
    except KeyError:
        logging.getLogger("bot").exception("failed")
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (first["level"], first["logger"], first["message"]) == ("INFO", "bot", "über 1\nzwei")
    assert first["at"].endswith("+00:00")
    assert "KeyError" in second["error"]


@pytest.mark.parametrize(
    "name", ["discord.http", "pymongo.command", "urllib3.connectionpool", "spotipy.client", "asyncio"]
)
def test_libraries_say_no_debug(name: str, stream: io.StringIO) -> None:
    set_up_logging("DEBUG", "text", stream)
    logging.getLogger(name).debug("everything")
    logging.getLogger("bot").debug("ours")
    assert "everything" not in stream.getvalue()
    assert "ours" in stream.getvalue()


def test_setting_up_twice_logs_once(stream: io.StringIO) -> None:
    set_up_logging("INFO", "text", stream)
    set_up_logging("INFO", "text", stream)
    logging.getLogger("bot").info("once")
    assert stream.getvalue().count("once") == 1


def test_every_line_of_a_request_carries_its_id(stream: io.StringIO) -> None:
    set_up_logging("INFO", "json", stream)
    with request("/vibe") as own:
        logging.getLogger("bot").info("inside")
        with request("press next"):
            logging.getLogger("discord").warning("deeper")
    logging.getLogger("bot").info("outside")
    inside, deeper, outside = (json.loads(line) for line in stream.getvalue().splitlines())
    assert inside["request"] == deeper["request"] == own.id
    assert "request" not in outside


def test_a_line_for_people_shows_the_request_too(stream: io.StringIO) -> None:
    set_up_logging(stream=stream)
    with request("/vibe") as own:
        logging.getLogger("bot.services").warning("slow")
    assert f"bot.services [{own.id}]: slow" in stream.getvalue()


@pytest.mark.parametrize("style", ["text", "json"])
def test_what_a_member_wrote_is_kept_out_of_the_log_even_by_our_bugs(style: str, stream: io.StringIO) -> None:
    set_up_logging("INFO", style, stream)  # type: ignore[arg-type]
    words = "my ex left\n“sad” sünday"
    with request("/vibe"):
        keep_private(words)
        try:
            raise ValueError(words)
        except ValueError as error:
            logging.getLogger("bot").exception("cannot parse %r", words)
            logging.getLogger("bot").error("again: %r", error)
    assert "my ex left" not in stream.getvalue()
    assert "***" in stream.getvalue()
