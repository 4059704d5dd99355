"""All that a member reads, in one place. Another language is a subclass of `Messages` and a line in `messages_for`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from bot.client.cards.custom_ids.playlist_ids import SetRating, SongRating, Step
from bot.client.cards.energy import EnergyShape, Level
from bot.client.texts.accounts import AccountTexts
from bot.client.texts.doors import DoorTexts
from bot.client.texts.error_message import ErrorMessage, permission_name
from bot.client.texts.files import FileTexts
from bot.client.texts.history import HistoryTexts
from bot.client.texts.models import ModelTexts
from bot.client.texts.moods import MoodTexts
from bot.client.texts.privacy import PrivacyTexts
from bot.client.texts.publishing import PublishingTexts
from bot.client.texts.schedules import ScheduleTexts
from bot.client.texts.settings import SettingsTexts
from bot.client.texts.taste import TasteTexts
from bot.client.texts.why import WhyTexts
from bot.services.values import FeedbackKind, Stage
from nlp.vibe import AXES

_QUALITIES = ("mood", *(axis for axis in AXES if axis != "instrumentalness"))
"""What evidence means that is said with an adjective: "not sad", but "no rap"."""


class Messages(
    AccountTexts,
    DoorTexts,
    FileTexts,
    HistoryTexts,
    PrivacyTexts,
    PublishingTexts,
    ModelTexts,
    MoodTexts,
    SettingsTexts,
    ScheduleTexts,
    TasteTexts,
    WhyTexts,
):
    """English. Arguments are already safe to show; the words around them are markdown."""

    VIBE_NAME: ClassVar[str] = "vibe"
    VIBE_DESCRIPTION: ClassVar[str] = "Say how the music should feel, and get a playlist"
    VIBE_TEXT: ClassVar[str] = "How should it feel? “rainy sunday, soft piano, no vocals, about an hour”"
    VIBE_SONGS: ClassVar[str] = "How many songs (1 to 100)"
    VIBE_MINUTES: ClassVar[str] = "How many minutes (1 to 300)"
    VIBE_ONLY_ME: ClassVar[str] = "Show it to nobody but me"
    MOODS_NAME: ClassVar[str] = "moods"
    MOODS_DESCRIPTION: ClassVar[str] = "The moods to play with one press"
    MOODS_ONLY_ME: ClassVar[str] = "Show them, and what they play, to nobody but me"

    # While it is being made

    def listening(self, text: str) -> str:
        """The heading of the card that stands while the request runs."""
        return f"Listening to: {text}"

    def stage(self, stage: Stage) -> str:
        """How far a request is."""
        return {
            "listening": "Taking in your words …",
            "choosing": "Choosing songs, and their order …",
            "keeping": "Writing it down …",
        }[stage]

    def step_taken(self, step: str) -> str:
        """What the next playlist of a chain is being made to be; `step` as in `playlist_ids`."""
        return {
            "again": "Once more, with other songs",
            "more-energy": "The same, with more energy",
            "calmer": "The same, calmer",
            "brighter": "The same, brighter",
            "darker": "The same, darker",
        }[step]

    # The playlist

    def length(self, songs: int, duration_ms: int) -> str:
        """How much there is to hear."""
        return f"{songs} song{'' if songs == 1 else 's'} · {self.duration(duration_ms)}"

    def duration(self, duration_ms: int) -> str:
        """A long time, in hours and minutes."""
        hours, minutes = divmod(round(duration_ms / 60_000), 60)
        return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"

    def clock(self, duration_ms: int) -> str:
        """The length of one song."""
        minutes, seconds = divmod(round(duration_ms / 1000), 60)
        return f"{minutes}:{seconds:02d}"

    def made_for(self, mention: str) -> str:
        """Whose wish a playlist of a chain was."""
        return f"for {mention}"

    def heard(self, chips: str) -> str:
        """The words that were understood, as chips."""
        return f"I heard {chips}"

    def ruled_out(self, words: str, means: str) -> str:
        """A chip for what shall not be in the set; `means` is what the words were taken for."""
        return f"not {words}" if means.startswith(_QUALITIES) else f"no {words}"

    def similar(self, words: str) -> str:
        """A chip for what the set shall be like."""
        return f"like {words}"

    def unknown(self, chips: str) -> str:
        """The words that were not."""
        return f"I do not know {chips} yet, so I went on without."

    def more(self, count: int) -> str:
        """What did not fit on a line."""
        return f"+{count} more"

    def page(self, first: int, last: int, total: int) -> str:
        """Which songs of the set are on this page."""
        return f"Songs {first}–{last} of {total}"

    def energy(self, blocks: str, shape: EnergyShape | None) -> str:
        """The energy of the set in signs and in words; the picture says the same."""
        return f"Energy {blocks} {self.shape(shape)}"

    def shape(self, shape: EnergyShape | None) -> str:
        """How the energy runs."""
        if shape is None:
            return "not known for these songs"
        if shape.flat:
            return f"{self.level(shape.start)} all the way"
        if 0 < shape.peak < 1:
            end = f", ends {self.level(shape.end)}" if shape.end != shape.start else ""
            return f"starts {self.level(shape.start)}, peaks {self.place(shape.peak)}{end}"
        if shape.peak == 0:
            return self._falling(shape)
        dip = f", dips {self.place(shape.low)}" if 0 < shape.low < 1 else ""
        return f"starts {self.level(shape.start)}{dip}, and rises to the end"

    def _falling(self, shape: EnergyShape) -> str:
        if shape.low == 1:
            return f"starts {self.level(shape.start)}, and winds down to the end"
        return f"starts {self.level(shape.start)}, dips {self.place(shape.low)}, and comes back"

    def level(self, level: Level) -> str:
        """A word for how much energy there is."""
        return {"gentle": "gentle", "moderate": "steady", "strong": "strong"}[level]

    def place(self, place: float) -> str:
        """Where in the set something is, from 0 to 1."""
        names = ("early on", "a third in", "halfway", "two thirds in", "near the end")
        return names[min(int(place * len(names)), len(names) - 1)]

    def picture(self, shape: EnergyShape | None, songs: int) -> str:
        """The description of the picture, for those who do not see it."""
        return f"A curve of the energy over the {songs} songs of this set: {self.shape(shape)}."

    def features(self, known: int, total: int) -> str:
        """How much of the set is known by its sound."""
        return f"I know the sound of {known} of these {total} songs"

    def invented(self) -> str:
        """That no such song exists."""
        return "These songs and artists are invented: this is the demo catalogue"

    def seed(self, seed: int) -> str:
        """The number that makes the same set again."""
        return f"Seed {seed}"

    def no_reactions(self) -> str:
        """Why no emoji stand under the card."""
        return "I may not add reactions here. The buttons below do the same"

    def step(self, step: Step) -> str:
        """The button that makes the next playlist."""
        return {
            "again": "Again",
            "more-energy": "More energy",
            "calmer": "Calmer",
            "brighter": "Brighter",
            "darker": "Darker",
        }[step]

    def set_rating(self, rating: SetRating) -> str:
        """The button that rates a set."""
        return {"love": "Love it", "dislike": "Not it"}[rating]

    def song_rating(self, rating: SongRating) -> str:
        """The button that rates a song."""
        return {"love": "Love", "skip": "Skip", "never": "Never again"}[rating]

    BACK: ClassVar[str] = "Back"
    NEXT: ClassVar[str] = "Next"
    RATE_A_SONG: ClassVar[str] = "Rate a song"

    # Ratings

    def ask_rating(self) -> str:
        """Under the song that was chosen in the menu."""
        return "How is it, for you?"

    def rated(self, kind: FeedbackKind, song: str | None) -> str:
        """That a press was stored; `song` is None for a whole set."""
        if song is None:
            return {
                "love": "You love this set. I will remember.",
                "dislike": "This set is not it. I will remember.",
            }.get(kind, "Noted.")
        return {
            "love": f"You love {song}. I will remember.",
            "skip": f"You would skip {song}. You will hear it less.",
            "never": f"{song} will not be played for you again.",
        }.get(kind, f"Noted: {song}.")

    TAKE_BACK: ClassVar[str] = "Take it back"

    def taken_back(self) -> str:
        """That a rating counts no more."""
        return "Taken back. It does not count any more."

    # Moods

    def moods(self) -> tuple[str, str]:
        """Heading and first line of the moods."""
        return "Moods", "One press plays one."

    def play(self, label: str) -> str:
        """The button that plays a mood."""
        return f"Play {label}"

    PLAY_A_MOOD: ClassVar[str] = "Play a mood"

    def no_moods(self) -> str:
        """That there are none."""
        return "There are no moods here yet."

    # Failures: what happened, what to do next

    def empty(self) -> ErrorMessage:
        """Nothing was written."""
        return ErrorMessage(
            title="There were no words in that",
            cause="I make a playlist out of how you say the music should feel.",
            step="Try `/vibe text: rainy sunday, soft piano`.",
        )

    def too_long(self, length: int, limit: int) -> ErrorMessage:
        """More was written than the door takes."""
        return ErrorMessage(
            title="That is more than I can take in",
            cause=f"You wrote {length} characters, and I read up to {limit}.",
            step="Say it shorter: mood, genre, era and length are enough.",
        )

    def not_understood(self, words: str, suggestions: Sequence[str]) -> ErrorMessage:
        """No word was about music."""
        cause = f"I do not know {words} yet, and heard nothing else." if words else "Nothing in it was about music."
        step = "Say a mood, a scene, a genre or an era"
        return ErrorMessage(
            title="I did not hear a vibe in that",
            cause=cause,
            step=f"{step}. These work:" if suggestions else f"{step}, such as “calm jazz for a rainy evening”.",
            tries=tuple(suggestions),
        )

    def nothing_fits(self, conflicts: Sequence[str]) -> ErrorMessage:
        """The hard wishes exclude each other."""
        return ErrorMessage(
            title="No song meets all of these wishes",
            cause="Some of them cannot be met together:" if conflicts else "Nothing in the catalogue does.",
            step="Drop one of them and ask again.",
            items=tuple(conflicts),
        )

    def catalogue_empty(self, *, looking: bool = False) -> ErrorMessage:
        """There is nothing to choose from; `looking` when songs for this are being looked for."""
        if looking:
            return ErrorMessage(
                title="There are no songs here yet",
                cause="The catalogue I choose from is empty. I have begun to look for songs that fit this.",
                step="Ask again in a minute.",
            )
        return ErrorMessage(
            title="There are no songs here yet",
            cause="The catalogue I choose from is empty.",
            step="Bring your own in with `/spotify upload`, a CSV file of Exportify; moderators can bring in any table "
            "with `/library import`. Whoever runs this bot can also fill it with `python -m bot import songs.csv`, or "
            'have it look for songs with `python -m bot discover "rainy sunday, soft piano"`.',
        )

    def bad_file(self, name: str, reason: str) -> ErrorMessage:
        """A file that cannot be read."""
        return ErrorMessage(
            title=f"I cannot read {name}",
            cause=reason,
            step="Export it again as CSV and try once more.",
        )

    def gone(self, what: str) -> ErrorMessage:
        """Something that a button was about is no longer there."""
        names = {
            "playlist": "That playlist",
            "song": "That song",
            "mood": "That mood",
            "message": "That card",
            "rating": "That rating",
            "draft": "That draft",
            "schedule": "That scheduled vibe",
            "channel": "That channel",
            "server": "That server",
            "saved": "The playlist on Spotify",
            "button": "That button",
            "form": "That form",
        }
        steps = {
            "draft": "See `/mood list`, or begin again with `/mood add`.",
            "schedule": "See `/schedule list`.",
            "channel": "Choose another one.",
            "saved": "Press **Save to Spotify** under the playlist for a new one.",
        }
        return ErrorMessage(
            title=f"{names.get(what, 'That')} is no longer there",
            cause="It was removed since this card was posted.",
            step=steps.get(what, "Ask for a new one with `/vibe`, or see `/moods`."),
        )

    def not_allowed(self, permission: str, *, bot_lacks: bool, channel: str = "") -> ErrorMessage:
        """A permission is missing, in this `channel` where one was named."""
        name = permission_name(permission)
        if bot_lacks:
            return ErrorMessage(
                title="I may not do that there" if channel else "I may not do that here",
                cause=f"I lack the permission **{name}** in {channel or 'this channel'}.",
                step="Ask someone who runs this server to give it to me, or try another channel.",
            )
        return ErrorMessage(
            title="That is not yours to do",
            cause=f"It takes the permission **{name}**.",
            step="Ask someone who runs this server.",
        )

    def database_down(self) -> ErrorMessage:
        """The database does not answer."""
        return ErrorMessage(
            title="I cannot reach my memory",
            cause="The database does not answer, so nothing was stored.",
            step="Try again in a minute. If it stays so, tell whoever runs this bot.",
        )

    def discord_refused(self, *, kept: bool = False) -> ErrorMessage:
        """Discord did not take a message; `kept` when the playlist in it is stored all the same."""
        return ErrorMessage(
            title="Discord did not take my answer",
            cause="It was refused, also in its simplest form." + (" The playlist itself is kept." if kept else ""),
            step="Try again in a minute, or in another channel.",
        )

    def world_down(self) -> ErrorMessage:
        """Some other service does not answer."""
        return ErrorMessage(
            title="A service I need does not answer",
            cause="That is not your doing, and nothing was stored.",
            step="Try again in a minute.",
        )

    def outdated_command(self) -> ErrorMessage:
        """Discord showed a command as it no longer is."""
        return ErrorMessage(
            title="This command has changed",
            cause="Your Discord still shows how it was before.",
            step="Reload Discord (Ctrl+R, or restart the app) and try again.",
        )

    def our_bug(self, report: str) -> ErrorMessage:
        """Something that should not have happened."""
        return ErrorMessage(
            title="That went wrong, and it is my fault",
            cause="Something broke that should not have. It has been noted.",
            step="Try again. If it happens once more, tell whoever runs this bot the report id.",
            report=report,
        )

    def report(self, report: str) -> str:
        """The line with the id that is in the log."""
        return f"Report {report}"


__all__ = ["ENGLISH", "ErrorMessage", "Messages", "messages_for"]

ENGLISH = Messages()


def messages_for(locale: object) -> Messages:
    """The language for a locale of Discord. There is one so far, so everybody gets it."""
    return {"en-US": ENGLISH, "en-GB": ENGLISH}.get(str(locale), ENGLISH)
