"""What members read about files: a playlist as files, and the catalogue that moderators fill from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from bot.client.texts.error_message import ErrorMessage


class FileTexts:
    """English, a part of `Messages`. Arguments are already safe to show."""

    EXPORT: ClassVar[str] = "Export"

    def files_heading(self, name: str) -> str:
        """Over the files of a playlist."""
        return f"{name}, as files"

    def files_without_address(self, missing: int, songs: int) -> str:
        """Songs that Spotify does not know, as far as we know."""
        which = "These songs have" if missing == songs else f"{missing} of these {songs} songs have"
        return f"-# {which} no address on Spotify; the files name them all the same."

    def file_use(self, form: str) -> str:
        """What a kind of file is good for."""
        return {
            "csv": "**CSV** · for spreadsheets, and for tools that move playlists",
            "m3u8": "**M3U8** · for players",
            "jspf": "**JSPF** · for ListenBrainz and other services",
        }[form]

    LIBRARY_NAME: ClassVar[str] = "library"
    LIBRARY_DESCRIPTION: ClassVar[str] = "The songs I choose from (moderators)"
    LIBRARY_IMPORT_NAME: ClassVar[str] = "import"
    LIBRARY_IMPORT_DESCRIPTION: ClassVar[str] = "Bring songs in from a CSV file"
    LIBRARY_IMPORT_FILE: ClassVar[str] = "A CSV of Exportify, exportify.app, or a table with track_id and track_name"
    LIBRARY_INFO_NAME: ClassVar[str] = "info"
    LIBRARY_INFO_DESCRIPTION: ClassVar[str] = "What songs there are"

    def importing(self, name: str, stage: str, percent: int | None) -> str:
        """While a file is brought in; `percent` is None while it is not known."""
        words = {
            "wait": "Another file is being read; this one is next …",
            "fetch": "Fetching the file …",
            "read": "Reading the rows …",
            "store": "Storing the songs …",
            "refresh": "Making them ready to be chosen …",
        }[stage]
        bar = "" if percent is None else f"\n{'▰' * (percent // 10)}{'▱' * (10 - percent // 10)} {percent} %"
        return f"**Bringing in {name}**\n{words}{bar}"

    def imported(self, name: str, counts: Sequence[int]) -> tuple[str, str]:
        """What became of a file: rows, new, updated, unchanged and rejected, as the command line says it."""
        rows, new, updated, unchanged, rejected = (f"{count:,}" for count in counts)
        bad = f"{rejected} row{'' if counts[4] == 1 else 's'} rejected"
        songs = f"**{new}** new songs, {updated} updated, {unchanged} unchanged"
        return f"### {name} is in", f"{rows} rows: {songs}, {bad}."

    def catalogue_now(self, songs: int) -> str:
        """How many songs there are after an import."""
        return f"There are {songs:,} songs to choose from now."

    def rejected_heading(self, count: int) -> str:
        """Over the rows that were not taken."""
        return f"**{count:,} row{' was' if count == 1 else 's were'} left out; all others are in:**"

    def rejected_row(self, line: int, reason: str) -> str:
        """One row that was not taken."""
        return f"line {line}: {reason}"

    def rejected_more(self, count: int, *, attached: bool) -> str:
        """Rows beyond those that are listed."""
        return f"and {count:,} more" + ("; the file below lists all of them" if attached else "")

    def library_empty(self) -> str:
        """There is no song yet."""
        return "There are no songs yet. Bring some in with `/library import`."

    def library_heading(self, songs: int) -> tuple[str, str]:
        """Over what the catalogue holds."""
        return "### The songs I choose from", f"**{songs:,}** songs"

    def library_facts(self, *, artists: int, genres: int, years: tuple[int, int] | None) -> str:
        """How broad the catalogue is."""
        span = "years not known" if years is None else f"from {years[0]} to {years[1]}"
        return f"{artists:,} artists · {genres:,} genres · {span}"

    def library_known(self, *, sound: float, explicit: float, year: float) -> str:
        """Of how many songs we know things; shares from 0 to 1."""
        return (
            f"The sound is known of {_percent(sound)} of them, the year of {_percent(year)}, "
            f"and of {_percent(explicit)} whether they are explicit."
        )

    def library_genres(self, genres: Sequence[tuple[str, int]]) -> str:
        """The most frequent genres."""
        return "Most of it: " + ", ".join(f"{name} ({count:,})" for name, count in genres)

    def library_layouts(self, names: Sequence[str], megabytes: int) -> str:
        """Which files may be brought in."""
        return f"-# `/library import` takes CSV files of up to {megabytes} MB: {', '.join(names)}."

    def switched_off(self, what: str) -> ErrorMessage:
        """Something that the operator does not offer here."""
        names = {"import": "Bringing songs in from Discord"}
        return ErrorMessage(
            title=f"{names.get(what, 'That')} is switched off",
            cause="Whoever runs this bot keeps the catalogue, which is one for all servers.",
            step="Ask them to import the file, or to allow it with LIBRARY_IMPORT=true.",
        )


def _percent(share: float) -> str:
    """A share in whole percent; only none is 0 %, and only all is 100 %."""
    percent = round(100 * share)
    if 0 < share < 1:
        percent = min(max(percent, 1), 99)
    return f"{percent} %"
