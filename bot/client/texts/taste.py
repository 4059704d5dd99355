"""What members read about taste: sets for several, /taste and /recap. Arguments are already safe to show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from bot.client.texts.error_message import ErrorMessage

_SIDES = {
    "tempo": ("slow", "fast"),
    "energy": ("calm", "lively"),
    "brightness": ("dark", "bright"),
    "danceability": ("to listen to", "to dance to"),
    "acousticness": ("electric", "acoustic"),
    "instrumentalness": ("sung", "instrumental"),
    "loudness": ("quiet", "loud"),
    "speechiness": ("little speech", "spoken"),
    "liveness": ("studio", "live"),
}
"""What the two ends of each axis are called."""


class TasteTexts:
    """English, a part of `Messages`."""

    # A set for everyone

    VIBE_FOR_NAME: ClassVar[str] = "for"
    VIBE_FOR: ClassVar[str] = "Make it for everyone in your voice channel, or who reacted here lately"
    VIBE_FOR_ALL: ClassVar[str] = "everyone-here"
    SOMEBODY: ClassVar[str] = "somebody"

    def everyone_or_me(self) -> ErrorMessage:
        """Two options that do not go together."""
        return ErrorMessage(
            title="For everyone, or only for you?",
            cause="A playlist for everyone here says how it fits each of you, so everyone may see it.",
            step="Leave out `only_me`, or leave out `for`.",
        )

    def group_fits(self, fits: Sequence[tuple[str, float | None]], strangers: int, first: str) -> str:
        """How a set fits each of those it is for; `first` comes first the next time."""
        told = [f"{name} {round(100 * fit)} %" for name, fit in fits if fit is not None]
        unknown = [name for name, fit in fits if fit is None]
        said = f"fits {' · '.join(told)}" if told else ""
        parts = [said] if said else []
        if unknown:
            parts.append(f"I do not know yet what {self._and(unknown)} like{'s' if len(unknown) == 1 else ''}")
        if strangers:
            parts.append(f"{strangers} here never asked me for anything")
        if first:
            parts.append(f"the next one leans towards {first}")
        line = "; ".join(parts)
        return line[:1].upper() + line[1:]

    def _and(self, names: Sequence[str]) -> str:
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

    # A member's taste

    TASTE_NAME: ClassVar[str] = "taste"
    TASTE_DESCRIPTION: ClassVar[str] = "What I have learned of your taste, and what you can do about it"
    TASTE_RESET: ClassVar[str] = "Start anew"
    TASTE_YES_RESET: ClassVar[str] = "Yes, forget what I learned"
    TASTE_KEEP: ClassVar[str] = "Keep it"
    TASTE_CHOOSE_ARTIST: ClassVar[str] = "An artist: forget what I learned, or never again"
    TASTE_FORGET: ClassVar[str] = "Forget what I learned"
    TASTE_NEVER: ClassVar[str] = "Never again"
    TASTE_BACK: ClassVar[str] = "Back"

    def taste_heading(self) -> str:
        """The heading."""
        return "Your taste, as I understand it"

    def taste_rests_on(self, ratings: int, since: datetime | None) -> str:
        """What it was learned from."""
        from_when = f", since <t:{round(since.timestamp())}:D>" if since is not None else ""
        return f"From **{ratings}** rating{'' if ratings == 1 else 's'}{from_when}. Newer ones count more."

    def taste_unsure(self) -> str:
        """The ratings may as well be chance."""
        return "So far your ratings look much like chance to me, so I lean on them only a little."

    def taste_changed(self) -> str:
        """The taste seems to have changed."""
        return "It looks as if your taste had changed on the way; what came before counts for little."

    def side(self, axis: str, leaning: float) -> str:
        """The end of an axis that a taste leans to."""
        low, high = _SIDES.get(axis, (f"less {axis}", f"more {axis}"))
        return high if leaning > 0 else low

    def axis_ends(self, axis: str) -> tuple[str, str]:
        """What both ends of an axis are called."""
        return _SIDES.get(axis, (f"less {axis}", f"more {axis}"))

    def taste_sound(self, sides: Sequence[tuple[str, bool | None]]) -> str:
        """Sides of axes that are liked, each with whether it is more so than the server's (None: unknown)."""
        if not sides:
            return "**Sound:** no side of anything yet."
        told = [
            side if more is None else f"{side} ({'more' if more else 'less'} so than this server)"
            for side, more in sides
        ]
        return f"**Sound:** {', '.join(told)}"

    def taste_genres(self, liked: str, disliked: str) -> str:
        """Genres by name."""
        return self._liking("Genres", liked, disliked)

    def taste_artists(self, liked: str, disliked: str) -> str:
        """Artists by name."""
        return self._liking("Artists", liked, disliked)

    def _liking(self, what: str, liked: str, disliked: str) -> str:
        if not liked:
            return f"**{what}, rather not:** {disliked}" if disliked else ""
        return f"**{what}:** {liked}" + (f" · **rather not:** {disliked}" if disliked else "")

    def taste_banned(self, songs: int, artists: str) -> str:
        """What never comes again."""
        parts = [f"{songs} song{'' if songs == 1 else 's'}" if songs else "", artists]
        told = " and ".join(part for part in parts if part)
        return f"**Never again:** {told}" if told else ""

    def taste_moved(self, moves: Sequence[tuple[str, str]]) -> str:
        """How it moved: where it leaned before, and where it leans now."""
        return f"**Moved:** {', '.join(f'from {before} to {now}' for before, now in moves)}" if moves else ""

    def taste_nothing(self, *, learning: bool) -> tuple[str, str]:
        """Nothing is known yet, and how to change that."""
        if not learning:
            return (
                "I know nothing of your taste",
                "You paused learning, so what you rate teaches me nothing. Press **Resume learning** to change that.",
            )
        return (
            "I know nothing of your taste yet",
            (
                "Ask for a playlist with `/vibe`, then choose a song in its menu and press **Love** or **Skip**, or "
                "react with ❤️ or 👎. From the first rating on, the next playlist is another one."
            ),
        )

    def taste_picture(self, sound: str, moved: str, genres: str) -> str:
        """What the picture shows, for who does not see it."""
        told = "; ".join(part.replace("**", "") for part in (sound, genres, moved) if part)
        return f"Bars from one end of each axis of sound to the other, yours against this server's. {told}"

    TASTE_YOU: ClassVar[str] = "you"
    TASTE_SERVER: ClassVar[str] = "this server"
    TASTE_BEFORE: ClassVar[str] = "before"
    TASTE_FAVOURITES: ClassVar[str] = "favourites"

    def taste_ask_reset(self) -> tuple[str, str]:
        """The question before it is forgotten."""
        return (
            "Forget everything I learned of your taste?",
            (
                "Your next playlists are made as for somebody new. Your playlists stay, and so does what you never "
                "want to hear again. There is no way back."
            ),
        )

    def taste_reset(self) -> str:
        """It was forgotten."""
        return "I forgot what I had learned. The next playlist starts from nothing."

    def taste_artist(self, artist: str, ratings: int) -> tuple[str, str]:
        """One artist, and what can be done."""
        return artist, f"You rated {ratings} song{'' if ratings == 1 else 's'} of theirs."

    def taste_forgot(self, artist: str, ratings: int) -> str:
        """An artist was forgotten."""
        return f"Forgotten: {ratings} rating{'' if ratings == 1 else 's'} of songs by {artist}."

    def taste_never_artist(self, artist: str) -> str:
        """An artist was banned."""
        return f"{artist} never comes again in a playlist of yours."

    # The sounds of a server

    RECAP_NAME: ClassVar[str] = "recap"
    RECAP_DESCRIPTION: ClassVar[str] = "The sounds of this server: what was asked for and loved, and one playlist of it"
    RECAP_PERIOD: ClassVar[str] = "The last week, or the last month"
    RECAP_PERIODS: ClassVar[dict[str, str]] = {"week": "week", "month": "month"}
    RECAP_POST: ClassVar[str] = "Moderators: have it posted in this channel by itself, or stop that"
    RECAP_POSTS: ClassVar[dict[str, str]] = {"week": "every-week", "month": "every-month", "off": "off"}

    def recap_title(self, period: str) -> str:
        """What its playlist is called."""
        return f"The sounds of this server: the last {period}"

    def recap_numbers(self, playlists: int, members: int, minutes: int, loves: int) -> str:
        """How much there was."""
        hours = f"{minutes / 60:.0f} hours" if minutes >= 120 else f"{minutes} minutes"
        parts = [
            f"**{playlists}** playlist{'' if playlists == 1 else 's'}",
            f"for **{members}** member{'' if members == 1 else 's'}",
            f"**{hours}** of music",
        ]
        if loves:
            parts.append(f"**{loves}** time{'' if loves == 1 else 's'} “love” or “like”")
        return ", ".join(parts)

    def recap_moods(self, moods: Sequence[tuple[str, int]]) -> str:
        """What was asked for most."""
        return f"**Asked for:** {', '.join(f'{name} ({count})' for name, count in moods)}" if moods else ""

    def recap_loved(self) -> str:
        """The heading of the songs."""
        return "**Loved:**"

    def recap_none_loved(self) -> str:
        """No song was loved."""
        return "No song was loved by itself yet. Choose one in the menu under a playlist and press **Love**."

    def recap_private(self) -> str:
        """What is not in it."""
        return "Private playlists are not in it, and nobody's ratings are told by name."

    def recap_nothing(self, period: str) -> ErrorMessage:
        """Nothing was asked for."""
        return ErrorMessage(
            title=f"Nothing was played here in the last {period}",
            cause="I tell of what members asked for openly on this server.",
            step="Ask for something with `/vibe`, and I will have something to tell.",
        )

    def recap_on(self, period: str, channel: str, at: datetime) -> str:
        """It is posted by itself from now on."""
        return f"Every {period} I post the sounds of this server in {channel}, next <t:{round(at.timestamp())}:F>."

    def recap_off(self) -> str:
        """It is not."""
        return "I post no recap by myself. Anybody may ask for one with `/recap`."
