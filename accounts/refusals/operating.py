"""Refusals: the operator's work on accounts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal


class OperatorExists(Refusal):
    """An installation has one operator."""

    code = "accounts.operator.exists"

    def __init__(self) -> None:
        super().__init__(_("The operator’s account exists already. Nothing was changed."))


class NoOperator(Refusal):
    """The work belongs to the operator, whose account is not there yet."""

    code = "accounts.operator.missing"

    def __init__(self) -> None:
        super().__init__(
            _("There is no operator’s account yet. Create it with manage.py create_operator.")
        )


class ReasonMissing(Refusal):
    """An operation of the operator needs a reason that the audit trail keeps."""

    code = "accounts.reason_missing"

    def __init__(self) -> None:
        super().__init__(_("Enter a reason."), field="reason")


class OperatorAccountStays(Refusal):
    """The operator's own account is neither suspended nor made a partner."""

    code = "accounts.operator_stays"

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed: this is the operator’s own account."))


class MainUserStays(Refusal):
    """The main user of an account is its administrator and cannot be locked."""

    code = "accounts.main_user_stays"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: this is the administrator of its account. "
                "Suspend the account instead."
            )
        )


class UserIsDeleted(Refusal):
    """A deleted user stays for the history and is not changed any more."""

    code = "accounts.user_deleted"

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed: this user was deleted."))


class VersionTaken(Refusal):
    """A published agreement version never changes: a new text needs a new version."""

    code = "accounts.agreement.version_taken"

    def __init__(self) -> None:
        super().__init__(
            _("This version was published already. Publish the text as a new version."),
            field="version",
        )


class BadTimes(Refusal):
    """The times of a scheduled task are no crontab."""

    code = "accounts.schedule.bad_times"

    def __init__(self) -> None:
        super().__init__(
            _("Enter five fields as in a crontab, for example 0 3 * * *."), field="times"
        )
