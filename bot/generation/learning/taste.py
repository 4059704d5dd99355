"""What ratings say of other songs: a Bayesian linear model over sound, genres, artists and songs, in closed form.

A member's liking of a song is a sum of weights: of where it stands on each axis (five knots an axis, straight lines
between them), of its genres and what they are kinds of, of its artists, and of the song itself. Each weight is drawn
around what the server likes, or around nothing; ratings are seen through noise that grows with their age. The weights'
means given the ratings are a small linear system of as many unknowns as there are ratings, so that nothing is trained:
one more rating is one more equation (Rasmussen and Williams, Gaussian Processes for Machine Learning, chapter 2).

Three doubts are averaged over by what they say of the ratings (the marginal likelihood): whether there is anything to
be learnt at all, how strong the taste is, and whether it changed at some time, before which nothing counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt

from bot.generation.learning.preferences import KNOTS, hats, kin, preferences
from bot.generation.library import Library
from bot.generation.values import Numbers, Taste
from nlp.vibe import AXES

MOST_OPINIONS = 300
"""Newest opinions that are learnt from; the system that is solved has as many unknowns."""

LEAST_MEMBERS = 4
"""Members of a server who must have rated before anything is taken for the taste of all."""

HALF_LIFE_DAYS = 120.0
"""After so many days an opinion counts half. A judgement: a season or two, slow beside a change that is seen."""

LOVED = 0.9
"""From this value on an opinion is love."""

_SHARES = {"sound": 0.9, "genre": 0.3, "artist": 0.1, "song": 0.04}
_BIAS = 0.1
_BELIEFS = ((0.0, 0.42, 0.35), (0.12, 0.27, 0.3), (0.35, 0.24, 0.35))
"""How strong a taste may be: the variance of likings, that of the noise of ratings, and how likely that is.

Together they are the variance of ratings that are two thirds one way: what no taste explains is noise.
"""

_CHANGED = 0.6
_AFTER = (6, 10, 16, 24, 36, 56, 90, 140)
_LEAST_SPAN = 6
_WIDTH = 0.22
_MOOD = 0.25
_TINY = 0.002

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What somebody thinks of a song, or of the mean of several (a whole set): `value` from -1 to 1.

    `rows` are rows of the library. `weight` is how much it counts beside a fresh rating of one song, `age_days` how old
    it is, `mood` what was asked for when the songs were played (`mood_of`).
    """

    rows: tuple[int, ...]
    value: float
    age_days: float = 0.0
    weight: float = 1.0
    mood: Numbers = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """A taste with what it rests on: `opinions` that were learnt from, and how sure the doubts are, 0 to 1.

    `something` is the probability that there is anything to be learnt, `changed` that the taste changed on the way.
    `spread` is the standard deviation that is left of each named weight, by "axis@place", genre or artist.
    """

    taste: Taste
    opinions: int = 0
    something: float = 0.0
    changed: float = 0.0
    spread: Mapping[str, float] = field(default_factory=dict)


def learn(library: Library, opinions: Sequence[Opinion], *, mood: Numbers = (), under: Taste | None = None) -> Learned:
    """The taste that opinions, oldest first, speak of; `under` is what is believed before any of them.

    `mood` is what this request asks for: opinions given in a like mood count for more.
    """
    used = [one for one in opinions if one.rows and np.isfinite(one.value)][-MOST_OPINIONS:]
    under = under or Taste()
    if not used:
        return Learned(taste=under)
    features = _features(library, used)
    values = np.array([one.value for one in used], dtype=np.float64)
    if under != Taste():
        values = values - _said_before(library, under, used)
    doubt = 1 / np.array([_precision(one) for one in used])
    likeness, now = _moods(used, mood)
    kernel = (features.matrix * features.variance) @ features.matrix.T * likeness
    found = _averaged(kernel, values, doubt)
    heard = found.weights * now
    means = features.unwhitened(features.variance * (features.matrix.T @ heard))
    return Learned(
        taste=_taste(features, means, under, library, used, sure=found.something),
        opinions=len(used),
        something=found.something,
        changed=found.changed,
        spread=_spread(features, kernel, doubt),
    )


def mood_of(axes: Iterable[tuple[str, float]], words: Iterable[str] = ()) -> Numbers:
    """What a request asks for, as a direction of length 1: axes with their sides, and words such as genres."""
    sides = {**{name: float(side) for name, side in axes if side}, **{f"#{word}": 0.7 for word in words}}
    length = float(np.sqrt(sum(side * side for side in sides.values())))
    return tuple((name, side / length) for name, side in sorted(sides.items())) if length else ()


# What songs are described by


@dataclass(frozen=True, slots=True, kw_only=True)
class _Features:
    """Opinions by what they are about: `matrix` is opinions x weights, `variance` what each weight may be before.

    The weights of sound are whitened: `names` are of those that `unwhitened` gives.
    """

    matrix: Matrix
    variance: Matrix
    names: tuple[tuple[str, str], ...]

    def unwhitened(self, weights: Matrix) -> Matrix:
        """The weights by name: those of each axis' knots out of independent ones."""
        sound = len(AXES) * len(KNOTS)
        knots = weights[:sound].reshape(len(AXES), len(KNOTS)) @ _root().T
        return np.concatenate([knots.ravel(), weights[sound:]])


def _features(library: Library, opinions: Sequence[Opinion]) -> _Features:
    rows = np.concatenate([np.asarray(one.rows, dtype=np.intp) for one in opinions])
    counts = np.array([len(one.rows) for one in opinions])
    of = np.repeat(np.arange(len(opinions)), counts)
    share = 1.0 / counts[of]
    sound = np.zeros((len(opinions), len(AXES) * len(KNOTS)))
    np.add.at(sound, of, share[:, None] * _sound_rows(library, rows))
    blocks = [sound]
    variances = [np.full(sound.shape[1], _SHARES["sound"] / len(AXES))]
    names = [("axis", f"{axis}@{place:g}") for axis in AXES for place in KNOTS]
    for kind, carried in (
        ("genre", _genre_rows(library, rows)),
        ("artist", _artist_rows(library, rows)),
        ("song", _song_rows(library, rows)),
    ):
        words = tuple(dict.fromkeys(word for one in carried for word in one))
        place = {word: number for number, word in enumerate(words)}
        block = np.zeros((len(opinions), len(words)))
        for item, (opinion, part) in enumerate(zip(of.tolist(), share.tolist(), strict=True)):
            for word, amount in carried[item].items():
                block[opinion, place[word]] += part * amount
        blocks.append(block)
        variances.append(np.full(len(words), _SHARES[kind]))
        names += [(kind, word) for word in words]
    return _Features(matrix=np.hstack(blocks), variance=np.concatenate(variances), names=tuple(names))


@cache
def _root() -> Matrix:
    """The root of what knots of one axis have in common: near ones are liked alike."""
    apart = np.subtract.outer(KNOTS, KNOTS)
    return np.linalg.cholesky(np.exp(-(apart**2) / (2 * _WIDTH**2)) + 1e-9 * np.eye(len(KNOTS)))


def _sound_rows(library: Library, rows: npt.NDArray[np.intp]) -> Matrix:
    whitened = hats()[library.bins[:, rows].T] @ _root()
    return np.asarray(whitened.reshape(len(rows), -1))


def _genre_rows(library: Library, rows: npt.NDArray[np.intp]) -> list[dict[str, float]]:
    found = []
    for row in rows.tolist():
        words = library.table.genres.of(row)
        one: dict[str, float] = {}
        for word in words:
            for name, amount in kin(word):
                one[name] = one.get(name, 0.0) + amount / np.sqrt(len(words))
        found.append(one)
    return found


def _artist_rows(library: Library, rows: npt.NDArray[np.intp]) -> list[dict[str, float]]:
    found = []
    for row in rows.tolist():
        names = library.table.artists.of(row)
        found.append({name: 1 / np.sqrt(len(names)) for name in names})
    return found


def _song_rows(library: Library, rows: npt.NDArray[np.intp]) -> list[dict[str, float]]:
    return [{str(library.table.keys[row]): 1.0} for row in rows.tolist()]


# What is believed of the weights


@dataclass(frozen=True, slots=True, kw_only=True)
class _Believed:
    """`weights` of the opinions, averaged over all doubts, and how sure the doubts are."""

    weights: Matrix
    something: float
    changed: float


def _precision(one: Opinion) -> float:
    return float(max(1e-3, one.weight * 0.5 ** (max(0.0, one.age_days) / HALF_LIFE_DAYS)))


def _averaged(kernel: Matrix, values: Matrix, doubt: Matrix) -> _Believed:
    """The opinions' weights under each hypothesis, averaged by how likely the hypothesis makes the opinions."""
    count = len(values)
    starts = [0, *(count - after for after in _AFTER if count - after >= _LEAST_SPAN)]
    chances, weights = [], []
    for scale, noise, prior in _BELIEFS:
        for start in starts:
            if scale == 0 and start:
                continue
            likely, alpha = _evidence(scale * kernel[start:, start:], values[start:], noise * doubt[start:])
            if start:
                likely += _evidence(scale * kernel[:start, :start], values[:start], noise * doubt[:start])[0]
            share = _CHANGED / (len(starts) - 1) if start else 1 - _CHANGED * (len(starts) > 1)
            chances.append((likely + np.log(prior * share), scale > 0, start > 0))
            weights.append(np.concatenate([np.zeros(start), scale * alpha]))
    logs = np.array([chance for chance, _, _ in chances])
    shares = np.exp(logs - logs.max())
    shares /= shares.sum()
    return _Believed(
        weights=shares @ np.array(weights),
        something=float(sum(share for share, (_, some, _) in zip(shares, chances, strict=True) if some)),
        changed=float(sum(share for share, (_, _, changed) in zip(shares, chances, strict=True) if changed)),
    )


def _evidence(kernel: Matrix, values: Matrix, noise: Matrix) -> tuple[float, Matrix]:
    """How likely the values are (its logarithm, without a constant), and the weights that explain them.

    A level of its own is always allowed for: who likes little likes some songs more than others all the same.
    """
    whole = kernel + np.diag(noise) + _BIAS
    lower = np.linalg.cholesky(whole)
    alpha = np.linalg.solve(lower.T, np.linalg.solve(lower, values))
    return float(-0.5 * values @ alpha - np.log(np.diag(lower)).sum()), alpha


def _moods(opinions: Sequence[Opinion], mood: Numbers) -> tuple[Matrix, Matrix]:
    """How much opinions have to do with each other, and with what the request asks for, by their moods."""
    names = tuple(dict.fromkeys(name for numbers in (mood, *(one.mood for one in opinions)) for name, _ in numbers))
    place = {name: number for number, name in enumerate(names)}
    directions = np.zeros((len(opinions) + 1, len(names)))
    for number, numbers in enumerate((*(one.mood for one in opinions), mood)):
        for name, side in numbers:
            directions[number, place[name]] = side
    alike = (1 - _MOOD) + _MOOD * directions @ directions.T
    return alike[:-1, :-1], alike[:-1, -1]


def _spread(features: _Features, kernel: Matrix, doubt: Matrix) -> dict[str, float]:
    """The standard deviation that is left of the weights of genres and artists."""
    scale, noise, _ = _BELIEFS[-1]
    lower = np.linalg.cholesky(scale * kernel + np.diag(noise * doubt) + _BIAS)
    first = len(AXES) * len(KNOTS)
    known = np.linalg.solve(lower, features.matrix[:, first:])
    before = scale * features.variance[first:]
    left = before - before**2 * np.square(known).sum(axis=0)
    named = features.names[first:]
    return {
        name: float(np.sqrt(max(0.0, part)))
        for (kind, name), part in zip(named, left, strict=True)
        if kind in ("genre", "artist")
    }


def _said_before(library: Library, under: Taste, opinions: Sequence[Opinion]) -> Matrix:
    total = preferences(library, under).total
    if total is None:
        return np.zeros(len(opinions))
    return np.array([float(total[list(one.rows)].mean()) for one in opinions])


def _taste(
    features: _Features, means: Matrix, under: Taste, library: Library, opinions: Sequence[Opinion], *, sure: float
) -> Taste:
    """The means by name, on top of what was believed before; those that come to nothing are left out."""
    by_kind: dict[str, dict[str, float]] = {
        "axis": dict(under.axes),
        "genre": dict(under.genres),
        "artist": dict(under.artists),
        "song": dict(under.tracks),
    }
    for (kind, name), mean in zip(features.names, means.tolist(), strict=True):
        by_kind[kind][name] = by_kind[kind].get(name, 0.0) + mean
    return Taste(
        tracks=_numbers(by_kind["song"], 0),
        artists=_numbers(by_kind["artist"], 0),
        genres=_numbers(by_kind["genre"], 0),
        axes=_numbers(by_kind["axis"]),
        liked=_liked(library, opinions),
        sure=round(sure, 3),
    )


def _numbers(amounts: Mapping[str, float], least: float = _TINY) -> Numbers:
    return tuple((name, round(amount, 4)) for name, amount in sorted(amounts.items()) if abs(amount) >= least)


def _liked(library: Library, opinions: Sequence[Opinion]) -> tuple[tuple[str, str, int, int], ...]:
    """Of each song, artist and genre how many songs were loved, and how many liked or loved: what reasons may say.

    Of several opinions about one song the newest counts; sets count for nothing here.
    """
    newest = {one.rows[0]: one.value for one in opinions if len(one.rows) == 1}
    counts: dict[tuple[str, str], list[int]] = {}
    for row, value in newest.items():
        if value > 0:
            names = [("song", str(library.table.keys[row]))]
            names += [("artist", name) for name in library.table.artists.of(row)]
            names += [("genre", name) for name in library.table.genres.of(row)]
            for name in names:
                count = counts.setdefault(name, [0, 0])
                count[0] += value >= LOVED
                count[1] += 1
    return tuple((kind, name, loved, liked) for (kind, name), (loved, liked) in sorted(counts.items()))


def consensus(tastes: Sequence[Taste]) -> Taste:
    """What the members of a server agree on: axes and genres that three quarters of them like, or dislike.

    Each weight is the quartile next to nothing, so that a quarter of the members, whatever they say, moves no weight
    beyond what others say too. Members who never rated a genre count as saying nothing of it. Artists and songs are
    left out: love of them is one's own. Fewer than LEAST_MEMBERS agree on nothing.
    """
    if len(tastes) < LEAST_MEMBERS:
        return Taste()
    return Taste(axes=_agreed([one.axes for one in tastes]), genres=_agreed([one.genres for one in tastes]))


def _agreed(numbers: Sequence[Numbers]) -> Numbers:
    names = sorted({name for one in numbers for name, _ in one})
    place = {name: number for number, name in enumerate(names)}
    weights = np.zeros((len(numbers), len(names)))
    for number, one in enumerate(numbers):
        for name, amount in one:
            weights[number, place[name]] = amount
    low, high = np.quantile(weights, (0.25, 0.75), axis=0) if names else (np.empty(0), np.empty(0))
    agreed = np.maximum(low, 0) + np.minimum(high, 0)
    return _numbers(dict(zip(names, agreed.tolist(), strict=True)))
