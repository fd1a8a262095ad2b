"""Why bills are not issued, or not shown."""

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
