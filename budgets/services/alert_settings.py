"""The partner's own choice of what it is told beside the thresholds."""

from __future__ import annotations

from django.db import transaction

import audit.services
from accounts.locks import lock_account
from notifications.permissions import MANAGE_SETTINGS
from partner_center.actors import Actor

from ..models import AlertSettings
from ..queries import alert_settings as queries


@transaction.atomic(durable=True)
def set_forecasts(actor: Actor, *, on: bool) -> None:
    """Switch alerts on forecasts on or off for the whole account; thresholds are always told."""
    actor.require(MANAGE_SETTINGS)
    account = lock_account(actor.account_id)
    before = queries.wants_forecasts(account.pk)
    if before == on:
        return
    AlertSettings.objects.update_or_create(account=account, defaults={"forecasts": on})
    audit.services.record(
        actor,
        "budgets.forecast_alerts.set",
        account,
        before={"forecasts": before},
        after={"forecasts": on},
    )
