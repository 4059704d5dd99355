"""Make discord.json from Discord's own OpenAPI document: the requests a bot of ours can make, and nothing else.

    python -m tests.specifications.reduce_discord openapi.json

Responses, the form-encoded doubles of the JSON bodies and schemas that no kept request reaches are dropped. What is
kept is copied as it stands.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("discord.json")
JSON_BODY = "application/json"
METHODS = ("get", "put", "post", "patch", "delete")

KEPT_PATHS = re.compile(
    r"/applications/@me"
    r"|/applications/\{application_id\}/(guilds/\{guild_id\}/)?commands.*"
    r"|/channels/\{channel_id\}"
    r"|/channels/\{channel_id\}/(messages|pins|threads|thread-members|typing).*"
    r"|/gateway.*"
    r"|/guilds/\{guild_id\}"
    r"|/guilds/\{guild_id\}/(channels|members|roles|threads/active)"
    r"|/guilds/\{guild_id\}/members/\{user_id\}"
    r"|/interactions/.*"
    r"|/oauth2/applications/@me"
    r"|/users/(@me|\{user_id\}|@me/channels|@me/guilds)"
    r"|/webhooks/\{webhook_id\}/\{webhook_token\}(/messages/.*)?"
)


def reduced(document: dict[str, Any]) -> dict[str, Any]:
    """The request side of the kept paths, with every schema it reaches."""
    paths = {path: _request_side(item) for path, item in document["paths"].items() if KEPT_PATHS.fullmatch(path)}
    kept: dict[str, dict[str, Any]] = {}
    waiting = list(_references(paths))
    while waiting:
        _, _, kind, name = waiting.pop().split("/")
        if name not in kept.setdefault(kind, {}):
            kept[kind][name] = document["components"][kind][name]
            waiting.extend(_references(kept[kind][name]))
    components = {kind: dict(sorted(parts.items())) for kind, parts in sorted(kept.items())}
    return {"openapi": document["openapi"], "info": document["info"], "paths": paths, "components": components}


def _request_side(item: dict[str, Any]) -> dict[str, Any]:
    side: dict[str, Any] = {"parameters": item.get("parameters", [])}
    for method in METHODS:
        if method in item:
            operation = item[method]
            side[method] = {key: operation[key] for key in ("operationId", "parameters") if key in operation}
            body = operation.get("requestBody")
            if body and JSON_BODY in body["content"]:
                json_only = {JSON_BODY: body["content"][JSON_BODY]}
                side[method]["requestBody"] = {"required": body.get("required", False), "content": json_only}
    return side


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from _references(part)


def written(document: dict[str, Any]) -> str:
    """The document as text: one short line for each thing that fits, so that changes can be read in a diff."""
    return _lines(document, "") + "\n"


def _lines(node: Any, indent: str, width: int = 120) -> str:
    flat = json.dumps(node, ensure_ascii=False)
    if len(indent) + len(flat) <= width or not isinstance(node, (dict, list)) or not node:
        return flat
    deeper = indent + " "
    if isinstance(node, dict):
        inside = (f"{json.dumps(key)}: {_lines(value, deeper)}" for key, value in node.items())
        return "{\n" + deeper + f",\n{deeper}".join(inside) + "\n" + indent + "}"
    return "[\n" + deeper + f",\n{deeper}".join(_lines(value, deeper) for value in node) + "\n" + indent + "]"


if __name__ == "__main__":
    TARGET.write_text(written(reduced(json.loads(Path(sys.argv[1]).read_text("utf-8")))), "utf-8")
