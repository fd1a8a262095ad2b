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


class NobodyToBill(Refusal):
    """No partner has anything on its books in this cycle."""

    code = "billing.nobody_to_bill"
    default_sentence = _("No partner has Reseller-model expenditure in this billing cycle.")


class EverybodyIsBilled(Refusal):
    """A bill run is asked for that has nothing left to do."""

    code = "billing.everybody_is_billed"
    default_sentence = _(
        "Every partner of this billing cycle has its bill. An issued bill never changes: what was "
        "wrong is corrected by an adjustment in an open cycle."
    )


class BillIsIssued(Refusal):
    """A partner is to be tried again that has its bill."""

    code = "billing.bill_is_issued"
    default_sentence = _("The bill of this partner is issued already. It never changes.")


class NothingToVerify(Refusal):
    """No bill of this cycle is issued."""

    code = "billing.nothing_to_verify"
    default_sentence = _("No bill of this billing cycle is issued yet.")


class NotSealed(Refusal):
    """The package that proves a bill is not made yet."""

    code = "billing.not_sealed"
    status = 409
    title = _("The proof of this bill is being made")
    default_sentence = _(
        "The bill is issued, and its package is being made from it: that takes a few minutes. Reload "
        "the page then."
    )


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
