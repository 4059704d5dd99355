"""What the doctor looks at in the database: the shape of the documents, their indexes, the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pymongo import IndexModel
from pymongo.asynchronous.database import AsyncDatabase

from bot.catalogue.identity import RULES_VERSION
from bot.catalogue.vectors import VECTOR_VERSION
from bot.client.texts.facts.sentences import told
from bot.database import same_index
from bot.doctor.findings import Finding, broken, doubtful, fine
from bot.documents import DOCUMENTS, Stored
from bot.generation.learning.ranking import RANKER
from bot.services.training.artifacts import BadArtifact, weights_of

Raw = dict[str, Any]

START_ONCE = "Start the bot once: it makes them."


async def schema(database: AsyncDatabase[Raw]) -> Finding:
    """Whether every document has the fields that its kind must have."""
    lacking = {}
    for document in DOCUMENTS:
        without = [{name: {"$exists": False}} for name in _needed(document)]
        count = await database[document.Settings.name].count_documents({"$or": without})
        if count:
            lacking[document.Settings.name] = count
    if not lacking:
        return fine("schema", "every document has its fields")
    found = ", ".join(f"{count} of {name}" for name, count in lacking.items())
    fix = "Restore a backup of this database, or remove these documents; for tracks, import their files again."
    return broken("schema", f"documents of another form, without needed fields: {found}", fix)


def _needed(document: type[Stored]) -> tuple[str, ...]:
    """The fields, as MongoDB names them, without which a document of that kind cannot be read."""
    required = (field.alias or name for name, field in document.model_fields.items() if field.is_required())
    return (*required, "createdAt")


async def indexes(database: AsyncDatabase[Raw]) -> Finding:
    """Whether the indexes of the schema are there, and can be made where they are not."""
    stored = set(await database.list_collection_names())
    if not stored & {document.Settings.name for document in DOCUMENTS}:
        return fine("indexes", "no data yet; the first start makes them")
    missing, doubled = [], []
    for document in DOCUMENTS:
        wanted: Sequence[IndexModel] = getattr(document.Settings, "indexes", ())
        collection = database[document.Settings.name]
        there = await collection.index_information() if collection.name in stored else {}
        for index in wanted:
            name = f"{collection.name}.{index.document['name']}"
            if same_index(there.get(index.document["name"]), index):
                continue
            missing.append(name)
            if index.document.get("unique") and await _has_doubles(collection, list(index.document["key"])):
                doubled.append(name)
    if doubled:
        fix = "Remove the doubles, then start the bot once."
        return broken("indexes", f"cannot be unique, as there are duplicates: {', '.join(doubled)}", fix)
    if missing:
        return doubtful("indexes", f"{len(missing)} missing or of another form: {', '.join(missing[:4])}", START_ONCE)
    return fine("indexes", "all there")


async def _has_doubles(collection: Any, keys: list[str]) -> bool:
    group = {"$group": {"_id": {key.replace(".", "_"): f"${key}" for key in keys}, "count": {"$sum": 1}}}
    found = await collection.aggregate([group, {"$match": {"count": {"$gt": 1}}}, {"$limit": 1}])
    return bool(await found.to_list(1))


async def catalogue(database: AsyncDatabase[Raw]) -> Finding:
    """Whether there are songs to choose from."""
    tracks = database["tracks"]
    songs = await tracks.estimated_document_count()
    if not songs:
        return broken("catalogue", "empty", "Bring songs in: python -m bot import FILE.csv")
    real = await tracks.find_one({"spotifyTrackId": {"$not": {"$regex": "^demo:"}}}, {"_id": 1})
    if real is None:
        fix = "Bring real songs in: python -m bot import FILE.csv"
        return doubtful("catalogue", f"{songs} songs, all of them invented", fix)
    return fine("catalogue", f"{songs} songs")


async def index_age(database: AsyncDatabase[Raw]) -> Finding:
    """Whether what was worked out for each song was worked out by the rules of today."""
    stale = {"$or": [{"identity.rules": {"$ne": RULES_VERSION}}, {"featureVectorVersion": {"$ne": VECTOR_VERSION}}]}
    count = await database["tracks"].count_documents(stale)
    if count:
        fix = "Import the files again: python -m bot import FILE.csv"
        return doubtful("song index", f"{count} songs were worked out by older rules", fix)
    return fine("song index", "by the rules of today")


async def models(database: AsyncDatabase[Raw]) -> Finding:
    """Whether the learned weights that should be used can be read."""
    activated = {"name": RANKER, "activatedAt": {"$ne": None}}
    newest = await database["modelregistries"].find(activated).sort("activatedAt", -1).limit(20).to_list(20)
    if not newest:
        return fine("models", "nothing was learned yet: the built-in weights are used")
    damaged = []
    for raw in newest:
        try:
            used = weights_of(raw)
        except BadArtifact as bad:
            damaged.append(f"{raw['version']}: {told(bad.fault)}")
            continue
        if damaged:
            break
        return fine("models", f"the ranker's weights {used.version} are used")
    fix = "Go back for good: python -m bot models rollback; or train anew: python -m bot train --anew"
    return doubtful("models", f"older weights are used, as newer ones are damaged: {'; '.join(damaged)}", fix)
