"""Why money is not taken, booked or given back."""

from django.utils.translation import gettext_lazy as _

from partner_center.refusals import Refusal


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


class PartnerSettles(Refusal):
    """A customer of the Reseller model tops up nothing: its partner settles for it (08-CST-02)."""

    code = "billing.partner_settles"

    def __init__(self, partner: str) -> None:
        sentence = _(
            "Your partner %(partner)s settles your expenditures, so there is nothing to top up. If your "
            "budget is insufficient, ask your partner to adjust it."
        )
        super().__init__(sentence % {"partner": partner})


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
        words = _("Only balance can be given back, and the balance of the account is %(balance)s.")
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
