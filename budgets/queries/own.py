"""What a customer sees of its own budget: its own limit and nothing else (04 "Who may act")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from accounts.choices import PartnerKind
from customers.choices import AssociationModel
from customers.models import Association
from partner_center.actors import Actor

from ..rules.matrix import BudgetStanding
from .setting import Present, present_of


@dataclass(frozen=True)
class OwnLimit:
    """The budget of the acting customer. Amounts in USD at list price."""

    partner: str
    present: Present
    #: Whether the partner is a distributor's reseller.
    of_reseller: bool = False

    @property
    def remaining(self) -> Decimal:
        """What can still be bought in advance (04-BFM-03)."""
        return self._standing.remaining

    @property
    def is_exhausted(self) -> bool:
        """Used up, or none is set: nothing can be bought in advance (04-BFM-06)."""
        return self._standing.is_exhausted

    @property
    def _standing(self) -> BudgetStanding:
        return BudgetStanding(self.present.amount, self.present.used or Decimal(0))


def limit_of(actor: Actor, moment: datetime) -> OwnLimit | None:
    """The limit of the acting account; None for those whom no partner limits: other models, nobody's.

    Two queries.
    """
    live = Association.objects.live().filter(customer_id=actor.account_id)
    return limit_in(live.select_related("account").first(), moment)


def limit_in(association: Association | None, moment: datetime) -> OwnLimit | None:
    """The same of an association that was read, with its partner; one query."""
    if association is None or association.model != AssociationModel.RESELLER:
        return None
    partner = association.account
    return OwnLimit(
        partner.title,
        present_of(association.pk, moment),
        of_reseller=partner.partner_kind == PartnerKind.RESELLER,
    )
