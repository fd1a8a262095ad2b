"""Telling a partner what the operator granted it, or took (04-TM-03, 04-DSC-02, 06-DPR-01)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from partner_center.actors import Actor

from ..message_types import PARTNER_TERMS
from .telling import notify

#: Terms that are permissions, in the partner's words.
_PERMISSIONS = {
    "may_refer": _("Referral model"),
    "may_discount": _("Set discounts for customers"),
    "may_disassociate": _("Disassociate customers"),
    "may_develop": _("Customer development"),
    "may_upload_certificates": _("Upload certificates for real-name authentication"),
}
#: Terms that the partner needs to know the value of.
_VALUES = {
    "max_discount": _("Maximum discount (%)"),
    "estimated_rebate": _("Estimated rebate (%)"),
    "platform_id": _("Platform ID"),
}


def tell_terms(
    actor: Actor, *, account: Account, after: Mapping[str, Any], moment: datetime
) -> None:
    """Tell the partner, unless nothing that it must know was changed."""
    granted = [label for name, label in _PERMISSIONS.items() if after.get(name) is True]
    taken = [label for name, label in _PERMISSIONS.items() if after.get(name) is False]
    facts = [(label, after[name]) for name, label in _VALUES.items() if after.get(name)]
    if not (granted or taken or facts):
        return
    notify(
        actor,
        account_id=account.pk,
        type=PARTNER_TERMS.code,
        key=f"terms:{account.pk}:{moment.isoformat()}",
        template="partner_terms_changed",
        context={"granted": granted, "taken": taken},
        facts=facts,
    )
