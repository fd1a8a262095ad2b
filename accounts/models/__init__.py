"""Tables of the accounts app, one module an aggregate."""

from .access import AccessKey
from .account import Account, AccountCurrency
from .agreements import AgreementDocument, AgreementSignature
from .codes import VerificationCode
from .organization import CustomerContact, DirectorLink, Role, RoleAssignment
from .settings import CustomerNotificationRule
from .user import User

__all__ = [
    "AccessKey",
    "Account",
    "AccountCurrency",
    "AgreementDocument",
    "AgreementSignature",
    "CustomerContact",
    "CustomerNotificationRule",
    "DirectorLink",
    "Role",
    "RoleAssignment",
    "User",
    "VerificationCode",
]
