"""What association, change of its model and disassociation mean for the freeze, in the caller's
transaction."""

from __future__ import annotations

from datetime import datetime

from customers.choices import AssociationModel
from customers.models import Association
from partner_center.actors import Actor

from ..choices import HoldOwner, Strength
from ..rules import freezing as rules
from . import holds

#: Kept with the hold, in the language of the records.
AT_ASSOCIATION = "Frozen by default at association in the Reseller model"
DISASSOCIATED = "The association has ended"
NO_RESELLER_MODEL = "The association is no longer in the Reseller model"


def freeze_by_default(actor: Actor, association: Association, moment: datetime) -> None:
    """Restrict purchases, the resources stay usable (04-RM-01, 08-CSA-14)."""
    holds.place(
        actor,
        [association],
        owner=HoldOwner.DEFAULT,
        strength=Strength.ACCOUNT,
        reason=AT_ASSOCIATION,
        moment=moment,
    )


def close(actor: Actor, association: Association, moment: datetime) -> None:
    """Release every hold: the account is the operator's again (04 D-19, 08 X-27)."""
    _close(actor, association, moment, frozenset(HoldOwner), DISASSOCIATED)


def close_reseller_model(actor: Actor, association: Association, moment: datetime) -> None:
    """Release what hangs on the Reseller model; the operator's own hold stays."""
    if association.model != AssociationModel.RESELLER:
        _close(actor, association, moment, rules.OF_RESELLER_MODEL, NO_RESELLER_MODEL)


def _close(
    actor: Actor,
    association: Association,
    moment: datetime,
    owners: frozenset[HoldOwner],
    reason: str,
) -> None:
    holds.release(
        actor,
        [association],
        owners=owners,
        origin=HoldOwner.OPERATOR,
        reason=reason,
        moment=moment,
        closes=True,
    )
