"""What Discord's written reference says of messages and commands, and its OpenAPI document does not.

Every rule yields sentences for what is wrong with a body; none for a valid one. The body has the shape of the document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

IS_COMPONENTS_V2, EPHEMERAL = 1 << 15, 1 << 6
COMPONENT_LIMIT, TEXT_LIMIT, CONTENT_LIMIT, EMBED_LIMIT = 40, 4000, 2000, 6000
ACTION_ROW, BUTTON, TEXT_DISPLAY = 1, 2, 10
SELECTS = frozenset({3, 5, 6, 7, 8})
V2_KINDS = frozenset({9, 10, 11, 12, 13, 14, 17})
LINK, PREMIUM = 5, 6

DEFERRED, DEFERRED_UPDATE, CHANNEL_MESSAGE, UPDATE_MESSAGE, MODAL = 5, 6, 4, 7, 9
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
COMMAND_CHARACTERS = 8000


def body_faults(method: str, path: str, body: Any, files: Sequence[str] | None) -> Iterator[str]:
    """The rules that fit the route; `files` are the names of the uploaded files, None where they are not known."""
    if path.endswith("/callback") and isinstance(body, Mapping):
        yield from _callback_faults(body, files)
    elif re.search(r"/messages(/(\d+|@original))?$", path) or re.fullmatch(r"/webhooks/\d+/[^/]+", path):
        if isinstance(body, Mapping):
            yield from message_faults(body, files, new=method == "POST")
    elif path.endswith("/commands") and isinstance(body, list):
        yield from command_faults(body)


def _callback_faults(body: Mapping[str, Any], files: Sequence[str] | None) -> Iterator[str]:
    data = body.get("data") or {}
    match body.get("type"):
        case 4:
            yield from message_faults(data, files, new=True)
        case 7:
            yield from message_faults(data, files, new=False)
        case 5 | 6 if (data.get("flags") or 0) & ~EPHEMERAL:
            yield "data.flags: a deferred answer can only be made ephemeral"
        case 9:
            yield from _component_faults(data.get("components") or ())


def message_faults(message: Mapping[str, Any], files: Sequence[str] | None, *, new: bool) -> Iterator[str]:
    """The rules of one message, new or edited."""
    components = message.get("components") or ()
    everything = list(_nested(components))
    beside = [key for key in ("content", "embeds", "poll", "sticker_ids") if message.get(key)]
    if new and not (beside or components or files or message.get("attachments")):
        yield "the message is empty"
    if len(message.get("content") or "") > CONTENT_LIMIT:
        yield f"content: more than {CONTENT_LIMIT} characters"
    if sum(_embed_length(embed) for embed in message.get("embeds") or ()) > EMBED_LIMIT:
        yield f"embeds: more than {EMBED_LIMIT} characters in all"
    is_v2 = bool((message.get("flags") or 0) & IS_COMPONENTS_V2)
    if is_v2 and beside:
        yield f"{beside[0]}: cannot stand beside Components V2"
    if not is_v2:
        yield from (f"components: type {c['type']} needs the V2 flag" for c in everything if c.get("type") in V2_KINDS)
        if len(components) > 5:
            yield "components: more than 5 rows"
    yield from _component_faults(components)
    yield from _attachment_faults(message, everything, files, new=new)


def _component_faults(components: Sequence[Any]) -> Iterator[str]:
    everything = list(_nested(components))
    if len(everything) > COMPONENT_LIMIT:
        yield f"components: {len(everything)} with the nested ones, {COMPONENT_LIMIT} are allowed"
    characters = sum(len(c.get("content") or "") for c in everything if c.get("type") == TEXT_DISPLAY)
    if characters > TEXT_LIMIT:
        yield f"components: {characters} characters of text, {TEXT_LIMIT} are allowed"
    for key in ("custom_id", "id"):
        counted = Counter(c[key] for c in everything if c.get(key))
        yield from (f"components: the {key} {value!r} comes {n} times" for value, n in counted.items() if n > 1)
    for component in everything:
        if component.get("type") == ACTION_ROW:
            yield from _row_faults(component)
        elif component.get("type") == BUTTON:
            yield from _button_faults(component)
        elif component.get("type") in SELECTS:
            yield from _select_faults(component)


def _row_faults(row: Mapping[str, Any]) -> Iterator[str]:
    kinds = [inner.get("type") for inner in row.get("components") or ()]
    if len(kinds) > 1 and set(kinds) != {BUTTON}:
        yield "components: a row holds up to five buttons or one menu"


def _button_faults(button: Mapping[str, Any]) -> Iterator[str]:
    name = button.get("label") or button.get("custom_id") or button.get("url")
    wanted = {LINK: "url", PREMIUM: "sku_id"}.get(button.get("style", 0), "custom_id")
    if not button.get(wanted):
        yield f"button {name!r}: has no {wanted}"
    for key in {"url", "sku_id", "custom_id"} - {wanted}:
        if button.get(key):
            yield f"button {name!r}: {key} does not go with its style"
    if wanted != "sku_id" and not (button.get("label") or button.get("emoji")):
        yield f"button {name!r}: has neither label nor emoji"


def _select_faults(menu: Mapping[str, Any]) -> Iterator[str]:
    name, least, most = menu.get("custom_id"), menu.get("min_values"), menu.get("max_values")
    least, most = (1 if least is None else least), (1 if most is None else most)
    if least > most:
        yield f"menu {name!r}: min_values is above max_values"
    if menu.get("type") == 3:
        options = menu.get("options") or ()
        if most > len(options):
            yield f"menu {name!r}: max_values {most} of {len(options)} options"
        if len({option.get("value") for option in options}) < len(options):
            yield f"menu {name!r}: two options have the same value"
        if sum(bool(option.get("default")) for option in options) > most:
            yield f"menu {name!r}: more defaults than may be chosen"


def _attachment_faults(
    message: Mapping[str, Any], everything: Sequence[Mapping[str, Any]], files: Sequence[str] | None, *, new: bool
) -> Iterator[str]:
    declared = message.get("attachments") or ()
    names = {attachment.get("filename") for attachment in declared} | set(files or ())
    if files is not None:
        uploads = [a for a in declared if str(a.get("id")).isdigit() and int(a["id"]) < 10]
        yield from (
            f"attachments: id {a['id']} is none of the {len(files)} files"
            for a in uploads
            if int(a["id"]) >= len(files)
        )
    kept = not new and (any(a.get("filename") is None for a in declared) or "attachments" not in message)
    for url in _media_urls([*everything, *(message.get("embeds") or ())]):
        if url.startswith("attachment://") and url.removeprefix("attachment://") not in names and not kept:
            yield f"{url}: no such attachment"


def command_faults(commands: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The rules of a set of application commands."""
    counted = Counter((command.get("type") or 1, command.get("name")) for command in commands)
    yield from (f"command {name!r} comes {n} times" for (_, name), n in counted.items() if n > 1)
    for command in commands:
        if (command.get("type") or 1) == 1:
            yield from _slash_faults(command)


def _slash_faults(command: Mapping[str, Any]) -> Iterator[str]:
    name = str(command.get("name"))
    if not COMMAND_NAME.fullmatch(name) or name != name.lower():
        yield f"command {name!r}: the name must be lower case, of letters, digits, - and _"
    if not command.get("description"):
        yield f"command {name!r}: has no description"
    options = command.get("options") or ()
    optional = [not option.get("required") for option in options]
    if optional != sorted(optional):
        yield f"command {name!r}: a required option comes after an optional one"
    if len({option.get("name") for option in options}) < len(options):
        yield f"command {name!r}: two options have the same name"
    if sum(len(str(text)) for text in _command_texts(command)) > COMMAND_CHARACTERS:
        yield f"command {name!r}: more than {COMMAND_CHARACTERS} characters"
    for option in options:
        if option.get("type") in (1, 2):
            yield from _slash_faults({**option, "name": f"{option.get('name')}"})


def _command_texts(node: Mapping[str, Any]) -> Iterator[Any]:
    yield from (node.get("name", ""), node.get("description", ""), node.get("value", ""))
    for inner in (*(node.get("options") or ()), *(node.get("choices") or ())):
        yield from _command_texts(inner)


def _nested(components: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        if isinstance(component, Mapping):
            yield component
            yield from _nested(component.get("components") or ())
            accessory, inner = component.get("accessory"), component.get("component")
            yield from _nested([part for part in (accessory, inner) if part])


def _media_urls(nodes: Any) -> Iterator[str]:
    if isinstance(nodes, Mapping):
        if isinstance(nodes.get("url"), str):
            yield nodes["url"]
        nodes = [value for key, value in nodes.items() if key not in ("components", "accessory", "component")]
    if isinstance(nodes, (list, tuple)):
        for node in nodes:
            yield from _media_urls(node)


def _embed_length(embed: Mapping[str, Any]) -> int:
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get(part) or {}).get(key) for part, key in (("footer", "text"), ("author", "name"))]
    texts += [field.get(key) for field in embed.get("fields") or () for key in ("name", "value")]
    return sum(len(text or "") for text in texts)
