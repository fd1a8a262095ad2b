"""Batch buttons of Customer Management that lead to a page of their own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

import resellers.queries
from accounts.choices import PartnerKind
from budgets.permissions import FREEZE_CUSTOMERS, SET_BUDGETS
from partner_center.actors import Actor
from partner_center.lists.batches import BatchAction

from ..permissions import ASSIGN_CUSTOMERS, SET_DISCOUNTS
from ..queries import discounts
from ..services.assignments import MOST_CUSTOMERS

#: So many customers are previewed, and get their budget or are frozen, in one transaction.
MOST_AT_ONCE = 1_000


class SetBudget(BatchAction):
    """Set Budget (04-BUD-02); resellers with their distributor's grant only (07-RCUS-07)."""

    name = "budget"
    label = gettext_lazy("Set Budget")
    permission = SET_BUDGETS
    icon = "gauge"
    page = "budgets:set-batch"
    most_rows = MOST_AT_ONCE

    @classmethod
    def offered_to(cls, actor: Actor) -> bool:
        """Whoever controls customers of its own or of resellers."""
        if not super().offered_to(actor) or actor.partner_kind != PartnerKind.RESELLER:
            return super().offered_to(actor)
        return resellers.queries.budget_grant_of(actor.account_id) is not None


class Freeze(SetBudget):
    """Freezing and unfreezing several customers (04-BFM-15, UNF-02)."""

    name = "freeze"
    label = gettext_lazy("Freeze/Unfreeze")
    permission = FREEZE_CUSTOMERS
    icon = "snowflake"
    page = "budgets:freezing"


class AssignManager(BatchAction):
    """Batch Assign Account Manager (04-AMG-02)."""

    name = "assign"
    label = gettext_lazy("Batch Assign Account Manager")
    permission = ASSIGN_CUSTOMERS
    icon = "user-check"
    page = "assignment:assign-batch"
    most_rows = MOST_CUSTOMERS


class Transfer(BatchAction):
    """Batch Transfer (04 D-24); resellers have none (07-RDF-06)."""

    name = "transfer"
    label = gettext_lazy("Batch Transfer")
    permission = ASSIGN_CUSTOMERS
    icon = "arrows-transfer-up-down"
    page = "assignment:transfer"
    most_rows = MOST_CUSTOMERS

    @classmethod
    def offered_to(cls, actor: Actor) -> bool:
        """Providers and distributors only."""
        return super().offered_to(actor) and actor.partner_kind != PartnerKind.RESELLER


class SetDiscount(BatchAction):
    """Set Discount: only with the operator's grant (04 D-45)."""

    name = "discount"
    label = gettext_lazy("Set Discount")
    permission = SET_DISCOUNTS
    icon = "rosette-discount-check"
    page = "discounts:set-batch"

    @classmethod
    def offered_to(cls, actor: Actor) -> bool:
        """Where the terms and the country allow it; resellers have no Referral customers."""
        return actor.partner_kind != PartnerKind.RESELLER and discounts.may_set(actor)
