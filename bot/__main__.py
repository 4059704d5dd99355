"""``python -m bot``: the commands."""

from __future__ import annotations

import os
import sys

# The matrices of a request are small: threads of BLAS only get in each other's way. Before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import typer

from bot.cli.asking import why_not
from bot.cli.discovering import discover, features
from bot.cli.doctor import doctor
from bot.cli.generating import generate
from bot.cli.importing import import_songs
from bot.cli.jobs import jobs
from bot.cli.knowing import know
from bot.cli.models import models, train
from bot.cli.parsing import parse
from bot.cli.replaying import replay
from bot.cli.serving import demo, run, sync
from bot.cli.spotify import spotify

_HELP = """Vibrato: say how the music should feel, and get a playlist.

Results go to standard output, errors and progress to standard error. Exit codes: 0 done; 1 the request cannot be met;
2 wrong usage or input; 3 a service is down.
"""

cli = typer.Typer(
    name="python -m bot",
    help=_HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
cli.command("demo")(demo)
cli.command("run")(run)
cli.command("import")(import_songs)
cli.command("discover")(discover)
cli.command("features")(features)
cli.command("parse")(parse)
cli.command("know")(know)
cli.command("generate")(generate)
cli.command("why-not")(why_not)
cli.command("replay")(replay)
cli.command("sync")(sync)
cli.command("doctor")(doctor)
cli.command("jobs")(jobs)
cli.command("train")(train)
cli.add_typer(models, name="models")
cli.add_typer(spotify, name="spotify")


def main() -> None:
    """Run the command that the arguments name."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a sign shows another one; nothing fails for that.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    cli()


if __name__ == "__main__":
    main()
