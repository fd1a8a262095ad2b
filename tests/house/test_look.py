"""Rules of the look that can be read off templates and built files."""

from __future__ import annotations

import gzip
import re

import pytest
from django.template.loader import get_template

from partner_center.navigation import _areas

from . import source
from .look_files import DIST, ROOT, icon_names, templates

#: Bytes on the first visit, compressed: fonts, CSS and JS of a page without charts.
FIRST_VISIT = 200 * 1024
INLINE = {
    "inline style": r"\sstyle\s*=",
    "inline event": r"\son[a-z]+\s*=\s*[\"']",
    "style element": r"<style[\s>]",
    "script without src": r"<script(?![^>]*\bsrc=)[^>]*>",
    "javascript address": r"javascript:",
}


@pytest.mark.parametrize("rule", INLINE)
def test_no_template_has_what_the_content_security_policy_refuses(rule: str) -> None:
    found = [name for name, text in templates().items() if re.search(INLINE[rule], text, re.I)]
    assert not found, f"{rule} in {found}"


@pytest.mark.parametrize("name", templates())
def test_every_template_compiles(name: str) -> None:
    assert get_template(name)


def test_every_named_icon_is_in_the_sprite() -> None:
    pattern = r"{%\s*icon \"([a-z0-9-]+)\"|\sicon=\"([a-z0-9-]+)\"|default:\"([a-z0-9-]+)\"\s*%}"
    wanted = {
        (next(filter(None, match)), name)
        for name, text in templates().items()
        for match in re.findall(pattern, text)
    }
    for path in source.modules():
        named = re.findall(r"\bicon=\"([a-z0-9-]+)\"", (ROOT / path).read_text())
        wanted |= {(name, str(path)) for name in named}
    missing = sorted((icon, place) for icon, place in wanted if icon not in icon_names())
    assert not missing, f"Add to static/src/icons/names.txt: {missing}"


def test_menu_icons_are_in_the_sprite() -> None:
    entries = [entry for area in _areas.values() for entry in area.entries]
    missing = [e.icon for e in entries if e.icon and e.icon not in icon_names()]
    assert not missing


def test_icon_names_are_in_order_and_unique() -> None:
    lines = (ROOT / "static/src/icons/names.txt").read_text().splitlines()
    names = [line for line in lines if line and not line.startswith("#")]
    assert names == sorted(set(names))


def test_every_built_icon_has_its_symbol() -> None:
    sprite = (DIST / "icons.svg").read_text()
    missing = [name for name in icon_names() if f'id="{name}"' not in sprite]
    assert not missing


def test_forms_that_change_something_carry_the_csrf_token() -> None:
    post_form = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.S | re.I)
    found = [
        name
        for name, text in templates().items()
        for form in post_form.findall(text)
        if "csrf_token" not in form
    ]
    assert not found


def test_the_first_visit_weighs_at_most_200_kb() -> None:
    weights = {
        name: len(gzip.compress((DIST / name).read_bytes(), 9))
        for name in ("portal.css", "portal.js", "icons.svg", "favicon.svg")
    }
    font = DIST / "fonts" / "inter-latin-wght-normal.woff2"
    weights[font.name] = font.stat().st_size
    assert sum(weights.values()) <= FIRST_VISIT, weights


def test_the_built_css_and_js_ask_nothing_from_elsewhere() -> None:
    """Addresses in the files are namespaces, or words in messages of the libraries."""
    for name in ("portal.css", "select.css", "pdf.css"):
        text = (DIST / name).read_text()
        outside = re.findall(r"url\(\s*[\"']?(https?:[^)\"']+)", text)
        assert not outside, f"{name}: {outside}"


def test_the_lock_file_names_no_address_and_pins_every_package() -> None:
    lock = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
    package = (ROOT / "package.json").read_text()
    versions = re.findall(r"\"[@a-z/.-]+\": \"([^\"]+)\"", package.split('"dependencies"')[1])
    assert versions
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
