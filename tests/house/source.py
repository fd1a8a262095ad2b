"""The project's own source, parsed once, for the house tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
#: Modules that stand on the roof: pages, which never reach for tables themselves.
PAGE_MODULES = {"views", "forms", "tables", "filters", "admin", "serializers", "operations"}


@cache
def modules() -> dict[Path, ast.Module]:
    """Path (relative to the project) → syntax tree of every module of the house's apps."""
    return {
        path.relative_to(ROOT): ast.parse(path.read_text(), filename=str(path))
        for app in settings.HOUSE_APPS
        for path in sorted((ROOT / app).rglob("*.py"))
    }


def page_modules() -> Iterator[tuple[Path, ast.Module]]:
    """Modules of pages: a file, or a file in a folder, with one of the page names."""
    for path, tree in modules().items():
        if PAGE_MODULES & {path.stem, *path.parent.parts[1:]}:
            yield path, tree


def domain_modules() -> Iterator[tuple[Path, ast.Module]]:
    """Modules that are neither pages nor migrations."""
    pages = {path for path, _tree in page_modules()}
    for path, tree in modules().items():
        if path not in pages and "migrations" not in path.parts:
            yield path, tree


def place(path: Path, node: ast.AST) -> str:
    """``file:line`` of a finding."""
    return f"{path}:{getattr(node, 'lineno', '?')}"
