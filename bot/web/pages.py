"""The few pages that a browser sees: plain HTML without scripts, from here alone, that leave nothing behind."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape

from aiohttp import web

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1.125rem/1.5 system-ui,sans-serif;max-width:34rem;margin:0 auto;padding:2rem 1.25rem;"
    "overflow-wrap:anywhere}"
    "h1{font-size:1.5rem;line-height:1.25}"
    ".code{font:700 2.25rem/1.2 ui-monospace,monospace;letter-spacing:.08em;text-align:center;padding:1rem .5rem;"
    "border:2px solid;border-radius:.5rem;white-space:nowrap;user-select:all}"
    "a.go{display:block;text-align:center;padding:.9rem;border-radius:.5rem;background:#157a3c;color:#fff;"
    "text-decoration:none;font-weight:600}"
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def page(
    heading: str, lines: Sequence[str], *, code: str = "", go: tuple[str, str] | None = None, status: int = 200
) -> web.Response:
    """A page with a heading, paragraphs, a code to read off, and one way on as (label, address).

    Everything is escaped here, so that whatever comes in stays text.
    """
    parts = [f"<h1>{escape(heading)}</h1>"]
    parts += [f"<p>{escape(line)}</p>" for line in lines[:1]]
    if code:
        parts.append(f'<p class="code">{escape(code)}</p>')
    parts += [f"<p>{escape(line)}</p>" for line in lines[1:]]
    if go is not None:
        label, address = go
        parts.append(f'<p><a class="go" rel="noreferrer" href="{escape(address)}">{escape(label)}</a></p>')
    document = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(heading)} · Vibrato</title><style>{_STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>"
    )
    return web.Response(text=document, content_type="text/html", charset="utf-8", status=status, headers=_HEADERS)
