"""What a request brings together before anything is computed: taste, limits, known and recent songs, company."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.database import guarded
from bot.documents import Playlist
from bot.generation.values import Guest, Recipe, Rules, Taste
from bot.services.feedback.taste_service import TasteService
from bot.services.library.saved_songs import songs_meant
from bot.services.members import Member
from bot.services.playlists.listener_group import guests
from bot.services.playlists.request import PlaylistRequest
from bot.services.training.model_registry import ModelService


class RecipeBuilder:
    """Makes a wish a recipe. `seeds` draws the seed of a request that brings none."""

    def __init__(self, *, tastes: TasteService, models: ModelService, seeds: Callable[[], int]) -> None:
        self._tastes = tastes
        self._models = models
        self._seeds = seeds

    async def recipe(self, wish: PlaylistRequest, member: Member) -> Recipe:
        """Taste, limits and recent songs of the one who asks, fetched at once. Raises DatabaseDown."""
        preferences, here = member.preferences, wish.rules
        learning, guild_id = preferences.learning and here.learning, wish.requester.guild_id
        with guarded():
            liking, recent, weights, own = await asyncio.gather(
                self._tastes.liking(member.id, vibe=wish.vibe, guild_id=guild_id, learning=learning),
                Playlist.recent_track_ids(member.id),
                self._models.weights(),
                songs_meant(member.id, wish.vibe.familiarity),
            )
        rules = Rules(
            tracks=wish.tracks,
            minutes=wish.minutes,
            clean=bool(preferences.clean) or here.clean,
            default_tracks=preferences.length or here.default_tracks or Rules().default_tracks,
            genres_out=(*preferences.blocked, *here.genres_out),
            artists_out=(*preferences.blocked, *here.artists_out, *liking.artists_out),
            left_out=liking.left_out,
            recent=frozenset(str(track_id) for track_id in recent) | wish.played,
            own=own,
        )
        seed = self._seeds() if wish.seed is None else wish.seed
        group = await self._guests(wish, learning=here.learning)
        return Recipe(
            vibe=wish.vibe,
            seed=seed,
            rules=rules,
            taste=Taste() if group else liking.taste,
            group=group,
            previous=wish.previous,
            edit=wish.edit,
            weights=weights,
        )

    async def _guests(self, wish: PlaylistRequest, *, learning: bool) -> tuple[Guest, ...]:
        """What those bring along whom the set is for; nobody where it is for the requester alone."""
        if wish.company is None or len(wish.company.members) == 1:
            return ()
        guild_id, channel_id = wish.requester.guild_id, wish.requester.channel_id
        return await guests(
            wish.company, self._tastes, vibe=wish.vibe, guild_id=guild_id, channel_id=channel_id, learning=learning
        )
