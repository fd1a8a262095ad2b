"""Decisions of the accounts app over plain values."""

from __future__ import annotations

from partner_center.permissions import Audience

from .choices import CodeChannel, PartnerKind

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
    """Whether payment currency, notification and bill settings exist (01 §2.2: only for CSP)."""
    return partner_kind == PartnerKind.CSP


def has_preferences(audience: Audience, partner_kind: str) -> bool:
    """Whether the tab Preferences exists: of the partners only for CSP, and for all others."""
    return audience != Audience.PARTNER or has_customer_rules(partner_kind)
