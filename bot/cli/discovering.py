"""``discover`` and ``features``: new songs for the catalogue, and how the songs in it sound."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.screen import CANNOT, complain, errors, explained, output, print_json

if TYPE_CHECKING:
    from bot.catalogue.index import Catalogue
    from bot.services.discovery.artist_facts import ArtistsLearned
    from bot.services.discovery.factory import DiscoveryServices
    from bot.services.discovery.feature_enrichment import Enriched
    from bot.services.discovery.service import Filled
    from bot.services.discovery.song_years import YearsLearned
    from nlp.vibe import Vibe

OnProgress = Callable[[int, int], None]

PATIENCE_S = 15.0
"""How long a database that is down is waited for."""

USUAL_LIMIT = 50
_NO_SOURCES = "FEATURE_SOURCES: is none, so nobody can be asked. Name sources, such as reccobeats,deezer."
_NO_MUSICBRAINZ = "FEATURE_SOURCES: is without musicbrainz, which knows artists and years. Add it."
_NO_CONTACT = "SOURCES_CONTACT: is not set. MusicBrainz wants to know whom to write to; set your email address or page."


def discover(
    words: Annotated[str, typer.Argument(help="How the music should feel.")],
    limit: Annotated[int, typer.Option(help="New songs at most.", min=1, max=2000)] = USUAL_LIMIT,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as one JSON object.")] = False,
) -> None:
    """Look for new songs of a kind and bring them into the catalogue, also into an empty one. Needs no account."""
    with explained():
        with _bar("finding songs") as on_progress:
            filled, songs = asyncio.run(_discover(words, limit, on_progress))
        counts = {"new": filled.new, "lookedAt": filled.looked_at, "down": list(filled.down), "catalogue": songs}
        if as_json:
            print_json(counts)
        else:
            output().print(f"{filled.new} new songs; the catalogue holds {songs} now")
        if not filled.new:
            complain("No new song was found.", "Say it more widely, or with a genre: “jazz”, “80s synth pop”.")
            raise SystemExit(CANNOT)
        if filled.down and filled.new < limit:
            errors().print(f"{', '.join(filled.down)} did not answer to the end; try again later for more.")


def features(
    limit: Annotated[int | None, typer.Option(help="Songs or artists that are asked about at most.", min=1)] = None,
    artists: Annotated[bool, typer.Option("--artists", help="Ask who the artists are instead.")] = False,
    years: Annotated[bool, typer.Option("--years", help="Ask in which year the songs first came out instead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as one JSON object.")] = False,
) -> None:
    """Ask how the songs sound of which that is not known. Stop it when you like: it goes on where it was."""
    with explained():
        with _bar("asking") as on_progress:
            asked = _look_up(limit, on_progress, years=years) if artists or years else _enrich(limit, on_progress)
            done: ArtistsLearned | YearsLearned | Enriched = asyncio.run(asked)
        what = "artists" if artists and not years else "songs"
        if as_json:
            print_json({"asked": done.asked, "learned": done.learned, "down": list(done.down)})
        else:
            output().print(f"{done.asked} {what} asked about, more is known of {done.learned}")
        if done.down:
            errors().print(f"{', '.join(done.down)} did not answer to the end; try again later for the rest.")


async def _discover(words: str, limit: int, on_progress: OnProgress) -> tuple[Filled, int]:
    """Raises EmptyRequest, NotUnderstood, SourceDown when nothing was found because nobody answered, DatabaseDown."""
    from bot.catalogue.index import Catalogue
    from bot.errors import SourceDown
    from bot.generation.library import prepare
    from bot.generation.values import Recipe, Rules
    from bot.services.discovery.coverage_gap import wide_need_of
    from bot.services.request_words import readable

    text = readable(words)
    catalogue = Catalogue.from_records(())
    async with _looking_outside(catalogue) as found:
        await catalogue.catch_up()
        vibe = await asyncio.to_thread(_understood, text, catalogue)
        library = await asyncio.to_thread(prepare, catalogue.table)
        recipe = Recipe(vibe=vibe, seed=0, rules=Rules(tracks=limit))
        need = await asyncio.to_thread(wide_need_of, library, recipe)
        filled = await found.discovery.fill(need, limit, on_progress)
    if filled.down and not filled.new:
        raise SourceDown(name=" and ".join(filled.down))
    return filled, catalogue.size


def _understood(text: str, catalogue: Catalogue) -> Vibe:
    """What is understood of the words, with the artists that the catalogue and our table know."""
    from bot.errors import EmptyRequest, NotUnderstood
    from bot.features.seed_artists import KnownNames
    from nlp.parser import VibeParser

    if not text.strip():
        raise EmptyRequest
    vibe = VibeParser.load().parse(text, names=KnownNames(catalogue.names.written))
    if not vibe.understood:
        raise NotUnderstood(unknown=vibe.unknown)
    return vibe


async def _enrich(limit: int | None, on_progress: OnProgress) -> Enriched:
    """Raises SourceDown when nobody answered, DatabaseDown."""
    from bot.catalogue.index import Catalogue
    from bot.errors import SourceDown

    async with _looking_outside(Catalogue.from_records(())) as found:
        done = await found.enrichment.enrich(on_progress, limit)
    if done.down and not done.learned:
        raise SourceDown(name=" and ".join(done.down))
    return done


async def _look_up(limit: int | None, on_progress: OnProgress, *, years: bool) -> ArtistsLearned | YearsLearned:
    """What MusicBrainz knows of artists, or of the years of songs.

    Raises BadSettings when it may not be asked, SourceDown when nobody answered, DatabaseDown.
    """
    from bot.catalogue.index import Catalogue
    from bot.errors import SourceDown

    async with _looking_outside(Catalogue.from_records(()), musicbrainz=True) as found:
        if found.lookup is None:
            raise AssertionError  # that there is a way to MusicBrainz was seen before anything was opened
        service = found.lookup.years if years else found.lookup.artists
        done = await service.fill(limit, on_progress)
    if done.down and not done.asked:
        raise SourceDown(name=" and ".join(done.down))
    return done


@asynccontextmanager
async def _looking_outside(catalogue: Catalogue, *, musicbrainz: bool = False) -> AsyncIterator[DiscoveryServices]:
    """Database and sources, open; with `musicbrainz` that one is surely among them.

    Raises BadSettings when there is no source, or MusicBrainz may not be asked, and DatabaseDown.
    """
    from bot.cli.places import kept_settings
    from bot.database import open_database
    from bot.errors import BadSettings
    from bot.features.sources import chosen, opened
    from bot.services.discovery.factory import bases_of, discovery_services

    settings = kept_settings()
    if not chosen(settings.feature_sources):
        raise BadSettings((_NO_SOURCES,))
    if musicbrainz and not any(provider.name == "musicbrainz" for provider in chosen(settings.feature_sources)):
        raise BadSettings((_NO_MUSICBRAINZ,))
    if musicbrainz and settings.sources_contact is None:
        raise BadSettings((_NO_CONTACT,))
    async with AsyncExitStack() as stack:
        sources = opened(settings.feature_sources, bases_of(settings), contact=settings.sources_contact)
        doors = await stack.enter_async_context(sources)
        database = await stack.enter_async_context(open_database(settings))
        await database.wait_ready(PATIENCE_S)
        yield discovery_services(doors, catalogue, tags=settings.musicbrainz_tags)


@contextmanager
def _bar(words: str) -> Iterator[OnProgress]:
    """A progress bar on standard error."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors(), transient=True) as progress:
        task = progress.add_task(words, total=None)

        def on_progress(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield on_progress
