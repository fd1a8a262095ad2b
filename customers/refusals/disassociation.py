"""Refusals of disassociation and of decisions about association records."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.refusals import Refusal

from ..choices import AssociationModel
from ..rules.disassociation import CheckItem


class NotOffered(Refusal):
    """The operator does not let this partner disassociate customers (04-ASC-01)."""

    code = "customers.disassociation.not_offered"
    status = 403
    default_sentence = gettext_lazy(
        "Your partner account may not disassociate customers. Contact your ecosystem manager."
    )


class NotReseller(Refusal):
    """Disassociation on the pages is for the Reseller model only."""

    code = "customers.disassociation.not_reseller"
    default_sentence = gettext_lazy(
        "Only customers associated in the Reseller model can be disassociated here. Submit a "
        "service ticket."
    )


class PartnerDecides(Refusal):
    """A customer of the Referral model cannot leave by itself (08-CSD-18)."""

    code = "customers.disassociation.referral"
    default_sentence = gettext_lazy(
        "To disassociate from your partner, contact your partner or submit a service ticket."
    )


class NoPartnerNow(Refusal):
    """The customer works with no partner, or not with this one any more."""

    code = "customers.disassociation.no_partner"
    status = 409
    default_sentence = gettext_lazy(
        "You are not associated with this partner any more. Nothing was changed."
    )


class CheckFailed(Refusal):
    """An item of the account check fails (04-ASC-06, 08-CSD-03). ``items`` are those that do."""

    code = "customers.disassociation.check_failed"

    def __init__(self, items: Sequence[CheckItem]) -> None:
        self.items = items
        super().__init__(
            _("The account check has not passed. Nothing was changed.")
            + " "
            + " ".join(str(item.advice) for item in items)
        )


class AlreadyProcessed(Refusal):
    """Somebody was faster: the request was agreed to, rejected or withdrawn."""

    code = "customers.request.processed"
    status = 409

    def __init__(self, state: str) -> None:
        super().__init__(
            _("This request has already been processed (%(state)s). Nothing was changed.")
            % {"state": state}
        )


class NotYourTurn(Refusal):
    """The initiator withdraws, the other side answers; never the other way round."""

    code = "customers.request.other_side"
    status = 403
    default_sentence = gettext_lazy(
        "Only the side that submitted a request can withdraw it, and only the other side can agree "
        "to it or reject it."
    )


class SameModel(Refusal):
    """The association has this model already."""

    code = "customers.association.same_model"

    def __init__(self, model: AssociationModel) -> None:
        super().__init__(
            _("Nothing was changed: the association type is %(model)s already.")
            % {"model": model.label},
            field="model",
        )


class ModelNotGranted(Refusal):
    """The partner may not have this customer in the model; ``reasons`` say why (AF06, AF14, AF15)."""

    code = "customers.association.model_not_granted"

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(_("Nothing was changed.") + " " + " ".join(reasons), field="model")
