"""What no linter of ours keeps: ``python -m tests.architecture``, part of `make check`.

One class name has one meaning, no files import each other in a circle (imports for type checking count as well), no
service asks a collection itself, the engine and the services hold no sentence that somebody reads, and no folder is so
full that nobody finds anything in it.
"""

from __future__ import annotations

import ast
import builtins
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

WORDLESS = ("bot.generation.", "bot.services.")
"""Rooms that tell codes and facts; `bot.client.texts` puts them into words."""

LOGS = ("_log", "logging")

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


def sentences(trees: Mapping[str, ast.Module]) -> Iterator[str]:
    """A line for every sentence in a room that tells facts instead.

    A sentence is a text that begins with a capital, a figure or a value, has a space and ends with a stop. Docstrings,
    lines of the log and what Python's own exceptions say to developers are none.
    """
    for module, tree in sorted(trees.items()):
        if module.startswith(WORDLESS):
            unread = {id(inner) for node in ast.walk(tree) if _is_unread(node) for inner in ast.walk(node)}
            unread |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
            for node in ast.walk(tree):
                if id(node) not in unread and _is_sentence(text := _text_of(node)):
                    yield f"{module} holds a sentence in line {node.lineno}: {text[:40]!r}; bot/client/texts has them"


def _is_unread(node: ast.AST) -> bool:
    """Whether no member reads what stands in a node: a docstring, a line of the log, a developer's error."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return node.func.value.id in LOGS
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name):
        return hasattr(builtins, node.exc.func.id)
    return False


def _text_of(node: ast.AST) -> str:
    """A text as it is read, with a figure for each value in it; empty for what is no text."""
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "0" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_sentence(text: str) -> bool:
    told = text.strip()
    return " " in told and told.endswith((".", "!", "?")) and (told[0].isupper() or told[0].isdigit())


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
    return [*repeated_classes(trees), *around, *stray_queries(trees), *sentences(trees), *crowded(root)]


def main() -> None:
    """Print the faults; the exit code tells whether there are any."""
    told = faults(ROOT)
    print(
        "\n".join(told)
        or "architecture: one meaning a class, no circles, no stray query, no stray sentence, no crowded folder"
    )
    sys.exit(bool(told))


if __name__ == "__main__":
    main()
