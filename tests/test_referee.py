"""The referee refuses what Discord refuses: each fault alone, made from a request that is valid."""

import json

import pytest

from tests.referee import Request, check
from tests.specifications.document import Document, Schemas
from tests.specifications.reduce_discord import TARGET, reduced, written

pytest_plugins = ["pytester"]

CHANNEL, MESSAGE = "1456074443980800007", "1456074443980800010"
POST, EDIT = f"/channels/{CHANNEL}/messages", f"/channels/{CHANNEL}/messages/{MESSAGE}"
CALLBACK = f"/interactions/{MESSAGE}/token/callback"
FOLLOW_UP = f"/webhooks/{CHANNEL}/token"
COMMANDS = f"/applications/{CHANNEL}/commands"

V2 = 1 << 15
BUTTON = {"type": 2, "style": 2, "label": "Again", "custom_id": "again", "disabled": False}
OPTION = {"label": "One", "value": "1"}
MENU = {"type": 3, "custom_id": "song", "options": [OPTION], "min_values": 1, "max_values": 1}
TEXT = {"type": 10, "content": "A set"}
GALLERY = {"type": 12, "items": [{"media": {"url": "attachment://energy.png"}, "description": "rising"}]}
COMMAND = {"name": "vibe", "description": "Make a playlist", "type": 1, "options": []}


@pytest.fixture(autouse=True)
def referee():
    """Off in this file: the bad requests here are meant."""


def row(*components):
    return {"type": 1, "components": list(components)}


def card(*components, **beside):
    return {"flags": V2, "components": [{"type": 17, "components": list(components) or [TEXT]}], **beside}


def faults(body, *, method="POST", path=POST, params=None, files=None):
    violations = check([Request(method=method, path=path, json=body, params=params or {}, files=files)])
    return "\n".join(violation.fault for violation in violations)


VALID = [
    ("POST", POST, {"content": "hello", "allowed_mentions": {"parse": []}}),
    ("POST", POST, card(TEXT, row(BUTTON), row(MENU))),
    ("PATCH", EDIT, {"content": None, "embeds": [], **card()}),
    ("DELETE", EDIT, None),
    ("PUT", f"{EDIT}/reactions/%F0%9F%91%8D/@me", None),
    ("POST", CALLBACK, {"type": 5, "data": {"flags": 64}}),
    ("POST", CALLBACK, {"type": 6}),
    ("POST", CALLBACK, {"type": 4, "data": card()}),
    ("POST", FOLLOW_UP, {"content": "only you", "flags": 64}),
    ("PATCH", f"{FOLLOW_UP}/messages/@original", card()),
    ("PUT", COMMANDS, [COMMAND]),
    ("GET", "/oauth2/applications/@me", None),
]


@pytest.mark.parametrize(("method", "path", "body"), VALID)
def test_valid_requests_pass(method, path, body):
    assert faults(body, method=method, path=path) == ""


def test_a_picture_that_is_uploaded_or_kept_is_there():
    body = card(GALLERY, attachments=[{"id": "0", "filename": "energy.png"}])
    assert faults(body, files=("energy.png",)) == ""
    assert faults(card(GALLERY, attachments=[{"id": MESSAGE}]), method="PATCH", path=EDIT, files=()) == ""


@pytest.mark.parametrize(
    ("method", "path", "body", "says"),
    [
        ("POST", f"/channels/{CHANNEL}/songs", {}, "not a route"),
        ("PUT", POST, {}, "not a route"),
        ("POST", "/channels/music/messages", {"content": "x"}, "path channel_id"),
        ("POST", POST, None, "body is missing"),
        ("DELETE", EDIT, {"reason": "x"}, "body where none is taken"),
        ("POST", POST, {"content": "x", "colour": 3}, "'colour' was unexpected"),
        ("PATCH", EDIT, {"content": "x", "tts": False}, "'tts' was unexpected"),
        ("POST", POST, {"content": 7}, "7 is not of type"),
        ("POST", POST, {"content": "x", "message_reference": {"message_id": 5}}, "message_reference.message_id"),
        ("POST", CALLBACK, {"type": 4, "data": {"content": "x", "colour": 3}}, "'colour' was unexpected"),
        ("POST", CALLBACK, {"type": 99}, "type"),
        ("POST", CALLBACK, {"type": 5, "data": {"flags": V2}}, "only be made ephemeral"),
        ("POST", CALLBACK, {"type": 4, "data": {}}, "message is empty"),
        ("PUT", COMMANDS, [{**COMMAND, "nsfw": False}], "'nsfw' was unexpected"),
        ("PUT", COMMANDS, [COMMAND, COMMAND], "comes 2 times"),
        ("PUT", COMMANDS, [{**COMMAND, "name": "Vibe"}], "lower case"),
        ("PUT", COMMANDS, [{**COMMAND, "description": ""}], "no description"),
    ],
)
def test_a_wrong_request_is_refused(method, path, body, says):
    assert says in faults(body, method=method, path=path)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (card(row({**BUTTON, "emojis": []})), "'emojis' was unexpected"),
        (card(row({**BUTTON, "custom_id": "x" * 101})), "is too long"),
        (card(row({**BUTTON, "label": "x" * 81})), "is too long"),
        (card(row({**BUTTON, "style": 9})), "style"),
        (card(row({**BUTTON, "url": "https://example.org"})), "url does not go with its style"),
        (card(row({**BUTTON, "label": None})), "neither label nor emoji"),
        (card(row({**BUTTON, "custom_id": None})), "has no custom_id"),
        (card(row(BUTTON), row(BUTTON)), "'again' comes 2 times"),
        (card(row(*({**BUTTON, "custom_id": str(n)} for n in range(6)))), "is too long"),
        (card(row(BUTTON, MENU)), "up to five buttons or one menu"),
        (card(row({**MENU, "options": [{"label": str(n), "value": str(n)} for n in range(26)]})), "is too long"),
        (card(row({**MENU, "options": [OPTION, OPTION]})), "same value"),
        (card(row({**MENU, "max_values": 2})), "max_values 2 of 1 options"),
        (card(*(TEXT for _ in range(40))), "41 with the nested ones"),
        (card(*({**TEXT, "content": "x" * 2001} for _ in range(2))), "4002 characters of text"),
        (card({"type": 99, "content": "x"}), "components[0]"),
        (card(content="beside"), "cannot stand beside Components V2"),
        (card(embeds=[{"title": "beside"}]), "cannot stand beside Components V2"),
        ({"components": [TEXT]}, "needs the V2 flag"),
        ({"content": "x" * 2001}, "more than 2000 characters"),
        ({"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]}, "more than 6000 characters"),
        (card(GALLERY), "attachment://energy.png: no such attachment"),
        (card(GALLERY, attachments=[{"id": "0", "filename": "other.png"}]), "no such attachment"),
        (card(GALLERY, attachments=[{"id": 0, "filename": "energy.png"}]), "0 is not of type 'string'"),
        (card(GALLERY, attachments=[{"id": "1", "filename": "energy.png"}]), "id 1 is none of the 1 files"),
    ],
)
def test_a_wrong_card_is_refused(body, says):
    files = tuple(attachment["filename"] for attachment in body.get("attachments", ()))
    assert says in faults(body, files=files)


def test_a_query_is_checked():
    assert faults({"content": "x"}, path=FOLLOW_UP, params={"wait": 1, "with_components": 0}) == ""
    assert "not named" in faults({"content": "x"}, path=FOLLOW_UP, params={"colour": "3"})
    assert "query wait" in faults({"content": "x"}, path=FOLLOW_UP, params={"wait": "later"})


def test_a_wrong_request_fails_the_test_that_made_it(pytester):
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function")
    pytester.makeconftest("from tests.referee import referee")
    pytester.makepyfile(
        """
        from simcord.backend import Backend, errors
        from simcord.http import router

        def request(**body):
            try:
                router.dispatch(Backend(), "POST", "/channels/1/messages", json=body)
            except errors.BackendError:
                pass  # the simulation has no such channel

        def test_valid():
            request(content="hello")

        def test_wrong():
            request(colour=3)
        """
    )
    outcome = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    outcome.assert_outcomes(passed=2, errors=1)
    outcome.stdout.fnmatch_lines(["*Discord would not take this:*", "POST /channels/1/messages*colour*"])


def test_an_object_of_several_schemas_is_not_closed_wrongly():
    part = {"type": "object", "properties": {"a": {"type": "string"}}}
    with pytest.raises(ValueError, match="allOf joins objects"):
        Schemas({"Part": part}).strict({"allOf": [{"$ref": "#/components/schemas/Part"}, part]})
    with pytest.raises(ValueError, match="several schemas"):
        Schemas({}).strict({**part, "oneOf": [part]})


def test_the_vendored_document_is_what_its_reduction_gives():
    vendored = TARGET.read_text("utf-8")
    document = json.loads(vendored)
    assert written(reduced(document)) == vendored
    assert not list(Document(document).faults("GET", "/gateway", {}, None))
