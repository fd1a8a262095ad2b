"""Messages about authorizations: the customer is asked, the partner is answered (08-AUT-15)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.services import notify
from partner_center.actors import Actor

from ..message_types import AUTHORIZATION_ANSWERED, MY_PARTNER
from ..models import OnBehalfAuthorization
from ..queries.audience import users_who_see


def tell_customer(actor: Actor, authorization: OnBehalfAuthorization) -> None:
    """A partner asks for an authorization."""
    notify(
        actor,
        account_id=authorization.customer_id,
        type=MY_PARTNER.code,
        key=f"authorization:{authorization.pk}:requested",
        template="authorization_requested",
        context={"partner": authorization.account.title},
        facts=[(_("Requested"), authorization.requested_at)],
        link=reverse("authorizations:process", args=[authorization.pk]),
        link_label=_("Process"),
    )


def tell_partner(actor: Actor, authorization: OnBehalfAuthorization) -> None:
    """The customer has accepted, rejected or revoked."""
    notify(
        actor,
        account_id=authorization.account_id,
        type=AUTHORIZATION_ANSWERED.code,
        key=f"authorization:{authorization.pk}:{authorization.status}",
        template="authorization_answered",
        context={
            "customer": authorization.customer.title,
            "status": authorization.status,
            "cause": authorization.cause,
        },
        facts=[(_("Requested"), authorization.requested_at)],
        link=reverse("authorizations:request", args=[authorization.association_id]),
        link_label=_("View"),
        only_users=users_who_see(authorization.association, account_id=authorization.account_id),
    )
