"""What both sides are told about an association, in the transaction of its service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import resellers.queries
from accounts.choices import PartnerKind
from accounts.models import Account
from notifications.services import notify
from partner_center.actors import Actor

from ..choices import AssociationModel, FailureCause, RequestStatus, Side
from ..message_types import CUSTOMER_ASSOCIATED, MY_PARTNER
from ..models import Association, AssociationRequest, Invitation
from ..queries.audience import users_beside, users_who_see
from ..refusals.acceptance import failures_of


def tell_associated(actor: Actor, association: Association, *, freezes: bool) -> None:
    """Tell the partner of its new customer, and the customer what happens now (08-CSA-14, CSA-15)."""
    partner, customer = association.account, association.customer
    context = {
        "partner": partner.title,
        "customer": customer.title,
        "model": association.get_model_display(),
        "frozen": freezes and association.model == AssociationModel.RESELLER,
    }
    facts = [(_("Account Name"), customer.name), (_("Time"), association.associated_at)]
    notify(
        actor,
        account_id=partner.pk,
        type=CUSTOMER_ASSOCIATED.code,
        key=f"association:{association.pk}",
        template="customer_associated",
        context=context | {"asks_distributor": _asks_distributor(partner)},
        facts=facts,
        link=reverse("customers:details", args=[association.pk]),
        only_users=users_who_see(association),
    )
    _tell_customer(
        actor,
        customer.pk,
        f"association:{association.pk}",
        "associated_with_partner",
        context,
    )


def tell_failed(
    actor: Actor, invitation: Invitation, customer: Account, causes: Sequence[FailureCause]
) -> None:
    """Tell the partner why an invited customer was not associated, and what to do (04-HIS-03)."""
    notify(
        actor,
        account_id=invitation.account_id,
        type=CUSTOMER_ASSOCIATED.code,
        key=f"invitation:{invitation.pk}:{'-'.join(causes)}:{invitation.invited_at:%Y%m%d%H%M%S}",
        template="association_failed",
        context={
            "customer": invitation.customer_name or customer.title,
            "failures": failures_of(list(causes)),
        },
        facts=[(_("Account Name"), customer.name), (_("Time"), invitation.finished_at)],
        only_users=users_beside(invitation.account_id, _manager(invitation.manager_id)),
    )


def tell_reviewed(actor: Actor, request: AssociationRequest, moment: datetime) -> None:
    """Tell who asked for the review, and the partner, what the operator decided (08 X-03)."""
    context = {
        "partner": request.account.title,
        "customer": request.customer.title,
        "rejected": request.status == RequestStatus.REJECTED,
        "reason": request.answer,
    }
    notify(
        actor,
        account_id=request.account_id,
        type=CUSTOMER_ASSOCIATED.code,
        key=f"association-review:{request.pk}:{request.status}",
        template="association_reviewed",
        context=context,
        facts=[(_("Account Name"), request.customer.name), (_("Time"), moment)],
        only_users=users_beside(request.account_id, _manager(request.requested_by_id)),
    )
    if request.initiator == Side.CUSTOMER:
        _tell_customer(
            actor,
            request.customer_id,
            f"association-review:{request.pk}:{request.status}",
            "association_reviewed_customer",
            context,
        )


def _tell_customer(
    actor: Actor, customer_id: int, key: str, template: str, context: dict[str, object]
) -> None:
    notify(
        actor,
        account_id=customer_id,
        type=MY_PARTNER.code,
        key=key,
        template=template,
        context=context,
        link=reverse("my_partner:page"),
        link_label=_("My Partner"),
    )


def _asks_distributor(partner: Account) -> bool:
    """Whether somebody else decides about budget and freeze of the partner's customers (07-RTM-12)."""
    is_reseller = partner.partner_kind == PartnerKind.RESELLER
    return is_reseller and resellers.queries.budget_grant_of(partner.pk) is None


def _manager(user_id: int | None) -> set[int]:
    return {user_id} if user_id else set()
