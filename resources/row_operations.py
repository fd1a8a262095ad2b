"""What may be done with a customer's resources from the customer lists (04 §8.3.1.1)."""

from django.utils.translation import gettext_lazy as _

from customers.row_operations import ROWS, RowOperation, add_operation

from .permissions import VIEW_RESOURCES

add_operation(
    RowOperation(
        "resources",
        _("View Resources"),
        "customers:resources-term",
        VIEW_RESOURCES,
        "server",
        menu=ROWS,
    ),
    before="assign",
)
