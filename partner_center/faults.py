"""The page of a fault on our side: it says what is safe and gives a reference."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500. The reference stands in the log beside the traceback; nothing else is read."""
    request_id = getattr(request, "request_id", "")
    reference = f"PC-{request_id[:4]}-{request_id[4:8]}".upper() if request_id else ""
    logger.error("Fault %s, request %s", reference, request_id)
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)
