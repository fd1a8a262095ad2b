"""Choices of the resellers app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class InvitationStatus(TextChoices):
    """How far an invited reseller has come (06 §9.2.1.1, 01 §1.5.3.2)."""

    INVITED = "invited", _("Invited")
    #: An account answered, its registration is not complete: the request is filed when it is.
    REGISTERED = "registered", _("Registered")
    #: The request is filed and being checked.
    ASSOCIATING = "associating", _("Associating")
    ASSOCIATED = "associated", _("Associated")
    RESTRICTED = "restricted", _("Association restricted")
    IGNORED = "ignored", _("Ignored")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


#: Nothing is decided yet: one such invitation per distributor and e-mail address.
OPEN = (
    InvitationStatus.INVITED,
    InvitationStatus.REGISTERED,
    InvitationStatus.ASSOCIATING,
    InvitationStatus.RESTRICTED,
)
#: The e-mail can be sent again; the invitation can be taken back.
SENDABLE = (
    InvitationStatus.INVITED,
    InvitationStatus.REGISTERED,
    InvitationStatus.RESTRICTED,
    InvitationStatus.EXPIRED,
)
WITHDRAWABLE = (
    InvitationStatus.INVITED,
    InvitationStatus.REGISTERED,
    InvitationStatus.RESTRICTED,
)
#: An account waits for its distributor: one such request per account.
UNDER_WAY = (InvitationStatus.REGISTERED, InvitationStatus.ASSOCIATING)


class RestrictionCause(TextChoices):
    """Why an account cannot become a reseller of a distributor (01-RSL-04, RSL-05; 06-RSL-09)."""

    RESOURCES = "resources", _("The account has provisioned resources.")
    ARREARS = "arrears", _("The account is in arrears.")
    CONSUMPTION = "consumption", _("The account has consumption records.")
    OTHER_PROGRAM = (
        "other_program",
        _("The account has joined another development path or partner program."),
    )
    WATCHLIST = "watchlist", _("The account is on the blacklist or the yellow list.")
    COMPANY = (
        "company",
        _("Another account of this company is already associated with the distributor."),
    )
    FROZEN = (
        "frozen",
        _("The account is frozen for public security, arrears or a violation."),
    )
    ENTERPRISE = "enterprise", _("The account is an enterprise master or member account.")
    CREDIT = "credit", _("The account has a credit account.")
    PREREGISTERED = (
        "preregistered",
        _("The account was preregistered by a business developer of the operator."),
    )
    OTHER_PARTNER = "other_partner", _("The account is associated with another partner.")
    AUTHENTICATED = (
        "authenticated",
        _("The account is in real-name authentication or has passed it."),
    )
    COUNTRY = (
        "country",
        _("The account’s service country is not one in which the distributor has resellers."),
    )


class BreachConsequence(TextChoices):
    """What the operator does about a breach of the commitment letter (08-DCL-03)."""

    WARNING = "warning", _("Warning")
    REDUCED = "reduced", _("Sales revenue or incentives involved reduced")
    CANCELED = "canceled", _("Sales revenue or incentives involved canceled")
    IDENTITY = "identity", _("Partner identity canceled")
    COMPENSATION = "compensation", _("Compensation claimed")
    LEGAL = "legal", _("Legal action taken")
