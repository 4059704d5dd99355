"""The cards that have their pictures taken, one row each, in the order in which they are played.

A row says who looks, what they do, and what the card says when it is finished. Members may ask three times a minute, so
requests are spread over them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from tests.browser.acting import Step, agree_at_spotify, choose, command, press, sees, write

ADA, BO, CHI, MODERATOR, OWNER = "Ada", "Bo", "Chi", "Mo, moderator", "Olu, owner"
SONGS = Path(__file__).with_name("songs.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One card: its file's name, its heading and a line about it in docs/cards.md, and how it comes about.

    `shows` are words of the finished card; `form` tells that it is a form.
    """

    name: str
    title: str
    told: str
    who: str
    steps: tuple[Step, ...]
    shows: str
    form: bool = False


def love(*songs: str) -> tuple[Step, ...]:
    """Love songs of the newest playlist of ten, by their numbers in its menu."""
    steps = ((choose("10.", song), sees("How is it"), press("Love"), sees("You love")) for song in songs)
    return tuple(chain.from_iterable(steps))


SCENES: tuple[Scene, ...] = (
    Scene(
        name="playlist",
        title="A playlist",
        told="`/vibe text: late night drive, synthwave, builds up, no rap, 10 songs`",
        who=ADA,
        steps=(command("vibe", text="late night drive, synthwave, builds up, no rap, 10 songs"),),
        shows="starts",
    ),
    Scene(
        name="why",
        title="Why",
        told="*Why* under a playlist, for the one who asks.",
        who=ADA,
        steps=(press("Why"),),
        shows="Why these songs",
    ),
    Scene(
        name="why-not-form",
        title="Which song do you miss?",
        told="*Why not that song?* under the reasons.",
        who=ADA,
        steps=(press("Why not that song?"), write(Which_song="Midnight Heart")),
        shows="Which song do you miss?",
        form=True,
    ),
    Scene(
        name="why-not",
        title="Why not that song",
        told="Where each song of that title stands.",
        who=ADA,
        steps=(press("Submit"),),
        shows="Why not that song ·",
    ),
    Scene(
        name="rate",
        title="One song",
        told="Chosen in the menu *Rate a song*.",
        who=ADA,
        steps=(choose("Rate a song", "2."),),
        shows="How is it, for you?",
    ),
    Scene(
        name="rated",
        title="A rating",
        told="What a press on *Never again* answers, with the way back.",
        who=ADA,
        steps=(press("Never again"),),
        shows="will not be played for you again",
    ),
    Scene(
        name="export",
        title="Files",
        told="*Export* under a playlist.",
        who=ADA,
        steps=(press("Export"),),
        shows=".m3u8",
    ),
    Scene(
        name="save",
        title="Save to Spotify",
        told="Where no account is linked: the files, and how to link one.",
        who=ADA,
        steps=(press("Save to Spotify"),),
        shows="There is no Spotify account",
    ),
    Scene(
        name="next",
        title="The next of a chain",
        told="*More energy* under a playlist: whose wish it was, and *Undo*.",
        who=ADA,
        steps=(press("More energy"),),
        shows="for @Ada",
    ),
    Scene(
        name="undo",
        title="Undone",
        told="*Undo* brings the playlist before back.",
        who=ADA,
        steps=(press("Undo"),),
        shows="is undone",
    ),
    Scene(
        name="taste",
        title="Taste",
        told="`/taste`: what was learned of one's ratings.",
        who=ADA,
        steps=(
            *love("1.", "3.", "4.", "5."),
            press("Love it"),
            sees("You love this set"),
            command("taste"),
        ),
        shows="Your taste",
    ),
    Scene(
        name="recap",
        title="The sounds of the server",
        told="`/recap`",
        who=BO,
        steps=(command("recap"),),
        shows="Private playlists are not in it",
    ),
    Scene(
        name="spotify",
        title="A Spotify account",
        told="`/spotify status`",
        who=BO,
        steps=(command("spotify status"),),
        shows="Spotify",
    ),
    Scene(
        name="not-understood",
        title="Not understood",
        told="`/vibe text: qwertz asdf`: what was not known, and requests that work.",
        who=BO,
        steps=(command("vibe", text="qwertz asdf"),),
        shows="I did not hear a vibe in that",
    ),
    Scene(
        name="conflict",
        title="Wishes that conflict",
        told="Which of them, and what dropping each would bring.",
        who=BO,
        steps=(command("vibe", text="synthwave from before 1970, no electronic music"),),
        shows="cannot be met together",
    ),
    Scene(
        name="limits",
        title="Too soon",
        told="After three requests in a minute.",
        who=CHI,
        steps=(
            command("vibe", text="happy, 5 songs"),
            sees("5 songs"),
            press("Calmer"),
            sees("Happy, Calmer"),
            command("vibe", text="jazz, 6 songs"),
            sees("6 songs"),
            command("vibe", text="rock, 5 songs"),
        ),
        shows="as many as I make",
    ),
    Scene(
        name="moods",
        title="Moods",
        told="`/moods`",
        who=BO,
        steps=(command("moods"),),
        shows="One press plays one",
    ),
    Scene(
        name="history",
        title="History",
        told="`/history`",
        who=CHI,
        steps=(command("history"),),
        shows="Jazz",
    ),
    Scene(
        name="privacy",
        title="Privacy",
        told="`/privacy`",
        who=ADA,
        steps=(command("privacy"),),
        shows="90 days",
    ),
    Scene(
        name="group",
        title="For everyone here",
        told="`/vibe text: lively, 8 songs for: everyone-here`, from somebody in a voice channel: how it suits each.",
        who=ADA,
        steps=(command("vibe", text="lively, 8 songs", **{"for": "everyone-here"}),),
        shows="Fits",
    ),
    Scene(
        name="mood-form",
        title="A mood of the server's own",
        told="`/mood add`, for moderators.",
        who=MODERATOR,
        steps=(command("mood add"), write(Name="Dungeon crawl", How="dark, fast-ish, synths, metal")),
        shows="A new mood",
        form=True,
    ),
    Scene(
        name="mood-preview",
        title="Before a mood is saved",
        told="How many songs fit, ten of them, and with which mood it overlaps.",
        who=MODERATOR,
        steps=(press("Submit"),),
        shows="Dungeon crawl",
    ),
    Scene(
        name="settings",
        title="Settings",
        told="`/settings`",
        who=MODERATOR,
        steps=(command("settings"),),
        shows="Settings of this server",
    ),
    Scene(
        name="schedule",
        title="A scheduled vibe",
        told="`/schedule add when: every friday 18:00 text: happy 80s`",
        who=MODERATOR,
        steps=(command("schedule add", when="every friday 18:00", text="happy 80s"),),
        shows="I will post this in",
    ),
    Scene(
        name="schedules",
        title="All scheduled vibes",
        told="`/schedule list`",
        who=MODERATOR,
        steps=(
            command("schedule add", when="weekdays at 8am", mood="focus"),
            sees("on weekdays"),
            command("schedule list"),
        ),
        shows="Scheduled vibes",
    ),
    Scene(
        name="library",
        title="Songs brought in",
        told="`/library import` with a file.",
        who=MODERATOR,
        steps=(command("library import", file=SONGS),),
        shows="new",
    ),
    Scene(
        name="spotify-link",
        title="Linking an account",
        told="`/spotify link`, where this bot has no address that browsers reach.",
        who=CHI,
        steps=(command("spotify link"),),
        shows="Spotify",
    ),
    Scene(
        name="spotify-linked",
        title="A linked account",
        told="`/spotify status` afterwards.",
        who=CHI,
        steps=(agree_at_spotify(), sees("Linked with"), command("spotify status")),
        shows="Unlink",
    ),
    Scene(
        name="saved",
        title="Saved to Spotify",
        told="*Save to Spotify*, where an account is linked.",
        who=CHI,
        steps=(
            command("vibe", text="songs by The Invented Ones, 3 songs"),
            sees("3 songs ·"),
            press("Save to Spotify"),
        ),
        shows="Whoever has the link",
    ),
    Scene(
        name="models",
        title="Models",
        told="`/models list`, for whoever runs the bot.",
        who=OWNER,
        steps=(command("models list"),),
        shows="in use",
    ),
)
