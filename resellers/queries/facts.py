"""The facts that decide whether an account may become a reseller, from wherever they are kept."""

from __future__ import annotations

from django.db.models import QuerySet
from django_countries import countries

import realname.queries
from accounts.choices import AccountStatus, PartnerKind
from accounts.models import Account
from accounts.queries import standing

from ..models import ResellerAssociation
from ..rules import ResellerFacts
from ..signals import restrictions_asked


def reseller_facts(account: Account, *, distributor: Account) -> ResellerFacts:
    """What is known of an account that wants to work under this distributor; both are locked."""
    known = standing.standing_of(account.pk)
    ties = standing.enterprise_ties_of(account.pk)
    answers = restrictions_asked.send(Account, account=account)
    return ResellerFacts(
        has_resources=known.has_resources,
        is_overdue=known.overdue > 0,
        has_consumption=known.has_cash_spend,
        has_other_program=account.is_operator
        or account.partner_kind in (PartnerKind.CSP, PartnerKind.DISTRIBUTOR),
        on_watchlist=bool(known.watchlist),
        company_is_associated=company_is_associated(account, distributor_id=distributor.pk),
        is_frozen=account.status == AccountStatus.SUSPENDED,
        in_enterprise=ties.is_master or ties.is_member,
        has_credit_account=known.has_credit_account,
        preregistered_by_operator=known.preregistered_by_operator,
        has_other_distributor=_live().filter(reseller=account).exists(),
        is_authenticated=realname.queries.is_in_or_through(account.pk),
        in_other_country=country_of(account) not in countries_of(distributor),
        further=[cause for _receiver, causes in answers for cause in causes or ()],
    )


def company_is_associated(account: Account, *, distributor_id: int) -> bool:
    """Whether another account of the same company (full name and country) works under the
    distributor already (01-RSL-10)."""
    if not account.full_name:
        return False
    same = _live().filter(
        account_id=distributor_id,
        reseller__full_name__iexact=account.full_name,
        reseller__country=account.country,
    )
    return same.exclude(reseller=account).exists()


def countries_of(distributor: Account) -> list[str]:
    """Codes of the countries in which the distributor may have resellers (06-RSL-03)."""
    terms = standing.terms_of(distributor.pk)
    return list(terms.reseller_countries) or [country_of(distributor)]


def country_names(codes: list[str]) -> str:
    """The countries as people read them."""
    return ", ".join(str(countries.name(code)) for code in codes)


def country_of(account: Account) -> str:
    """The country of the services, or of registration before they are enabled."""
    return str(account.service_country or account.country)


def account_of_email(email: str) -> Account | None:
    """The account that was registered with this address, if there is one."""
    return Account.objects.filter(email__iexact=email).first()


def is_under_a_distributor(account_id: int) -> bool:
    """Whether the account works under a distributor now."""
    return _live().filter(reseller_id=account_id).exists()


def _live() -> QuerySet[ResellerAssociation]:
    return ResellerAssociation.objects.filter(ended_at=None)
