"""Why billing declines to act."""

from django.utils.translation import gettext_lazy as _

from partner_center.refusals import Refusal


class NoFinancialInformation(Refusal):
    """A reseller opens financial information: its distributor settles with the operator (05-CNV-02)."""

    code = "billing.no_financial_information"
    status = 403
    title = _("Resellers have no financial information")
    default_sentence = _(
        "Your distributor settles the expenditures of your customers with the operator and gets the "
        "bills for them. Ask your distributor about bills and payments."
    )


class NothingToBill(Refusal):
    """A partner that was named has nothing on its books in this cycle."""

    code = "billing.nothing_to_bill"
    default_sentence = _("This partner has no Reseller-model expenditure in this billing cycle.")


class CycleIsBilled(Refusal):
    """A correction of an issued bill goes into an open cycle."""

    code = "billing.cycle_is_billed"
    default_sentence = _(
        "This billing cycle is billed. An issued bill never changes: post the adjustment to the open "
        "cycle and name what it corrects."
    )


class BooksDisagree(Refusal):
    """A bill breaks one of its invariants: it is not issued."""

    code = "billing.books_disagree"

    def __init__(self, what: str) -> None:
        super().__init__(str(_("The bill was not issued: %(what)s.") % {"what": what}))


class NoRate(Refusal):
    """The payment currency has no exchange rate."""

    code = "billing.no_rate"

    def __init__(self, currency: str) -> None:
        super().__init__(
            str(_("There is no exchange rate of %(currency)s.") % {"currency": currency})
        )


class NoCurrency(Refusal):
    """A card needs a transaction currency (05-PMT-03)."""

    code = "billing.no_currency"
    default_sentence = _("Set the transaction currency under Preferences first.")


class OnlineNotOffered(Refusal):
    """The partner cannot pay by card (05-REP-13, 06-DRP-06)."""

    code = "billing.online_not_offered"
    default_sentence = _(
        "Online payment is not offered with your signing entity. Pay by bank transfer."
    )


class GatewayNotReady(Refusal):
    """The installation has no payment company."""

    code = "billing.gateway_not_ready"
    default_sentence = _("Cards cannot be charged at present. Pay by bank transfer.")


class AgreementChanged(Refusal):
    """The agreement was not ticked, or a new version of it is in force."""

    code = "billing.agreement_changed"

    def __init__(self) -> None:
        super().__init__(
            str(_("Read the agreement in its present version, and tick that you agree.")),
            field="agreement",
        )


class CardIsThere(Refusal):
    """The same card was added before."""

    code = "billing.card_is_there"

    def __init__(self) -> None:
        super().__init__(
            str(_("This card is one of your payment methods already.")), field="number"
        )


class DefaultCard(Refusal):
    """The default card cannot be deleted (05-PMT-13)."""

    code = "billing.default_card"
    default_sentence = _("This is the default card. Set another card as default first.")


class CardNotUsable(Refusal):
    """Only a valid card can be charged or be the default."""

    code = "billing.card_not_usable"

    def __init__(self) -> None:
        super().__init__(
            str(_("This card is not valid at present. Choose another one.")), field="card"
        )


class CardInUse(Refusal):
    """Nothing is changed while a charge of the card is not decided."""

    code = "billing.card_in_use"
    default_sentence = _(
        "A charge of this card is not decided yet. Try again when it stands in Account Statements."
    )


class OutsideLimits(Refusal):
    """A single transaction is too small or too large (05-TXL-01)."""

    code = "billing.outside_limits"

    def __init__(self, low: str, high: str) -> None:
        words = _("Enter an amount from %(low)s to %(high)s for a single payment.")
        super().__init__(str(words % {"low": low, "high": high}), field="amount")


class PaymentGoesOn(Refusal):
    """Another payment of the account is not decided yet: two tabs, a double click, a job."""

    code = "billing.payment_goes_on"
    default_sentence = _(
        "Another payment of your account is being processed. Wait until it stands in Account "
        "Statements, then pay what is left. Nothing was charged now."
    )


class DuesChanged(Refusal):
    """What is due is no longer what the page has shown."""

    code = "billing.dues_changed"
    default_sentence = _(
        "What is due has changed since the page was opened. Nothing was charged. Check the amount and "
        "pay again."
    )


class NotRefundable(Refusal):
    """A payment cannot be refunded."""

    code = "billing.not_refundable"
    default_sentence = _("Only a payment that succeeded can be refunded, and only once.")


class BalanceTooSmall(Refusal):
    """The money of a payment has paid bills meanwhile."""

    code = "billing.balance_too_small"

    def __init__(self, balance: str) -> None:
        words = _("Only balance can be given back, and the balance of the partner is %(balance)s.")
        super().__init__(str(words % {"balance": balance}))


class TicketDecided(Refusal):
    """A transfer ticket is in another state than the operation needs."""

    code = "billing.ticket_decided"
    status = 409
    default_sentence = _("Somebody decided on this ticket meanwhile. Nothing was changed.")


class FourEyes(Refusal):
    """Who confirmed an amount does not approve it."""

    code = "billing.four_eyes"
    default_sentence = _(
        "You confirmed this amount. Somebody else approves it: money is booked by two people."
    )


class OnlyPayers(Refusal):
    """Only providers and distributors pay the operator."""

    code = "billing.only_payers"
    default_sentence = _("Only providers and distributors have an account with the operator.")


class GatewaySilent(Refusal):
    """The payment company does not answer."""

    code = "billing.gateway_silent"
    default_sentence = _(
        "The payment company does not answer at present. Nothing was changed. Try again in some minutes."
    )


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
