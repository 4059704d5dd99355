"""What moderators read about the settings of their server. Arguments are already safe to show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from bot.client.texts.error_message import ErrorMessage, permission_name


class SettingsTexts:
    """English, a part of `Messages`."""

    SETTINGS_NAME: ClassVar[str] = "settings"
    SETTINGS_DESCRIPTION: ClassVar[str] = "How I behave on this server: channels, roles, length and more (moderators)"

    def settings_heading(self) -> tuple[str, str]:
        """Heading and first line."""
        return "Settings of this server", "Every change counts at once, for requests from now on."

    SETTING_NAMES: ClassVar[dict[str, str]] = {
        "channels": "Where",
        "roles": "Who",
        "length": "Length",
        "clean": "Explicit songs",
        "left-out": "Left out",
        "reactions": "Reactions",
        "credits": "Catalogue credits",
        "learning": "Learning",
        "recap": "Recap",
        "time-zone": "Time zone",
    }

    def settings_line(self, setting: str, value: str) -> str:
        """One setting and how it stands."""
        return f"**{self.SETTING_NAMES[setting]}** · {value}"

    def where(self, mentions: str) -> str:
        """The channels."""
        return f"vibes only in {mentions}; private ones (`only_me`) anywhere" if mentions else "vibes in every channel"

    def who(self, mentions: str) -> str:
        """The roles."""
        return f"only {mentions}, and moderators" if mentions else "everyone"

    def usual_length(self, songs: int) -> str:
        """How long a set is."""
        return f"{songs} songs, when nothing else is said"

    def explicit(self, *, clean: bool) -> str:
        """Whether explicit songs are played."""
        return "never: clean songs only" if clean else "may be played, unless a request says “clean”"

    def left_out(self, genres: str, artists: str) -> str:
        """What is never played."""
        if not genres and not artists:
            return "nothing"
        return "; ".join(part for part in (genres and f"genres: {genres}", artists and f"artists: {artists}") if part)

    def reaction_kinds(self, written: str) -> str:
        """The reactions and what they mean."""
        return written or "none count, and none are added"

    REACTION_NAMES: ClassVar[dict[str, str]] = {
        "like": "like",
        "dislike": "dislike",
        "love": "love",
        "skip": "skip",
        "never": "never again",
    }

    def credits_shown(self, *, on: bool) -> str:
        """Whether cards say where the songs come from."""
        return "cards say from how many songs I chose" if on else "not shown on cards"

    def learns(self, *, on: bool) -> str:
        """Whether taste is used."""
        return "playlists follow what the one who asks has liked" if on else "off: taste is not used here"

    CHOOSE_CHANNELS: ClassVar[str] = "Where vibes may be asked for: everywhere"
    CHOOSE_ROLES: ClassVar[str] = "Who may ask: everyone"
    CHOOSE_LENGTH: ClassVar[str] = "How many songs, when nothing is said"

    def songs_option(self, songs: int) -> str:
        """One length of the menu."""
        return f"{songs} songs, when nothing else is said"

    def switch(self, switch: str, *, on: bool) -> str:
        """The button that turns something on or off; `on` is what it would do."""
        names = {
            ("clean", True): "Play clean songs only",
            ("clean", False): "Allow explicit songs",
            ("credits", True): "Show credits",
            ("credits", False): "Hide credits",
            ("learning", True): "Use taste",
            ("learning", False): "Ignore taste",
        }
        return names[switch, on]

    SETTINGS_FORMS: ClassVar[dict[str, str]] = {
        "left-out": "Genres and artists left out",
        "reactions": "Reactions, and what they mean",
        "time-zone": "Time zone",
    }
    FIELD_GENRES: ClassVar[str] = "Genres that are never played here"
    FIELD_GENRES_EXAMPLE: ClassVar[str] = "metal, hip hop"
    FIELD_ARTISTS: ClassVar[str] = "Artists who are never played here"
    FIELD_LIST_HINT: ClassVar[str] = "Separated by commas; empty is none"
    FIELD_REACTION: ClassVar[dict[str, str]] = {
        "like": "Like",
        "dislike": "Dislike",
        "love": "Love",
        "skip": "Skip",
        "never": "Never again",
    }
    FIELD_REACTION_HINT: ClassVar[str] = "One emoji or several; empty is none"
    FIELD_ZONE: ClassVar[str] = "The server's time zone"
    FIELD_ZONE_HINT: ClassVar[str] = "A city or its full name, such as Berlin or America/New_York"

    def no_recap(self) -> str:
        """That no recap comes by itself."""
        return "none comes by itself; anybody may ask with `/recap`"

    def recap_comes(self, period: str, channel: str, at: datetime) -> str:
        """How often a recap comes, where, and when next; Discord shows times in the reader's own."""
        return f"every {period} in {channel}, next <t:{round(at.timestamp())}:F>"

    def recap_option(self, every: str, hour: int) -> str:
        """How often a recap comes, in the menu; `hour` is of the server's clock."""
        return {
            "off": "No recap by itself",
            "week": f"A recap every week: Mondays at {hour}:00",
            "month": f"A recap every month: on the 1st at {hour}:00",
        }[every]

    def recap_stopped(self, channel: str, permission: str | None) -> str:
        """To moderators: that a recap is posted no more; without `permission` because its channel is gone."""
        lacks = f"I lack the permission **{permission_name(permission)}** there." if permission else ""
        cause = lacks or "That channel is no longer there."
        return f"**I post no recap in {channel} any more**\n{cause} Choose how often and where anew in `/settings`."

    CHOOSE_RECAP: ClassVar[str] = "A recap of what was loved"
    CHOOSE_RECAP_CHANNEL: ClassVar[str] = "Where the recap is posted"

    # What a change did

    def channels_set(self, mentions: str) -> str:
        """After the menu of channels."""
        if not mentions:
            return "Vibes can be asked for in every channel again."
        return f"Vibes can be asked for only in {mentions}, and in threads there. Elsewhere I say so, to the asker."

    def roles_set(self, mentions: str) -> str:
        """After the menu of roles."""
        return f"Only {mentions} may ask, and moderators." if mentions else "Everyone may ask again."

    def length_set(self, songs: int) -> str:
        """After the menu of lengths."""
        return f"A set has {songs} songs when nothing else is said. A member's own setting still goes first."

    def turned(self, switch: str, *, on: bool) -> str:
        """After one of the switches."""
        says = {
            (
                "clean",
                True,
            ): "Every playlist here has clean songs only. Songs not marked as clean stay out.",
            ("clean", False): "Explicit songs may be played again.",
            ("credits", True): "Cards say from how many songs I chose.",
            ("credits", False): "Cards no longer say from how many songs I chose.",
            ("learning", True): "Playlists follow the taste of the one who asks.",
            (
                "learning",
                False,
            ): "Playlists here do not follow anybody's taste. What was learned is kept.",
        }
        return says[switch, on]

    def left_out_set(self, remaining: int, total: int, strangers: str) -> str:
        """After the form of genres and artists."""
        unknown = f" I have no song by {strangers}; that is noted all the same." if strangers else ""
        return f"{remaining:,} of {total:,} songs remain for this server.{unknown}"

    def reactions_set(self, count: int) -> str:
        """After the form of reactions."""
        if not count:
            return "No reaction counts any more, and I add none."
        return "I add these under new cards, and they count on older ones too."

    def zone_set(self, zone: str, clock: str) -> str:
        """After the form of the time zone."""
        return f"Times here are those of {zone}: it is {clock} now."

    def catalogue_credit(self, songs: int) -> str:
        """On a playlist's card: what it was chosen from."""
        return f"Chosen from {songs:,} songs"

    # Refusals

    def not_in_this_channel(self, mentions: str) -> ErrorMessage:
        """Vibes belong elsewhere."""
        return ErrorMessage(
            title="Not in this channel",
            cause=f"This server asks for vibes in {mentions}.",
            step="Ask there, or here for yourself alone, with `only_me: True`.",
        )

    def not_your_role(self, mentions: str) -> ErrorMessage:
        """Vibes belong to others."""
        return ErrorMessage(
            title="That is for some roles only",
            cause=f"On this server {mentions} may ask for vibes.",
            step="Ask a moderator for the role, or ask me in a direct message.",
        )

    def too_many(self, what: str, limit: int) -> ErrorMessage:
        """A server has as many of something as it may."""
        return ErrorMessage(
            title=f"There are {limit} {what} already",
            cause="That is as many as one server can have.",
            step="Remove one first.",
        )

    def bad_settings_entry(self, field: str, reason: str, entry: str, hints: Sequence[str]) -> ErrorMessage:
        """A field of one of these forms that cannot be taken."""
        title, cause, step = _REASONS.get((field, reason), _OTHER)
        said = f" Did you mean {' or '.join(hints)}?" if hints else ""
        return ErrorMessage(title=title, cause=cause.format(entry=entry) + said, step=step)


_OTHER = ("That cannot be taken", "“{entry}” is not what belongs there.", "Change it and try again.")
_REASONS = {
    ("channels", "too_many"): ("Those are too many channels", "Up to {entry} can be named.", "Choose fewer."),
    ("roles", "too_many"): ("Those are too many roles", "Up to {entry} can be named.", "Choose fewer."),
    ("genres", "unknown"): (
        "I do not know one of the genres",
        "“{entry}” is none of mine.",
        "Nothing was changed. Correct it and send it again.",
    ),
    ("genres", "nothing_left"): (
        "Then no song would be left",
        "Every song here is of one of these genres or artists, or is explicit.",
        "Nothing was changed. Leave out less.",
    ),
    ("genres", "too_many"): ("Those are too many genres", "Up to {entry} can be left out.", "Broader ones do more."),
    ("artists", "too_many"): ("Those are too many artists", "Up to {entry} can be left out.", "Choose fewer."),
    ("genres", "too_long"): ("One of the genres is too long", "“{entry}”", "Separate them by commas."),
    ("artists", "too_long"): ("One of the artists is too long", "“{entry}”", "Separate them by commas."),
    ("reactions", "not_emoji"): (
        "Only emoji can be reactions",
        "“{entry}” is none.",
        "Nothing was changed. Pick them from the emoji keyboard.",
    ),
    ("reactions", "foreign_emoji"): (
        "That emoji is of another server",
        "I cannot add {entry} here.",
        "Nothing was changed. Use an emoji of this server, or one that everybody has.",
    ),
    ("reactions", "twice"): (
        "One emoji cannot mean two things",
        "{entry} stands in two fields.",
        "Nothing was changed. Keep it in one of them.",
    ),
    ("reactions", "too_many"): (
        "Those are too many reactions",
        "Up to {entry} fit under a card.",
        "Nothing was changed. Choose fewer.",
    ),
    ("time_zone", "unknown"): (
        "I do not know that time zone",
        "“{entry}” is none.",
        "Nothing was changed. Write a large city near you, or a name such as Europe/Berlin.",
    ),
    ("time_zone", "empty"): (
        "There was no time zone in that",
        "The field was empty.",
        "Nothing was changed. Write UTC for none.",
    ),
}
