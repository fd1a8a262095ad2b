"""What budgets add to the More menu of customers."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from accounts.choices import PartnerKind
from customers.choices import AssociationModel
from customers.models import Association
from customers.row_operations import FREEZING, ROWS, RowOperation, add_operation, is_own
from partner_center.actors import Actor

from .choices import FreezeAction, FreezeStatus
from .permissions import FREEZE_CUSTOMERS, SET_BUDGETS
from .rules import freezing as rules


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


def _may(action: FreezeAction) -> Callable[[Actor, Association], bool]:
    """Whether the operation is legal in the customer's state; rows carry ``frozen_as``."""

    def applies(actor: Actor, association: Association) -> bool:
        state = getattr(association, "frozen_as", FreezeStatus.NORMAL)
        return is_controlled(actor, association) and rules.may_act(action, state)

    return applies


_ICONS = ("lock", "snowflake", "lock-open", "sun")
for _action, _icon in zip(rules.OF_PARTNERS, _ICONS, strict=True):
    add_operation(
        RowOperation(
            _action.value,
            _action.label,
            f"budgets:{_action.value}",
            FREEZE_CUSTOMERS,
            _icon,
            _may(_action),
            menu=FREEZING,
            opens_dialog=True,
            returns=True,
        ),
        before="resources",
    )
