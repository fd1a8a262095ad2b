"""What budgets add to the More menu of customers."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import PartnerKind
from customers.choices import AssociationModel
from customers.models import Association
from customers.row_operations import ROWS, RowOperation, add_operation, is_own
from partner_center.actors import Actor

from .permissions import SET_BUDGETS


def is_controlled(actor: Actor, association: Association) -> bool:
    """Whether budget and freezing of this customer are the actor's account's to decide (06-PRM-04).

    Rows carry ``has_budget_grant``: whether the reseller whose customer it is holds its distributor's
    grant; nobody knows where they do not. ``queries.control`` decides the same in the database.
    """
    if association.model != AssociationModel.RESELLER:
        return False
    granted = getattr(association, "has_budget_grant", None)
    if actor.partner_kind == PartnerKind.RESELLER:
        return is_own(actor, association) and granted is True
    return is_own(actor, association) or granted is False


add_operation(
    RowOperation(
        "set_budget",
        _("Set Budget"),
        "budgets:set",
        SET_BUDGETS,
        "gauge",
        is_controlled,
        menu=ROWS,
        returns=True,
        is_link=True,
    ),
    before="resources",
)
