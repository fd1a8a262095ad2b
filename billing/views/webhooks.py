"""Where payment companies tell what became of a charge (/billing/webhooks/<gateway>)."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from partner_center import clock
from partner_center.refusals import NotFound

from ..gateways.base import BadSignature
from ..services import paying

logger = logging.getLogger(__name__)


# Signed by the gateway instead: it knows no token of a form.
@method_decorator(csrf_exempt, "dispatch")
class WebhookView(View):
    """Takes a signed message of the gateway in use. Repeated, it changes nothing more."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, gateway: str, **_more: Any) -> HttpResponse:
        """200 for whatever is genuine, so that it is not sent again; 400 for anything else."""
        if gateway != settings.PAYMENT_GATEWAY:
            raise NotFound
        try:
            paying.take_event(request.body, request.headers, clock.now())
        except BadSignature:
            logger.warning("A message to the webhook of %s was not signed by it", gateway)
            return HttpResponse(status=400)
        return HttpResponse(status=200)
