"""Learning the ranker's weights from what members did: nightly, or by hand; and using them only when they are better.

What was learned goes into the registry with its figures and with what it was learned from, whether it is used or not.
It is used when it is better beyond noise on later ratings, and no promise, no artist's share and no set's variety is
worse. Everything is deterministic: the same ratings give the same version, so a run that was broken off does no harm.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from bot.database import guarded
from bot.documents import Key, ModelRegistry, User
from bot.generation.engine import VERSION as ENGINE
from bot.generation.learning.ranking import RANKER, RankingWeights
from bot.generation.library import Library
from bot.services.training.artifacts import artifact_of
from bot.services.training.dataset import Read, read_ratings
from bot.services.training.lineage import mark_forgotten, seen_as
from bot.services.training.model_registry import ModelService
from bot.services.training.offline_evaluation import SETS, Trial, try_out
from bot.services.training.trainer import SMALL, Slice, Verdict, learn_aside

_log = logging.getLogger(__name__)

REACH = timedelta(days=180)
"""Older ratings are left out: tastes, songs and the engine were others."""

FEWEST_NEW = 100
"""Ratings that have to be new since the last training, or since weights were rolled back, before there is another."""

KEPT = 20
"""Trained versions that were never used; of more of them the oldest go."""

SEED = 20_261_122
"""The seed of every training: the same ratings give the same weights."""

_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """What came of a training: `version` is None where there was nothing to learn from; `note` says it in a line."""

    note: str
    version: str | None = None
    activated: bool = False
    verdict: Verdict | None = None
    trial: Trial | None = None


class TrainingService:
    """Trains. `library` is the catalogue as it is now, prepared; more than `small` ratings get their own process.

    `sets` requests are asked again with old and new weights before the new ones are used.
    """

    def __init__(
        self,
        *,
        models: ModelService,
        library: Callable[[], Library],
        clock: Callable[[], datetime],
        small: int = SMALL,
        sets: int = SETS,
    ) -> None:
        self._models = models
        self._library = library
        self._clock = clock
        self._small = small
        self._sets = sets

    async def train(
        self, *, activate: bool = True, anew: bool = False, check: Callable[[], None] = lambda: None
    ) -> Training:
        """Learns from the ratings of the last REACH, and uses what it learned when that is better.

        Without `activate` it is only kept. Unless `anew`, there is no training while nothing much was rated since the
        last one. `check` is called between the steps, to break off by an error. Raises DatabaseDown.
        """
        moment = self._clock()
        read = await read_ratings(moment - REACH)
        new = await self._new_ratings(read)
        if new < FEWEST_NEW and not anew:
            return Training(note=f"not enough that is new: {new} ratings since the last time, {FEWEST_NEW} are needed")
        old = await self._models.weights()
        verdict = await learn_aside(read.ratings, old, seed=SEED, small=self._small)
        if verdict.comparison is None:
            return Training(note=f"not enough to learn from: {verdict.lacking}", verdict=verdict)
        check()
        weights = _weights(verdict, moment)
        trial = await self._tried(verdict, read, old, weights, check)
        harm = () if trial is None else trial.harm
        check()
        await self._enter(weights, old, verdict, trial, read)
        use = activate and verdict.comparison.better and not harm
        if use:
            await self._models.activate(weights.version)
        note = _note(weights.version, verdict, harm, activate=activate)
        _log.info("training: %s", note)
        return Training(note=note, version=weights.version, activated=use, verdict=verdict, trial=trial)

    async def _tried(
        self, verdict: Verdict, read: Read, old: RankingWeights, new: RankingWeights, check: Callable[[], None]
    ) -> Trial | None:
        """Sets with both, where the new ones rank better: for worse ones nobody has to be asked."""
        if verdict.comparison is None or not verdict.comparison.better:
            return None
        members = frozenset(read.members)
        return await try_out(self._library(), old, new, members=members, check=check, sets=self._sets)

    async def _new_ratings(self, read: Read) -> int:
        """How many playlists' ratings came after what the last training saw, or after the last rollback."""
        with guarded():
            seen = await ModelRegistry.learned_until(RANKER)
        return int((read.ratings.at > max(seen).timestamp()).sum()) if seen else len(read.ratings)

    async def _enter(
        self, weights: RankingWeights, old: RankingWeights, verdict: Verdict, trial: Trial | None, read: Read
    ) -> None:
        artifact = artifact_of(weights)
        with guarded():
            await ModelRegistry.enter(
                RANKER,
                weights.version,
                artifact=artifact.address,
                contents=artifact.contents,
                metrics=_metrics(verdict, trial),
                lineage=_lineage(old, verdict, read),
            )
            await ModelRegistry.forget_unused(RANKER, KEPT)
        # Who had everything deleted while this went on is not there any more.
        for gone in await _gone(read.members):
            await mark_forgotten([gone])


def _weights(verdict: Verdict, moment: datetime) -> RankingWeights:
    """The learned weights under a name that follows from the day and from what they are."""
    told = repr(sorted(verdict.multipliers))
    digest = hashlib.sha256(told.encode()).hexdigest()[:_DIGITS]
    version = f"{moment.astimezone(UTC):%Y-%m-%d}-{digest}"
    return RankingWeights(version=version, multipliers=tuple(sorted(verdict.multipliers)))


def _note(version: str, verdict: Verdict, harm: Iterable[str], *, activate: bool) -> str:
    found = verdict.comparison
    if found is None:
        raise AssertionError("a training that learned something was judged")
    gain = f"AUC {found.auc_old.value:.3f} to {found.auc_new.value:.3f} ({found.auc_gain.value:+.3f})"
    if not found.better:
        return f"{version} kept, not used: not better beyond noise, {gain}"
    if told := "; ".join(harm):
        return f"{version} kept, not used: {gain}, but {told}"
    return f"{version} {'used from now on' if activate else 'kept, as asked'}: {gain}"


def _metrics(verdict: Verdict, trial: Trial | None) -> dict[str, Any]:
    """What the registry shows: how good it was, on what, and why it was used or not."""
    found = verdict.comparison
    return {
        "comparison": None if found is None else {**asdict(found), "better": found.better},
        "uncertain": dict(verdict.uncertain),
        "trial": None if trial is None else {**asdict(trial), "harm": list(trial.harm)},
    }


def _lineage(old: RankingWeights, verdict: Verdict, read: Read) -> dict[str, Any]:
    """What it came from. The members are kept as salted digests: whose id is known can be found, nobody can be read."""
    salt = secrets.token_hex(8)
    chosen = np.unique(read.ratings.member).tolist()
    return {
        "parent": old.version,
        "engine": ENGINE,
        "seed": SEED,
        "since": read.since,
        "until": read.until,
        "earlier": _slice(verdict.earlier),
        "later": _slice(verdict.later),
        "playlists": read.playlists,
        "pairs": verdict.pairs,
        "salt": salt,
        "members": sorted(seen_as(read.members[number], salt) for number in chosen),
        "forgotten": 0,
    }


def _slice(part: Slice | None) -> Mapping[str, Any] | None:
    if part is None:
        return None
    times = {name: datetime.fromtimestamp(getattr(part, name), UTC) for name in ("since", "until")}
    return {**asdict(part), **times}


async def _gone(members: Iterable[Key]) -> set[Key]:
    """Those of the members who are not stored any more."""
    ids = set(members)
    with guarded():
        return ids - (await User.raws(ids, "_id")).keys()
