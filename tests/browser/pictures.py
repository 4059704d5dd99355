"""Pictures of every card, taken from the demo: wide and phone, dark and light, and the page that shows them.

python -m tests.browser.pictures [NAME ...]     (or: make pictures)

With names, only those cards are pictured; what leads to them is played all the same.
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.async_api import Locator, Page

from bot.services.accounts.token_encryption import new_key
from bot.services.accounts.views import CALLBACK, LOOPBACK
from tests.browser.acting import shown, view_as
from tests.browser.driving import ROOT, opened_page, running_demo, settled
from tests.browser.scenes import SCENES, Scene
from tests.loopback.accounts import running_accounts
from tests.loopback.spotify import loopback_spotify

FOLDER = ROOT / "docs" / "cards"
PAGE = ROOT / "docs" / "cards.md"
DRESS = Path(__file__).with_name("dress.css")

WIDTHS = {"wide": 1280, "phone": 390}
"""Pixels of the window: a desktop's and a phone's."""

THEMES = ("dark", "light")
HEIGHT = 3000
"""So high that no card has to be scrolled."""

# The page takes no style element: its policy allows none.
_DRESS = """rules => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets = [sheet];
}"""

# The conversation scrolls to its end after the page is ready.
_UNTIL_STILL = """part => new Promise(done => {
    let last = null, frames = 0;
    const look = () => {
        const place = JSON.stringify(part.getBoundingClientRect());
        frames = place === last ? frames + 1 : 0;
        last = place;
        frames < 10 ? requestAnimationFrame(look) : done();
    };
    look();
})"""

PALETTE = 96
"""Colours of a picture; with more, the files grow and nobody sees a difference."""


async def take(names: Sequence[str], folder: Path = FOLDER) -> None:
    """Play all scenes in one demo and keep the pictures of those named, of all when none is."""
    with tempfile.TemporaryDirectory(prefix="vibrato-pictures-") as data:
        async with (
            loopback_services() as services,
            running_demo(Path(data), MEMBER_LIMIT="3", **services) as address,
            opened_page(address, width=WIDTHS["wide"], height=HEIGHT) as page,
        ):
            await page.evaluate(_DRESS, DRESS.read_text("utf-8"))
            for scene in SCENES:
                await view_as(page, scene.who)
                for step in scene.steps:
                    await step(page)
                part = await shown(page, scene.shows, form=scene.form)
                if not names or scene.name in names:
                    await _picture(page, part, scene, folder)


@asynccontextmanager
async def loopback_services() -> AsyncIterator[dict[str, str]]:
    """A Spotify of our own, as the settings that name it; nobody outside is asked for anything."""
    async with running_accounts() as accounts, loopback_spotify() as spotify:
        accounts.redirect_uris = {f"{LOOPBACK}{CALLBACK}"}
        accounts.account_id = "ada-at-spotify"
        accounts.on_access = spotify.accept
        yield {
            "SPOTIFY_CLIENT_ID": accounts.client_id,
            "SPOTIFY_ACCOUNTS_BASE": accounts.base,
            "SPOTIFY_API_BASE": spotify.base,
            "TOKEN_KEYS": new_key(),
            "FEATURE_SOURCES": "none",
        }


async def _picture(page: Page, part: Locator, scene: Scene, folder: Path) -> None:
    """All four pictures of a card."""
    await page.mouse.move(0, 0)
    await part.screenshot(animations="disabled")  # whatever there is to scroll is scrolled before the first one
    for (width_name, width), theme in reversed([*product(WIDTHS.items(), THEMES)]):
        await page.set_viewport_size({"width": width, "height": HEIGHT})
        await page.evaluate("theme => document.documentElement.dataset.colours = theme", theme)
        await settled(page)
        await part.evaluate(_UNTIL_STILL)
        _keep(await part.screenshot(animations="disabled"), folder / f"{scene.name}-{width_name}-{theme}.png")
    await page.set_viewport_size({"width": WIDTHS["wide"], "height": HEIGHT})
    await page.evaluate("document.documentElement.dataset.colours = 'dark'")


def _keep(screenshot: bytes, path: Path) -> None:
    """Write it as a small file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(screenshot)) as whole:
        # Without k-means the few pixels of an emoji get no colour of their own, and a green heart comes out grey.
        small = whole.convert("RGB").quantize(PALETTE, kmeans=2, dither=Image.Dither.NONE)
        small.save(path, optimize=True)


def page_of(scenes: Sequence[Scene]) -> str:
    """The page that shows all pictures, as Markdown."""
    return "\n".join(_lines(scenes))


def _lines(scenes: Sequence[Scene]) -> Iterator[str]:
    yield "# Every card, wide and on a phone, dark and light"
    yield ""
    yield "Taken from the demo by `make pictures`, with its invented songs. The demo's page looks like Discord in dark"
    yield "colours; the light ones are Discord's own, laid over it."
    for scene in scenes:
        yield ""
        yield f"## {scene.title}"
        yield ""
        yield scene.told
        yield ""
        yield "| wide, dark | wide, light | phone, dark | phone, light |"
        yield "| --- | --- | --- | --- |"
        cells = (
            f"![{scene.title}](cards/{scene.name}-{width}-{theme}.png)" for width, theme in product(WIDTHS, THEMES)
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


async def main(names: Sequence[str]) -> None:
    """Take the pictures, and write the page when all were taken."""
    await take(names)
    if not names:
        PAGE.write_text(page_of(SCENES), "utf-8")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
