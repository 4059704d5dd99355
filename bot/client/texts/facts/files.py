"""What keeps a file from being read; goes on from the name of the file, without a full stop."""

from __future__ import annotations

from bot.catalogue.files import faults
from bot.client.texts.facts.dispatch import told

_PACKED: dict[faults.PackedForm, str] = {
    "zip": "a ZIP archive or a spreadsheet",
    "empty_zip": "an empty ZIP archive",
    "gzip": "packed with gzip",
    "bzip2": "packed with bzip2",
    "xz": "packed with xz",
    "7z": "a 7z archive",
    "rar": "a RAR archive",
    "zstd": "packed with zstd",
    "pdf": "a PDF",
    "picture": "a picture",
}


@told.register
def _file_is_spreadsheet(fact: faults.FileIsSpreadsheet) -> str:
    return "is a spreadsheet; save it as CSV in UTF-8"


@told.register
def _file_is_no_table(fact: faults.FileIsNoTable) -> str:
    return "is no CSV file: its name has to end in .csv, .tsv or .txt"


@told.register
def _file_too_large(fact: faults.FileTooLarge) -> str:
    return f"has {fact.size_mb:.0f} MB, and up to {fact.most_mb} MB are taken here"


@told.register
def _file_larger_than(fact: faults.FileLargerThan) -> str:
    return f"is larger than {fact.most_mb} MB"


@told.register
def _file_is_empty(fact: faults.FileIsEmpty) -> str:
    return "is empty"


@told.register
def _file_is_packed(fact: faults.FileIsPacked) -> str:
    return f"is {_PACKED[fact.form]}, whatever its name says; unpack it, or save it as CSV"


@told.register
def _file_is_no_text(fact: faults.FileIsNoText) -> str:
    return "is no text"


@told.register
def _file_too_long(fact: faults.FileTooLong) -> str:
    return f"has more than {fact.most_lines:,} lines; split it"


@told.register
def _file_is_utf16(fact: faults.FileIsUtf16) -> str:
    return "is UTF-16; save it as UTF-8"


@told.register
def _file_unreadable(fact: faults.FileUnreadable) -> str:
    return fact.cause


@told.register
def _file_without_header(fact: faults.FileWithoutHeader) -> str:
    return "has a first line that is no header" + (f" ({fact.cause})" if fact.cause else "")


@told.register
def _file_of_unknown_layout(fact: faults.FileOfUnknownLayout) -> str:
    return (
        "has no header that is known: it needs columns for the Spotify id, the title, the artists and the length, "
        "as track_id, track_name, artists, duration_ms or as Exportify writes them"
    )


@told.register
def _file_not_handed_out(_: faults.FileNotHandedOut) -> str:
    return "Discord did not hand out the file; upload it once more"
