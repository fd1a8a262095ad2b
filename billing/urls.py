"""Addresses of the partners' financial information."""

from django.urls import path

from .views import bills, details, explaining, exporting, payment_methods, repay, statements

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

# Payment Methods, Repay, Account Statements
_METHODS = "/partner-bills/payment-methods"
_funds = [
    path(_METHODS, payment_methods.PaymentMethodsView.as_view(), name="payment-methods"),
    path(f"{_METHODS}/add", payment_methods.AddCardView.as_view(), name="card-add"),
    path(f"{_METHODS}/agreement", payment_methods.AgreementView.as_view(), name="card-agreement"),
    path(f"{_METHODS}/history", payment_methods.CardHistoryView.as_view(), name="card-history"),
    path(
        f"{_METHODS}/<int:pk>/verify",
        payment_methods.VerifyCardView.as_view(),
        name="card-verify",
    ),
    path(
        f"{_METHODS}/<int:pk>/default",
        payment_methods.SetDefaultView.as_view(),
        name="card-default",
    ),
    path(f"{_METHODS}/<int:pk>/edit", payment_methods.EditCardView.as_view(), name="card-edit"),
    path(
        f"{_METHODS}/<int:pk>/delete", payment_methods.DeleteCardView.as_view(), name="card-delete"
    ),
    path("/repay", repay.RepayView.as_view(), name="repay"),
    path("/repay/pay", repay.PayView.as_view(), name="pay"),
    path("/repay/bank-transfer", repay.BankTransferView.as_view(), name="repay-transfer"),
    path("/repay/transfers", repay.TransferListView.as_view(), name="transfers"),
    path("/repay/transfers/create", repay.CreateTransferView.as_view(), name="transfer-create"),
    path(
        "/repay/transfers/<int:pk>/certificate",
        repay.CertificateView.as_view(),
        name="transfer-certificate",
    ),
    path("/funds", statements.StatementsView.as_view(), name="statements"),
]

urlpatterns = [*_bills, *_details, *_funds]
