"""Discord's OpenAPI document as a judge of requests: is this route in it, and is this body what it describes?

The document is taken more strictly than it is written: a key that it does not name is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

DOCUMENT = Path(__file__).with_name("discord.json")
METHODS = ("get", "put", "post", "patch", "delete")
_COMBINERS = ("allOf", "oneOf", "anyOf")


def _chosen(combiner: str) -> Any:
    """`oneOf` or `anyOf` over the branches that can be meant, told by the value of `type` that each names.

    Branches of another type could not fit, so the judgement is the same; it is quicker, and its complaints are
    about the branch that was meant.
    """
    judge = Draft202012Validator.VALIDATORS[combiner]

    def judged(validator: Any, branches: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if isinstance(instance, dict):
            branches = [branch for branch in branches if _may_mean(branch, instance)] or branches
        yield from judge(validator, branches, instance, schema)

    return judged


def _may_mean(branch: Mapping[str, Any], instance: Mapping[str, Any]) -> bool:
    named = branch.get("properties", {}).get("type", {}).get("enum")
    return branch.get("type") != "null" and (named is None or "type" not in instance or instance["type"] in named)


Validator = extend(Draft202012Validator, {combiner: _chosen(combiner) for combiner in ("oneOf", "anyOf")})


@dataclass(frozen=True, slots=True)
class Operation:
    """A method of a path: the pattern of its address, and the validators of what may be in it."""

    pattern: re.Pattern[str]
    literals: int
    in_path: Mapping[str, Validator]
    in_query: Mapping[str, Validator]
    required_query: frozenset[str]
    body: Validator | None
    body_required: bool


class Document:
    """The reduced OpenAPI document, closed, with one compiled validator for each body and parameter."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        schemas = Schemas(raw["components"]["schemas"])
        self._operations: dict[str, list[Operation]] = {}
        for path, item in raw["paths"].items():
            for method in METHODS:
                if method in item:
                    self._operations.setdefault(method.upper(), []).append(_operation(path, item, method, schemas))

    @classmethod
    @cache
    def load(cls) -> Document:
        """The document beside this file, read once."""
        return cls(json.loads(DOCUMENT.read_text("utf-8")))

    def faults(self, method: str, path: str, query: Mapping[str, Any], body: Any) -> Iterator[str]:
        """What is wrong with a request, as the document has it; nothing when it is valid."""
        found = self._find(method, path)
        if found is None:
            yield f"{method} {path} is not a route of the document"
            return
        operation, values = found
        for name, value in values.items():
            yield from (f"path {name}: {fault}" for fault in _faults(operation.in_path[name], unquote(value)))
        yield from self._query_faults(operation, query)
        if body is None and operation.body_required:
            yield "the body is missing"
        elif body is not None and operation.body is None:
            yield "there is a body where none is taken"
        elif body is not None and operation.body is not None:
            yield from _faults(operation.body, body)

    def _find(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        fitting = [
            (operation, match.groupdict())
            for operation in self._operations.get(method, ())
            if (match := operation.pattern.fullmatch(path))
        ]
        return max(fitting, key=lambda pair: pair[0].literals, default=None)

    @staticmethod
    def _query_faults(operation: Operation, query: Mapping[str, Any]) -> Iterator[str]:
        for name in sorted(operation.required_query - query.keys()):
            yield f"query {name}: is missing"
        for name, value in query.items():
            if name not in operation.in_query:
                yield f"query {name}: is not named by the document"
            else:
                validator = operation.in_query[name]
                yield from (f"query {name}: {fault}" for fault in _faults(validator, _as_sent(validator, value)))


class Schemas:
    """The named schemas, strict and with every reference replaced by what it points to.

    An object with named properties takes no other. Closing each object by itself is right as long as none is put
    together of several schemas; a document that does so raises ValueError: it would need `unevaluatedProperties`.
    """

    def __init__(self, named: Mapping[str, Any]) -> None:
        self._named = named
        self._ready: dict[str, Any] = {}

    def validator(self, schema: Mapping[str, Any]) -> Validator:
        """A validator of the strict reading of a schema."""
        return Validator(self.strict(schema))

    def strict(self, node: Any) -> Any:
        """A schema, or a part of one, as it is judged by."""
        if isinstance(node, list):
            return [self.strict(part) for part in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            if name not in self._ready:
                self._ready[name] = self.strict(self._named[name])
            return self._ready[name]
        copy = {key: self.strict(value) for key, value in node.items()}
        if node.get("type") == "object" and isinstance(node.get("properties"), dict):
            if any(key in node for key in _COMBINERS):
                raise ValueError(f"an object is put together of several schemas: {json.dumps(node)[:200]}")
            copy.setdefault("additionalProperties", False)
        if any("properties" in part for part in copy.get("allOf", ()) if isinstance(part, dict)):
            raise ValueError(f"allOf joins objects: {json.dumps(node)[:200]}")
        return copy


def _operation(path: str, item: Mapping[str, Any], method: str, schemas: Schemas) -> Operation:
    declared = [*item["parameters"], *item[method].get("parameters", ())]
    body = item[method].get("requestBody")
    return Operation(
        pattern=re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))),
        literals=len(re.sub(r"\{\w+\}", "", path)),
        in_path={p["name"]: schemas.validator(p["schema"]) for p in declared if p["in"] == "path"},
        in_query={p["name"]: schemas.validator(p["schema"]) for p in declared if p["in"] == "query"},
        required_query=frozenset(p["name"] for p in declared if p["in"] == "query" and p.get("required")),
        body=schemas.validator(body["content"]["application/json"]["schema"]) if body else None,
        body_required=bool(body and body["required"]),
    )


def _as_sent(validator: Validator, value: Any) -> Any:
    """A query value as it reaches Discord: text, read again as the number or truth that the document wants."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    for reading in [True] if text in ("true", "1") else [False] if text in ("false", "0") else []:
        if validator.is_valid(reading):
            return reading
    if re.fullmatch(r"-?\d+", text) and validator.is_valid(int(text)):
        return int(text)
    return text


def _faults(validator: Validator, value: Any) -> Iterator[str]:
    for error in validator.iter_errors(value):
        cause = _deepest(error)
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in cause.absolute_path)
        says = cause.message if len(cause.message) <= 300 else f"{cause.message[:150]} … {cause.message[-150:]}"
        yield f"{where.lstrip('.') or 'body'}: {says}"


def _deepest(error: ValidationError) -> ValidationError:
    """The cause of a refusal: of the branches that may be meant, in the one with the fewest errors."""
    while error.validator in ("oneOf", "anyOf") and error.context:
        branches: dict[Any, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        error = min(branches.values(), key=lambda errors: (errors[0].schema.get("type") == "null", len(errors)))[0]
    return error
