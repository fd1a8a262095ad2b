"""Refusals around invitations of resellers (06 §9.2.1.1, 01 §1.5.3.2)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal


class AlreadyReseller(Refusal):
    """A user that already is a reseller cannot be invited (06-RSL-04)."""

    code = "resellers.invitation.already_reseller"

    def __init__(self, email: str) -> None:
        super().__init__(
            _("%(email)s cannot be invited: its account already is a reseller of a distributor.")
            % {"email": email},
            field="email",
        )


class OutsideRegion(Refusal):
    """Only resellers in the authorized regions can be invited (06-RSL-03)."""

    code = "resellers.invitation.outside_region"

    def __init__(self, email: str, country: str, allowed: str) -> None:
        super().__init__(
            _(
                "%(email)s cannot be invited: its account is in %(country)s, and you may invite "
                "resellers in %(allowed)s only."
            )
            % {"email": email, "country": country, "allowed": allowed},
            field="email",
        )


class AlreadyInvited(Refusal):
    """One open invitation per distributor and e-mail address."""

    code = "resellers.invitation.exists"

    def __init__(self, email: str) -> None:
        super().__init__(
            _(
                "%(email)s has an open invitation of yours already. You can send it again from the "
                "Invitation Record."
            )
            % {"email": email},
            field="email",
        )


class NothingToSend(Refusal):
    """Only invitations that can still be answered are sent again."""

    code = "resellers.invitation.not_sendable"

    def __init__(self, status: str) -> None:
        super().__init__(
            _("The email was not sent: the status of this invitation is “%(status)s”.")
            % {"status": status}
        )


class NothingToWithdraw(Refusal):
    """Only invitations that nobody has accepted are withdrawn."""

    code = "resellers.invitation.not_withdrawable"

    def __init__(self, status: str) -> None:
        super().__init__(
            _("Nothing was changed: the status of this invitation is “%(status)s”.")
            % {"status": status}
        )


class LinkWithoutUse(Refusal):
    """The link leads nowhere: never sent, replaced, expired, withdrawn or answered."""

    code = "resellers.invitation.link"
    status = 410

    def __init__(self) -> None:
        super().__init__(
            _(
                "This invitation cannot be used: it has expired, was withdrawn, was replaced by a "
                "newer email, or was answered already. Ask the distributor to send it again."
            )
        )


class AlreadyUnderYourDistributor(Refusal):
    """The account that answers works under a distributor already (01-RSL-10)."""

    code = "resellers.request.already_associated"

    def __init__(self, distributor: str) -> None:
        super().__init__(
            _(
                "Your account already is a reseller of %(distributor)s. Do not associate again. "
                "Nothing was changed."
            )
            % {"distributor": distributor}
        )


class RequestUnderWay(Refusal):
    """An account waits for one distributor at a time."""

    code = "resellers.request.under_way"

    def __init__(self, distributor: str) -> None:
        super().__init__(
            _(
                "Your account already has a request to become a reseller of %(distributor)s. Wait "
                "for its result. Nothing was changed."
            )
            % {"distributor": distributor}
        )


class NothingToRetry(Refusal):
    """Try again is for restricted associations."""

    code = "resellers.request.not_restricted"

    def __init__(self, status: str) -> None:
        super().__init__(
            _("Nothing was changed: the status of your request is “%(status)s”.")
            % {"status": status}
        )
