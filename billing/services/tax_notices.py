"""The operator's tax notices, a country each (08-TAX-06, TAX-07)."""

from __future__ import annotations

from typing import Any

from django.core.files import File
from django.db import transaction

import audit.services
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from partner_center.stale import fingerprint_of, refuse_stale

from ..models import TaxNotice
from ..permissions import OPERATE_TERMS

#: What the form shows, for the stale check.
FIELDS = ("delivery", "agreement_url", "residence_title")


@transaction.atomic(durable=True)
def change(
    actor: Actor,
    notice_id: int,
    *,
    values: dict[str, Any],
    residence_file: File | None,
    seen: str,
) -> TaxNotice:
    """Change what partners of a country read; without a file the present one stays.

    ``values`` are those of ``FIELDS``. Raises Stale, NotFound.
    """
    actor.require(OPERATE_TERMS)
    notice = TaxNotice.objects.select_for_update().filter(pk=notice_id).first()
    if notice is None:
        raise NotFound
    refuse_stale(seen, fingerprint_of(notice, FIELDS))
    before = {name: getattr(notice, name) for name in FIELDS}
    for name in FIELDS:
        setattr(notice, name, values[name])
    if residence_file is not None:
        notice.residence_file = residence_file
    notice.changed_at = clock.now()
    notice.save(update_fields=[*FIELDS, "residence_file", "changed_at"])
    after = {name: values[name] for name in FIELDS} | {"new_file": residence_file is not None}
    audit.services.record(actor, "billing.tax_notice.changed", notice, before=before, after=after)
    return notice
