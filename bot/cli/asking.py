"""``why-not``: why a song is not in the set of a request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.generating import source_of
from bot.cli.screen import CANNOT, complain, explained, output, print_json

if TYPE_CHECKING:
    from bot.generation.reasons.why_not import WhyNot


def why_not(
    title: Annotated[str, typer.Argument(help='The song: "Title", or "Title by Artist".')],
    request: Annotated[str, typer.Option(help="How the music should feel.")],
    catalogue: Annotated[Path | None, typer.Option(help="Choose from this CSV file alone.")] = None,
    seed: Annotated[int, typer.Option(help="The seed of the set.", min=0)] = 0,
    tracks: Annotated[int | None, typer.Option(help="So many songs.", min=1, max=500)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say which wish, cap or part of the score keeps a song out of a set."""
    with explained():
        from bot.generation.engine import prepare
        from bot.generation.reasons.why_not import why_nots
        from bot.generation.values import Recipe, Rules
        from bot.services.request_words import readable
        from nlp.parser import VibeParser

        source = source_of(catalogue)
        vibe = VibeParser.load().parse(readable(request), names=source.names)
        recipe = Recipe(vibe=vibe, seed=seed, rules=Rules(tracks=tracks))
        answers = why_nots(prepare(source.table), recipe, readable(title))
        if as_json:
            print_json({"request": vibe.text, "seed": seed, "answers": [as_object(answer) for answer in answers]})
        for answer in () if as_json else answers:
            output().print(_line(answer), markup=False, soft_wrap=True)
        if not answers:
            complain("No song here is called that.", 'Write its title, or "Title by Artist", as the catalogue has it.')
            raise SystemExit(CANNOT)


def as_object(answer: WhyNot) -> dict[str, Any]:
    """One answer as `why-not --json` prints it."""
    from bot.client.texts.facts.sentences import told_all

    return {
        "id": answer.key,
        "title": answer.title,
        "artists": list(answer.artists),
        "standing": answer.standing,
        "text": " ".join(told_all(answer.told)),
        "rank": answer.rank or None,
        "of": answer.of or None,
        "score": round(answer.score, 6) if answer.rank else None,
        "costs": {part.name: round(part.weight, 6) for part in answer.costs},
    }


def _line(answer: WhyNot) -> str:
    from bot.client.texts.facts.sentences import told_all

    return f"{answer.title} by {', '.join(answer.artists)}: {' '.join(told_all(answer.told))}"
