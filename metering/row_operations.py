"""What metering adds to the More menu of customers."""

from django.utils.translation import gettext_lazy as _

from customers.row_operations import ROWS, RowOperation, add_operation

from .permissions import VIEW_EXPENDITURE

add_operation(
    RowOperation(
        "expenditure",
        _("View Expenditure"),
        "expenditure:customer",
        VIEW_EXPENDITURE,
        "chart-histogram",
        menu=ROWS,
    ),
    before="assign",
)
