"""Addresses of the partners' financial information."""

from django.urls import path

from .views import (
    bills,
    coupons,
    details,
    explaining,
    exporting,
    invoices,
    payment_methods,
    proof,
    repay,
    statements,
    terms,
)

app_name = "billing"

# Partner Bills, tab Bills
_bills = [
    path("/partner-bills", bills.BillsView.as_view(), name="bills"),
    path("/partner-bills/unpaid", bills.UnpaidBillsView.as_view(), name="unpaid"),
    path("/partner-bills/export", exporting.ExportBillsView.as_view(), name="export"),
    path("/partner-bills/calculation", bills.CalculationView.as_view(), name="calculation"),
    path("/partner-bills/dismiss-note", bills.DismissNoteView.as_view(), name="dismiss-note"),
    path("/partner-bills/proof/<str:number>", proof.ProofView.as_view(), name="proof"),
    path(
        "/partner-bills/proof/<str:number>/download",
        proof.ProofDownloadView.as_view(),
        name="proof-download",
    ),
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
_REPAY = "/partner-bills/repay"
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
    path(_REPAY, repay.RepayView.as_view(), name="repay"),
    path(f"{_REPAY}/pay", repay.PayView.as_view(), name="pay"),
    path(f"{_REPAY}/bank-transfer", repay.BankTransferView.as_view(), name="repay-transfer"),
    path(f"{_REPAY}/transfers", repay.TransferListView.as_view(), name="transfers"),
    path(f"{_REPAY}/transfers/create", repay.CreateTransferView.as_view(), name="transfer-create"),
    path(
        f"{_REPAY}/transfers/<int:pk>/certificate",
        repay.CertificateView.as_view(),
        name="transfer-certificate",
    ),
    path("/funds", statements.StatementsView.as_view(), name="statements"),
]

# Invoices, withholding-tax certificates, the tax notice
_invoices = [
    path("/invoices", invoices.InvoiceListView.as_view(), name="invoices"),
    path("/invoices/<int:pk>", invoices.InvoiceView.as_view(), name="invoice"),
    path(
        "/invoices/<int:pk>/download",
        invoices.InvoiceDownloadView.as_view(),
        name="invoice-download",
    ),
    path("/invoices/information", invoices.InvoiceInfoView.as_view(), name="invoice-info"),
    path("/invoices/email-receipts", invoices.EmailReceiptView.as_view(), name="invoice-email"),
    path("/invoices/request", invoices.RequestView.as_view(), name="invoice-request"),
    path("/invoices/return", invoices.ReturnView.as_view(), name="invoice-return"),
    path("/invoices/tickets", invoices.InvoiceTicketListView.as_view(), name="invoice-tickets"),
    path("/invoices/tickets/<int:pk>", invoices.InvoiceTicketView.as_view(), name="invoice-ticket"),
    path(
        "/invoices/tickets/<int:pk>/attachment",
        invoices.TicketAttachmentView.as_view(),
        name="invoice-ticket-file",
    ),
    path("/invoices/wht-certificates", invoices.CertificateListView.as_view(), name="certificates"),
    path(
        "/invoices/wht-certificates/<int:pk>/file",
        invoices.CertificateFileView.as_view(),
        name="certificate-file",
    ),
    path(
        "/invoices/wht-certificates/bills/<int:bill_id>",
        invoices.CertificateUploadView.as_view(),
        name="certificate-upload",
    ),
    path("/invoices/tax-notice", invoices.TaxNoticeView.as_view(), name="tax-notice"),
    path("/invoices/tax-notice/trc", invoices.ResidenceView.as_view(), name="tax-residence"),
]

# Contracts and Commerce
_terms = [
    path("/contracts-and-commerce", terms.CommercialDiscountListView.as_view(), name="discounts"),
    path(
        "/contracts-and-commerce/koogallery",
        terms.MarketplaceDiscountListView.as_view(),
        name="marketplace-discounts",
    ),
    path(
        "/contracts-and-commerce/<int:discount_id>",
        terms.CommercialDiscountView.as_view(),
        name="discount",
    ),
]

# Coupons
_coupons = [
    path("/coupons", coupons.CouponListView.as_view(), name="coupons"),
    path("/coupons/test", coupons.TestCouponListView.as_view(), name="test-coupons"),
    path("/coupons/test/notification", coupons.CouponNoticeView.as_view(), name="coupon-notice"),
    path("/coupons/history", coupons.CouponEntryListView.as_view(), name="coupon-history"),
    path("/coupons/<int:coupon_id>", coupons.CouponView.as_view(), name="coupon"),
]

urlpatterns = [*_bills, *_details, *_funds, *_invoices, *_terms, *_coupons]
