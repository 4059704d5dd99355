"""One training from its ratings to a verdict: fitted on the earlier ones, judged on later ones that it has not seen.

Large ones run in a process of their own: ``python -m bot.services.training.trainer FILE`` prints the verdict as one
JSON object.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from bot.generation.learning.model_evaluation import Comparison, compare
from bot.generation.learning.ranking import RankingWeights, Ratings, fit

LATER = 0.25
"""The share of the ratings, the latest, that the fit does not see and is judged on."""

FEWEST_MEMBERS = 12
"""Members in either part: with fewer, what one of them likes would be taken for what people like."""

FEWEST_EARLIER, FEWEST_LATER = 300, 100
"""Ratings in either part: a dozen multipliers cannot be told from chance with less."""

SMALL = 20_000
"""Up to so many ratings are learned from in a thread: that takes less than a second."""

_NICE = 10
_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One part of the ratings: how many, of how many members and playlists, and from when to when, in seconds."""

    ratings: int
    members: int
    playlists: int
    since: float
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of a training. Without enough ratings `lacking` says what is missing, and there is nothing else."""

    lacking: str = ""
    multipliers: tuple[tuple[str, float], ...] = ()
    uncertain: tuple[tuple[str, float], ...] = ()
    earlier: Slice | None = None
    later: Slice | None = None
    comparison: Comparison | None = None
    pairs: int = 0


def learn(ratings: Ratings, old: RankingWeights, *, seed: int) -> Verdict:
    """Fits new weights and compares them with the old ones. Same ratings, same seed: same verdict."""
    cut = float(np.quantile(ratings.at, 1 - LATER)) if len(ratings) else 0.0
    earlier, later = ratings.only(ratings.at < cut), ratings.only(ratings.at >= cut)
    lacking = _lacking(earlier, "earlier", FEWEST_EARLIER) or _lacking(later, "later", FEWEST_LATER)
    if lacking:
        return Verdict(lacking=lacking)
    found = fit(earlier, seed=seed)
    new = RankingWeights(version="new", multipliers=found.multipliers)
    return Verdict(
        multipliers=found.multipliers,
        uncertain=found.uncertain,
        earlier=_slice(earlier),
        later=_slice(later),
        comparison=compare(later, old, new, seed=seed),
        pairs=found.pairs,
    )


async def learn_aside(ratings: Ratings, old: RankingWeights, *, seed: int, small: int = SMALL) -> Verdict:
    """The same beside the event loop: in a thread, or in a process of its own when there is much.

    Raises ChildProcessError when the process fails; cancelling ends it.
    """
    if len(ratings) <= small:
        return await asyncio.to_thread(learn, ratings, old, seed=seed)
    with tempfile.TemporaryDirectory(prefix="vibrato-training-") as folder:
        path = Path(folder) / "ratings.npz"
        await asyncio.to_thread(save, path, ratings, old, seed)
        return TypeAdapter(Verdict).validate_json(await _in_a_process(path))


def save(path: Path, ratings: Ratings, old: RankingWeights, seed: int) -> None:
    """Write everything that one training needs into a file."""
    told = {"parts": ratings.parts, "version": old.version, "multipliers": old.multipliers, "seed": seed}
    arrays = {name: getattr(ratings, name) for name in _arrays()}
    np.savez(path, told=np.array(json.dumps(told)), allow_pickle=False, **arrays)


def load(path: Path) -> tuple[Ratings, RankingWeights, int]:
    """What `save` wrote."""
    with np.load(path, allow_pickle=False) as kept:
        told = json.loads(str(kept["told"]))
        ratings = Ratings(parts=tuple(told["parts"]), **{name: kept[name] for name in _arrays()})
    multipliers = tuple((name, float(amount)) for name, amount in told["multipliers"])
    return ratings, RankingWeights(version=told["version"], multipliers=multipliers), int(told["seed"])


async def _in_a_process(path: Path) -> bytes:
    # It needs neither the settings nor the secrets of this process, so it gets none of its environment.
    environment = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(_ROOT)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.services.training.trainer",
        str(path),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**environment, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    )
    try:
        out, complaint = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        last = complaint.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise ChildProcessError(f"the training ended with code {process.returncode}: {' '.join(last)}")
    return out


def _arrays() -> list[str]:
    return [field.name for field in fields(Ratings) if field.name != "parts"]


def _lacking(part: Ratings, name: str, fewest: int) -> str:
    members = part.members()
    if len(part) >= fewest and members >= FEWEST_MEMBERS:
        return ""
    return f"{len(part)} {name} ratings of {members} members, and {fewest} of {FEWEST_MEMBERS} are needed"


def _slice(part: Ratings) -> Slice:
    return Slice(
        ratings=len(part),
        members=part.members(),
        playlists=len(np.unique(part.playlist)),
        since=float(part.at.min()),
        until=float(part.at.max()),
    )


def main() -> None:
    """Learn from the file that the argument names, without being in anybody's way, and print the verdict."""
    os.nice(_NICE)
    ratings, old, seed = load(Path(sys.argv[1]))
    sys.stdout.write(json.dumps(asdict(learn(ratings, old, seed=seed))))


if __name__ == "__main__":
    main()
