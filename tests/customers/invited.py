"""What the tests of invitations share: pre-registrations, invitations that were sent, their tokens."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import Account, PartnerTerms, User
from customers.choices import AssociationModel, PreRegistrationStatus
from customers.models import Invitation, PreRegistration
from customers.services import invitations
from outbox.models import Delivery
from partner_center import clock
from partner_center.actors import Actor


def reserve(
    user: User, email: str = "it@coralbay.example", *, moment: datetime | None = None, **values: Any
) -> PreRegistration:
    """A valid pre-registration of the user's account."""
    moment = moment or clock.now()
    given = {
        "account_id": user.account_id,
        "customer_name": "Coral Bay Resorts",
        "email": email,
        "mobile": "+639175550100",
        "status": PreRegistrationStatus.REGISTERED,
        "manager": None if user.is_main else user,
        "created_by": user,
        "created_at": moment,
        "registered_at": moment,
        "expires_at": moment + timedelta(days=15),
    }
    return PreRegistration.objects.create(**{**given, **values})


def sent(
    actor: Actor,
    preregistration: PreRegistration,
    moment: datetime | None = None,
    model: AssociationModel | None = None,
) -> Invitation:
    """An invitation as the service sends it."""
    with transaction.atomic():
        return invitations.send_for(actor, preregistration, moment or clock.now(), model=model)


def mailed_token(email: str) -> str:
    """The token in the newest invitation e-mail to this address."""
    mails = Delivery.objects.filter(template="customer_invitation", target=email)
    body = mails.order_by("-pk").values_list("body", flat=True)[0]
    found = re.search(r"/invitation/(\S+)", body)
    assert found, body
    return found[1]


def grant(account: Account, **values: Any) -> None:
    """What the operator grants a partner."""
    PartnerTerms.objects.update_or_create(account=account, defaults=values)
