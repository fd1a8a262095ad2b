"""Addresses of the partners' financial information."""

from django.urls import path

from .views import bills, details, explaining, exporting

app_name = "billing"

# Partner Bills, tab Bills
_bills = [
    path("/partner-bills", bills.BillsView.as_view(), name="bills"),
    path("/partner-bills/unpaid", bills.UnpaidBillsView.as_view(), name="unpaid"),
    path("/partner-bills/export", exporting.ExportBillsView.as_view(), name="export"),
    path("/partner-bills/calculation", bills.CalculationView.as_view(), name="calculation"),
    path("/partner-bills/dismiss-note", bills.DismissNoteView.as_view(), name="dismiss-note"),
    path("/partner-bills/amount", explaining.SumView.as_view(), name="sum"),
    path("/partner-bills/amount-due", explaining.BillView.as_view(), name="bill"),
    path("/partner-bills/lines/<int:record_id>", explaining.LineView.as_view(), name="line"),
]

# Partner Bills, tab Consumed Product Details
_details = [
    path("/partner-bills/details", details.DetailsView.as_view(), name="details"),
    path(
        "/partner-bills/details/export",
        details.ExportDetailsView.as_view(),
        name="export-details",
    ),
]

urlpatterns = [*_bills, *_details]
