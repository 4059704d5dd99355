"""``parse``: what Vibrato understands of a request, without making anything of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.cli.screen import explained, output, print_json
from nlp.vibe import AxisRange, Vibe

_STYLES = {"+": "bold green", "-": "bold red", "~": "bold cyan"}
_UNKNOWN = "underline yellow"


def parse(
    text: Annotated[str, typer.Argument(help="The request; - reads one request a line from standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for each request.")] = False,
) -> None:
    """Show what is understood of a request.

    Understood words are green, refused ones red, similar ones blue; words that mean nothing here are underlined.
    """
    with explained():
        # spaCy takes two seconds to load: only once somebody asks.
        from nlp.parser import VibeParser

        parser, console = VibeParser.load(), output()
        for request in _lines() if text == "-" else (_readable(text),):
            vibe = parser.parse(request)
            if as_json:
                print_json(vibe.to_dict())
            else:
                show_vibe(vibe, request, console)


def _lines() -> Iterator[str]:
    """The lines of standard input as they are, whatever their bytes."""
    for line in sys.stdin.buffer:
        yield line.rstrip(b"\n").rstrip(b"\r").decode("utf-8", "replace")


def _readable(text: str) -> str:
    """An argument without the half characters that Python makes of bytes that are no UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def show_vibe(vibe: Vibe, request: str, console: Console) -> None:
    """Prints the request in colours, and under it a line for each thing it was taken for."""
    console.print(coloured(vibe, request), soft_wrap=True)
    for name, value in meanings(vibe):
        console.print(Text.assemble((f"  {name:<18}", "dim"), value), soft_wrap=True)
    if not vibe.understood:
        console.print(Text("  Nothing of it was understood as music.", "yellow"))


def coloured(vibe: Vibe, request: str) -> Text:
    """The request with its words in the colour of what they mean."""
    text = Text(request)
    for word in vibe.unknown:
        place = request.find(word)
        if place >= 0:
            text.stylize(_UNKNOWN, place, place + len(word))
    for piece in vibe.evidence:
        text.stylize(_STYLES[piece.polarity], piece.start, piece.end)
    return text


def meanings(vibe: Vibe) -> Iterator[tuple[str, str]]:
    """What was understood, as name and words; only what was said."""
    for wish in vibe.targets:
        yield wish.axis, _range(wish)
    choices = {"genres": vibe.genres, "instruments": vibe.instruments, "languages": vibe.languages}
    for name, choice in choices.items():
        yield from _listed(name, choice.wanted, choice.rejected)
    yield from _listed("artists", vibe.artists.wanted, vibe.artists.rejected)
    spans, gone = vibe.years.wanted, vibe.years.rejected
    yield from _listed("years", tuple(map(_span, spans)), tuple(map(_span, gone)))
    yield from _listed("like", (*vibe.artists.like, *vibe.similar_tracks), ())
    yield from _listed("for", vibe.contexts, ())
    if vibe.length is not None:
        amount = f"{vibe.length.tracks} songs" if vibe.length.tracks is not None else f"{vibe.length.minutes:g} minutes"
        yield "length", f"{vibe.length.kind.replace('_', ' ')} {amount}"
    if vibe.arc is not None:
        yield "arc", " → ".join(f"{level:.1f}" for _, level in vibe.arc)
    if vibe.clean is not None:
        yield "clean", "only clean songs" if vibe.clean else "explicit songs too"
    if vibe.familiarity is not None:
        yield "familiarity", vibe.familiarity
    if vibe.edit is not None and vibe.edit.times != 1:
        yield "length", f"{vibe.edit.times:.2g} times as long as before"
    for change in vibe.changes:
        yield change.axis, f"{'more' if change.amount > 0 else 'less'} than before ({change.amount:+.2g})"
    yield from _listed("unknown", vibe.unknown, ())


def _range(wish: AxisRange) -> str:
    low = "" if wish.low is None else f"{wish.low:g}"
    high = "" if wish.high is None else f"{wish.high:g}"
    return f"{low} … {high}{'  (a promise)' if wish.hard else ''}".strip()


def _listed(name: str, wanted: tuple[str, ...], rejected: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if wanted or rejected:
        yield name, ", ".join((*wanted, *(f"no {thing}" for thing in rejected)))


def _span(span: tuple[int | None, int | None]) -> str:
    first, last = span
    return f"{first or ''}–{last or ''}" if first != last else f"{first}"
