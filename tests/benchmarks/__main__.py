"""`make bench`: every figure as one JSON line. Name modules to run only those: ``python -m tests.benchmarks parser``.

Real tables are looked for in the folder that VIBRATO_DATA names (../shared/data unless set); without them the demo
catalogue is measured.
"""

import asyncio
import importlib
import inspect
import os
import pkgutil
import sys
from pathlib import Path

from tests import benchmarks

NOT_FIGURES = {
    "__main__",
    "adapters",
    "curves",
    "figures",
    "flows",
    "growing",
    "learner",
    "million",
    "planting",
    "plots",
    "tables",
}


async def _print(path: str, data: Path | None) -> None:
    figures = importlib.import_module(path).figures(data)
    if inspect.isasyncgen(figures):
        async for figure in figures:
            print(figure.line(), flush=True)
    else:
        for figure in figures:
            print(figure.line(), flush=True)


def main() -> None:
    """Run the modules that were named, or all."""
    folder = Path(os.environ.get("VIBRATO_DATA", "../shared/data"))
    data = folder if folder.is_dir() else None
    modules = pkgutil.walk_packages(benchmarks.__path__, "tests.benchmarks.")
    paths = {module.name.rpartition(".")[2]: module.name for module in modules if not module.ispkg}
    known = sorted(set(paths) - NOT_FIGURES)
    wanted = sys.argv[1:] or known
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        sys.exit(f"No such figures: {', '.join(unknown)}. There are: {', '.join(known)}.")
    for module_name in wanted:
        asyncio.run(_print(paths[module_name], data))


main()
