"""Several processes at once."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

_PATIENCE_S = 600
"""Only what hangs reaches it. 90 s were too few beside six busy processes; the whole took 55 s of processor."""


async def run_together(module: str, number: int, told: dict[str, Any]) -> list[int]:
    """Starts so many workers, lets them go at once, and waits for them: their exit codes."""
    workers = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            json.dumps(told),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(number)
    ]
    try:
        for worker in workers:
            assert worker.stdout is not None
            assert await worker.stdout.readline() == b"ready\n"
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write(b"go\n")
        return list(await asyncio.wait_for(asyncio.gather(*(worker.wait() for worker in workers)), _PATIENCE_S))
    finally:
        for worker in workers:
            if worker.returncode is None:
                worker.kill()
                await worker.wait()
