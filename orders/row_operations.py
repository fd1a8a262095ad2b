"""What may be done with a customer's orders from the customer lists, and on its behalf."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import PartnerKind
from customers.choices import AssociationModel
from customers.models import Association
from customers.row_operations import ROWS, RowOperation, add_operation
from partner_center.actors import Actor

from .permissions import ACT_ON_BEHALF, VIEW_ORDERS


def takes_on_behalf(actor: Actor, association: Association) -> bool:
    """Customers of the Reseller model; for resellers only with their distributor's grant (07-RCUS-07).

    Rows carry ``reseller_may_act``. Whether the customer has authorized the partner is said, and asked
    for, on the dialog.
    """
    if association.model != AssociationModel.RESELLER:
        return False
    is_reseller = actor.partner_kind == PartnerKind.RESELLER
    return not is_reseller or bool(getattr(association, "reseller_may_act", False))


add_operation(
    RowOperation(
        "orders",
        _("View Orders"),
        "customer_orders:customer",
        VIEW_ORDERS,
        "shopping-cart",
        menu=ROWS,
    ),
    before="resources",
)
add_operation(
    RowOperation(
        "place_order",
        _("Place Order on Customers’ Behalf"),
        "on_behalf:place-order",
        ACT_ON_BEHALF,
        "user-share",
        takes_on_behalf,
        menu=ROWS,
        opens_dialog=True,
    ),
    before="discount",
)
add_operation(
    RowOperation(
        "operate",
        _("Perform O&M Operations on Customers’ Behalf"),
        "on_behalf:operate",
        ACT_ON_BEHALF,
        "settings",
        takes_on_behalf,
        menu=ROWS,
        opens_dialog=True,
    ),
    before="discount",
)
