"""What keeps a file from being read as a table of songs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from bot.facts import Fact

PackedForm = Literal["zip", "empty_zip", "gzip", "bzip2", "xz", "7z", "rar", "zstd", "pdf", "picture"]
"""What a file is that begins like no text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIsSpreadsheet(Fact):
    """The name is that of a spreadsheet."""

    code: ClassVar[str] = "file_is_spreadsheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIsNoTable(Fact):
    """The name is of no kind that is taken."""

    code: ClassVar[str] = "file_is_no_table"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTooLarge(Fact):
    """The file has so many MB, and only so many are taken."""

    code: ClassVar[str] = "file_too_large"
    size_mb: float
    most_mb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLargerThan(Fact):
    """The file has more than so many MB."""

    code: ClassVar[str] = "file_larger_than"
    most_mb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIsEmpty(Fact):
    """Nothing is in the file."""

    code: ClassVar[str] = "file_is_empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIsPacked(Fact):
    """The file is no text, whatever its name says."""

    code: ClassVar[str] = "file_is_packed"
    form: PackedForm


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIsNoText(Fact):
    """The file has signs that no text has."""

    code: ClassVar[str] = "file_is_no_text"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTooLong(Fact):
    """The file has more than so many lines."""

    code: ClassVar[str] = "file_too_long"
    most_lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIsUtf16(Fact):
    """The file is text, in UTF-16."""

    code: ClassVar[str] = "file_is_utf16"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUnreadable(Fact):
    """The system does not let us read the file: its own words."""

    code: ClassVar[str] = "file_unreadable"
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileWithoutHeader(Fact):
    """The first line is no header; `cause` says how, as far as is known."""

    code: ClassVar[str] = "file_without_header"
    cause: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOfUnknownLayout(Fact):
    """The header is none that is known."""

    code: ClassVar[str] = "file_of_unknown_layout"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNotHandedOut(Fact):
    """Discord did not give us the file that somebody uploaded."""

    code: ClassVar[str] = "file_not_handed_out"
