"""From a wish to a posted playlist: the straight line of a request, and the chain of playlists that follow one."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from bot.catalogue.index import Catalogue
from bot.catalogue.prepared import PreparedCatalogue
from bot.database import guarded
from bot.errors import CatalogueEmpty, DatabaseDown, DiscordRefused, Gone, NothingFits, NotUnderstood
from bot.generation.engine import compose
from bot.generation.group import with_bans
from bot.generation.reasons.why_not import WhyNot, why_nots
from bot.generation.tracks import TrackTable
from bot.generation.values import Composition, Recipe
from bot.requests import keep_private
from bot.services.discovery.ports import DiscoveryOutcome, SongFinder, with_note
from bot.services.feedback.edit_events import store_edits, store_press
from bot.services.feedback.taste_service import TasteService
from bot.services.guilds.settings import GuildRules, SettingsService
from bot.services.members import Member, member
from bot.services.moods.service import MoodService
from bot.services.playlists.listener_group import company_here, company_of, guests_of
from bot.services.playlists.playlist_loader import (
    StoredPlaylist,
    find_completed,
    last_playlist_id,
    note_message,
    stored_playlist,
)
from bot.services.playlists.recipe_builder import RecipeBuilder
from bot.services.playlists.recipe_codec import recipe_of
from bot.services.playlists.request import (
    PlaylistRequest,
    continues,
    follow_up_from_press,
    follow_up_from_text,
    request_for_mood,
    request_for_tracks,
)
from bot.services.playlists.request_text import checked, name_of, readable
from bot.services.playlists.result_writer import save_result
from bot.services.playlists.session_store import RequestKeys, open_session
from bot.services.playlists.suggestions import suggestions
from bot.services.rate_limits import UNLIMITED, LimitService
from bot.services.training.model_registry import ModelService
from bot.services.values import FollowUpRequest, PlaylistView, Posted, Publisher, Requester, VibeRequest
from nlp.vibe import MoodWord, Vibe

if TYPE_CHECKING:
    from nlp.parser import VibeParser

_log = logging.getLogger(__name__)


class PlaylistService:
    """Makes playlists. `executor` is the parser's one thread; `seeds` draws the seed of a request that brings none.

    Without `limits` nobody is in anybody's way; without a `finder` there are no songs but those of the catalogue.
    """

    def __init__(
        self,
        *,
        parser: VibeParser,
        catalogue: Catalogue,
        moods: MoodService,
        executor: Executor,
        clock: Callable[[], datetime],
        seeds: Callable[[], int],
        settings: SettingsService | None = None,
        limits: LimitService | None = None,
        finder: SongFinder | None = None,
        models: ModelService | None = None,
        tastes: TasteService | None = None,
        prepared: PreparedCatalogue | None = None,
    ) -> None:
        self._parser = parser
        self._catalogue = catalogue
        self._prepared = prepared or PreparedCatalogue(catalogue)
        self._moods = moods
        self._executor = executor
        self._clock = clock
        self._settings = settings or SettingsService(catalogue=catalogue)
        self._limits = limits or LimitService(UNLIMITED)
        self._finder = finder
        self._tastes = tastes or TasteService(library=self._prepared.library, clock=clock)
        self._gathering = RecipeBuilder(tastes=self._tastes, models=models or ModelService(), seeds=seeds)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def admit(self, requester: Requester, *, only_me: bool = False) -> GuildRules:
        """The rules that hold for this requester here. Raises NotHere when the server does not take it, DatabaseDown.

        Every request is checked when it is made; a door that asks before need not take back what it showed.
        """
        rules = await self._settings.of(requester.guild_id)
        rules.admit(requester, only_me=only_me)
        return rules

    @asynccontextmanager
    async def _admitted(self, requester: Requester, *, only_me: bool) -> AsyncIterator[tuple[Member, GuildRules]]:
        """Around every request: the server's rules, then the kind limits; and who asks."""
        rules = await self.admit(requester, only_me=only_me)
        async with self._limits.request(requester):
            yield await member(requester), rules

    async def create(self, request: VibeRequest, *, publisher: Publisher) -> PlaylistView:
        """Makes a playlist out of words, posts it and returns it.

        Raises EmptyRequest, RequestTooLong, NotUnderstood, CatalogueEmpty or NothingFits when the request cannot be
        met, NotHere when the server does not take it from this requester, NotYet when it comes too soon, BeingErased
        when the member has everything deleted meanwhile, DatabaseDown when it could not be kept (then nothing was
        posted), DiscordRefused when it was kept and could not be posted.
        """
        text = checked(request.text)
        async with self._admitted(request.requester, only_me=request.only_me) as (who, rules):
            await publisher.progress("listening")
            moods = await self._moods.words(request.requester.guild_id)
            vibe, parse_ms = await self._parse(text, moods)
            kept = text if request.keep_words else ""
            wish = PlaylistRequest(
                requester=request.requester,
                who=who,
                vibe=vibe,
                text=kept,
                words=kept,
                name=name_of(vibe, kept),
                keys=RequestKeys.of(request.press_id),
                rules=rules,
                moods=moods,
                tracks=request.tracks,
                minutes=request.minutes,
                only_me=request.only_me,
                seed=request.seed,
                parse_ms=parse_ms,
            )
            before = await self._before(request, vibe)
            if before is not None:
                wish = follow_up_from_text(wish, before)
                await store_edits(wish, before)
            if request.present is not None:
                wish = replace(wish, company=await company_here(request.requester, who, request.present))
            elif before is not None:
                wish = replace(wish, company=await company_of(before.session, request.requester, who))
            return await self._make(wish, publisher)

    async def _before(self, request: VibeRequest, vibe: Vibe) -> StoredPlaylist | None:
        """The requester's last playlist in this server, if the words speak of it; a private one stays private."""
        if not (continues(vibe) and request.keep_words) or request.requester.appointed:
            return None
        with guarded():
            found = await last_playlist_id(request.requester, private=request.only_me)
            return None if found is None else await stored_playlist(found)

    async def play_mood(
        self,
        key: str,
        requester: Requester,
        publisher: Publisher,
        only_me: bool = False,
        *,
        press_id: str | None = None,
    ) -> PlaylistView:
        """Makes a playlist out of a mood alone. Raises Gone("mood") when there is none here, else as `create`."""
        async with self._admitted(requester, only_me=only_me) as (who, rules):
            moods = await self._moods.words(requester.guild_id)
            mood = next((mood for mood in moods if mood.key in (key, f"{requester.guild_id}:{key}")), None)
            if mood is None:
                raise Gone(what="mood")
            wish = request_for_mood(mood, requester, who=who, version=self._parser.version)
            wish = replace(wish, rules=rules, only_me=only_me, keys=RequestKeys.of(press_id))
            return await self._make(wish, publisher)

    async def play_songs(
        self, songs: Sequence[str], *, name: str, requester: Requester, publisher: Publisher, press_id: str
    ) -> PlaylistView:
        """Makes a playlist of songs that are known by their keys, in this order; others only where some are left out.

        Raises as `create` does.
        """
        async with self._admitted(requester, only_me=False) as (who, rules):
            wish = request_for_tracks(songs, name, requester, who=who, version=self._parser.version)
            return await self._make(replace(wish, rules=rules, keys=RequestKeys.of(press_id)), publisher)

    async def again(self, change: FollowUpRequest, *, publisher: Publisher) -> PlaylistView:
        """Other songs for the vibe of a playlist; raises as `change` does."""
        return await self._follow(replace(change, changes=()), publisher)

    async def change(self, change: FollowUpRequest, *, publisher: Publisher) -> PlaylistView:
        """The next playlist of a chain, a step away from the one that was pressed on.

        The press is stored as one FeedbackEvent first. The same press, delivered again, gives the same playlist and
        posts nothing twice. Raises Gone("playlist") when the one pressed on is not there, else as `create`.
        """
        return await self._follow(change, publisher)

    async def view(self, playlist_id: str, requester: Requester | None = None) -> PlaylistView:
        """A stored playlist as its card shows it, to `requester` if given. Raises Gone("playlist"), DatabaseDown."""
        with guarded():
            return (await stored_playlist(playlist_id, requester)).view()

    async def why_not(self, playlist_id: str, query: str) -> tuple[WhyNot, ...]:
        """Why the songs that `query` means (a title, "title by artist") are not in a playlist; empty: none is here.

        Asked of the catalogue as it is now. Raises Gone("playlist"), DatabaseDown.
        """
        with guarded():
            stored = await stored_playlist(playlist_id)
            group = await guests_of(stored.session)
        recipe = with_bans(recipe_of(stored.session, stored.vibe, group) or Recipe(vibe=stored.vibe, seed=0))
        return await asyncio.to_thread(lambda: why_nots(self._prepared.library(), recipe, readable(query)))

    async def check(self, text: str, guild_id: str | None) -> None:
        """Raises what `create` would raise about these words, without making anything."""
        moods = await self._moods.words(guild_id)
        vibe, _ = await self._parse(checked(text), moods)
        await self._refuse_hopeless(vibe, moods)

    async def made(self, press_id: str) -> PlaylistView | None:
        """The finished playlist of a press, or of a slot, that was worked on before. Raises DatabaseDown."""
        found = await find_completed(str(RequestKeys.of_press(press_id).playlist))
        return None if found is None else found.view()

    async def note_posted(self, playlist_id: str, posted: Posted) -> None:
        """Note which message shows a playlist, so that reactions on it count. Raises DatabaseDown."""
        await note_message(playlist_id, posted)

    async def _make(self, wish: PlaylistRequest, publisher: Publisher) -> PlaylistView:
        """The line after the words: open, gather, compose, keep, publish, note."""
        opened = await open_session(
            who=wish.who,
            guild_id=wish.requester.guild_id,
            vibe=wish.vibe,
            text=wish.text,
            keys=wish.keys,
            parent=wish.parent,
        )
        async with opened as session:
            looked = await self._refuse_hopeless(wish.vibe, wish.moods)
            await session.start()
            await publisher.progress("choosing")
            recipe = await self._gathering.recipe(wish, session.member)
            looked = looked or await self._look_for_more(recipe)
            table = self._catalogue.table
            composition = with_note(await asyncio.to_thread(self._compose, table, recipe), looked)
            if not composition.ordering:
                raise NothingFits(conflicts=composition.conflicts)
            await publisher.progress("keeping")
            if wish.edit is not None and wish.parent is None:
                # Songs by themselves are no change of a playlist before.
                composition = replace(composition, notes=())
            if wish.company is not None:
                composition = replace(composition, notes=(*wish.company.notes, *composition.notes))
            await save_result(wish, session, recipe, table, composition, invented=self._catalogue.invented)
        # The card shows what was stored, and so shows the same whenever it is read again.
        view = await self._publish(await self.view(str(wish.keys.playlist)), publisher)
        await self._tastes.note(wish.who.id, wish.requester.guild_id)
        return view

    async def _follow(self, change: FollowUpRequest, publisher: Publisher) -> PlaylistView:
        """Deliveries of one press take turns: the first makes the playlist, the others find it."""
        turn = self._turns.setdefault(change.press_id, asyncio.Lock())
        async with turn:
            keys = RequestKeys.of_press(change.press_id)
            made = await find_completed(str(keys.playlist))
            if made is not None:
                return made.view() if made.playlist.get("discord") else await self._publish(made.view(), publisher)
            await publisher.progress("listening")
            with guarded():
                parent = await stored_playlist(change.playlist_id, change.requester)
            only_me = bool(parent.playlist.get("onlyMe")) if change.only_me is None else change.only_me
            async with self._admitted(change.requester, only_me=only_me) as (who, rules):
                await store_press(change, parent, who, made=keys.playlist)
                wish = follow_up_from_press(change, parent, keys, who=who, version=self._parser.version)
                company = await company_of(parent.session, change.requester, who)
                return await self._make(replace(wish, rules=rules, only_me=only_me, company=company), publisher)

    async def _parse(self, text: str, moods: tuple[MoodWord, ...]) -> tuple[Vibe, float]:
        """The vibe of a text, and the milliseconds it took; in the parser's own thread."""
        keep_private(text)
        started = time.perf_counter()
        read = partial(self._parser.parse, text, moods, self._catalogue.names)
        vibe = await asyncio.get_running_loop().run_in_executor(self._executor, read)
        return vibe, _ms_since(started)

    async def _refuse_hopeless(self, vibe: Vibe, moods: tuple[MoodWord, ...]) -> DiscoveryOutcome | None:
        """Raises what is wrong before anything is computed: no songs, or no understood word.

        For an empty catalogue songs are looked for, and when some came in time it says what came of it.
        """
        looked = None
        if not self._catalogue.size:
            looked = await self._look_for_more(Recipe(vibe=vibe, seed=0)) if vibe.understood else None
            if not self._catalogue.size:
                raise CatalogueEmpty(looking=looked is not None and looked.goes_on)
        if not vibe.understood:
            names = self._catalogue.names
            works = partial(suggestions, self._catalogue.table, moods)
            tried = partial(works, lambda text: self._parser.parse(text, moods, names).understood)
            found = await asyncio.get_running_loop().run_in_executor(self._executor, tried)
            raise NotUnderstood(unknown=vibe.unknown, suggestions=found)
        return looked

    async def _look_for_more(self, recipe: Recipe) -> DiscoveryOutcome | None:
        """New songs in the catalogue, if it is thin for this and they come in time; what came of looking."""
        if self._finder is None or recipe.vibe.familiarity == "mine":
            # No song that nobody has brought yet is one that the member knows.
            return None
        return await self._finder.more_for(recipe, await asyncio.to_thread(self._prepared.library))

    def _compose(self, table: TrackTable, recipe: Recipe) -> Composition:
        return compose(table, recipe, library=self._prepared.of(table))

    async def _publish(self, view: PlaylistView, publisher: Publisher) -> PlaylistView:
        """Posts the card and notes where. A refused card leaves the playlist, and the error says so."""
        try:
            posted = await publisher.publish(view)
        except DiscordRefused as refused:
            refused.kept = view.playlist_id
            raise
        if posted is not None:
            try:
                await note_message(view.playlist_id, posted)
            except DatabaseDown:
                _log.error("playlist %s was posted, and its message could not be noted", view.playlist_id)
        return view


def _ms_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
