"""What a partner's invoices are made out to, and whether they are mailed (05-INV-05, INV-06, INV-10)."""

from __future__ import annotations

from django.db import transaction

import audit.services
from partner_center.actors import Actor
from partner_center.stale import fingerprint_of, refuse_stale

from ..models import InvoiceInfo
from ..permissions import MANAGE_INVOICES
from ..queries import reach
from ..refusals import InvoiceInfoMissing

#: What the dialog shows, for the stale check.
FIELDS = ("address", "email")


@transaction.atomic(durable=True)
def save(actor: Actor, *, address: str, email: str, seen: str) -> InvoiceInfo:
    """Keep address and email for the invoices from now on; issued ones stay as they are.

    ``seen``: fingerprint of what the dialog showed. Raises Stale.
    """
    reach.require(actor, MANAGE_INVOICES)
    info = _lock(actor)
    refuse_stale(seen, fingerprint_of(info, FIELDS))
    before = {name: getattr(info, name) for name in FIELDS}
    info.address, info.email = address, email
    info.save(update_fields=FIELDS)
    after = {"address": address, "email": email}
    audit.services.record(actor, "billing.invoice_info.saved", info, before=before, after=after)
    return info


@transaction.atomic(durable=True)
def switch_email(actor: Actor, *, on: bool) -> InvoiceInfo:
    """Mail each new invoice to the saved email, or no more. Raises InvoiceInfoMissing."""
    reach.require(actor, MANAGE_INVOICES)
    info = _lock(actor)
    if on and not info.email:
        raise InvoiceInfoMissing
    before, info.by_email = info.by_email, on
    info.save(update_fields=["by_email"])
    audit.services.record(
        actor,
        "billing.invoice_email.switched",
        info,
        before={"by_email": before},
        after={"by_email": on},
    )
    return info


def _lock(actor: Actor) -> InvoiceInfo:
    InvoiceInfo.objects.get_or_create(account_id=actor.account_id)
    return InvoiceInfo.objects.select_for_update().get(account_id=actor.account_id)
