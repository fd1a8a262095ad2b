"""Choices of the accounts app."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class PartnerKind(TextChoices):
    """What kind of partner an account is; set by the operator until programs confer it."""

    NONE = "", _("No partner")
    CSP = "csp", _("Cloud solution provider")
    DISTRIBUTOR = "distributor", _("Distributor")
    RESELLER = "reseller", _("Reseller")


class TenantType(TextChoices):
    """Legal nature of an account (01-ACC-14)."""

    INDIVIDUAL = "individual", _("Individual")
    ENTERPRISE = "enterprise", _("Enterprise")


class AccountStage(TextChoices):
    """How far registration has come (01 §1.1, states)."""

    REGISTERED = "registered", _("Registered")
    ENABLED = "enabled", _("Services enabled")
    MOBILE_BOUND = "mobile_bound", _("Mobile bound")
    COMPLETE = "complete", _("Information complete")


class AccountStatus(TextChoices):
    """Whether an account may be used at all; set by the operator."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")


class UserStatus(TextChoices):
    """States of an organization member (02-USR-12, USR-14)."""

    NORMAL = "normal", _("Normal")
    LOCKED = "locked", _("Locked")
    DELETED = "deleted", _("Deleted")


class RoleType(TextChoices):
    """Origin of a role (02-ORG-05)."""

    SYSTEM = "system", _("System-defined role")
    CUSTOM = "custom", _("Custom role")


class SystemRole(TextChoices):
    """The four roles that exist in every partner (02-ORG-05)."""

    ADMIN = "admin", _("Admin")
    FINANCE = "finance", _("Finance specialist")
    DIRECTOR = "director", _("Account director")
    MANAGER = "manager", _("Account manager")


class CodeChannel(TextChoices):
    """How a verification code travels."""

    EMAIL = "email", _("Email")
    SMS = "sms", _("SMS")


class AccessKeyStatus(TextChoices):
    """States of an access key."""

    ENABLED = "enabled", _("Enabled")
    DISABLED = "disabled", _("Disabled")
    #: By the operator: the account can delete such a key, never enable it.
    BLOCKED = "blocked", _("Blocked by the operator")
    DELETED = "deleted", _("Deleted")


class Theme(TextChoices):
    """Colours of the portal, per user."""

    SYSTEM = "system", _("As the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class NotificationCategory(TextChoices):
    """Rows of the customers' notification template (01-BAS-11)."""

    FINANCE = "finance", _("Finance")
    PRODUCT = "product", _("Product")
    SECURITY = "security", _("Security")
    OM = "om", _("O&M")
    CAMPAIGNS = "campaigns", _("Campaigns")
    FILING = "filing", _("Filing")


class Industry(TextChoices):
    """Industries offered for an account (01-ACC, form Complete Information)."""

    INTERNET = "internet", _("Internet")
    SOFTWARE = "software", _("Software and IT services")
    TELECOM = "telecom", _("Telecommunications")
    FINANCE = "finance", _("Finance")
    MANUFACTURING = "manufacturing", _("Manufacturing")
    RETAIL = "retail", _("Retail and wholesale")
    LOGISTICS = "logistics", _("Transport and logistics")
    ENERGY = "energy", _("Energy and utilities")
    GOVERNMENT = "government", _("Government and public services")
    EDUCATION = "education", _("Education and research")
    HEALTHCARE = "healthcare", _("Healthcare")
    MEDIA = "media", _("Media and entertainment")
    TOURISM = "tourism", _("Travel and tourism")
    AGRICULTURE = "agriculture", _("Agriculture and fisheries")
    OTHER = "other", _("Other")


class CustomerLevel(TextChoices):
    """How much a customer spends, as the operator ranks it."""

    V0 = "V0", "V0"
    V1 = "V1", "V1"
    V2 = "V2", "V2"
    V3 = "V3", "V3"
    V4 = "V4", "V4"
    V5 = "V5", "V5"


class Contract(TextChoices):
    """Special contracts with the operator (08-CSA-17)."""

    DIRECT = "direct", _("Offline direct-signed contract")
    TELEMARKETING = "telemarketing", _("Authorized telemarketing contract")
    SPECIAL_OFFER = "special_offer", _("Direct-signed special-offer contract")


class Watchlist(TextChoices):
    """Lists of accounts that the operator distrusts (01-RSL-04)."""

    BLACK = "black", _("Blacklist")
    YELLOW = "yellow", _("Yellow list")


class EnterpriseAccounting(TextChoices):
    """Who pays for a member account of an enterprise."""

    INDEPENDENT = "independent", _("Independent accounting")
    UNIFIED = "unified", _("Unified accounting")


class MemberAccountStatus(IntegerChoices):
    """Status of a member account, with the figures of the API (B.55)."""

    NORMAL = 1, _("Normal")
    CREATING = 2, _("Creating")
    CLOSING = 3, _("Closing")
    CLOSED = 4, _("Closed")
    REGISTERING = 101, _("Registering")
    TO_BE_ACTIVATED = 102, _("To be activated")
