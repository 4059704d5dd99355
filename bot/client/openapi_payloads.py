"""Our messages exactly as Discord's OpenAPI document has them.

discord.py 2.7 writes a little more than the document names: `tts` into edits, numbers for the ids of attachments, of
the message that is answered, of what a menu has chosen already and of whom a direct message is for, the whole record
of an attachment that is kept, `nsfw` into commands. Discord puts up with it today; we send what is described, and our
tests refuse anything else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import discord.abc
import discord.channel
import discord.interactions
import discord.message
import discord.webhook.async_
from discord.http import HTTPClient, MultipartParameters

_MODULES = (discord.abc, discord.channel, discord.interactions, discord.message, discord.webhook.async_)
_WRITERS = ("handle_message_parameters", "interaction_message_response_params")
_REGISTRARS = ("bulk_upsert_global_commands", "bulk_upsert_guild_commands")
_ATTACHMENT_KEYS = frozenset({"id", "filename", "description", "title", "duration_secs", "waveform"})


def speak_exactly() -> None:
    """Have discord.py write everything through this module, in this process; a second call does nothing.

    Its modules hold the two functions that write messages under their names, so that is where they are exchanged;
    commands are written by the two methods that register them.
    """
    for module in _MODULES:
        for name in _WRITERS:
            writer = getattr(module, name, None)
            if writer is not None and not hasattr(writer, "__wrapped__"):
                setattr(module, name, _exactly(writer))
    for name in _REGISTRARS:
        registrar = getattr(HTTPClient, name)
        if not hasattr(registrar, "__wrapped__"):
            setattr(HTTPClient, name, _registering(registrar))
    if not hasattr(HTTPClient.start_private_message, "__wrapped__"):
        setattr(HTTPClient, "start_private_message", _naming(HTTPClient.start_private_message))  # noqa: B010 - mypy


def exact_message(body: dict[str, Any]) -> dict[str, Any]:
    """The body of a message or of an answer to an interaction, without what Discord's document does not name."""
    if isinstance(body.get("data"), dict):
        return {**body, "data": exact_message(body["data"])}
    exact = {key: value for key, value in body.items() if not (key == "tts" and value is False)}
    if exact.get("attachments"):
        exact["attachments"] = [_exact_attachment(attachment) for attachment in exact["attachments"]]
    if exact.get("message_reference"):
        exact["message_reference"] = {
            key: str(value) if key.endswith("_id") else value for key, value in exact["message_reference"].items()
        }
    if exact.get("components"):
        exact["components"] = [_exact_component(component) for component in exact["components"]]
    if exact.get("embeds"):
        exact["embeds"] = [{key: embed[key] for key in embed if key != "flags"} for embed in exact["embeds"]]
    return exact


def exact_commands(commands: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The bodies of application commands without `nsfw: false`, which is the default and is not in the document."""
    return [
        {key: value for key, value in command.items() if not (key == "nsfw" and value is False)} for command in commands
    ]


def _exact_component(component: dict[str, Any]) -> dict[str, Any]:
    """A component with ids of channels and roles as the text that they are, wherever a menu names them."""
    exact = dict(component)
    if "components" in exact:
        exact["components"] = [_exact_component(inner) for inner in exact["components"]]
    if "default_values" in exact:
        exact["default_values"] = [{**value, "id": str(value["id"])} for value in exact["default_values"]]
    return exact


def _exact_attachment(attachment: dict[str, Any]) -> dict[str, Any]:
    return {key: str(value) if key == "id" else value for key, value in attachment.items() if key in _ATTACHMENT_KEYS}


def _exactly(writer: Callable[..., MultipartParameters]) -> Callable[..., MultipartParameters]:
    @wraps(writer)
    def written(*args: Any, **options: Any) -> MultipartParameters:
        parameters = writer(*args, **options)
        for part in parameters.multipart or ():
            if part["name"] == "payload_json":
                part["value"] = json.dumps(exact_message(json.loads(part["value"])), separators=(",", ":"))
        body = exact_message(parameters.payload) if parameters.payload is not None else None
        return parameters._replace(payload=body)

    return written


def _registering(registrar: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(registrar)
    def registered(client: HTTPClient, *scope: Any, payload: Sequence[dict[str, Any]] | None = None) -> Any:
        # The payload is the last argument, and discord.py gives it by its place or by its name.
        *scope_ids, commands = (*scope, payload) if payload is not None else scope
        return registrar(client, *scope_ids, exact_commands(commands))

    return registered


def _naming(opener: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(opener)
    def opened(client: HTTPClient, user_id: int) -> Any:
        return opener(client, str(user_id))

    return opened
