"""What no linter of ours keeps: ``python -m tests.architecture``, part of `make check`.

One class name has one meaning, no files import each other in a circle (imports for type checking count as well), no
service asks a collection itself, and no folder is so full that nobody finds anything in it.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "cogs", "nlp")

MOST_FILES = 16
ONE_SUBJECT_A_FILE = ("bot/client/cards", "bot/client/components", "bot/documents")
"""Folders with a file for each subject: looked up by name, and as long as there are subjects."""

SERVICES = "bot.services."
COLLECTIONS = ("get_motor_collection", "plain")
"""How a document hands out its collection."""

NAMED_BY_BEANIE = "Settings"
"""Beanie reads the inner class of this name in every document."""


def module_of(path: Path, root: Path) -> str:
    """The dotted name of a file."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def repeated_classes(trees: Mapping[str, ast.Module]) -> Iterator[str]:
    """A line for every class name that means several things."""
    places = defaultdict(list)
    for module, tree in trees.items():
        outer = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and (node.name != NAMED_BY_BEANIE or node.name in outer):
                places[node.name].append(module)
    for name, modules in sorted(places.items()):
        if len(modules) > 1:
            yield f"class {name} means {len(modules)} things: {', '.join(sorted(modules))}"


def imports_of(module: str, tree: ast.Module, known: frozenset[str]) -> set[str]:
    """The files that a file imports, anywhere in it; of a package itself only where nothing in it is named."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in known else node.module)
    return (found & known) - {module}


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """The groups of files that import each other (Tarjan's strongly connected components, 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for neighbour in graph[node]:
            if neighbour not in index:
                visit(neighbour)
                low[node] = min(low[node], low[neighbour])
            elif neighbour in stack:
                low[node] = min(low[node], index[neighbour])
        if low[node] == index[node]:
            place = stack.index(node)
            circle, stack[place:] = stack[place:], []
            if len(circle) > 1:
                found.append(sorted(circle))

    for node in graph:
        if node not in index:
            visit(node)
    return found


def stray_queries(trees: Mapping[str, ast.Module]) -> Iterator[str]:
    """A line for every place in the services that asks a collection itself, instead of a document's finder."""
    for module, tree in sorted(trees.items()):
        for node in ast.walk(tree):
            if module.startswith(SERVICES) and isinstance(node, ast.Attribute) and node.attr in COLLECTIONS:
                yield f"{module} asks a collection itself in line {node.lineno}; queries stand in bot/documents"


def crowded(root: Path) -> Iterator[str]:
    """A line for every folder of code with too many files."""
    for room in (*ROOMS, "tests"):
        top = root / room
        for folder in (top, *(path for path in top.rglob("*") if path.is_dir())):
            name = folder.relative_to(root).as_posix()
            files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
            if len(files) > MOST_FILES and name not in ONE_SUBJECT_A_FILE:
                yield f"{name} holds {len(files)} files, more than {MOST_FILES}"


def faults(root: Path) -> list[str]:
    """Everything that is not as it should be, a line each."""
    paths = [path for room in ROOMS for path in sorted((root / room).rglob("*.py"))]
    trees = {module_of(path, root): ast.parse(path.read_text(encoding="utf-8")) for path in paths}
    known = frozenset(trees)
    graph = {module: imports_of(module, tree, known) for module, tree in trees.items()}
    around = (f"these files import each other: {', '.join(circle)}" for circle in circles(graph))
    return [*repeated_classes(trees), *around, *stray_queries(trees), *crowded(root)]


def main() -> None:
    """Print the faults; the exit code tells whether there are any."""
    told = faults(ROOT)
    print("\n".join(told) or "architecture: one meaning a class, no circles, no stray query, no crowded folder")
    sys.exit(bool(told))


if __name__ == "__main__":
    main()
