"""Templates and icons, read once, for the tests of the look."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DIST = ROOT / "static" / "dist"


@cache
def templates() -> dict[str, str]:
    """Name → text of every page template of the project."""
    folder = ROOT / "templates"
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*.html"))}


@cache
def icon_names() -> frozenset[str]:
    """Icons that the build puts into the sprite."""
    lines = (ROOT / "static/src/icons/names.txt").read_text().splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
