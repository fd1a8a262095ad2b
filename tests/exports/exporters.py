"""Exporters made for the tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    DecimalField,
    F,
    IntegerField,
    TextField,
    Value,
)
from django.db.models.expressions import RawSQL

from accounts.models import User
from accounts.permissions import EXPORT_MEMBERS
from partner_center import exporting
from partner_center.actors import Actor
from partner_center.exporting import ExportColumn, Source


class _TestExporter:
    label = "Test"
    permission = EXPORT_MEMBERS

    def describe(self, actor: Actor, params: Mapping[str, Any]) -> str:
        return "for a test"


class ValuesExporter(_TestExporter):
    """One row for each user, with a value of every kind; ``text`` is the parameter."""

    name = "test_values"
    label = "Values: all kinds"

    def source(self, actor: Actor, params: Mapping[str, Any]) -> Source:
        users = User.objects.visible_to(actor).filter(username__in=["f.cruz"])
        return Source(
            users,
            [
                ExportColumn("Text", Value(params.get("text", "x"), TextField())),
                ExportColumn("Number", Value(-5, IntegerField())),
                ExportColumn("Amount", RawSQL("-0.0000000001::numeric", [], DecimalField())),
                ExportColumn("Long", RawSQL("12345678901234567890::numeric", [], DecimalField())),
                ExportColumn("Yes, no", Value(True, BooleanField())),
                ExportColumn("Status", F("status")),
                ExportColumn("Created", F("created_at")),
                ExportColumn("Nothing", Value(None, CharField())),
            ],
        )


class TextsExporter(_TestExporter):
    """One row with a column for each of the ``texts``."""

    name = "test_texts"

    def source(self, actor: Actor, params: Mapping[str, Any]) -> Source:
        columns = [ExportColumn("Text", Value(text, TextField())) for text in params["texts"]]
        return Source(User.objects.filter(pk=actor.user_id), columns)


class SlowExporter(_TestExporter):
    """Rows that take 20 ms each, as many as Tidemark has users.

    They are wide, because the server sends them by the full buffer.
    """

    name = "test_slow"

    def source(self, actor: Actor, params: Mapping[str, Any]) -> Source:
        wait = RawSQL(
            "(SELECT repeat('waited', 200) FROM pg_sleep(0.02 + accounts_user.id * 0))",
            [],
            TextField(),
        )
        # Unordered: a sort would wait for all rows before it sends the first.
        users = User.objects.visible_to(actor).order_by()
        return Source(users, [ExportColumn("Name", F("username")), ExportColumn("Wait", wait)])


class BrokenExporter(_TestExporter):
    """Fails in the database."""

    name = "test_broken"

    def source(self, actor: Actor, params: Mapping[str, Any]) -> Source:
        broken = RawSQL("1 / (accounts_user.id * 0)", [], IntegerField())
        return Source(User.objects.visible_to(actor), [ExportColumn("Broken", broken)])


for _exporter in (ValuesExporter(), TextsExporter(), SlowExporter(), BrokenExporter()):
    if _exporter.name not in exporting.names():
        exporting.register(_exporter)
