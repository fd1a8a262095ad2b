"""Refusals of pre-registrations (04 §8.2.2.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partner_center.refusals import Refusal

from ..choices import PreRegistrationReason
from ..rules.preregistration import LIMIT


class OwnContactMissing(Refusal):
    """Whoever pre-registers has neither a mobile number nor an e-mail address (04-PRE-06)."""

    code = "customers.preregistration.no_own_contact"
    default_sentence = gettext_lazy(
        "Neither a mobile number nor an email address of yours is stored. Add one in Account "
        "Management > Basic Information first."
    )


class LimitReached(Refusal):
    """Pending and valid pre-registrations have reached the limit (04-PRE-04)."""

    code = "customers.preregistration.limit"

    def __init__(self) -> None:
        super().__init__(
            _(
                "The limit of %(limit)d pending and preregistered customers is "
                "reached. Delete one, or wait until one expires."
            )
            % {"limit": LIMIT}
        )


class AlreadyPreregistered(Refusal):
    """The partner's own pre-registration of this address is pending or valid."""

    code = "customers.preregistration.own"

    def __init__(self, email: str) -> None:
        super().__init__(
            _("Your account has already preregistered %(email)s.") % {"email": email},
            field="email",
        )


class CannotPreregister(Refusal):
    """What is known of the customer keeps it from being pre-registered directly (04-PRE-14).

    ``may_be_reviewed``: every reason is one about which the operator may decide otherwise.
    """

    code = "customers.preregistration.reasons"

    def __init__(self, reasons: Sequence[PreRegistrationReason], *, may_be_reviewed: bool) -> None:
        self.reasons = tuple(reasons)
        self.may_be_reviewed = may_be_reviewed
        super().__init__(f"{self.headline} {_sentences(reasons)}")

    @property
    def headline(self) -> str:
        """The line above the reasons."""
        return _("This customer cannot be directly preregistered due to the following reasons.")


class CannotBeDeleted(Refusal):
    """Pending review and Associated stay; the whole batch is refused (04-PRE-09).

    ``names`` maps the keys of the rows that stay to what they are called.
    """

    code = "customers.preregistration.stays"

    def __init__(self, names: dict[int, str]) -> None:
        self.names = names
        words = ngettext(
            "Nothing was deleted: %(names)s cannot be deleted, because its status is Pending "
            "review or Associated.",
            "Nothing was deleted: %(names)s cannot be deleted, because their status is Pending "
            "review or Associated.",
            len(names),
        )
        super().__init__(words % {"names": "; ".join(names.values())})


class AlreadyReviewed(Refusal):
    """Somebody has decided already."""

    code = "customers.preregistration.reviewed"
    default_sentence = gettext_lazy("Nothing was changed: this request is not pending any more.")


class CannotBeApproved(Refusal):
    """Since the request was submitted, something came in between that no review overcomes."""

    code = "customers.preregistration.barred"

    def __init__(self, reasons: Sequence[PreRegistrationReason]) -> None:
        super().__init__(
            _("Nothing was changed: the request can only be rejected. %(reasons)s")
            % {"reasons": _sentences(reasons)}
        )


def _sentences(reasons: Iterable[PreRegistrationReason]) -> str:
    return " ".join(str(reason.label) for reason in reasons)
