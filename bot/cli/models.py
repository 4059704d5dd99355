"""``models`` and ``train``: what was learned, which of it is used, and the way back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.cli.screen import explained, output, print_json
from bot.client.texts.facts.sentences import told

if TYPE_CHECKING:
    from bot.services.training.model_registry import ModelService, ModelView
    from bot.services.training.service import Training

PATIENCE_S = 15.0
"""How long a database that is down is waited for."""

T = TypeVar("T")

models = typer.Typer(
    help="List the models, use other learned weights, or go back to those before.", no_args_is_help=True
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@models.command("list")
def list_models(as_json: Json = False) -> None:
    """List every version of every model, the newest first, and which of them is used."""
    with explained():
        found = asyncio.run(_on_models(lambda service: service.all()))
        if as_json:
            print_json({"models": [as_object(model) for model in found]})
        else:
            _show(found)


@models.command()
def activate(
    version: Annotated[str, typer.Argument(help="The version of the ranker's weights, as `models list` names it.")],
    as_json: Json = False,
) -> None:
    """Use these learned weights from the next request on, in every process."""
    with explained():
        used = asyncio.run(_on_models(lambda service: service.activate(version)))
        _say({"used": used.version}, f"{used.version} is used from the next request on.", as_json)


@models.command()
def rollback(as_json: Json = False) -> None:
    """Go back to the learned weights that were used before."""
    with explained():
        left, used = asyncio.run(_on_models(lambda service: service.rollback()))
        _say({"left": left, "used": used}, f"Back from {left}: {used} is used from the next request on.", as_json)


def train(
    keep_only: Annotated[bool, typer.Option("--keep-only", help="Keep what was learned, and do not use it.")] = False,
    anew: Annotated[bool, typer.Option("--anew", help="Train also when hardly anything is new.")] = False,
    as_json: Json = False,
) -> None:
    """Learn the ranker's weights from ratings; they are used if they are better beyond noise and do no harm."""
    with explained():
        done = asyncio.run(_train(activate=not keep_only, anew=anew))
        _say({"note": done.note, "version": done.version, "activated": done.activated}, done.note, as_json)


async def _train(*, activate: bool, anew: bool) -> Training:
    from datetime import UTC, datetime

    from bot.catalogue.index import Catalogue
    from bot.generation.engine import prepare
    from bot.services.training.service import TrainingService

    async def run(service: ModelService) -> Training:
        catalogue = await Catalogue.load()
        training = TrainingService(
            models=service, library=lambda: prepare(catalogue.table), clock=lambda: datetime.now(UTC)
        )
        return await training.train(activate=activate, anew=anew)

    return await _on_models(run)


async def _on_models(work: Callable[[ModelService], Awaitable[T]]) -> T:
    from bot.cli.places import kept_settings
    from bot.database import open_database
    from bot.services.training.model_registry import ModelService

    async with open_database(kept_settings()) as database:
        await database.wait_ready(PATIENCE_S)
        return await work(ModelService())


def as_object(model: ModelView) -> dict[str, Any]:
    """What `models list --json` prints about one version."""
    lineage = {key: value for key, value in model.lineage.items() if key not in ("members", "salt")}
    seen = model.lineage.get("members")
    return {
        "name": model.name,
        "version": model.version,
        "state": model.state,
        "madeAt": model.made_at and model.made_at.isoformat(),
        "activatedAt": model.activated_at and model.activated_at.isoformat(),
        "damaged": None if model.damaged is None else told(model.damaged),
        "metrics": _plain(model.metrics),
        "lineage": _plain({**lineage, **({"members": len(seen)} if seen is not None else {})}),
    }


def _plain(value: Any) -> Any:
    """Times as text; everything else as JSON has it."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _show(found: tuple[ModelView, ...]) -> None:
    from rich.table import Table

    table = Table("model", "version", "state", "made (UTC)", "AUC", "learned from", box=None)
    for model in found:
        state = f"{model.state}, damaged: {told(model.damaged)}" if model.damaged else model.state
        made = f"{model.made_at:%Y-%m-%d %H:%M}" if model.made_at else ""
        table.add_row(model.name, model.version, state, made, _gain(model), _learned_from(model))
    output(160).print(table)


def _gain(model: ModelView) -> str:
    found = model.metrics.get("comparison")
    if not found:
        return ""
    low, high = found["auc_gain"]["low"], found["auc_gain"]["high"]
    return f"{found['auc_old']['value']:.3f} -> {found['auc_new']['value']:.3f} ({low:+.3f} to {high:+.3f})"


def _learned_from(model: ModelView) -> str:
    earlier = model.lineage.get("earlier")
    if not earlier:
        return ""
    gone = model.lineage.get("forgotten") or 0
    told = f"{earlier['ratings']} ratings of {earlier['members']} members"
    return f"{told}, {gone} of them deleted since" if gone else told


def _say(told: dict[str, Any], sentence: str, as_json: bool) -> None:
    if as_json:
        print_json(told)
    else:
        output().print(sentence, markup=False, soft_wrap=True)
