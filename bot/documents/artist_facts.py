"""What sources outside say of an artist, once for all their songs. Ours beyond the schema; of no member.

What ships with the bot stands in a table of its own and is never copied here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from typing import Any

from bson import ObjectId

from bot.documents.base import DocumentPart, Stored, derived_id, encoded, stamped
from bot.documents.track import FieldSource
from nlp.names import fold

_AT_ONCE = 5_000
_NOTHING: tuple[Any, ...] = (None, "", (), [])


class NearArtist(DocumentPart):
    """An artist whom people listen to beside another; `closeness` is above 0, up to 1."""

    name: str
    mbid: str
    closeness: float


class KnownArtist(Stored):
    """An artist by their folded name (`key`), which the document's id is derived from. None or empty is unknown.

    Without an `mbid`, their id at MusicBrainz, nobody of that name was found, or too many. `first_year` and `last_year`
    are those of their music. `fields` says who told each field and when, `asked` when each question was answered,
    whatever the answer was.
    """

    key: str
    name: str
    mbid: str | None = None
    genres: list[str] = []
    first_year: int | None = None
    last_year: int | None = None
    country: str | None = None
    languages: list[str] = []
    listeners: int | None = None
    listens: int | None = None
    similar: list[NearArtist] = []
    fields: dict[str, FieldSource] = {}
    asked: dict[str, datetime] = {}

    class Settings:
        """Where and how it is kept."""

        name = "artistfacts"
        keep_nulls = False

    @classmethod
    def id_of(cls, name: str) -> ObjectId:
        """The id of an artist, of their name in any spelling."""
        return derived_id("artist", fold(name))

    @classmethod
    async def learn(cls, name: str, said: Mapping[str, Any], *, question: str, at: datetime) -> None:
        """Keep the answer to a question: fields by their names here, unknown ones left out. Idempotent.

        The question names the source; it has no dot in it.
        """
        known = {cls.model_fields[key].alias or key: value for key, value in said.items() if value not in _NOTHING}
        update = {"key": fold(name), "name": name, **encoded(known), f"asked.{question}": at}
        update |= {f"fields.{key}": {"source": question, "at": at} for key in known}
        await cls.get_motor_collection().update_one({"_id": cls.id_of(name)}, stamped({"$set": update}), upsert=True)

    @classmethod
    async def everybody(cls, *fields: str) -> AsyncIterator[Mapping[str, Any]]:
        """Everybody, raw, with all their fields or only these."""
        cursor = cls.get_motor_collection().find({}, dict.fromkeys(fields, 1) or None, batch_size=_AT_ONCE)
        async for document in cursor:
            yield document

    @classmethod
    async def of_names(cls, names: Iterable[str]) -> AsyncIterator[Mapping[str, Any]]:
        """Those of these artists who are here, raw, in no order."""
        ids = list({cls.id_of(name) for name in names})
        for start in range(0, len(ids), _AT_ONCE):
            async for document in cls.get_motor_collection().find({"_id": {"$in": ids[start : start + _AT_ONCE]}}):
                yield document
