"""Refusals of requesting, granting and revoking an authorization."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal


class OnlyResellerModel(Refusal):
    """Referral customers are operated on by themselves alone (08-AUT-01)."""

    code = "customers.authorization.only_reseller_model"

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "Nothing was sent: %(name)s is not associated in the Reseller model. Only customers of "
                "the Reseller model can authorize their partner."
            )
            % {"name": name}
        )


class DistributorFirst(Refusal):
    """A reseller needs its distributor's permission before its customers' (07-RAUT-01, 06-OBH-06)."""

    code = "customers.authorization.distributor_first"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was sent: your distributor must first permit you to place orders and perform "
                "O&M on behalf of customers. Contact your distributor."
            )
        )


class AlreadyPending(Refusal):
    """One request at a time (08-AUT-14)."""

    code = "customers.authorization.pending"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was sent: %(name)s has not answered your earlier request yet.")
            % {"name": name}
        )


class AlreadyObtained(Refusal):
    """What was granted need not be asked for (08-AUT-14)."""

    code = "customers.authorization.obtained"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was sent: %(name)s has already authorized you.") % {"name": name}
        )


class LetterNotAccepted(Refusal):
    """The letter has to be accepted, whatever the button allowed (04-ATH-02, 08-AUT-06)."""

    code = "customers.authorization.letter_not_accepted"

    def __init__(self) -> None:
        super().__init__(_("Read the letter and agree to it first."), field="agrees")


class AlreadyAnswered(Refusal):
    """Agree and Reject belong to pending requests."""

    code = "customers.authorization.already_answered"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed: this request has already been processed."))


class NotInForce(Refusal):
    """Only an accepted authorization is revoked, and only once."""

    code = "customers.authorization.not_in_force"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed: this authorization is not in force."))


class CauseMissing(Refusal):
    """A revocation says why (08-AUT-10)."""

    code = "customers.authorization.cause_missing"

    def __init__(self) -> None:
        super().__init__(_("Enter the cause."), field="cause")


class CauseTooLong(Refusal):
    """128 characters are what the record keeps."""

    code = "customers.authorization.cause_too_long"

    def __init__(self, length: int) -> None:
        super().__init__(
            _("The cause must not be longer than 128 characters; it has %(length)d.")
            % {"length": length},
            field="cause",
        )
