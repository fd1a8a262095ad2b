"""Refusals: a partner creates a customer through the API (B.4)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal

from ..choices import FailureCause


class IsTestPartner(Refusal):
    """Test partner accounts create no real customers."""

    code = "customers.creation.test_partner"

    def __init__(self) -> None:
        super().__init__(_("No customer was created: this is a test partner account."))


class WrongPlatform(Refusal):
    """``xaccount_type`` is not the platform that the operator assigned to the partner."""

    code = "customers.creation.platform"

    def __init__(self) -> None:
        super().__init__(
            _(
                "No customer was created: xaccount_type is not the platform ID that the operator "
                "assigned to you."
            ),
            field="xaccount_type",
        )


class PlatformUserTaken(Refusal):
    """This user of the sales platform has a customer account already."""

    code = "customers.creation.platform_user_taken"

    def __init__(self, xaccount_id: str) -> None:
        super().__init__(
            _("No customer was created: the xaccount_id %(id)s already has an account.")
            % {"id": xaccount_id},
            field="xaccount_id",
        )


class MayNotDevelop(Refusal):
    """A distributor develops own customers only with the operator's leave (06-DPR-01)."""

    code = "customers.creation.may_not_develop"

    def __init__(self) -> None:
        super().__init__(
            _(
                "No customer was created: your account may not associate customers itself. Name one "
                "of your resellers as indirect_partner_id."
            )
        )


class NoSuchReseller(Refusal):
    """The named partner is not a reseller of the caller."""

    code = "customers.creation.no_reseller"

    def __init__(self) -> None:
        super().__init__(
            _("You have no permission for this reseller, or it does not exist."),
            field="indirect_partner_id",
        )


class MalformedLoginName(Refusal):
    """The login name breaks the rule of B.4."""

    code = "customers.creation.login_name"

    def __init__(self) -> None:
        super().__init__(
            _(
                "A login name has 5 to 32 letters, digits, hyphens and underscores, does not start "
                "with a digit, op_ or shadow_."
            ),
            field="domain_name",
        )


class WeakPassword(Refusal):
    """The password breaks the rule of B.4."""

    code = "customers.creation.password"

    def __init__(self) -> None:
        super().__init__(
            _(
                "A password has at least 8 characters of at least two kinds (upper case, lower case, "
                "digits, symbols), and contains neither the account name, also reversed, nor the "
                "email address."
            ),
            field="password",
        )


class ReservedElsewhere(Refusal):
    """Another partner has pre-registered this customer (AF07)."""

    code = "customers.creation.reserved"

    def __init__(self) -> None:
        super().__init__(
            _("No customer was created: %(cause)s") % {"cause": FailureCause.RESERVED.label},
            field="email",
        )


class NotEligible(Refusal):
    """A condition of association does not hold (AF01 to AF20)."""

    code = "customers.creation.not_eligible"

    def __init__(self, cause: FailureCause) -> None:
        super().__init__(_("No customer was created: %(cause)s") % {"cause": cause.label})
