"""Choices of the customers app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AssociationModel(TextChoices):
    """Transaction model of an association (04 §8.1)."""

    RESELLER = "reseller", _("Reseller")
    REFERRAL = "referral", _("Referral")


class AssociationSource(TextChoices):
    """How a customer came to its partner."""

    EMAIL = "email", _("Email")
    GENERAL = "general", _("General-purpose link")
    CUSTOM = "custom", _("Customized link")
    PROMOTION = "promotion", _("Promotional link")
    TICKET = "ticket", _("Service ticket")
    API = "api", _("API")


class AssignmentOrigin(TextChoices):
    """How an account manager got a customer."""

    INVITATION = "invitation", _("Invitation")
    SINGLE = "single", _("Assigned")
    BATCH = "batch", _("Batch assignment")
    TRANSFER = "transfer", _("Batch transfer")
    OPERATOR = "operator", _("Operator")


class Purpose(TextChoices):
    """What an association record is about (04-ASC-08)."""

    ASSOCIATION = "association", _("Association")
    TYPE_CHANGE = "type_change", _("Association type change")
    DISASSOCIATE = "disassociate", _("Disassociate")


class Side(TextChoices):
    """Who initiated."""

    CUSTOMER = "customer", _("Customer")
    PARTNER = "partner", _("Partner")
    OPERATOR = "operator", _("Operator")


class RequestStatus(TextChoices):
    """States of an association record (04 §8.3.1.7)."""

    PENDING_REVIEW = "pending_review", _("Pending review")
    PENDING = "pending", _("Pending confirmation")
    COMPLETED = "completed", _("Completed")
    REJECTED = "rejected", _("Rejected")
    CANCELED = "canceled", _("Canceled")


class PreRegistrationStatus(TextChoices):
    """States of a pre-registration (04 §8.2.2.1)."""

    PENDING_REVIEW = "pending_review", _("Pending review")
    REGISTERED = "registered", _("Pre-registered")
    REJECTED = "rejected", _("Rejected")
    ASSOCIATED = "associated", _("Associated")
    EXPIRED = "expired", _("Expired")
    DELETED = "deleted", _("Deleted")


class InvitationMethod(TextChoices):
    """How a customer was invited (04 §8.2.2.2, 8.2.2.3)."""

    EMAIL = "email", _("Email")
    GENERAL = "general", _("General-purpose link")
    CUSTOM = "custom", _("Customized link")
    PROMOTION = "promotion", _("Promotional link")


class InvitationStatus(TextChoices):
    """States of an invitation (04 §8.2.2.4)."""

    INVITED = "invited", _("Invited")
    ASSOCIATED = "associated", _("Associated")
    FAILED = "failed", _("Association failed")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Tagging(TextChoices):
    """Choice Account Manager on the customized link form (04-LNK-06, D-35)."""

    CUSTOMIZE = "customize", _("Customize")
    DEDICATED = "dedicated", _("Dedicated")


class AuthorizationStatus(TextChoices):
    """States of a customer's authorization (08 §10.6)."""

    PENDING = "pending", _("Pending confirmation")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")
    REVOKED = "revoked", _("Revoked")


class DiscountAction(TextChoices):
    """What an operation record of a discount says (04-DSC-08)."""

    CREATED = "created", _("Created")
    MODIFIED = "modified", _("Modified")
    DELETED = "deleted", _("Deleted")
    EXPIRED = "expired", _("Expired")


class DiscountState(TextChoices):
    """Where a discount stands today, GMT+08:00 (04 §8.3.1.8, 08-CSN-02)."""

    NOT_EFFECTIVE = "not_effective", _("Not effective")
    EFFECTIVE = "effective", _("Effective")
    EXPIRED = "expired", _("Expired")


class BatchKind(TextChoices):
    """What a batch over customers does (04-AMG-02, D-24, ASG-03)."""

    ASSIGN = "assign", _("Batch Assign Account Manager")
    TRANSFER = "transfer", _("Batch Transfer")
    UNASSIGN = "unassign", _("Unassign Customers")


class BatchStatus(TextChoices):
    """How far a batch is."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    COMPLETED = "completed", _("Completed")


class RowOutcome(TextChoices):
    """What a batch did with one customer."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class FailureCause(TextChoices):
    """Why an association failed: AF01 to AF20 of 04 §8.2.2.4, and what 08-CSA-17, CSA-18 add."""

    BUSY = "AF01", _("The system is busy. Try again later.")
    NO_LINK = "AF02", _("The invitation link does not exist.")
    LINK_EXPIRED = "AF03", _("The invitation link has expired.")
    CODE_USED = "AF04", _("The invitation code has already been used.")
    LINK_USED = "AF05", _("The invitation link has already been used.")
    PREPAID_PARTNER = (
        "AF06",
        _("Prepaid partners cannot develop customers in the Reseller model."),
    )
    RESERVED = "AF07", _("The customer has been registered by another partner.")
    IS_PARTNER = "AF08", _("The customer is already a partner or is applying to be one.")
    OTHER_PARTNER = "AF09", _("The customer is already associated with another partner.")
    SPECIAL_CONTRACT = "AF10", _("The customer has a special contract.")
    INTERNAL = "AF11", _("The customer uses an operator-internal account.")
    ENTERPRISE_MASTER = "AF12", _("The customer has an enterprise master account.")
    ENTERPRISE_MEMBER = (
        "AF13",
        _(
            "The customer’s enterprise member account is associated with an enterprise master. It "
            "must first be disassociated from the master."
        ),
    )
    NO_REFERRAL_TERMS = (
        "AF14",
        _("The partner’s signed relationship does not allow the Referral model for this customer."),
    )
    NO_REFERRAL_COUNTRY = (
        "AF15",
        _(
            "The partner’s country of registration does not allow the Referral model for this "
            "customer."
        ),
    )
    CONSUMPTION = "AF16", _("The customer has a consumption record.")
    BALANCE = (
        "AF17",
        _(
            "The top-up account has a balance and the outstanding invoice amount is above the limit."
        ),
    )
    REGISTERED_LONG_AGO = "AF18", _("The customer registered longer ago than the limit.")
    OVERDUE = "AF19", _("The customer has an overdue payment.")
    CREDIT_OVERDUE = (
        "AF20",
        _(
            "The bill run of the customer’s credit account exists and the account has an overdue "
            "payment."
        ),
    )
    MAINLAND_SITE = "CSA17", _("The account is registered on the Chinese mainland site.")
    SERVICE_CONTRACT = "CSA18A", _("The customer has a professional-service contract.")
    RESERVED_INSTANCE = "CSA18B", _("The customer holds valid reserved instances.")


class PreRegistrationReason(TextChoices):
    """Why a customer cannot be pre-registered directly (04-PRE-02, PRE-03)."""

    MAINLAND_SITE = "mainland", _("The customer is registered on the Chinese mainland site.")
    ASSOCIATED = "associated", _("The customer is associated with a partner.")
    RESERVED = "reserved", _("The customer is preregistered by another partner.")
    CONTRACT = "contract", _("The customer has signed a contract with the operator.")
    CASH = (
        "cash",
        _(
            "The customer has cash expenditure records and is not followed up by the operator’s "
            "direct sales."
        ),
    )
    ENTERPRISE = (
        "enterprise",
        _("The customer is associated with an enterprise master in the unified accounting model."),
    )
    REGISTERED_LONG_AGO = "long_ago", _("The customer registered more than 7 days ago.")
    CASH_FOLLOWED_UP = (
        "cash_followed_up",
        _(
            "The customer has cash expenditure records and is followed up by the operator’s direct "
            "sales."
        ),
    )
    OTHER_COUNTRY = (
        "other_country",
        _("The customer is registered in a country other than where you do business."),
    )
    ONLINE_SALES = "online_sales", _("The customer belongs to the operator’s online sales team.")
