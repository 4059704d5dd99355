"""``spotify``: a key for members' tokens, and the account that keeps playlists for everyone."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

import typer

from bot.cli.screen import complain, errors, exit_code, explained, output

if TYPE_CHECKING:
    from bot.services.accounts.service import AccountService
    from bot.services.accounts.views import Linked

PATIENCE_S = 15.0
"""How long a database that is down is waited for."""

T = TypeVar("T")

_MISSING = {
    "app": (
        "SPOTIFY_CLIENT_ID",
        "Make an application at https://developer.spotify.com/dashboard (docs/spotify.md).",
    ),
    "keys": ("TOKEN_KEYS", "Make a key and set it: python -m bot spotify new-key"),
}

spotify = typer.Typer(
    help="A key for members' tokens, and the account that keeps playlists for everyone.", no_args_is_help=True
)


@spotify.command("new-key")
def print_new_key() -> None:
    """Print a new key for TOKEN_KEYS; to change keys, put it in front of the old ones."""
    with explained():
        from bot.services.accounts.token_encryption import new_key

        output().print(new_key(), markup=False, soft_wrap=True)


@spotify.command()
def login() -> None:
    """Sign the account in that keeps playlists for everyone: print an address, and take what comes back."""
    with explained(), _told():
        linked = asyncio.run(_on_accounts(_logged_in))
        until = f"{linked.ends_at:%Y-%m-%d}"
        output().print(
            f"Playlists that members save go to {linked.account} from now on. Spotify ends this on {until}: sign in "
            "again before that.",
            markup=False,
            soft_wrap=True,
        )


@spotify.command()
def logout() -> None:
    """Erase what we have of that account; playlists that are there stay."""
    with explained(), _told():
        was = asyncio.run(_on_accounts(lambda accounts: accounts.unlink_owner()))
        output().print("The account is signed out." if was else "No account was signed in.")


async def _on_accounts(work: Callable[[AccountService], Awaitable[T]]) -> T:
    from bot.cli.places import kept_settings
    from bot.database import open_database
    from bot.wiring import SpotifySide

    settings = kept_settings()
    side = SpotifySide.of(settings)
    try:
        async with open_database(settings) as database:
            await database.wait_ready(PATIENCE_S)
            return await work(side.account_service())
    finally:
        side.close()


async def _logged_in(accounts: AccountService) -> Linked:
    begun = await accounts.begin_at_terminal()
    arrived: asyncio.Queue[str] = asyncio.Queue()
    async with _listening(arrived) as listens:
        console = errors()
        console.print("Open this address in a browser and sign in with the account that shall keep the playlists:")
        console.print(f"\n{begun.url}\n", markup=False, soft_wrap=True, highlight=False)
        waits = "Waiting for the browser. " if listens else ""
        console.print(
            f"{waits}If it ends at a page that does not load, copy that page's address and paste it here:",
            soft_wrap=True,
        )
        _read_line(asyncio.get_running_loop(), arrived)
        return await accounts.finish_at_terminal(await arrived.get())


@contextlib.asynccontextmanager
async def _listening(arrived: asyncio.Queue[str]) -> AsyncIterator[bool]:
    """Answers where Spotify sends a browser on this machine; whether we can, as the port may be taken."""
    from aiohttp import web

    from bot.services.accounts.views import CALLBACK, LOOPBACK
    from bot.web.pages import page

    async def called(request: web.Request) -> web.Response:
        arrived.put_nowait(str(request.url))
        return page("Thank you", ("Look at the terminal for what came of it. You can close this page.",))

    application = web.Application()
    application.router.add_get(CALLBACK, called, allow_head=False)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        host, port = LOOPBACK.removeprefix("http://").split(":")
        try:
            await web.TCPSite(runner, host, int(port)).start()
        except OSError:
            yield False
        else:
            yield True
    finally:
        await runner.cleanup()


def _read_line(loop: asyncio.AbstractEventLoop, arrived: asyncio.Queue[str]) -> None:
    """Reads a line beside everything else; nobody waits for it when the browser was faster."""

    def read() -> None:
        line = sys.stdin.readline()
        if line.strip():
            with contextlib.suppress(RuntimeError):  # the loop is closed: the browser was faster
                loop.call_soon_threadsafe(arrived.put_nowait, line)

    threading.Thread(target=read, name="stdin", daemon=True).start()


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Says what keeps an account from being linked as members read it."""
    from bot.errors import AskedWrong, LinkingOff, SpotifyBusy, SpotifyRefused, SpotifyUnreachable

    try:
        yield
    except LinkingOff as off:
        name, where = _MISSING[off.missing]
        complain(f"{name} is not set, so no account can be signed in.", where)
        raise SystemExit(exit_code(off)) from None
    except (AskedWrong, SpotifyBusy, SpotifyRefused, SpotifyUnreachable) as error:
        from bot.client.error_handling import message_for

        sentence = message_for(error)
        if sentence is None:
            raise
        cause = getattr(error, "cause", "")
        plain = f"{sentence.title}: {sentence.cause}" + (f" ({cause})" if cause else "")
        complain(plain.replace("**", ""), sentence.step.replace("**", "").replace("`", ""))
        raise SystemExit(exit_code(error)) from None
