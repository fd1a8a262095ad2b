"""The role table that Create User and Assign Role share; HTMX renews it at every tick."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def show_role_table(request: HttpRequest, context: Mapping[str, Any]) -> HttpResponse:
    """The table alone, as its fragment."""
    return render(request, "accounts/organization/parts/role_table.html", dict(context))
