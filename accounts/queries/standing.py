"""Standing of accounts, terms of partners, enterprise ties: reads for the floors above."""

from __future__ import annotations

from dataclasses import dataclass

from ..choices import EnterpriseAccounting
from ..models import AccountStanding, EnterpriseMember, PartnerTerms


@dataclass(frozen=True)
class EnterpriseTies:
    """How an account belongs to an enterprise."""

    is_master: bool = False
    has_independent_members: bool = False
    is_independent_member: bool = False
    is_unified_member: bool = False

    @property
    def is_member(self) -> bool:
        """Whether the account has a master, in whichever accounting model."""
        return self.is_independent_member or self.is_unified_member


def standing_of(account_id: int) -> AccountStanding:
    """What the operator knows of the account; an unsaved row of defaults when there is none."""
    found = AccountStanding.objects.filter(pk=account_id).first()
    return found or AccountStanding(account_id=account_id)


def terms_of(partner_id: int) -> PartnerTerms:
    """What the operator grants the partner; an unsaved row of defaults when there is none."""
    found = PartnerTerms.objects.filter(pk=partner_id).first()
    return found or PartnerTerms(account_id=partner_id)


def enterprise_ties_of(account_id: int) -> EnterpriseTies:
    """Whether the account is master or member of an enterprise."""
    members = EnterpriseMember.objects.filter(account_id=account_id)
    accounting = (
        EnterpriseMember.objects.filter(member_id=account_id)
        .values_list("accounting", flat=True)
        .first()
    )
    return EnterpriseTies(
        is_master=AccountStanding.objects.filter(pk=account_id, is_enterprise_master=True).exists()
        or members.exists(),
        has_independent_members=members.filter(
            accounting=EnterpriseAccounting.INDEPENDENT
        ).exists(),
        is_independent_member=accounting == EnterpriseAccounting.INDEPENDENT,
        is_unified_member=accounting == EnterpriseAccounting.UNIFIED,
    )
