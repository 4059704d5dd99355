"""What each artist of a table plays: known facts first, else a guess from labels, tongue and sound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.generation.kinds.labels import Labels, read_labels
from bot.generation.kinds.tongues import Tongues
from bot.generation.tracks import FEATURES, Floats, TrackTable
from nlp.knowledge.artists import ArtistFacts, all_artists
from nlp.knowledge.kinds import all_kinds

MOST_LABELS = 320
"""Labels that an artist is described by, the commonest ones; the meaning of others comes from their names."""

LABEL_WEIGHT, TONGUE_WEIGHT, SOUND_WEIGHT = 1.0, 0.8, 0.4
"""What the parts of a description weigh. Cross-validated on 6,010 known artists of a table of 89,740 songs: the first
guess is among what the artist plays for 68 %, 69 % with the double of features, 60 % with a linear model."""

RANDOM_FEATURES = 768
BANDWIDTH = 0.6
RIDGE = 0.1

ENOUGH_KNOWN = 60
"""Known artists from which a guess is learned; with fewer only the names of labels tell."""

NAMED_COUNTS_FOR = 0.3
"""The share of a guess that the names of labels have beside what was learned. Judgement."""

NAMESAKE = 0.12
"""A known artist whose songs are labelled so unlike them, and who is not widely known, is taken for a namesake."""

WIDELY = 3

_SEED = 20261128
_UNHEARD = frozenset({"key", "mode"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistKinds:
    """One row an artist, in the order of the table's names: `shares` of every kind, adding up to 1; `sure` from 0
    (nothing is known) over guesses to 1 (a known artist); `facts` of those who are known; and what labels mean here.
    """

    shares: Floats
    sure: Floats
    facts: tuple[ArtistFacts | None, ...]
    labels: Labels


def artist_kinds(table: TrackTable, tongues: Tongues) -> ArtistKinds:
    """What every artist who is named first on a song plays. CPU-bound: a second or so for 20,000 artists."""
    names = table.artists.words
    carried, words = _carried(table, len(names))
    described = _described(table, carried, tongues, len(names))
    leading = np.bincount(table.artist[table.artist >= 0], minlength=len(names)).tolist()
    candidates = [all_artists().find(name) if leads else () for name, leads in zip(names, leading, strict=True)]
    sole = np.array([number for number, found in enumerate(candidates) if len(found) == 1], dtype=np.intp)
    shares = np.zeros((len(names), len(all_kinds())), dtype=np.float32)
    for number in sole.tolist():
        shares[number] = candidates[number][0].shares()
    labels = read_labels(words, carried, sole, shares[sole])
    by_name = _by_labels(carried, labels)
    asked = np.array(
        [number for number, leads in enumerate(leading) if leads and not candidates[number]], dtype=np.intp
    )
    guessed = _guessed(described, sole, shares[sole], by_name, asked)
    facts: list[ArtistFacts | None] = [None] * len(names)
    sure = np.where(carried.any(axis=1), 0.6 if len(sole) >= ENOUGH_KNOWN else 0.5, 0.3).astype(np.float32)
    sure[guessed.sum(axis=1) == 0] = 0
    for number, found in enumerate(candidates):
        chosen = _chosen(found, by_name[number])
        if chosen is not None:
            facts[number], guessed[number], sure[number] = chosen, chosen.shares(), 1.0
    return ArtistKinds(shares=guessed, sure=sure, facts=tuple(facts), labels=labels)


def _chosen(found: tuple[ArtistFacts, ...], by_labels: Floats) -> ArtistFacts | None:
    """Which of several of a name it is, by what the labels of the songs say; None for a namesake whom nobody knows."""
    if not found or not by_labels.any():
        return found[0] if found else None
    kinds = all_kinds()
    asked = kinds.around(by_labels / by_labels.max())
    likeness = [float(facts.shares() @ asked) for facts in found]
    best = int(np.argmax(likeness))
    if likeness[best] < NAMESAKE and found[best].fame < WIDELY:
        return None
    return found[best]


def _carried(table: TrackTable, artists: int) -> tuple[Floats, tuple[str, ...]]:
    """How many songs of each artist carry each label or tag, and the labels: the commonest ones."""
    found = []
    for tagged in (table.genres, table.tags):
        rows = np.repeat(np.arange(len(table)), np.diff(tagged.starts))
        found.append((tagged, table.artist[rows]))
    counts: dict[str, int] = {}
    for tagged, _ in found:
        songs = np.bincount(tagged.indices, minlength=len(tagged.words))
        for word, number in zip(tagged.words, songs.tolist(), strict=True):
            counts[word] = counts.get(word, 0) + number
    words = tuple(sorted(counts, key=lambda word: (-counts[word], word))[:MOST_LABELS])
    column = {word: number for number, word in enumerate(words)}
    carried = np.zeros((artists, len(words)), dtype=np.float32)
    for tagged, artist in found:
        columns = np.array([column.get(word, -1) for word in tagged.words], dtype=np.intp)[tagged.indices]
        told = (columns >= 0) & (artist >= 0)
        np.add.at(carried, (artist[told], columns[told]), 1)
    return carried, words


def _described(table: TrackTable, carried: Floats, tongues: Tongues, artists: int) -> Floats:
    """Each artist as numbers: shares of labels, of tongues, and the mean of each audio feature in deviations."""
    told = carried / np.maximum(carried.sum(axis=1, keepdims=True), 1)
    spoken = tongues.titles / np.maximum(tongues.titles.sum(axis=1, keepdims=True), 0.5)
    columns = [number for number, name in enumerate(FEATURES) if name not in _UNHEARD]
    sound = np.zeros((artists, len(columns)), dtype=np.float32)
    led = table.artist >= 0
    for place, number in enumerate(columns):
        values = table.features[:, number]
        known = led & np.isfinite(values)
        if not known.any():
            continue
        centred = (values - values[known].mean()) / max(float(values[known].std()), 1e-6)
        sums = np.bincount(table.artist[known], weights=centred[known], minlength=artists)
        counts = np.bincount(table.artist[known], minlength=artists)
        sound[:, place] = np.clip(sums / np.maximum(counts, 1), -4, 4)
    return np.concatenate(
        [LABEL_WEIGHT * np.sqrt(told), TONGUE_WEIGHT * np.sqrt(spoken), SOUND_WEIGHT * sound], axis=1
    ).astype(np.float32)


def _by_labels(carried: Floats, labels: Labels) -> Floats:
    told = carried / np.maximum(carried.sum(axis=1, keepdims=True), 1)
    by_labels: Floats = told @ labels.means
    return by_labels


def _guessed(
    described: Floats,
    known: npt.NDArray[np.intp],
    shares: Floats,
    by_labels: Floats,
    asked: npt.NDArray[np.intp],
) -> Floats:
    """A guess for the artists that are `asked` for: kernel ridge regression on random Fourier features (Rahimi and
    Recht 2007); the others have what their labels say.
    """
    if len(known) < ENOUGH_KNOWN:
        return by_labels.copy()
    rng = np.random.default_rng(_SEED)
    spread = (rng.standard_normal((described.shape[1], RANDOM_FEATURES)) * BANDWIDTH).astype(np.float32)
    phase = rng.uniform(0, 2 * np.pi, RANDOM_FEATURES).astype(np.float32)
    scale = np.float32(np.sqrt(2 / RANDOM_FEATURES))
    seen: Floats = np.cos(described[known] @ spread + phase) * scale
    gram = seen.T @ seen + np.float32(RIDGE) * np.eye(RANDOM_FEATURES, dtype=np.float32)
    weights = np.linalg.solve(gram, seen.T @ shares).astype(np.float32)
    guessed = np.maximum(np.cos(described[asked] @ spread + phase) * scale @ weights, 0)
    guessed /= np.maximum(guessed.sum(axis=1, keepdims=True), 1e-9)
    mixed = by_labels.astype(np.float32)
    mixed[asked] = (1 - NAMED_COUNTS_FOR) * guessed + NAMED_COUNTS_FOR * by_labels[asked]
    return mixed
