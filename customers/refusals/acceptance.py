"""Refusals on the customer's way in: the sentences that people read (AF01-AF20, 08-CSA-17 to CSA-19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.masking import mask_email
from partner_center.refusals import Refusal

from ..causes import ADVICE, REMEDY
from ..choices import FailureCause


@dataclass(frozen=True)
class Failure:
    """One cause as the customer reads it, and as the partner does."""

    cause: FailureCause

    @property
    def words(self) -> str | Promise:
        """What is the matter."""
        return self.cause.label

    @property
    def remedy(self) -> str | Promise:
        """What the customer can do."""
        return REMEDY[self.cause]

    @property
    def advice(self) -> str | Promise:
        """What the partner can do."""
        return ADVICE[self.cause]


def failures_of(causes: Sequence[str]) -> list[Failure]:
    """Stored codes of causes, readable."""
    return [Failure(FailureCause(cause)) for cause in causes]


class InvitationGone(Refusal):
    """The invitation opens nothing: unknown, expired, withdrawn or used (AF02-AF05)."""

    code = "customers.invitation.gone"
    status = 410

    def __init__(self, cause: FailureCause, partner: str = "") -> None:
        self.cause = cause
        self.partner = partner
        remedy = (
            _("Ask %(partner)s to send the invitation again.") % {"partner": partner}
            if partner
            else _("Ask your partner to send the invitation again.")
        )
        super().__init__(f"{cause.label} {remedy}")


class AssociationRefused(Refusal):
    """All causes why the account is not associated, together; nothing but their record was kept."""

    code = "customers.association.refused"

    def __init__(self, causes: Sequence[FailureCause]) -> None:
        self.causes = list(causes)
        self.failures = failures_of(self.causes)
        super().__init__(" ".join(f"{f.words} {f.remedy}" for f in self.failures))


class ExistingAccount(Refusal):
    """Links and QR codes are for new accounts only (08-CSA-09, 04-LNK-04)."""

    code = "customers.invitation.existing_account"
    default_sentence = gettext_lazy(  # type: ignore[assignment]
        "This link or QR code is for new accounts only. To associate the account that you have, ask "
        "your partner for an online invitation: a link sent to the email address of your account."
    )


class OtherAddress(Refusal):
    """The invitation was sent to another address than that of the account (04-PRE-07)."""

    code = "customers.invitation.other_address"

    def __init__(self, email: str) -> None:
        sentence = _(
            "This invitation was sent to %(email)s. Use the account that is registered with that "
            "address, or ask your partner to invite the address of your account."
        )
        super().__init__(sentence % {"email": mask_email(email)})


class InstructionsNotAgreed(Refusal):
    """The Instructions, in their present version, were not agreed to (08-CSA-03)."""

    code = "customers.instructions.not_agreed"
    default_sentence = gettext_lazy(  # type: ignore[assignment]
        "Read and agree with the Instructions for Associating with a Huawei Cloud Partner first."
    )


class AgreementNotAccepted(Refusal):
    """The Customer Agreement and Privacy Statement were not accepted (08-CSA-12)."""

    code = "customers.association.agreement_missing"

    def __init__(self) -> None:
        super().__init__(
            _("Accept the Huawei Cloud Customer Agreement and Privacy Statement to go on."),
            field="agreed",
        )


class CountryFixed(Refusal):
    """The country of the services is not changeable once they are enabled (08-CSA-11)."""

    code = "customers.association.country_fixed"

    def __init__(self) -> None:
        super().__init__(
            _("The country/region cannot be changed after the services were enabled."),
            field="country",
        )


class NothingToReview(Refusal):
    """The operator cannot waive what keeps the account from being associated."""

    code = "customers.review.not_possible"
    default_sentence = gettext_lazy(  # type: ignore[assignment]
        "Nothing was sent: the operator cannot decide about these causes, or there is none any more."
    )


class ServicesNotEnabled(Refusal):
    """An association takes effect only once services are enabled (08-CSA-10)."""

    code = "customers.review.services_off"
    default_sentence = gettext_lazy(  # type: ignore[assignment]
        "Enable the services of your account first, then ask for the review."
    )


class ReviewPending(Refusal):
    """There is an open record of this customer and this partner already."""

    code = "customers.review.pending"
    default_sentence = gettext_lazy(  # type: ignore[assignment]
        "Nothing was sent: a request for this customer is being processed already."
    )


class NotReviewable(Refusal):
    """The record was decided meanwhile."""

    code = "customers.review.decided"
    status = 409
    default_sentence = gettext_lazy(  # type: ignore[assignment]
        "Nothing was changed: this request was decided already."
    )


class CannotBeWaived(Refusal):
    """Causes stand against the association that nobody may waive, or that nobody has reviewed."""

    code = "customers.review.cannot_be_waived"

    def __init__(self, causes: Sequence[FailureCause]) -> None:
        self.causes = list(causes)
        words = " ".join(str(cause.label) for cause in causes)
        super().__init__(_("Nothing was changed. These causes cannot be waived: %s") % words)


class NoSuchCustomer(Refusal):
    """No customer account has the name that the partner entered."""

    code = "customers.review.no_customer"

    def __init__(self) -> None:
        super().__init__(
            _("No customer account has this name. Ask the customer for its account name."),
            field="account_name",
        )


class ReasonNeeded(Refusal):
    """A rejection says why."""

    code = "customers.review.reason_missing"

    def __init__(self) -> None:
        super().__init__(_("Enter a reason."), field="reason")


class InstructionsChanged(Refusal):
    """A newer version was published while the page was open."""

    code = "customers.instructions.changed"
    status = 409
    default_sentence = gettext_lazy(  # type: ignore[assignment]
        "Nothing was signed: a newer version of the Instructions was published. Reload the page."
    )
