"""Logs on standard error: lines for people or JSON for machines, and no secret in either.

Every line that is logged on the way of a request carries its id, see `bot.requests`.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Literal, TextIO

from bot.requests import private_words, request_id

_TALKATIVE = (
    "asyncio",
    "discord",
    "httpcore",
    "httpx",
    "motor",
    "PIL",
    "pymongo",
    "requests",
    "spotipy",
    "urllib3",
)
"""Libraries whose DEBUG lines hold tokens, or a line for every call."""

_SECRETS = (
    (re.compile(r"(?i)\b(bearer|bot|basic)\s+[\w.~+/=-]{16,}"), r"\1 ***"),
    (re.compile(r"\b(mongodb(?:\+srv)?://)[^@/\s]+@"), r"\1***@"),
    (re.compile(r"\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}"), "***"),  # a Discord bot token
    (re.compile(r"(/webhooks/\d+/)[\w-]{20,}"), r"\1***"),
    (
        re.compile(r"(?i)\b((?:access_|refresh_)?token|client_secret|password|code_verifier)(\W{1,4})[\w.~+/=-]{8,}"),
        r"\1\2***",
    ),
)


def redacted(text: str) -> str:
    """The text without tokens and passwords, and without what the member of this request wrote."""
    for words in private_words():
        # As it is, and as a traceback shows it.
        text = text.replace(words, "***").replace(repr(words)[1:-1], "***")
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


class _Text(logging.Formatter):
    """One line a record for people, followed by the traceback when there is one."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s%(request)s: %(message)s", "%Y-%m-%d %H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """The record as text; the id of its request stands in brackets."""
        found = request_id()
        record.request = f" [{found}]" if found else ""
        return redacted(super().format(record))


class _Json(logging.Formatter):
    """One JSON object a record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line of JSON; `error` is the traceback, `request` the id of the request it belongs to."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redacted(record.getMessage()),
        }
        if found := request_id():
            line["request"] = found
        if record.exc_info:
            line["error"] = redacted(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def set_up_logging(
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO",
    style: Literal["text", "json"] = "text",
    stream: TextIO | None = None,
) -> logging.Handler:
    """Log everything from `level` on to `stream` (standard error); libraries say no DEBUG. Returns the handler."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Json() if style == "json" else _Text())
    root = logging.getLogger()
    for old in root.handlers[:]:
        if isinstance(old.formatter, _Json | _Text):
            root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.INFO, root.level))
    return handler
