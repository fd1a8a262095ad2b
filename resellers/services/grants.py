"""What a distributor lets one reseller do: budgets and freezing within quotas (06 §9.2.1.2), orders
and O&M for customers (06 §9.2.1.3). Every change asks for a code (06-DX-05, C-04; 08-AXO-05)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import audit.services
import notifications.services
from accounts.models import AgreementSignature
from partner_center import clock, money
from partner_center.actors import Actor
from partner_center.critical import critical_operation
from partner_center.stale import refuse_stale

from ..locks import lock_own_association
from ..message_types import MY_DISTRIBUTOR
from ..models import ResellerAssociation, ResellerBudgetGrant, ResellerOnBehalfGrant
from ..permissions import GRANT_PERMISSIONS
from ..queries import letter
from ..queries.grants import seen_budget_grant
from ..refusals import AlreadyGranted, ConsentMissing, NotGranted, QuotaMissing, SameQuotas
from ..signals import budget_grant_changed, on_behalf_grant_changed

SET_BUDGET_GRANT = "resellers.set_budget_grant"
WITHDRAW_BUDGET_GRANT = "resellers.withdraw_budget_grant"
GRANT_ON_BEHALF = "resellers.grant_on_behalf"
WITHDRAW_ON_BEHALF = "resellers.withdraw_on_behalf"


@critical_operation(
    SET_BUDGET_GRANT, _("Set account freezing and budget setting permissions"), always=True
)
def set_budget_grant(
    actor: Actor,
    association_id: int,
    *,
    monthly_quota: Decimal | None,
    one_time_quota: Decimal | None,
    seen: str,
) -> ResellerBudgetGrant:
    """Let the reseller set budgets and freeze within quotas, or change them (06-PRM-02, PRM-11).

    Quotas are USD at list price; None: budgets of this type cannot be set. A changed grant closes
    the present row and opens the next. Raises QuotaMissing, SameQuotas, Stale, NotFound, and what a
    floor above refuses (06-PRM-13).
    """
    actor.require(GRANT_PERMISSIONS)
    association = lock_own_association(actor, association_id)
    before = _current_budget_grant(association)
    refuse_stale(seen, seen_budget_grant(before))
    if monthly_quota is None and one_time_quota is None:
        raise QuotaMissing
    if before and (before.monthly_quota, before.one_time_quota) == (monthly_quota, one_time_quota):
        raise SameQuotas
    moment = clock.now()
    if before:
        _close(before, moment)
    after = ResellerBudgetGrant.objects.create(
        account_id=association.account_id,
        association=association,
        monthly_quota=monthly_quota,
        one_time_quota=one_time_quota,
        granted_by_id=actor.user_id,
        granted_at=moment,
    )
    _budget_grant_changed(actor, association, before, after, moment)
    return after


@critical_operation(
    WITHDRAW_BUDGET_GRANT,
    _("Withdraw account freezing and budget setting permissions"),
    always=True,
)
def withdraw_budget_grant(actor: Actor, association_id: int, *, seen: str) -> ResellerAssociation:
    """Take the permission back: budgets and freezes stay as they are (06-PRM-05 to PRM-07).

    Raises NotGranted, Stale, NotFound.
    """
    actor.require(GRANT_PERMISSIONS)
    association = lock_own_association(actor, association_id)
    before = _current_budget_grant(association)
    refuse_stale(seen, seen_budget_grant(before))
    if before is None:
        raise NotGranted
    moment = clock.now()
    _close(before, moment)
    _budget_grant_changed(actor, association, before, None, moment)
    return association


@critical_operation(
    GRANT_ON_BEHALF,
    _("Grant permissions for placing order and performing O&M on customers’ behalf"),
    always=True,
)
def grant_on_behalf(
    actor: Actor, association_id: int, *, consented: bool, version: str
) -> ResellerOnBehalfGrant:
    """Let the reseller order and operate for customers that authorize it (06-OBH-01 to OBH-03).

    The first time per distributor and version of the commitment letter it is accepted with it:
    ``version`` is the one that was shown. Raises AlreadyGranted, ConsentMissing, Stale, NotFound.
    """
    actor.require(GRANT_PERMISSIONS)
    association = lock_own_association(actor, association_id)
    if _current_on_behalf_grant(association):
        raise AlreadyGranted
    moment = clock.now()
    _accept_letter(actor, moment, consented=consented, version=version)
    after = ResellerOnBehalfGrant.objects.create(
        account_id=association.account_id,
        association=association,
        granted_by_id=actor.user_id,
        granted_at=moment,
    )
    _on_behalf_grant_changed(actor, association, None, after, moment)
    return after


@critical_operation(
    WITHDRAW_ON_BEHALF,
    _("Withdraw permissions for placing order and performing O&M on customers’ behalf"),
    always=True,
)
def withdraw_on_behalf(actor: Actor, association_id: int) -> ResellerAssociation:
    """Take the right back at once; the customers' own authorizations are kept (06-OBH-04, OBH-08).

    Raises NotGranted, NotFound.
    """
    actor.require(GRANT_PERMISSIONS)
    association = lock_own_association(actor, association_id)
    if (before := _current_on_behalf_grant(association)) is None:
        raise NotGranted
    moment = clock.now()
    _close(before, moment)
    _on_behalf_grant_changed(actor, association, before, None, moment)
    return association


def close_all(actor: Actor, association: ResellerAssociation, moment: datetime) -> None:
    """Close what the reseller of a locked association holds, when it ends (06 C-28)."""
    if budget_grant := _current_budget_grant(association):
        _close(budget_grant, moment)
        _budget_grant_changed(actor, association, budget_grant, None, moment)
    if on_behalf_grant := _current_on_behalf_grant(association):
        _close(on_behalf_grant, moment)
        _on_behalf_grant_changed(actor, association, on_behalf_grant, None, moment)


def _current_budget_grant(association: ResellerAssociation) -> ResellerBudgetGrant | None:
    return ResellerBudgetGrant.objects.filter(association=association, closed_at=None).first()


def _current_on_behalf_grant(association: ResellerAssociation) -> ResellerOnBehalfGrant | None:
    return ResellerOnBehalfGrant.objects.filter(association=association, closed_at=None).first()


def _close(grant: ResellerBudgetGrant | ResellerOnBehalfGrant, moment: datetime) -> None:
    grant.closed_at = moment
    grant.save(update_fields=["closed_at"])


def _accept_letter(actor: Actor, moment: datetime, *, consented: bool, version: str) -> None:
    """Sign the letter in force unless the distributor has: user, time, version, address (OBH-07)."""
    document = letter.letter_in_force(moment)
    if letter.acceptance_of(actor.account_id, document.pk):
        return
    if not consented:
        raise ConsentMissing
    refuse_stale(version, document.version)
    signature = AgreementSignature.objects.create(
        account_id=actor.account_id,
        document=document,
        user_id=actor.user_id,
        signed_at=moment,
        ip=actor.ip,
    )
    audit.services.record(
        actor,
        "resellers.commitment_letter.accepted",
        signature,
        after={"document": document.code, "version": document.version},
    )


def _quotas(grant: ResellerBudgetGrant | None) -> dict[str, Any]:
    if grant is None:
        return {"authorized": False}
    return {
        "authorized": True,
        "monthly_quota": _plain(grant.monthly_quota),
        "one_time_quota": _plain(grant.one_time_quota),
    }


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _budget_grant_changed(
    actor: Actor,
    association: ResellerAssociation,
    before: ResellerBudgetGrant | None,
    after: ResellerBudgetGrant | None,
    moment: datetime,
) -> None:
    event = "withdrawn" if after is None else "changed" if before else "granted"
    _record(actor, association, f"budget_grant.{event}", _quotas(before), _quotas(after))
    budget_grant_changed.send(
        ResellerBudgetGrant,
        association=association,
        before=before,
        after=after,
        actor=actor,
        moment=moment,
    )
    row = after or before
    _tell_reseller(
        actor,
        association,
        key=f"budget-grant:{row.pk if row else 0}:{event}",
        template="reseller_budget_grant",
        context={"event": event},
        facts=_quota_facts(before, after, event),
        moment=moment,
    )


def _quota_facts(
    before: ResellerBudgetGrant | None, after: ResellerBudgetGrant | None, event: str
) -> list[tuple[Any, Any]]:
    if after is None:
        return []
    facts = [
        (_("Monthly budget quota"), _amount(after.monthly_quota)),
        (_("One-time budget quota"), _amount(after.one_time_quota)),
    ]
    if before and event == "changed":
        facts += [
            (_("Monthly budget quota before"), _amount(before.monthly_quota)),
            (_("One-time budget quota before"), _amount(before.one_time_quota)),
        ]
    return facts


def _amount(amount: Decimal | None) -> Any:
    return _("none") if amount is None else money.words(amount)


def _on_behalf_grant_changed(
    actor: Actor,
    association: ResellerAssociation,
    before: ResellerOnBehalfGrant | None,
    after: ResellerOnBehalfGrant | None,
    moment: datetime,
) -> None:
    event = "granted" if after else "withdrawn"
    _record(
        actor,
        association,
        f"on_behalf_grant.{event}",
        {"authorized": before is not None},
        {"authorized": after is not None},
    )
    on_behalf_grant_changed.send(
        ResellerOnBehalfGrant,
        association=association,
        before=before,
        after=after,
        actor=actor,
        moment=moment,
    )
    row = after or before
    _tell_reseller(
        actor,
        association,
        key=f"on-behalf-grant:{row.pk if row else 0}:{event}",
        template="reseller_on_behalf_grant",
        context={"event": event},
        facts=[],
        moment=moment,
    )


def _record(
    actor: Actor,
    association: ResellerAssociation,
    event: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    """One audit record in each of the two books (06-PRM-14)."""
    for account_id in (association.account_id, association.reseller_id):
        audit.services.record(
            actor,
            f"resellers.{event}",
            association,
            before=before,
            after=after,
            account_id=account_id,
        )


def _tell_reseller(
    actor: Actor,
    association: ResellerAssociation,
    *,
    key: str,
    template: str,
    context: dict[str, Any],
    facts: list[tuple[Any, Any]],
    moment: datetime,
) -> None:
    """A message in the portal and an e-mail (06-PRM-14)."""
    notifications.services.notify(
        actor,
        account_id=association.reseller_id,
        type=MY_DISTRIBUTOR.code,
        key=key,
        template=template,
        context={"distributor": association.account.title, **context},
        facts=[*facts, (_("Time"), moment)],
        link=reverse("resellers:distributor"),
        link_label=_("My HUAWEI CLOUD Distributor"),
    )
