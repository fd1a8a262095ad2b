"""Building the demo world, through the same services as the pages.

Every step looks first whether it is done, so that a killed seeding is finished by the next one and a
second seeding changes nothing. A part that is finished is recorded and never touched again: what people
then did in the demo (left a partner, withdrew a grant) stays as they left it. A part that grows later
gets a new name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

import audit.services
from accounts.choices import AccountStage, TenantType
from accounts.models import (
    AccessKey,
    Account,
    CustomerContact,
    Role,
    User,
)
from accounts.queries.actors import actor_for
from accounts.queries.members import list_members
from accounts.rules import COMPANY_FIELDS
from accounts.services import (
    access_keys,
    contacts,
    creation,
    information,
    members,
    operating,
    registration,
    roles,
)
from audit.models import OperationRecord
from customers.models import Association, ManagerAssignment
from customers.services.operating import assign_manager, associate
from notifications.message_types import PARTNER_BUDGET
from notifications.models import Recipient
from notifications.services import settings as notification_settings
from partner_center import clock
from partner_center.actors import Actor
from partner_center.stale import fingerprint_of
from resellers.models import ResellerAssociation
from resellers.services.operating import associate_reseller

from .queries import BUILT
from .refusals import NoDemo
from .seeding import (
    alerts,
    bills,
    budgets,
    catalogue,
    commerce,
    discounts,
    enterprise,
    estimates,
    holds,
    identity,
    invitations,
    landing,
    leaving,
    months,
    payments,
    preregistrations,
    purchases,
    usage,
)
from .seeding import customers as small_customers
from .seeding import resellers as reseller_world
from .world import PASSWORD, TENANTS, Person, Tenant


def seed(tenants: tuple[Tenant, ...] = TENANTS) -> None:
    """Build whatever of the demo world is not there yet. Raises NoDemo outside demo mode."""
    if not settings.DEMO_MODE:
        raise NoDemo
    password_hash = make_password(PASSWORD)
    for tenant in tenants:
        _seed_account(tenant)
    operator = main_actor(next(t.name for t in tenants if t.is_operator))
    catalogue.seed(operator)
    for tenant in tenants:
        _seed_company(tenant)
        _confer_kind(operator, tenant)
        _seed_organization(tenant, password_hash)
        _seed_key(tenant)
        _seed_recipients(tenant)
    for tenant in tenants:
        _once(operator, f"partner of {tenant.name}", partial(_seed_partnership, tenant=tenant))
    for part, build in PARTS:
        _once(operator, part, build)


#: What is built on the accounts, in this order.
PARTS: tuple[tuple[str, Callable[[Actor], None]], ...] = (
    ("catalogue", catalogue.seed),
    ("small customers", small_customers.seed),
    ("pre-registrations", preregistrations.seed),
    ("invitations", invitations.seed),
    ("landing", landing.seed),
    ("leaving", leaving.seed),
    ("holds", holds.seed),
    ("identity", identity.seed),
    ("resellers", reseller_world.seed),
    ("discounts", discounts.seed),
    ("enterprise", enterprise.seed),
    ("usage", usage.seed),
    ("customer alerts", alerts.seed),
    ("budgets", budgets.seed),
    ("purchases", purchases.seed),
    ("payments", payments.seed),
    ("commerce", commerce.seed),
    ("bills", bills.seed),
    ("estimates", estimates.seed),
)


def _once(operator: Actor, part: str, build: Callable[[Actor], None]) -> None:
    """Build a part of the world that was never finished, and record that it is."""
    if OperationRecord.objects.filter(action=BUILT, after__part=part).exists():
        return
    build(operator)
    with transaction.atomic(durable=True):
        audit.services.record(operator, BUILT, after={"part": part})


def main_actor(account_name: str) -> Actor:
    """The main user of a demo account, as an actor."""
    return actor_for(
        User.objects.select_related("account").get(account__name=account_name, is_main=True)
    )


def _seed_account(tenant: Tenant) -> None:
    if not Account.objects.filter(name=tenant.name).exists():
        _create_account(tenant)
    account = Account.objects.get(name=tenant.name)
    if account.stage == AccountStage.MOBILE_BOUND:
        registration.complete_information(
            main_actor(tenant.name),
            profile=_profile(tenant),
            currency=tenant.currency,
            moment=months.unbilled(clock.now()).start,  # before the first bill
        )


@transaction.atomic(durable=True)
def _create_account(tenant: Tenant) -> None:
    account = creation.create_account(
        name=tenant.name,
        email=f"accounts@{tenant.mail_domain}",
        country=tenant.country,
        password=PASSWORD,
        moment=clock.now(),
        is_operator=tenant.is_operator,
    )
    account.stage = AccountStage.MOBILE_BOUND
    account.service_country = tenant.country
    account.security_phone = account.bound_mobile = tenant.main.mobile
    account.save(update_fields=["stage", "service_country", "security_phone", "bound_mobile"])
    User.objects.filter(account=account).update(name=tenant.main.name, mobile=tenant.main.mobile)
    audit.services.record(
        Actor.system("demo", account.pk, account.name),
        "accounts.account.registered",
        account,
        after={"name": account.name, "country": tenant.country},
    )


def _profile(tenant: Tenant) -> dict[str, str]:
    return {
        "tenant_type": TenantType.ENTERPRISE,
        "full_name": tenant.full_name,
        "address_line1": "1 Harbour Road",
        "city": tenant.city,
        "state": tenant.city,
        "postal_code": "1000",
        "industry": tenant.industry,
    }


def _seed_company(tenant: Tenant) -> None:
    account = Account.objects.get(name=tenant.name)
    if account.contact_name:
        return
    information.modify_company(
        main_actor(tenant.name),
        values={
            "contact_name": tenant.main.name,
            "contact_position": "Managing director",
            "contact_phone": tenant.main.mobile,
            "contact_email": f"accounts@{tenant.mail_domain}",
            "website": f"https://{tenant.mail_domain}",
        },
        seen=fingerprint_of(account, COMPANY_FIELDS),
    )


def _confer_kind(operator: Actor, tenant: Tenant) -> None:
    account = Account.objects.get(name=tenant.name)
    if account.partner_kind != tenant.kind:
        operating.set_partner_kind(operator, account.pk, kind=tenant.kind)


def _seed_organization(tenant: Tenant, password_hash: str) -> None:
    actor = main_actor(tenant.name)
    for role in tenant.roles:
        if not Role.objects.filter(account_id=actor.account_id, name=role.name).exists():
            roles.create_role(
                actor, name=role.name, description=role.description, codes=role.permissions
            )
    for person in tenant.people:
        _seed_member(actor, tenant, person, password_hash)
    if tenant.contacts and not CustomerContact.objects.visible_to(actor).exists():
        for contact in tenant.contacts:
            contacts.create_contact(
                actor,
                details=contacts.ContactDetails(
                    name=contact.name,
                    mobile=contact.mobile,
                    email=contact.email,
                    remarks=contact.remarks,
                ),
            )


def _seed_member(actor: Actor, tenant: Tenant, person: Person, password_hash: str) -> None:
    present = list_members(actor)
    if present.filter(username=person.username).exists():
        return
    held = Role.objects.visible_to(actor).filter(name__in=person.roles)
    director = present.filter(username=person.director).first() if person.director else None
    user = members.create_member(
        actor,
        username=person.username,
        password_hash=password_hash,
        details=members.MemberDetails(
            name=person.name,
            mobile=person.mobile,
            email=f"{person.username}@{tenant.mail_domain}",
        ),
        role_ids=[role.pk for role in held],
        director_id=director.pk if director else None,
    )
    # The printed logins lead straight to the pages; a real member first chooses a password.
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    if person.locked:
        members.lock_member(actor, user.pk)


@transaction.atomic(durable=True)
def _seed_key(tenant: Tenant) -> None:
    if not AccessKey.objects.filter(ak=tenant.ak).exists():
        user = User.objects.get(account__name=tenant.name, is_main=True)
        access_keys.store_key(user, ak=tenant.ak, sk=tenant.sk, description="Demo key")


def _seed_recipients(tenant: Tenant) -> None:
    """Budget warnings go to the finance specialist, where a partner has one (04-RCP-02)."""
    actor = main_actor(tenant.name)
    finance = next((p for p in tenant.people if "Finance specialist" in p.roles), None)
    if not tenant.kind or not finance or Recipient.objects.visible_to(actor).exists():
        return
    recipient = notification_settings.create_recipient(
        actor,
        name=finance.name,
        email=f"{finance.username}@{tenant.mail_domain}",
        phone=finance.mobile,
    )
    notification_settings.set_recipients(
        actor, code=PARTNER_BUDGET.code, recipient_ids=[recipient.pk]
    )


def _seed_partnership(operator: Actor, tenant: Tenant) -> None:
    if not tenant.partner:
        return
    account = Account.objects.get(name=tenant.name)
    partner = Account.objects.get(name=tenant.partner)
    if tenant.kind:
        if not ResellerAssociation.objects.filter(reseller=account, ended_at=None).exists():
            associate_reseller(operator, distributor_id=partner.pk, reseller_id=account.pk)
        return
    if not Association.objects.live().filter(customer=account).exists():
        associate(operator, partner_id=partner.pk, customer_id=account.pk, model=tenant.model)
    association = Association.objects.live().get(customer=account)
    assigned = ManagerAssignment.objects.filter(association=association, ended_at=None).exists()
    if tenant.manager and not assigned:
        manager = User.objects.get(account=partner, username=tenant.manager)
        assign_manager(operator, association.pk, manager_id=manager.pk)
