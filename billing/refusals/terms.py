"""Why discounts, coupons, rates and adjustments are declined."""

from django.utils.translation import gettext_lazy as _

from partner_center.refusals import Refusal


class NotAPayer(Refusal):
    """Discounts and coupons are granted to whom the operator bills (05-CNV-02)."""

    code = "billing.not_a_payer"

    def __init__(self) -> None:
        sentence = _("This account is no cloud solution provider and no distributor.")
        super().__init__(str(sentence), field="partner")


class NotACustomer(Refusal):
    """The customer is not associated with the partner, or with a reseller of it."""

    code = "billing.not_a_customer"

    def __init__(self) -> None:
        sentence = _("This is no Reseller-model customer of the partner or of its resellers.")
        super().__init__(str(sentence), field="customer")


class NotAReseller(Refusal):
    """The reseller does not work under the partner."""

    code = "billing.not_a_reseller"

    def __init__(self) -> None:
        super().__init__(str(_("This is no reseller of the partner.")), field="reseller")


class TermsBackdated(Refusal):
    """Terms of a billed cycle never change (05-CDC-04, BIL-05)."""

    code = "billing.terms_backdated"

    def __init__(self, field: str, cycle: str) -> None:
        sentence = _("Billing cycle %(cycle)s is billed. Choose a day in an open cycle.")
        super().__init__(str(sentence % {"cycle": cycle}), field=field)


class EndsBeforeItBegins(Refusal):
    """The last day lies before the first."""

    code = "billing.ends_before_it_begins"

    def __init__(self) -> None:
        super().__init__(str(_("The last day is the first day or a later one.")), field="ends_on")


class OverAlready(Refusal):
    """The last day is past."""

    code = "billing.over_already"

    def __init__(self) -> None:
        super().__init__(str(_("The last day is past.")), field="ends_on")


class TermsInEffect(Refusal):
    """What has come into effect is only canceled (05-CDC-04)."""

    code = "billing.terms_in_effect"
    default_sentence = _(
        "These terms have come into effect, so they stay as they are. Cancel them and grant new ones."
    )


class TermsAreOver(Refusal):
    """What is over cannot be canceled."""

    code = "billing.terms_are_over"
    default_sentence = _("These terms are over already. Nothing was changed.")


class WrongTerms(Refusal):
    """A line of terms cannot be read, or names nothing of the catalogue."""

    code = "billing.wrong_terms"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="terms")


class NotDiscountable(Refusal):
    """The product or service takes no such discount."""

    code = "billing.not_discountable"

    def __init__(self, sentence: str, field: str = "terms") -> None:
        super().__init__(sentence, field=field)


class DayHasCome(Refusal):
    """A tax that counts is history (05-BIL-05)."""

    code = "billing.day_has_come"

    def __init__(self) -> None:
        sentence = _("This tax counts already. Add another rate from a later day on.")
        super().__init__(str(sentence), field="percent")


class RateTaken(Refusal):
    """There is a rate from that day on."""

    code = "billing.rate_taken"

    def __init__(self) -> None:
        super().__init__(str(_("There is a rate from this day on.")), field="valid_from")


class RateBackdated(Refusal):
    """A later rate counts already."""

    code = "billing.rate_backdated"

    def __init__(self) -> None:
        sentence = _("A rate from a later day on counts already. Choose a day after that one.")
        super().__init__(str(sentence), field="valid_from")


class WrongCoupon(Refusal):
    """A coupon is not whole."""

    code = "billing.wrong_coupon"

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence, field=field)


class CouponRevoked(Refusal):
    """A coupon is revoked once."""

    code = "billing.coupon_revoked"
    default_sentence = _("This coupon is revoked already. Nothing was changed.")


class NothingToAdjust(Refusal):
    """An adjustment is of some amount."""

    code = "billing.nothing_to_adjust"

    def __init__(self) -> None:
        super().__init__(str(_("Enter an amount other than 0.")), field="amount")


class CycleNotBegun(Refusal):
    """The cycle lies in the future."""

    code = "billing.cycle_not_begun"

    def __init__(self) -> None:
        super().__init__(str(_("This billing cycle has not begun.")), field="cycle")


class NothingToCorrect(Refusal):
    """No transaction of this number, customer and product."""

    code = "billing.nothing_to_correct"

    def __init__(self) -> None:
        sentence = _("This customer has no transaction of this number and product.")
        super().__init__(str(sentence), field="corrects")


class NobodyPays(Refusal):
    """No partner is billed for this customer then."""

    code = "billing.nobody_pays"

    def __init__(self) -> None:
        sentence = _(
            "The customer is nobody’s Reseller-model customer then, so this would be on no bill. Name "
            "the transaction that is corrected."
        )
        super().__init__(str(sentence), field="customer")


class OnlyProviders(Refusal):
    """KooGallery products are resold by cloud solution providers (05-KGR-04)."""

    code = "billing.only_providers"
    status = 403
    title = _("Your account has no KooGallery discounts")
    default_sentence = _("Only cloud solution providers resell KooGallery products.")
