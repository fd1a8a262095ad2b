"""Sending what is due. Any number of workers may do this at once, and any may be killed.

Take (own transaction), hand over, note the outcome (own transaction). A worker that dies in between
loses its lease, and the delivery is due again: no message is lost. An e-mail or SMS can arrive twice
only if the worker died after the other side accepted it and before it was noted; it then carries the
same Message-ID or idempotency key.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction

from partner_center import clock

from . import locks, rules
from .choices import DeliveryState
from .gateways import Gateway, Undeliverable, open_gateways
from .models import Delivery

log = logging.getLogger(__name__)

#: Messages in one run of a task; the sweep takes the rest.
RUN = 500


def send_due() -> int:
    """Send due deliveries until none is left, RUN at most; returns how many were taken."""
    gateways = open_gateways()
    try:
        for taken in range(RUN):
            delivery = _take()
            if delivery is None:
                return taken
            _send(delivery, gateways[delivery.channel])
    finally:
        for gateway in gateways.values():
            gateway.close()
    return RUN


@transaction.atomic(durable=True)
def _take() -> Delivery | None:
    """Take the next due delivery: the try is counted and the lease runs from here."""
    moment = clock.now()
    delivery = locks.lock_next_due(moment)
    if delivery:
        delivery.tries += 1
        delivery.due_at = moment + rules.LEASE
        delivery.save(update_fields=["tries", "due_at"])
    return delivery


def _send(delivery: Delivery, gateway: Gateway) -> None:
    try:
        if delivery.tries > rules.MAX_TRIES:
            raise Undeliverable(delivery.last_error or "The worker stopped at every try.")
        gateway.send(delivery)
    except Undeliverable as error:
        _note(delivery, state=DeliveryState.FAILED, last_error=str(error)[:500])
    except OSError as error:
        _note_failed_try(delivery, f"{type(error).__name__}: {error}"[:500])
    else:
        _note(delivery, state=DeliveryState.SENT, sent_at=clock.now(), last_error="")


def _note_failed_try(delivery: Delivery, error: str) -> None:
    log.warning("Delivery %s failed at try %d: %s", delivery.uid, delivery.tries, error)
    if delivery.tries >= rules.MAX_TRIES:
        _note(delivery, state=DeliveryState.FAILED, last_error=error)
    else:
        due_at = clock.now() + rules.pause_after(delivery.tries)
        _note(delivery, state=DeliveryState.QUEUED, due_at=due_at, last_error=error)


def _note(delivery: Delivery, *, state: DeliveryState, **values: object) -> None:
    """Write the outcome, unless the lease ran out meanwhile and somebody else took the delivery."""
    if delivery.secret and state != DeliveryState.QUEUED and not settings.DEMO_MODE:
        values |= {"body": "", "html": ""}
    mine = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.QUEUED, tries=delivery.tries)
    mine.update(state=state, **values)
