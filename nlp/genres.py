"""Which genre is which: spellings, broader and narrower genres, and how close any two genre names are.

The names of a library are whatever its makers wrote ("hip-hop", "neo mellow", "swedish death metal"). A name that no
table knows is read by the known names in it: "atmospheric black metal" lies under "black metal", "german techno" under
"techno" and under the language "german".
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from nlp.lexicon import Entry, read_entries
from nlp.names import fold

_BARE = {"hip hop": "rap"}
"""Names under which libraries file a narrower genre: who rejects rap does not want songs filed as plain hip hop."""

_EITHER = {"hardcore": ("hardcore punk", "hardcore techno", "rap")}
"""Names under which libraries file strangers: such a song is none of them for sure, and goes when one is rejected."""

_NARROWER = 0.92
"""What each step down to a narrower genre leaves: who asks for punk wants punk before emo, and emo before country."""

_LEAST_NARROWER = 0.8

_STEPS_UP = (1.0, 0.55, 0.35, 0.22)
"""Closeness of a genre that is 0, 1, 2, 3 steps broader than the wanted one. Judgement, as are the figures below."""

_STEP_DOWN = 0.85
"""What each further step down from a shared broader genre leaves of it: siblings are 0.55 * 0.85."""

_CROWDS = ((12, 1.0), (42, 0.8), (1_000, 0.5))
"""What a shared broader genre with up to so many genres under it says: two kinds of pop have little in common."""

_RELATIVE = 0.5
_MEMORY = 65_536
_SHORTEST_ENDING = 4
_ENDINGS = frozenset({"pop", "rap"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A name as understood: its folded `key`, its canonical `node` if known, and steps up to each broader node."""

    key: str
    node: str | None
    up: Mapping[str, int]


class GenreGraph:
    """The genres of the tables, with the languages that songs are sung in as broader nodes of what is sung in them.

    Every method takes any spelling. A genre row's hint ``genre=x`` names a close relative; a language row's names a
    genre that is sung in the language.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        rows = tuple(entries)
        genres = [row for row in rows if row.kind == "genre"]
        languages = [row for row in rows if row.kind == "language"]
        self._canonical = frozenset(row.name for row in genres)
        self._forms = _index(genres + languages)
        self._compact = {key.replace(" ", ""): node for key, node in reversed(self._forms.items())}
        self._longest = max((key.count(" ") + 1 for key in self._forms), default=1)
        self._parents = _parents(genres, languages, self._forms)
        self._relatives = _relatives(genres, self._forms)
        self._up = {node: self._climb((node,)) for node in set(self._forms.values())}
        self._down = _descendants(self._up)
        self._read = lru_cache(maxsize=_MEMORY)(self._understand)
        self._close = lru_cache(maxsize=_MEMORY)(self._measure)

    def canonical(self, name: str) -> str | None:
        """The canonical name of a genre in any known spelling; None for what is no genre of the tables."""
        node = self._known(fold(name))
        return node if node in self._canonical else None

    def broader(self, name: str) -> frozenset[str]:
        """All genres above `name`, itself not included."""
        reading = self._read(name)
        return frozenset(node for node in reading.up if node != reading.node and node in self._canonical)

    def narrower(self, name: str) -> frozenset[str]:
        """`name`'s genre and all that lie under it; empty for an unknown name."""
        node = self._read(name).node
        return frozenset() if node is None else frozenset(self._down[node] & self._canonical | {node})

    def closeness(self, wanted: str, genre: str) -> float:
        """How much a song of `genre` is one of `wanted`: 1 the same, from 0.8 narrower, 0.5 a relative, 0 none."""
        return self._close(wanted, genre)

    def excluded(self, rejected: str, genre: str) -> bool:
        """Whether who rejects `rejected` has rejected `genre`: the same, anything narrower, or filed under its name."""
        no, given = self._read(rejected), self._read(genre)
        maybe = (self._read(name) for name in _EITHER.get(given.node or "", ()))
        return no.key == given.key or self._within(no, given) or any(self._within(no, other) for other in maybe)

    def _within(self, outer: _Reading, inner: _Reading) -> bool:
        if outer.node is not None:
            return outer.node in inner.up
        return bool(outer.key) and set(outer.key.split()) <= set(inner.key.split())

    def _measure(self, wanted: str, genre: str) -> float:
        one, other = self._read(wanted), self._read(genre)
        if one.key == other.key:
            return 1.0
        if self._within(one, other):
            steps = other.up.get(one.node or "", 0) if one.node in self._canonical else 0
            return max(_LEAST_NARROWER, _NARROWER**steps)
        shared = max((self._through(node, one, other) for node in one.up.keys() & other.up.keys()), default=0.0)
        return max(shared, self._related(one, other))

    def _through(self, node: str, one: _Reading, other: _Reading) -> float:
        """Closeness by way of a broader node of both."""
        climbed, descended = one.up[node], other.up[node]
        near = _STEPS_UP[min(climbed, len(_STEPS_UP) - 1)] * _STEP_DOWN**descended
        if not descended:
            return near
        return near * next(share for size, share in _CROWDS if len(self._down[node]) <= size)

    def _related(self, one: _Reading, other: _Reading) -> float:
        relatives = self._relatives.get(one.node or "", frozenset())
        steps = min((other.up[node] for node in relatives if node in other.up), default=None)
        return 0.0 if steps is None else _RELATIVE * _STEP_DOWN ** min(steps, 2)

    def _understand(self, name: str) -> _Reading:
        key = fold(name)
        node = self._known(key)
        if node is not None:
            up = dict(self._up[node])
            if node in _BARE:
                up.setdefault(_BARE[node], 0)
            return _Reading(key=key, node=node, up=up)
        parts = self._parts(key.split())
        up = {above: steps + 1 for above, steps in self._climb(parts).items()}
        up.update({_BARE[part]: 1 for part in parts if part in _BARE})
        return _Reading(key=key, node=None, up=up)

    def _known(self, key: str) -> str | None:
        if not key:
            return None
        shorter = key.removesuffix(" music")
        for spelling in (key, shorter, f"{key} music", key.removesuffix("s")):
            node = self._forms.get(spelling)
            if node is not None:
                return node
        return self._compact.get(key.replace(" ", ""))

    def _parts(self, words: list[str]) -> tuple[str, ...]:
        """The known names among `words`, longest first, none overlapping; else a known ending ("deutschrock")."""
        found: list[str] = []
        start = 0
        while start < len(words):
            for size in range(min(self._longest, len(words) - start), 0, -1):
                node = self._forms.get(" ".join(words[start : start + size]))
                if node is not None:
                    found.append(node)
                    break
            else:
                size = 1
                found.extend(self._ending(words[start]))
            start += size
        return tuple(dict.fromkeys(found))

    def _ending(self, word: str) -> tuple[str, ...]:
        for start in range(1, len(word) - 2):
            ending = word[start:]
            if (len(ending) >= _SHORTEST_ENDING or ending in _ENDINGS) and ending in self._forms:
                return (self._forms[ending],)
        return ()

    def _climb(self, nodes: Iterable[str]) -> dict[str, int]:
        """Every node above `nodes`, themselves included at 0 steps, with the fewest steps to it."""
        steps = dict.fromkeys(nodes, 0)
        queue = deque(steps)
        while queue:
            node = queue.popleft()
            for parent in self._parents.get(node, ()):
                if parent not in steps:
                    steps[parent] = steps[node] + 1
                    queue.append(parent)
        return steps


@cache
def genre_graph() -> GenreGraph:
    """The graph of the package's tables, built once."""
    return GenreGraph(read_entries())


def _index(rows: Iterable[Entry]) -> dict[str, str]:
    forms: dict[str, str] = {}
    for row in rows:
        forms.setdefault(fold(row.name), row.name)
    for row in rows:
        for form in row.forms:
            forms.setdefault(fold(form), row.name)
    return {key: name for key, name in forms.items() if key}


def _parents(genres: list[Entry], languages: list[Entry], forms: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    parents = {row.name: row.links for row in genres}
    for language in languages:
        node = forms[fold(language.name)]
        for key, value in language.hints:
            child = forms.get(fold(value))
            if key == "genre" and child is not None and child != node:
                parents[child] = (*parents.get(child, ()), node)
    return parents


def _relatives(genres: list[Entry], forms: Mapping[str, str]) -> dict[str, frozenset[str]]:
    pairs = {(row.name, forms[fold(value)]) for row in genres for key, value in row.hints if key == "genre"}
    both = pairs | {(second, first) for first, second in pairs}
    return {node: frozenset(second for first, second in both if first == node) for node, _ in both}


def _descendants(up: Mapping[str, Mapping[str, int]]) -> dict[str, frozenset[str]]:
    down: dict[str, set[str]] = {node: set() for node in up}
    for node, above in up.items():
        for ancestor in above:
            down.setdefault(ancestor, set()).add(node)
    return {node: frozenset(nodes) for node, nodes in down.items()}
