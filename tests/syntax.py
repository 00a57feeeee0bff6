"""What a module imports and does, read from its syntax tree: the guards of the laws."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parent.parent


def modules(package: str) -> Iterator[tuple[str, str]]:
    """Path and source of each module of a package, migrations left out."""
    for path in sorted((ROOT / package).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


@lru_cache(maxsize=500)
def _nodes(source: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(source)))


def imported(source: str, module: str) -> set[str]:
    """The names that a source takes from a module; the module's own last name where it takes it whole."""
    found: set[str] = set()
    parent, _, last = module.rpartition(".")
    for node in _nodes(source):
        if isinstance(node, ast.ImportFrom) and node.module == module:
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == parent:
            found |= {alias.name for alias in node.names if alias.name == last}
        elif isinstance(node, ast.Import):
            found |= {last for alias in node.names if alias.name == module}
    return found


def called(source: str) -> set[str]:
    """The names of what is called: `session.add(row)` gives `add`."""
    found = set()
    for node in _nodes(source):
        if isinstance(node, ast.Call):
            function = node.func
            found.add(function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", ""))
    return found


def strings(source: str) -> set[str]:
    """The strings of a source."""
    return {
        node.value
        for node in _nodes(source)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def names_and_attributes(source: str) -> set[str]:
    """« datetime.now », « db.session.add »: dotted names as they stand."""
    found = set()
    for node in _nodes(source):
        parts: list[str] = []
        here: ast.expr | ast.AST = node
        while isinstance(here, ast.Attribute | ast.Call):
            if isinstance(here, ast.Attribute):
                parts.insert(0, here.attr)
                here = here.value
            else:
                here = here.func
        if parts and isinstance(here, ast.Name):
            whole = [here.id, *parts]
            found |= {".".join(whole), ".".join(whole[-2:])}
    return found
