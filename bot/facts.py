"""The base of everything that is told: a code, its facts, and the form in which both are stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something true that can be told; each subclass is one `code` with its facts.

    The facts are texts, numbers, truth values, None, other facts, and tuples of these. Codes and the names of facts
    are stored: they stay as they are. A subclass whose code is taken raises TypeError.
    """

    code: ClassVar[str]
    codes: ClassVar[dict[str, type[Fact]]] = {}

    def __init_subclass__(cls) -> None:
        # dataclass(slots=True) makes each class a second time; the second one is the one in use.
        taken = Fact.codes.get(cls.code)
        if taken is not None and taken.__qualname__ != cls.__qualname__:
            raise TypeError(f"{cls.__qualname__} has the code of {taken.__qualname__}: {cls.code}")
        Fact.codes[cls.code] = cls

    def to_dict(self) -> dict[str, Any]:
        """The code and the facts by their names, as JSON and the database take them."""
        return {"code": self.code, **{field.name: _plain(getattr(self, field.name)) for field in fields(self)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded(Fact):
    """A sentence as it is: stored at a time when sentences were, or said by a door."""

    code: ClassVar[str] = "worded"
    text: str


def fact_of(stored: object) -> Fact | None:
    """The fact that `to_dict` wrote; a bare text is a sentence of older sessions.

    None for what is no fact, and for a fact that this version does not know.
    """
    if isinstance(stored, str):
        return Worded(text=stored)
    kind = Fact.codes.get(str(stored.get("code"))) if isinstance(stored, Mapping) else None
    if kind is None or not isinstance(stored, Mapping):
        return None
    names = [field.name for field in fields(kind)]
    try:
        return kind(**{name: _read(stored[name]) for name in names})
    except KeyError:
        return None


def facts_of(stored: Iterable[object] | None) -> tuple[Fact, ...]:
    """The facts of a stored list, without those that cannot be read."""
    return tuple(fact for fact in map(fact_of, stored or ()) if fact is not None)


def _plain(value: Any) -> Any:
    if isinstance(value, Fact):
        return value.to_dict()
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _read(value: Any) -> Any:
    if isinstance(value, Mapping):
        return fact_of(value)
    return tuple(_read(part) for part in value) if isinstance(value, list) else value
