"""Addresses of the partners' financial information."""

from django.urls import path

from .views import bills, invoices

app_name = "billing"

urlpatterns = [
    path("/partner-bills", bills.BillsView.as_view(), name="bills"),
    # Invoices
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
