"""Decisions of the accounts app over plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from partner_center import permissions
from partner_center.permissions import Audience, Kind, Permission, catalogue
from partner_center.refusals import Refusal

from .choices import CodeChannel, PartnerKind, SystemRole
from .refusals import RoleRequired, RolesExcludeEachOther, TooManyRoles

BASIC_FIELDS = ("full_name", "tax_id", "industry", "website", "profile")
ADDRESS_FIELDS = ("address_line1", "address_line2", "city", "state", "postal_code")
CONTACT_FIELDS = ("contact_name", "contact_position", "contact_email", "contact_phone")
#: What `Modify Partner Info` modifies (01-BAS-02).
COMPANY_FIELDS = BASIC_FIELDS + ADDRESS_FIELDS + CONTACT_FIELDS

#: Where a user's address of a channel is kept, and where the account keeps its main user's.
ADDRESS_FIELD = {CodeChannel.EMAIL: "email", CodeChannel.SMS: "mobile"}
ACCOUNT_ADDRESS_FIELD = {CodeChannel.EMAIL: "email", CodeChannel.SMS: "bound_mobile"}


def address_locked(partner_kind: str, address_line1: str) -> bool:
    """Whether the registration address is fixed: approved as provider or distributor, and complete.

    01-CSP-08, 01-DST-10. An address that was never entered may still be entered once.
    """
    return partner_kind in (PartnerKind.CSP, PartnerKind.DISTRIBUTOR) and bool(address_line1)


def has_verification_switch(audience: Audience) -> bool:
    """Whether Verify It's You exists for the account (08-AXO-06).

    Every kind of partner has critical operations, and so has the operator. A customer's critical
    operations always ask for a code, so that a switch would switch nothing.
    """
    return audience in (Audience.PARTNER, Audience.OPERATOR)


def has_customer_rules(partner_kind: str) -> bool:
    """Whether notification and bill settings for customers exist (01 §2.2: only for CSP)."""
    return partner_kind == PartnerKind.CSP


def has_budget_quota(partner_kind: str) -> bool:
    """Whether the tab Budget Quota exists: only a reseller's budgets have a quota (07-RBUD-13)."""
    return partner_kind == PartnerKind.RESELLER


def has_currency(audience: Audience, partner_kind: str) -> bool:
    """Whether the account chooses a payment currency: CSP partners and customers (08-CSD-08)."""
    return audience == Audience.CUSTOMER or has_customer_rules(partner_kind)


def has_preferences(audience: Audience, partner_kind: str) -> bool:
    """Whether the tab Preferences exists: of the partners only for CSP, and for all others."""
    return audience != Audience.PARTNER or has_customer_rules(partner_kind)


#: At most so many roles a user (02-USR-05) and contacts a partner (02-CON-02).
MAX_ROLES = 3
MAX_CONTACTS = 5

#: Roles whose holders look after customers (02-ORG-05).
_PORTFOLIO = frozenset({SystemRole.MANAGER, SystemRole.DIRECTOR})


@dataclass(frozen=True)
class RoleFacts:
    """What the rules need of a role; ``system_code`` is empty for custom ones."""

    name: str
    system_code: str = ""


def refuse_roles(roles: Sequence[RoleFacts]) -> Refusal | None:
    """Why one user cannot hold these roles (02-USR-04, USR-05, ROL-01, ROL-02); None when it can."""
    if not roles:
        return RoleRequired()
    if len(roles) > MAX_ROLES:
        return TooManyRoles(MAX_ROLES)
    if pair := _excluded_pair(roles):
        return RolesExcludeEachOther(*pair)
    return None


def _excluded_pair(roles: Sequence[RoleFacts]) -> tuple[str, str] | None:
    by_code = {role.system_code: role for role in roles if role.system_code}
    if admin := by_code.get(SystemRole.ADMIN):
        other = next((role for role in roles if role is not admin), None)
        return (admin.name, other.name) if other else None
    if by_code.keys() >= _PORTFOLIO:
        return by_code[SystemRole.MANAGER].name, by_code[SystemRole.DIRECTOR].name
    return None


def sees_all_customers(system_codes: Iterable[str]) -> bool:
    """Whether an account manager with these roles sees every customer (02-ROL-07)."""
    codes = list(system_codes)
    return SystemRole.MANAGER in codes and len(codes) > 1


def loses_customers(before: Collection[str], after: Collection[str]) -> bool:
    """Whether a change of system roles takes a user's customers away (02 S-08).

    Losing Account manager does; losing Account director does unless the user becomes a manager.
    """
    if SystemRole.MANAGER in before:
        return SystemRole.MANAGER not in after
    return SystemRole.DIRECTOR in before and not _PORTFOLIO & set(after)


def offered_permissions(audience: Audience) -> list[Permission]:
    """What a custom role may be given: no defaults, which come by themselves, nothing admin-only."""
    return [p for p in catalogue(audience) if not (p.default or p.admin_only)]


def with_views(codes: Collection[str], audience: Audience) -> frozenset[str]:
    """The codes, with the View right of every menu entry of which they hold anything."""
    offered = offered_permissions(audience)
    entries = {(str(p.area), str(p.entry)) for p in offered if p.code in codes}
    views = {
        p.code for p in offered if p.kind == Kind.VIEW and (str(p.area), str(p.entry)) in entries
    }
    return frozenset(codes) | views


def labels_of(codes: Collection[str]) -> list[str]:
    """The names of permissions as people read them, sorted."""
    return sorted(str(permissions.get(code).label) for code in codes)


def words_against(role: RoleFacts, held: Sequence[RoleFacts]) -> str:
    """Why a user with these roles cannot have one more, in the few words of a table."""
    if len(held) >= MAX_ROLES:
        return _("Select a maximum of %d roles") % MAX_ROLES
    if role.system_code == SystemRole.ADMIN:
        return _("Cannot be combined with another role")
    other = next((h for h in held if h.system_code in (SystemRole.ADMIN, *_PORTFOLIO)), None)
    return _("Not together with %(role)s") % {"role": other.name if other else ""}
