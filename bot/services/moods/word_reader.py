"""Reading words as they are meant on a server: with its own moods, and the names that the catalogue holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bot.catalogue.index import Catalogue
from bot.requests import keep_private
from nlp.vibe import MoodWord, Vibe

if TYPE_CHECKING:
    from nlp.parser import VibeParser

T = TypeVar("T")


class WordReader:
    """Parses in `executor`, the parser's one thread."""

    def __init__(self, *, parser: VibeParser, catalogue: Catalogue, executor: Executor) -> None:
        self._parser = parser
        self._catalogue = catalogue
        self._executor = executor

    @property
    def version(self) -> str:
        """The version of the parser, which every vibe carries."""
        return self._parser.version

    async def read(self, text: str, moods: tuple[MoodWord, ...]) -> Vibe:
        """The vibe of a text. No line of the log repeats the text from then on."""
        keep_private(text)
        return await self._in_thread(partial(self._parser.parse, text, moods, self._catalogue.names))

    async def try_out(self, moods: tuple[MoodWord, ...], work: Callable[[Callable[[str], bool]], T]) -> T:
        """What `work` comes to, run in the parser's thread with a function that says whether a text is understood."""
        names = self._catalogue.names
        return await self._in_thread(partial(work, lambda text: self._parser.parse(text, moods, names).understood))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)
