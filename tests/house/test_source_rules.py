"""Rules of the house that can be read off the source (ARCHITECTURE.md)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from django.conf import settings

from . import source

#: `.save()` of a row that was just built in the same function is an insert and says so.
INSERTING = {"force_insert"}


def _calls(tree: ast.Module, attribute: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == attribute
    ]


def test_pages_never_reach_for_tables() -> None:
    found = [
        source.place(path, node)
        for path, tree in source.page_modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager")
    ]
    assert not found, f"`.objects` on a page; ask a query instead: {found}"


def test_saving_an_existing_row_names_its_fields() -> None:
    found = []
    for path, tree in source.domain_modules():
        for call in _calls(tree, "save"):
            keywords = {k.arg for k in call.keywords}
            if not keywords & ({"update_fields"} | INSERTING) and not _is_file_save(call):
                found.append(source.place(path, call))
    assert not found, f"`.save()` without update_fields or force_insert: {found}"


def _is_file_save(call: ast.Call) -> bool:
    """Storage and picture objects have a `save` of their own, with positional arguments."""
    return bool(call.args)


def test_messages_are_plain_text() -> None:
    """Filters and tags of pages write markup, which would be read as it stands in a mail."""
    markup = re.compile(r"\|(?:moment|full_moment|day|or_none)\b|{% (?:money|amount|badge|icon)\b")
    folder = settings.BASE_DIR / "templates" / "messages"
    found = [path.name for path in folder.glob("*.txt") if markup.search(path.read_text())]
    assert not found, f"Markup in messages; use plain_moment, date and money.words: {found}"


def test_migrations_are_named() -> None:
    found = [
        str(path)
        for path in source.modules()
        if "migrations" in path.parts
        and path.stem != "__init__"
        and (not re.fullmatch(r"\d{4}_[a-z0-9_]+", path.stem) or "_auto_" in path.stem)
    ]
    assert not found, f"Name the migration after what it does: {found}"


def test_migrations_import_no_app_code() -> None:
    """Django's own reference to a default (``import app.models``) is all that a migration needs."""
    apps = set(settings.HOUSE_APPS) - {"partner_center"}  # the kernel brings migration operations
    found = [
        source.place(path, node)
        for path, tree in source.modules().items()
        if "migrations" in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in apps
    ]
    assert not found, f"A migration must not import app code: {found}"


#: Rooms in which no float may be made at all.
MONEY_APPS = {"catalog", "metering", "budgets", "orders", "billing", "incentives"}
MONEY_MODULE = "partner_center/money.py"


def test_no_float_where_money_is_computed() -> None:
    found = [
        source.place(path, node)
        for path, tree in source.modules().items()
        for node in ast.walk(tree)
        if _is_float_field(node)
        or ((path.parts[0] in MONEY_APPS or path.as_posix() == MONEY_MODULE) and _is_float(node))
    ]
    assert not found, f"Money is Decimal, never float: {found}"


def _is_float_field(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "FloatField"


def _is_float(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    )


def test_no_model_signals_for_business() -> None:
    names = {"post_save", "pre_save", "post_delete", "pre_delete", "m2m_changed"}
    found = [
        source.place(path, node)
        for path, tree in source.modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and names & {a.name for a in node.names}
    ]
    assert not found, f"Model signals are not for business; call a service: {found}"


def test_only_the_clock_asks_the_time() -> None:
    asked = {"now", "utcnow", "today"}
    found = [
        source.place(path, call)
        for path, tree in source.modules().items()
        if path.as_posix() != "partner_center/clock.py" and "migrations" not in path.parts
        for name in asked
        for call in _calls(tree, name)
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in {"datetime", "date", "timezone", "django_timezone"}
    ]
    assert not found, f"Ask partner_center.clock for the time: {found}"


def _spoken(tree: ast.Module) -> Iterator[ast.Constant]:
    """Texts of a module that people may read: strings that are no docstrings."""
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in silent
        ):
            yield node


def test_email_has_one_spelling() -> None:
    hyphened = re.compile(r"e-mail", re.IGNORECASE)
    found = [
        source.place(path, text)
        for path, tree in source.modules().items()
        if "migrations" not in path.parts
        for text in _spoken(tree)
        if hyphened.search(text.value)
    ]
    templates = (source.ROOT / "templates").rglob("*.*")
    found += [str(path) for path in templates if hyphened.search(path.read_text())]
    assert not found, f"Write email, as the manual does: {found}"
