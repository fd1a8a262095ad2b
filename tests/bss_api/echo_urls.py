"""Addresses for tests only: every API path answers who was authenticated, and how it was asked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import path, re_path

from accounts.permissions import MANAGE_ACCESS_KEYS
from accounts.services import access_keys
from bss_api.views import Operation, by_method


class Echo(Operation):
    """Authenticate, then tell what arrived."""

    name = "echo"
    reads_only = True

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        return {
            "caller": self.actor.account_name,
            "path": self.request.path,
            "amount": Decimal("50.00"),
            "small": Decimal("0.00000001"),
            "language": self.language,
        }


METHODS = ("GET", "POST", "PUT", "DELETE")
urlpatterns = [
    re_path(r"^v\d", by_method([type(f"Echo{m}", (Echo,), {"method": m}) for m in METHODS]))
]


class CreateKey(Operation):
    """A critical operation at the API door."""

    name = "create_key"
    method = "POST"
    permission = MANAGE_ACCESS_KEYS

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        key = access_keys.create_key(self.actor, user_id=self.actor.user_id, description="by API")
        return {"ak": key.ak}


class Break(Operation):
    """A fault of ours."""

    name = "break"
    method = "GET"

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        raise ZeroDivisionError


urlpatterns = [
    path("v2/keys", by_method([CreateKey])),
    path("v2/break", by_method([Break])),
    *urlpatterns,
]
