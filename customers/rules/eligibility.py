"""Who may be pre-registered and associated: decisions over plain facts, with all their reasons.

Pre-registration asks less than association (04 D-38): both read the same facts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..choices import AssociationModel, FailureCause, PreRegistrationReason

#: An account older than this does not associate by itself (04-PRE-03, 08-CSA-17).
REGISTRATION_LIMIT = timedelta(days=7)


@dataclass(frozen=True)
class CustomerFacts:
    """What is known of an account that might become a customer. A new one has none of it."""

    registered_at: datetime | None = None
    on_mainland_site: bool = False
    is_partner: bool = False
    is_internal: bool = False
    #: Associated with another partner than the one that asks; with that one.
    has_other_partner: bool = False
    has_this_partner: bool = False
    #: Another partner's valid pre-registration of the e-mail address.
    reserved_by_other: bool = False
    has_special_contract: bool = False
    has_service_contract: bool = False
    followed_by_direct_sales: bool = False
    with_online_sales: bool = False
    #: Master of the unified accounting model, or member of such a master.
    in_unified_accounting: bool = False
    has_independent_members: bool = False
    is_enterprise_member: bool = False
    has_cash_spend: bool = False
    is_overdue: bool = False
    has_credit_bill_run: bool = False
    #: A balance on the top-up account while the outstanding invoice amount is above the limit.
    balance_over_limit: bool = False
    has_reserved_instances: bool = False
    in_other_country: bool = False


@dataclass(frozen=True)
class PartnerFacts:
    """What is known of the partner that asks, with regard to this customer."""

    is_prepaid: bool = False
    may_refer: bool = False
    #: The signed relationship, or the partner's country, excludes this customer from Referral.
    terms_exclude_referral: bool = False
    country_excludes_referral: bool = False


def is_old(registered_at: datetime | None, moment: datetime) -> bool:
    """Whether an account registered more than seven days ago."""
    return registered_at is not None and moment - registered_at > REGISTRATION_LIMIT


def association_causes(
    customer: CustomerFacts,
    partner: PartnerFacts,
    model: AssociationModel,
    moment: datetime,
    *,
    waived: Collection[FailureCause] = (),
) -> list[FailureCause]:
    """Everything that keeps this customer from being associated now; empty when it may.

    ``waived`` are causes about which the operator has decided otherwise (08 X-03).
    """
    any_model = (
        (customer.on_mainland_site, FailureCause.MAINLAND_SITE),
        (customer.reserved_by_other, FailureCause.RESERVED),
        (customer.is_partner, FailureCause.IS_PARTNER),
        (customer.has_other_partner or customer.has_this_partner, FailureCause.OTHER_PARTNER),
        (customer.has_special_contract, FailureCause.SPECIAL_CONTRACT),
        (customer.is_internal, FailureCause.INTERNAL),
        (customer.has_cash_spend, FailureCause.CONSUMPTION),
        (customer.balance_over_limit, FailureCause.BALANCE),
        (is_old(customer.registered_at, moment), FailureCause.REGISTERED_LONG_AGO),
        (customer.is_overdue, FailureCause.OVERDUE),
    )
    by_model = (
        _reseller_causes(customer, partner)
        if model == AssociationModel.RESELLER
        else _referral_causes(customer, partner)
    )
    found = {cause for holds, cause in (*any_model, *by_model) if holds} - set(waived)
    return [cause for cause in FailureCause if cause in found]


def model_causes(partner: PartnerFacts, model: AssociationModel) -> list[FailureCause]:
    """What keeps this partner from having a customer in this model, whoever the customer is."""
    if model == AssociationModel.RESELLER:
        return [FailureCause.PREPAID_PARTNER] if partner.is_prepaid else []
    found = _referral_grant(partner)
    return [cause for holds, cause in found if holds]


def _referral_grant(partner: PartnerFacts) -> tuple[tuple[bool, FailureCause], ...]:
    return (
        (
            not partner.may_refer or partner.terms_exclude_referral,
            FailureCause.NO_REFERRAL_TERMS,
        ),
        (partner.country_excludes_referral, FailureCause.NO_REFERRAL_COUNTRY),
    )


def _reseller_causes(
    customer: CustomerFacts, partner: PartnerFacts
) -> tuple[tuple[bool, FailureCause], ...]:
    return (
        (partner.is_prepaid, FailureCause.PREPAID_PARTNER),
        (
            customer.has_independent_members
            or (customer.in_unified_accounting and not customer.is_enterprise_member),
            FailureCause.ENTERPRISE_MASTER,
        ),
        (customer.is_enterprise_member, FailureCause.ENTERPRISE_MEMBER),
        (customer.is_overdue and customer.has_credit_bill_run, FailureCause.CREDIT_OVERDUE),
        (customer.has_service_contract, FailureCause.SERVICE_CONTRACT),
        (customer.has_reserved_instances, FailureCause.RESERVED_INSTANCE),
    )


def _referral_causes(
    customer: CustomerFacts, partner: PartnerFacts
) -> tuple[tuple[bool, FailureCause], ...]:
    unified_member = customer.in_unified_accounting and customer.is_enterprise_member
    return (
        *_referral_grant(partner),
        (
            customer.in_unified_accounting and not customer.is_enterprise_member,
            FailureCause.ENTERPRISE_MASTER,
        ),
        (unified_member, FailureCause.ENTERPRISE_MEMBER),
    )


#: Reasons about which the operator may decide otherwise after a manual review (04-PRE-03).
REVIEWABLE_REASONS = frozenset(
    {
        PreRegistrationReason.REGISTERED_LONG_AGO,
        PreRegistrationReason.CASH_FOLLOWED_UP,
        PreRegistrationReason.OTHER_COUNTRY,
        PreRegistrationReason.ONLINE_SALES,
    }
)


def preregistration_reasons(
    customer: CustomerFacts, moment: datetime
) -> list[PreRegistrationReason]:
    """Everything that keeps this customer from being pre-registered directly (04-PRE-02, PRE-03)."""
    followed = customer.followed_by_direct_sales
    reasons = (
        (customer.on_mainland_site, PreRegistrationReason.MAINLAND_SITE),
        (
            customer.has_other_partner or customer.has_this_partner,
            PreRegistrationReason.ASSOCIATED,
        ),
        (customer.reserved_by_other, PreRegistrationReason.RESERVED),
        (customer.has_special_contract, PreRegistrationReason.CONTRACT),
        (customer.has_cash_spend and not followed, PreRegistrationReason.CASH),
        (customer.in_unified_accounting, PreRegistrationReason.ENTERPRISE),
        (
            is_old(customer.registered_at, moment),
            PreRegistrationReason.REGISTERED_LONG_AGO,
        ),
        (customer.has_cash_spend and followed, PreRegistrationReason.CASH_FOLLOWED_UP),
        (customer.in_other_country, PreRegistrationReason.OTHER_COUNTRY),
        (customer.with_online_sales, PreRegistrationReason.ONLINE_SALES),
    )
    return [reason for holds, reason in reasons if holds]


def may_be_reviewed(reasons: Collection[PreRegistrationReason]) -> bool:
    """Whether Continue is offered: there are reasons, and each of them can be reviewed (D-37)."""
    return bool(reasons) and set(reasons) <= REVIEWABLE_REASONS
