"""Addresses of the partners' financial information."""

from django.urls import path

from .views import bills, payment_methods, repay, statements

app_name = "billing"

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

urlpatterns = [
    path("/partner-bills", bills.BillsView.as_view(), name="bills"),
    *_funds,
]
