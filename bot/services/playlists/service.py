"""From a wish to a posted playlist: the straight line of a request, and the chain of playlists that follow one."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from weakref import WeakValueDictionary

from bot.database import guarded
from bot.errors import CatalogueEmpty, DatabaseDown, DiscordRefused, Gone, NothingFits, NotUnderstood
from bot.generation.group import with_bans
from bot.generation.reasons.why_not import WhyNot, why_nots
from bot.generation.values import Recipe
from bot.services.discovery.ports import DiscoveryOutcome, with_note
from bot.services.discovery.song_supply import SongSupply
from bot.services.feedback.edit_events import store_edits, store_press
from bot.services.feedback.taste_service import TasteService
from bot.services.guilds.request_gate import RequestGate
from bot.services.guilds.settings import GuildRules
from bot.services.moods.service import MoodService
from bot.services.moods.word_reader import WordReader
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
from bot.services.playlists.request_text import name_of
from bot.services.playlists.result_writer import save_result
from bot.services.playlists.session_store import RequestKeys, open_session
from bot.services.playlists.suggestions import suggestions
from bot.services.request_words import checked, readable
from bot.services.values import FollowUpRequest, PlaylistView, Posted, Publisher, Requester, VibeRequest
from nlp.vibe import MoodWord, Vibe

_log = logging.getLogger(__name__)


class PlaylistService:
    """Makes playlists."""

    def __init__(
        self,
        *,
        gate: RequestGate,
        moods: MoodService,
        reader: WordReader,
        songs: SongSupply,
        recipes: RecipeBuilder,
        tastes: TasteService,
    ) -> None:
        self._gate = gate
        self._moods = moods
        self._reader = reader
        self._songs = songs
        self._recipes = recipes
        self._tastes = tastes
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def admit(self, requester: Requester, *, only_me: bool = False) -> GuildRules:
        """The rules that hold for this requester here. Raises NotHere when the server does not take it, DatabaseDown.

        Every request is checked when it is made; a door that asks before need not take back what it showed, and hands
        the rules on.
        """
        return await self._gate.admit(requester, only_me=only_me)

    async def create(
        self, request: VibeRequest, *, publisher: Publisher, rules: GuildRules | None = None
    ) -> PlaylistView:
        """Makes a playlist out of words, posts it and returns it; `rules` are what `admit` gave.

        Raises NotUnderstood, CatalogueEmpty or NothingFits when the request cannot be met, NotHere when the server does
        not take it from this requester, NotYet when it comes too soon, BeingErased when the member has everything
        deleted meanwhile, DatabaseDown when it could not be kept (then nothing was posted), DiscordRefused when it was
        kept and could not be posted.
        """
        async with self._gate.opened(request.requester, only_me=request.only_me, rules=rules) as (who, here):
            await publisher.progress("listening")
            moods = await self._moods.words(request.requester.guild_id, here)
            started = time.perf_counter()
            vibe = await self._reader.read(request.text, moods)
            parse_ms = (time.perf_counter() - started) * 1000
            kept = request.text if request.keep_words else ""
            wish = PlaylistRequest(
                requester=request.requester,
                who=who,
                vibe=vibe,
                text=kept,
                words=kept,
                name=name_of(vibe, kept),
                keys=RequestKeys.of(request.press_id),
                rules=here,
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
        rules: GuildRules | None = None,
    ) -> PlaylistView:
        """Makes a playlist out of a mood alone. Raises Gone("mood") when there is none here, else as `create`."""
        async with self._gate.opened(requester, only_me=only_me, rules=rules) as (who, here):
            moods = await self._moods.words(requester.guild_id, here)
            mood = next((mood for mood in moods if mood.key in (key, f"{requester.guild_id}:{key}")), None)
            if mood is None:
                raise Gone(what="mood")
            wish = request_for_mood(mood, requester, who=who, version=self._reader.version)
            wish = replace(wish, rules=here, only_me=only_me, keys=RequestKeys.of(press_id))
            return await self._make(wish, publisher)

    async def play_songs(
        self,
        songs: Sequence[str],
        *,
        name: str,
        requester: Requester,
        publisher: Publisher,
        press_id: str,
        rules: GuildRules | None = None,
    ) -> PlaylistView:
        """Makes a playlist of songs that are known by their keys, in this order; others only where some are left out.

        Raises as `create` does.
        """
        async with self._gate.opened(requester, only_me=False, rules=rules) as (who, here):
            wish = request_for_tracks(songs, name, requester, who=who, version=self._reader.version)
            return await self._make(replace(wish, rules=here, keys=RequestKeys.of(press_id)), publisher)

    async def again(
        self, change: FollowUpRequest, *, publisher: Publisher, rules: GuildRules | None = None
    ) -> PlaylistView:
        """Other songs for the vibe of a playlist; raises as `change` does."""
        return await self.change(replace(change, changes=()), publisher=publisher, rules=rules)

    async def change(
        self, change: FollowUpRequest, *, publisher: Publisher, rules: GuildRules | None = None
    ) -> PlaylistView:
        """The next playlist of a chain, a step away from the one that was pressed on.

        The press is stored as one FeedbackEvent first. The same press, delivered again, gives the same playlist and
        posts nothing twice. Raises Gone("playlist") when the one pressed on is not there, else as `create`.
        """
        # Deliveries of one press take turns: the first makes the playlist, the others find it.
        turn = self._turns.setdefault(change.press_id, asyncio.Lock())
        async with turn:
            keys = RequestKeys.of_press(change.press_id)
            made = await find_completed(str(keys.playlist))
            if made is None:
                return await self._follow(change, keys, publisher, rules)
            if made.playlist.get("discord"):
                return made.view()
            here = rules or await self._gate.rules(change.requester.guild_id)
            return await self._publish(made.view(), publisher, here)

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
        return await asyncio.to_thread(lambda: why_nots(self._songs.library(), recipe, readable(query)))

    async def check(self, text: str, guild_id: str | None) -> str:
        """The words as a request has them. Raises what making a playlist of them would raise; nothing is made."""
        text = checked(text)
        moods = await self._moods.words(guild_id)
        await self._refuse_hopeless(await self._reader.read(text, moods), moods)
        return text

    async def made(self, press_id: str) -> PlaylistView | None:
        """The finished playlist of a press, or of a slot, that was worked on before. Raises DatabaseDown."""
        found = await find_completed(str(RequestKeys.of_press(press_id).playlist))
        return None if found is None else found.view()

    async def note_posted(self, playlist_id: str, posted: Posted) -> None:
        """Note which message shows a playlist, so that reactions on it count. Raises DatabaseDown."""
        await note_message(playlist_id, posted)

    async def _make(self, wish: PlaylistRequest, publisher: Publisher) -> PlaylistView:
        """The line after the words: open, gather, compose, keep, read back, publish, note."""
        opened = await open_session(
            who=wish.who,
            guild_id=wish.requester.guild_id,
            vibe=wish.vibe,
            text=wish.text,
            keys=wish.keys,
            parent=wish.parent,
        )
        async with opened as session:
            looked = await self._songs.first_ones(wish.vibe)
            await self._refuse_hopeless(wish.vibe, wish.moods, looked)
            await session.start()
            await publisher.progress("choosing")
            recipe = await self._recipes.recipe(wish, session.member)
            looked = looked or await self._songs.more_for(recipe)
            table = self._songs.catalogue.table
            composition = with_note(await asyncio.to_thread(self._songs.compose, table, recipe), looked)
            if not composition.ordering:
                raise NothingFits(conflicts=composition.conflicts)
            await publisher.progress("keeping")
            if wish.edit is not None and wish.parent is None:
                # Songs by themselves are no change of a playlist before.
                composition = replace(composition, notes=())
            if wish.company is not None:
                composition = replace(composition, notes=(*wish.company.notes, *composition.notes))
            await save_result(wish, session, recipe, table, composition, invented=self._songs.catalogue.invented)
        # The card shows what was stored, and so shows the same whenever it is read again.
        view = await self._publish(await self.view(str(wish.keys.playlist)), publisher, wish.rules)
        await self._tastes.note(wish.who.id, wish.requester.guild_id)
        return view

    async def _follow(
        self, change: FollowUpRequest, keys: RequestKeys, publisher: Publisher, rules: GuildRules | None
    ) -> PlaylistView:
        """The playlist of a press that was not seen before."""
        await publisher.progress("listening")
        with guarded():
            parent = await stored_playlist(change.playlist_id, change.requester)
        only_me = bool(parent.playlist.get("onlyMe")) if change.only_me is None else change.only_me
        async with self._gate.opened(change.requester, only_me=only_me, rules=rules) as (who, here):
            await store_press(change, parent, who, made=keys.playlist)
            wish = follow_up_from_press(change, parent, keys, who=who, version=self._reader.version)
            company = await company_of(parent.session, change.requester, who)
            return await self._make(replace(wish, rules=here, only_me=only_me, company=company), publisher)

    async def _refuse_hopeless(
        self, vibe: Vibe, moods: tuple[MoodWord, ...], looked: DiscoveryOutcome | None = None
    ) -> None:
        """Raises what is wrong before anything is computed: no songs, or no understood word.

        `looked` is what came of looking for songs, which may go on.
        """
        if not self._songs.catalogue.size:
            raise CatalogueEmpty(looking=looked is not None and looked.goes_on)
        if not vibe.understood:
            found = await self._reader.try_out(moods, partial(suggestions, self._songs.catalogue.table, moods))
            raise NotUnderstood(unknown=vibe.unknown, suggestions=found)

    async def _publish(self, view: PlaylistView, publisher: Publisher, rules: GuildRules) -> PlaylistView:
        """Posts the card and notes where. A refused card leaves the playlist, and the error says so."""
        try:
            posted = await publisher.publish(view, rules.reactions)
        except DiscordRefused as refused:
            refused.kept = view.playlist_id
            raise
        if posted is not None:
            try:
                await note_message(view.playlist_id, posted)
            except DatabaseDown:
                _log.error("playlist %s was posted, and its message could not be noted", view.playlist_id)
        return view
