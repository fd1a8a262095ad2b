"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """Name of the portal and who acts."""
    return {
        "portal_name": settings.PORTAL_NAME,
        "actor": getattr(request, "actor", None),
    }
