"""What kind of partner an account becomes, in the caller's transaction."""

from __future__ import annotations

import audit.services
from partner_center.actors import Actor

from ..choices import PartnerKind
from ..models import Account
from ..signals import partner_kind_changed


def confer(actor: Actor, account: Account, kind: PartnerKind) -> None:
    """Make a locked account a partner of this kind, or none; the floors above are told.

    The caller has asked for its permission. Raises whatever a floor above refuses.
    """
    before = PartnerKind(account.partner_kind)
    account.partner_kind = kind
    account.save(update_fields=["partner_kind"])
    audit.services.record(
        actor,
        "accounts.partner_kind.set",
        account,
        before={"partner_kind": str(before)},
        after={"partner_kind": str(kind)},
        account_id=account.pk,
    )
    partner_kind_changed.send(Account, account=account, before=before, after=kind, actor=actor)
