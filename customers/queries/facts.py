"""The facts that decide about pre-registration and association, read from wherever they are kept."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Lower

from accounts.models import Account
from accounts.queries import standing

from .. import account_checks
from ..choices import PreRegistrationStatus
from ..models import Association, PreRegistration, ReferralExclusion
from ..rules.eligibility import CustomerFacts, PartnerFacts


def account_of_email(email: str) -> Account | None:
    """The account that was registered with this address, if there is one (04-PRE-07)."""
    rows = Account.objects.alias(address=Lower("email"))
    return rows.filter(address=Lower(Value(email))).first()


def customer_facts(
    account: Account | None, *, email: str, partner: Account, moment: datetime
) -> CustomerFacts:
    """What is known of the account behind an e-mail address, as seen by one partner.

    Without an account only other partners' reservations count.
    """
    reserved = is_reserved(email, other_than=partner.pk, moment=moment)
    if account is None:
        return CustomerFacts(reserved_by_other=reserved)
    known = standing.standing_of(account.pk)
    ties = standing.enterprise_ties_of(account.pk)
    partner_id = (
        Association.objects.live()
        .filter(customer=account)
        .values_list("account_id", flat=True)
        .first()
    )
    return CustomerFacts(
        registered_at=account.registered_at,
        on_mainland_site=known.on_mainland_site,
        is_partner=bool(account.partner_kind) or account.is_operator,
        is_internal=known.is_internal,
        has_other_partner=partner_id not in (None, partner.pk),
        has_this_partner=partner_id == partner.pk,
        reserved_by_other=reserved,
        has_special_contract=bool(known.contract),
        has_service_contract=known.has_service_contract,
        followed_by_direct_sales=known.followed_by_direct_sales,
        with_online_sales=known.with_online_sales,
        in_unified_accounting=known.is_enterprise_master or ties.is_unified_member,
        has_independent_members=ties.has_independent_members,
        is_enterprise_member=ties.is_member,
        has_cash_spend=known.has_cash_spend,
        is_overdue=known.overdue > 0,
        has_credit_bill_run=known.has_credit_bill_run,
        balance_over_limit=known.uninvoiced > Decimal(settings.OUTSTANDING_INVOICE_LIMIT)
        and (known.balance > 0 or account_checks.has_balance(account.pk)),
        has_reserved_instances=known.has_reserved_instances
        or account_checks.has_reserved(account.pk, moment),
        in_other_country=country_of(account) != country_of(partner),
    )


def partner_facts(partner: Account, *, customer_country: str) -> PartnerFacts:
    """What the operator has granted the partner, with regard to a customer of this country."""
    terms = standing.terms_of(partner.pk)
    excluded = ReferralExclusion.objects.filter(
        partner_country=country_of(partner), customer_country=customer_country
    )
    return PartnerFacts(
        is_prepaid=terms.is_prepaid,
        may_refer=terms.may_refer,
        terms_exclude_referral=customer_country in terms.referral_excluded,
        country_excludes_referral=excluded.exists(),
    )


def is_reserved(email: str, *, other_than: int, moment: datetime) -> bool:
    """Whether a valid pre-registration of another partner holds this address (04-PRE-05)."""
    valid = PreRegistration.objects.of_email(email).filter(
        status=PreRegistrationStatus.REGISTERED, expires_at__gt=moment
    )
    return valid.exclude(account_id=other_than).exists()


def country_of(account: Account) -> str:
    """The country of the services, or of registration before they are enabled."""
    return str(account.service_country or account.country)
