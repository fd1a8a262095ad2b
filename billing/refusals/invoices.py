"""Why invoices and certificates are declined."""

from django.utils.translation import gettext_lazy as _

from partner_center.refusals import Refusal


class InvoiceNotMade(Refusal):
    """The PDF of the invoice does not exist yet."""

    code = "billing.invoice_not_made"
    default_sentence = _("The PDF of this invoice is being made. Try again in a few minutes.")


class NothingToInvoice(Refusal):
    """The bill comes to nothing or less."""

    code = "billing.nothing_to_invoice"
    default_sentence = _("This bill has no amount to invoice.")


class InvoiceThere(Refusal):
    """The bill has its invoice."""

    code = "billing.invoice_there"
    default_sentence = _("The invoice of this bill exists. Download it on the Invoices page.")


class InvoiceNotIssued(Refusal):
    """Only an issued invoice that nobody has returned yet goes back or is voided."""

    code = "billing.invoice_not_issued"
    default_sentence = _("Only an invoice in the state Invoiced can be returned or voided.")


class TicketOpen(Refusal):
    """There is a ticket about it that waits for the operator."""

    code = "billing.invoice_ticket_open"
    default_sentence = _("There is a ticket about this already. Wait until it is processed.")


class TicketClosed(Refusal):
    """The ticket is decided."""

    code = "billing.invoice_ticket_closed"
    default_sentence = _("This ticket is closed.")


class ReasonMissing(Refusal):
    """The partner must read why."""

    code = "billing.reason_missing"

    def __init__(self) -> None:
        super().__init__(str(_("Enter the reason. The partner reads it.")), field="reason")


class InvoiceInfoMissing(Refusal):
    """Nothing can be mailed without an address."""

    code = "billing.invoice_info_missing"
    default_sentence = _("Save the address and email in Manage Invoice Info first.")


class NothingWithheld(Refusal):
    """No tax is withheld from the bill."""

    code = "billing.nothing_withheld"
    default_sentence = _("This bill contains no withholding tax. No certificate is needed.")


class CertificateThere(Refusal):
    """A certificate was uploaded and is not rejected."""

    code = "billing.certificate_there"
    default_sentence = _("A certificate of this bill was uploaded already.")


class CertificateDecided(Refusal):
    """Somebody decided on the certificate."""

    code = "billing.certificate_decided"
    default_sentence = _("This certificate was decided on already.")


class ResaleCustomer(Refusal):
    """What a customer of the Reseller model spends is on its partner's account."""

    code = "billing.resale_customer"
    default_sentence = _(
        "Resale customers have no balance: query the expenditure quota that the partner has granted."
    )
