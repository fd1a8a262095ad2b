"""What a customer agrees to with its association: building blocks of the services that associate."""

from __future__ import annotations

from datetime import datetime

import audit.services
from accounts.models import AgreementSignature
from accounts.services import registration
from partner_center.actors import Actor

from ..choices import AuthorizationStatus
from ..models import Association, OnBehalfAuthorization
from ..queries.instructions import LETTER


def sign_letter(actor: Actor, moment: datetime) -> AgreementSignature:
    """Sign the Letter of Authorization for the partner about to be associated (08-CSA-04)."""
    return registration.sign(actor, [LETTER], moment)[0]


def grant(
    actor: Actor, association: Association, signature: AgreementSignature, moment: datetime
) -> OnBehalfAuthorization:
    """Record the authorization that was given with the association (08-CSA-05).

    Effective from the moment of the association, in the running transaction.
    """
    authorization = OnBehalfAuthorization.objects.create(
        account_id=association.account_id,
        association=association,
        customer_id=association.customer_id,
        status=AuthorizationStatus.ACCEPTED,
        requested_by_id=signature.user_id,
        requested_at=moment,
        signature=signature,
        answered_at=moment,
        effective_at=moment,
    )
    for account_id in (association.account_id, association.customer_id):
        audit.services.record(
            actor,
            "customers.authorization.granted",
            authorization,
            after={"status": "accepted", "effective_at": moment.isoformat()},
            account_id=account_id,
        )
    return authorization
