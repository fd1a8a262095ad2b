"""Row locks of Customer Alerts, always in this order: the association, then the alert."""

from __future__ import annotations

from customers.models import Association
from partner_center.refusals import NotFound

from .models import CustomerAlert, Evaluation


def lock_alert(alert_id: int) -> CustomerAlert:
    """An alert of anybody, after its association: nobody assigns its customer meanwhile.

    Raises NotFound.
    """
    rows = CustomerAlert.objects.filter(pk=alert_id)
    association_id = rows.values_list("association_id", flat=True).first()
    if association_id is None:
        raise NotFound
    Association.objects.select_for_update(no_key=True).get(pk=association_id)
    rows = rows.select_related("association__customer", "account")
    return rows.select_for_update(of=("self",), no_key=True).get()


def lock_evaluation(day: object) -> Evaluation:
    """The run of a day, locked to the end of the transaction."""
    return Evaluation.objects.select_for_update().get(pk=day)
