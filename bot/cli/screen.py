"""What every command has in common: where output goes, and how a failure ends the process.

Results go to standard output; progress and errors to standard error, as what happened and what to do.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console

from bot.client.texts.facts.sentences import told
from bot.errors import (
    AlreadyRunning,
    AskedWrong,
    BadFile,
    BadSettings,
    CatalogueEmpty,
    DatabaseDown,
    DiscordRefused,
    EmptyRequest,
    NoModel,
    NotUnderstood,
    SourceDown,
    VibratoError,
    WorldDown,
)

DONE, CANNOT, USAGE, DOWN = 0, 1, 2, 3
"""Exit codes: done; the request cannot be met; wrong usage or input; a service is down."""

HOW_TO_FILL = (
    "Bring some in: python -m bot import FILE.csv, or have some looked for: "
    'python -m bot discover "rainy sunday, piano"'
)
"""What to do about an empty catalogue."""

_TRY_AGAIN = "Try again; if it stays, report it with this line."

BUG, INTERRUPTED = 70, 130
"""The exit codes of a bug of ours, and of a process that Ctrl+C ended, as other programs have them."""


def output(width: int | None = None) -> Console:
    """Where results go; `width` columns of them into a file or a pipe."""
    console = Console(highlight=False)
    return console if width is None or console.is_terminal else Console(highlight=False, width=width)


def errors() -> Console:
    """Where everything else goes."""
    return Console(stderr=True, highlight=False)


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object on one line of standard output, in UTF-8 whatever the terminal's locale is."""
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def complain(happened: str, advice: str) -> None:
    """Two sentences on standard error: what happened, and what to do."""
    console = errors()
    console.print(happened, style="bold red", markup=False, soft_wrap=True)
    console.print(advice, markup=False, soft_wrap=True)


@contextmanager
def explained() -> Iterator[None]:
    """Turns whatever ends a command into sentences and an exit code; no traceback reaches the terminal."""
    try:
        yield
    except VibratoError as error:
        complain(*sentences(error))
        raise SystemExit(exit_code(error)) from None
    except KeyboardInterrupt:
        complain("Stopped.", "Nothing that was written before is lost.")
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        # Whoever read our output has left, as `head` does: no failure, and nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(DONE) from None
    except OSError as error:
        complain(f"The machine refused: {error}.", "See that the file or the folder is there and may be used.")
        raise SystemExit(DOWN) from None
    except Exception as error:  # noqa: BLE001 - the door of the terminal: a bug is told and kept, not thrown
        kept = _kept_report(error)
        complain(f"This is a bug of ours ({type(error).__name__}).", f"Please report it with the file {kept}")
        raise SystemExit(BUG) from None


def _kept_report(error: Exception) -> str:
    """The path of a new file that holds where the bug happened."""
    with tempfile.NamedTemporaryFile("w", prefix="vibrato-bug-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.writelines(traceback.format_exception(error))
    return file.name


def exit_code(error: VibratoError) -> int:
    """The exit code of an expected failure."""
    if isinstance(error, WorldDown):
        return DOWN
    if isinstance(error, AlreadyRunning | BadFile | BadSettings):
        return USAGE
    return CANNOT


def sentences(error: VibratoError) -> tuple[str, str]:
    """What happened and what to do, for the one at the terminal."""
    match error:
        case NoModel():
            return _no_model(error), "See which there are: python -m bot models list"
        case AskedWrong():
            return _asked_wrong(error)
        case WorldDown():
            return _world_down(error)
        case BadSettings():
            return "The settings cannot be used.", "\n".join(error.reasons)
        case AlreadyRunning():
            return f"The demo runs already, at {error.address or 'another page'}.", "Open that page, or end it first."
        case _:
            return f"That did not work{_because(error)}.", _TRY_AGAIN


def _asked_wrong(error: AskedWrong) -> tuple[str, str]:
    match error:
        case BadFile():
            return (
                f"{error.name} cannot be read: {told(error.reason)}.",
                "Give a CSV file that `import` knows (see README).",
            )
        case EmptyRequest():
            return (
                "Nothing was asked for.",
                'Say how the music should feel: python -m bot generate "rainy sunday, piano"',
            )
        case NotUnderstood():
            return (
                "Nothing of the request was understood as music.",
                'Name a mood, a genre, a time or a tempo: "calm jazz for a rainy evening"',
            )
        case CatalogueEmpty():
            return "There are no songs to choose from.", HOW_TO_FILL
        case _:
            return f"The request cannot be met{_because(error)}.", "Ask for less, or for something else."


def _world_down(error: WorldDown) -> tuple[str, str]:
    match error:
        case DatabaseDown():
            return (
                f"MongoDB does not answer{_because(error)}.",
                "See that it runs and that MONGODB_URI names it; without MONGODB_URI Vibrato starts its own.",
            )
        case SourceDown():
            when = f" It is asked again from {error.until:%H:%M} UTC on." if error.until else ""
            return (
                f"{error.name or 'The source'} cannot be reached.{when}",
                "See that this machine is on the network. What was found until then is kept: just try again later.",
            )
        case DiscordRefused():
            return f"Discord refused{_because(error)}.", "See that the token is right and the bot still on the server."
        case _:
            return f"That did not work{_because(error)}.", _TRY_AGAIN


def _no_model(error: NoModel) -> str:
    if error.reason == "first":
        return f"There is nothing to go back to: {error.version} is the first one."
    if error.reason == "damaged" and error.cause is not None:
        return f"The weights {error.version} cannot be used: {told(error.cause)}."
    return f"There are no weights called {error.version}."


def _because(error: VibratoError) -> str:
    facts = getattr(error, "cause", "") or str(error)
    return f": {facts}".rstrip(".") if facts else ""
