"""Tables of the accounts app, one module an aggregate."""

from .access import AccessKey
from .account import Account, AccountCurrency
from .agreements import AgreementDocument, AgreementSignature
from .codes import VerificationCode
from .enterprise import EnterpriseMember, EnterpriseUnit
from .organization import CustomerContact, DirectorLink, Role, RoleAssignment
from .settings import CustomerNotificationRule
from .standing import AccountStanding, PartnerTerms
from .user import User

__all__ = [
    "AccessKey",
    "Account",
    "AccountCurrency",
    "AccountStanding",
    "AgreementDocument",
    "AgreementSignature",
    "CustomerContact",
    "CustomerNotificationRule",
    "DirectorLink",
    "EnterpriseMember",
    "EnterpriseUnit",
    "PartnerTerms",
    "Role",
    "RoleAssignment",
    "User",
    "VerificationCode",
]
