"""What may be done with a customer's expenditure from the customer lists (04 §8.3.1.1)."""

from django.utils.translation import gettext_lazy as _

from customers.row_operations import ROWS, RowOperation, add_operation

from .permissions import VIEW_EXPENDITURE

add_operation(
    RowOperation(
        "expenditure",
        _("View Expenditure"),
        "expenditure:customer",
        VIEW_EXPENDITURE,
        "coin",
        menu=ROWS,
    ),
    before="assign",
)
