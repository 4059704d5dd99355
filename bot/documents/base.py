"""What every document has in common: camelCase, timestamps, unknown keys kept, unknown values not written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Self, cast, get_args

from beanie import Document, PydanticObjectId
from beanie.odm.actions import ActionDirections
from beanie.odm.fields import WriteRules
from beanie.odm.operators.update import BaseUpdateOperator
from beanie.odm.utils.encoder import Encoder
from bson import ObjectId
from bson.codec_options import TypeDecoder, TypeRegistry
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic.alias_generators import to_camel
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from bot.errors import Gone

STEP = 2_000
"""Documents that are deleted or changed at once: less than the database may take for one call."""

Json = Annotated[dict[str, Any], BeforeValidator(lambda value: _parsed(value))]
"""A free object. One that another application stored as JSON text is read too."""


def now() -> datetime:
    """This moment in UTC, in milliseconds: the grain that MongoDB keeps."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


Key = str
"""An id as it leaves this room: its 24 hexadecimal digits. The database has ObjectIds, and nobody else knows them."""


def object_id(key: Any) -> Any:
    """A key as the database has it. What cannot be an id of ours stays as it is: another application may use it."""
    return PydanticObjectId(key) if ObjectId.is_valid(key) else key


def object_ids(keys: Iterable[Any]) -> list[Any]:
    """Keys as the database has them, in their order."""
    return [object_id(key) for key in keys]


def key_in(text: str) -> Key | None:
    """The key that a text from outside stands for; None when it cannot be one, so that nothing is stored under it."""
    return str(ObjectId(text)) if ObjectId.is_valid(text) else None


def new_key() -> Key:
    """A key that was never there before."""
    return str(ObjectId())


def derived_key(*parts: str) -> Key:
    """The key of the id that `derived_id` makes of these words."""
    return str(derived_id(*parts))


def derived_id(*parts: str) -> PydanticObjectId:
    """The ObjectId that stands for these words, always the same: the first 12 bytes of their SHA-256.

    Writing twice under such an id is one document, whoever writes and however often.
    """
    return PydanticObjectId(hashlib.sha256("\0".join(parts).encode()).digest()[:12])


def stamped(update: Mapping[str, Any]) -> dict[str, Any]:
    """A raw update that keeps the timestamps: `updatedAt` is set, and `createdAt` where it inserts (upsert).

    Every update that does not go through a document's own `insert`, `save` or `update` goes through this.
    """
    moment = now()
    stamps = {"$set": {"updatedAt": moment}, "$setOnInsert": {"createdAt": moment}}
    said = {key for fields in update.values() for key in fields}
    merged = {operator: dict(fields) for operator, fields in update.items()}
    for operator, fields in stamps.items():
        for key, value in fields.items():
            if key not in said:
                merged.setdefault(operator, {})[key] = value
    return merged


def stamped_new(document: Mapping[str, Any]) -> dict[str, Any]:
    """A raw document as it is inserted, with both timestamps."""
    moment = now()
    return {"createdAt": moment, "updatedAt": moment, **document}


def _alias(name: str) -> str:
    # revision_id is beanie's own, and beanie leaves it out by this name.
    return {"id": "_id", "revision_id": "revision_id"}.get(name) or to_camel(name)


class _IdAsKey(TypeDecoder):
    """Reads an ObjectId as a key, wherever it stands in a document."""

    bson_type = ObjectId

    def transform_bson(self, value: ObjectId) -> Key:
        """The key of an id."""
        return str(value)


_IDS_AS_KEYS = TypeRegistry([_IdAsKey()])


class DocumentPart(BaseModel):
    """A piece of a document: typed, in camelCase, and keeping what it does not know."""

    model_config = ConfigDict(alias_generator=_alias, populate_by_name=True, extra="allow")

    @model_validator(mode="before")
    @classmethod
    def _nulls_are_absent(cls, data: Any) -> Any:
        return _without_nulls(cls, data)


class Stored(Document):
    """A document of the schema.

    A field that is None and was never set is not written at all, as Mongoose does it. `save` writes the fields it
    knows and leaves the others in the database alone.
    """

    model_config = ConfigDict(alias_generator=_alias, populate_by_name=True, extra="allow")

    created_at: datetime | None = None
    updated_at: datetime | None = None

    @model_validator(mode="before")
    @classmethod
    def _nulls_are_absent(cls, data: Any) -> Any:
        return _without_nulls(cls, data)

    @property
    def own_key(self) -> Key:
        """The key of a document that was stored."""
        if self.id is None:
            raise AssertionError("a document that was stored has an id")
        return str(self.id)

    @classmethod
    def plain(cls) -> Any:
        """The collection for reading what leaves this room: ids come out of it as keys. Queries take ObjectIds."""
        collection = cls.get_motor_collection()
        return collection.with_options(codec_options=collection.codec_options.with_options(type_registry=_IDS_AS_KEYS))

    @classmethod
    async def raw(cls, key: object, *fields: str) -> Mapping[str, Any] | None:
        """The stored document under a key, with all its fields or only these; None when there is none."""
        wanted = dict.fromkeys(fields, 1) or None
        found: Mapping[str, Any] | None = await cls.plain().find_one({"_id": object_id(key)}, wanted)
        return found

    @classmethod
    async def raws(cls, keys: Iterable[object], *fields: str) -> dict[Key, Mapping[str, Any]]:
        """Those of the documents under these keys that are stored, by key, with all their fields or only these."""
        ids = object_ids(keys)
        found = cls.plain().find({"_id": {"$in": ids}}, dict.fromkeys(fields, 1) or None)
        return {document["_id"]: document for document in await found.to_list(len(ids) or None)}

    @classmethod
    async def insert_once(cls, document: Mapping[str, Any]) -> bool:
        """Insert a raw document; False when its id stands already, and then nothing changes."""
        try:
            await cls.get_motor_collection().insert_one(stamped_new(document))
        except DuplicateKeyError:
            return False
        return True

    @classmethod
    async def remove(cls, key: object) -> bool:
        """Delete the document under a key; False when there was none."""
        gone = await cls.get_motor_collection().delete_one({"_id": object_id(key)})
        return bool(gone.deleted_count)

    @classmethod
    async def sweep(cls, query: Mapping[str, Any], update: Mapping[str, Any] | None = None) -> tuple[int, int]:
        """Delete up to STEP of the documents of the query, or change them so that it finds them no more.

        How many were found, and how many were deleted or changed: with fewer than STEP found, it is done.
        """
        collection = cls.get_motor_collection()
        keys = [raw["_id"] async for raw in collection.find(query, {"_id": 1}).limit(STEP)]
        if not keys:
            return 0, 0
        chosen = {"_id": {"$in": keys}}
        if update is None:
            return len(keys), int((await collection.delete_many(chosen)).deleted_count)
        return len(keys), int((await collection.update_many(chosen, update)).modified_count)

    def to_raw(self) -> dict[str, Any]:
        """The document as MongoDB keeps it."""
        raw = cast(dict[str, Any], encoded(self))
        if self.id is None:
            raw.pop("_id", None)
        return raw

    async def insert(
        self,
        *,
        link_rule: WriteRules = WriteRules.DO_NOTHING,
        session: Any = None,
        skip_actions: list[ActionDirections | str] | None = None,
    ) -> Self:
        """Insert it, with both timestamps. Raises DuplicateKeyError when its id or a unique field is taken."""
        del link_rule, skip_actions  # there are no links and no actions here
        moment = now()
        self.created_at, self.updated_at = self.created_at or moment, moment
        result = await self.get_motor_collection().insert_one(self.to_raw(), session=session)
        self.id = result.inserted_id
        return self

    async def save(
        self,
        session: Any = None,
        link_rule: WriteRules = WriteRules.DO_NOTHING,
        ignore_revision: bool = False,
        **options: Any,
    ) -> Self:
        """Write all fields it has, over what is stored; keys that only the database has stay. Inserts a new one."""
        del link_rule, ignore_revision
        if self.id is None:
            return await self.insert(session=session)
        moment = now()
        self.created_at, self.updated_at = self.created_at or moment, moment
        fields = self.to_raw()
        await self.get_motor_collection().update_one(
            {"_id": fields.pop("_id")}, {"$set": fields}, upsert=True, session=session, **options
        )
        return self

    async def update(  # type: ignore[override]  # written at once: beanie's bulk writer knows no timestamps
        self,
        *args: Any,
        ignore_revision: bool = False,
        session: Any = None,
        bulk_writer: None = None,
        skip_actions: list[ActionDirections | str] | None = None,
        skip_sync: bool | None = None,
        **options: Any,
    ) -> Self:
        """Apply update operators to the stored document, and become what it is then. Raises Gone."""
        del ignore_revision, bulk_writer, skip_actions, skip_sync
        merged: dict[str, dict[str, Any]] = {}
        for argument in args:
            query = argument.query if isinstance(argument, BaseUpdateOperator) else argument
            for operator, fields in query.items():
                merged.setdefault(str(operator), {}).update({str(key): encoded(value) for key, value in fields.items()})
        raw = await self.get_motor_collection().find_one_and_update(
            {"_id": self.id}, stamped(merged), return_document=ReturnDocument.AFTER, session=session, **options
        )
        if raw is None:
            raise Gone(type(self).__name__.lower())
        fresh = type(self).model_validate(raw)
        self.__dict__.update(fresh.__dict__)
        object.__setattr__(self, "__pydantic_extra__", fresh.__pydantic_extra__)
        object.__setattr__(self, "__pydantic_fields_set__", fresh.__pydantic_fields_set__)
        return self


def encoded(value: Any) -> Any:
    """A value as MongoDB keeps it; a model's None that was never set is left out."""
    if value is None or isinstance(value, str | int | float | datetime | ObjectId):
        return value
    if isinstance(value, BaseModel):
        return dict(_encoded_fields(value))
    if isinstance(value, Mapping):
        return {str(key): encoded(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [encoded(item) for item in value]
    return Encoder(to_db=True).encode(value)


def _encoded_fields(model: BaseModel) -> Iterable[tuple[str, Any]]:
    fields = type(model).model_fields
    for name, value in model:
        field = fields.get(name)
        if (field is not None and field.exclude) or (value is None and name not in model.model_fields_set):
            continue
        yield (field.alias or name if field is not None else name), encoded(value)


@cache
def _never_null(model: type[BaseModel]) -> frozenset[str]:
    """The names and aliases of fields with a default that take no None."""
    return frozenset(
        key
        for name, field in model.model_fields.items()
        if not field.is_required() and type(None) not in get_args(field.annotation)
        for key in (name, field.alias or name)
    )


def _without_nulls(model: type[BaseModel], data: Any) -> Any:
    """Another application's null stands for our default where a field takes no None."""
    if not isinstance(data, dict) or None not in data.values():
        return data
    never_null = _never_null(model)
    return {key: value for key, value in data.items() if value is not None or key not in never_null}


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        read = json.loads(value)
    except ValueError:
        return {"text": value}
    return read if isinstance(read, dict) else {"value": read}
