"""The models that work here, as ModelRegistry keeps them: parser, its trained part, scorer; with counted figures."""

from __future__ import annotations

from bot.database import guarded
from bot.documents import ModelRegistry
from bot.generation.engine import VERSION as SCORER_VERSION
from bot.generation.scoring import QUARTILE, WEIGHTS
from nlp.components.meaning import metrics
from nlp.lexicon import read_entries

PARSER, MEANING, SCORER = "parser", "meaning", "scorer"


async def register_models(parser_version: str) -> None:
    """Puts this installation's parser, the trained part of it and the scorer into the registry.

    Versions that stand there stay as they are.

    Raises DatabaseDown.
    """
    with guarded():
        await ModelRegistry.register(PARSER, parser_version, "nlp/lexicon", parser_metrics())
        if trained := metrics():
            figures = {key: trained[key] for key in ("vocabulary", "words", "held_out")}
            await ModelRegistry.register(MEANING, trained["version"], trained["artifact"]["file"], figures)
        await ModelRegistry.register(SCORER, SCORER_VERSION, "bot/generation", scorer_metrics())


def parser_metrics() -> dict[str, object]:
    """What the parser knows: entries of its lexicon in all and by kind, and the spellings they are found by."""
    entries = read_entries()
    kinds = sorted({entry.kind for entry in entries})
    return {
        "entries": len(entries),
        "forms": sum(len(entry.forms) for entry in entries),
        "entriesByKind": {kind: sum(1 for entry in entries if entry.kind == kind) for kind in kinds},
    }


def scorer_metrics() -> dict[str, object]:
    """What the scorer weighs: its named parts beside the axes, and their weights."""
    return {"namedParts": len(WEIGHTS), "weights": dict(WEIGHTS), "quartile": QUARTILE}
