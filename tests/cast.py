"""The cast: who plays in the tests. Everybody knows that Mara runs Tidemark.

Tidemark Cloud is the cloud solution provider that most tests look through: **Mara** is its main
user, **Felix** its finance specialist, **Rosa** an account director who manages **Jun**, an account
manager; **Ivy** holds one custom role with a single view permission. Harborline and Delta are
Tidemark's customers: Harborline is assigned to Jun, Delta to nobody.
Northgate is another provider, the stranger: nobody of Tidemark may see anything of it. Quarry is
Northgate's customer. Meridian is a distributor, Lagoon its reseller. Olga works for the operator.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts.choices import PartnerKind, SystemRole
from accounts.models import (
    Account,
    AgreementDocument,
    AgreementSignature,
    DirectorLink,
    Role,
    RoleAssignment,
    User,
)
from accounts.queries.actors import actor_for
from accounts.services import creation
from customers.models import Association, ManagerAssignment
from partner_center import clock
from partner_center.actors import Actor
from resellers.models import ResellerAssociation

from . import rows

#: The password of everybody in the cast.
PASSWORD = "Harbour2026"


@dataclass
class Cast:
    """Accounts and users, by name."""

    operator: Account
    tidemark: Account
    northgate: Account
    meridian: Account
    lagoon: Account
    harborline: Account
    delta: Account
    quarry: Account
    olga: User
    mara: User
    felix: User
    rosa: User
    jun: User
    ivy: User
    nora: User  # main user of Northgate
    dina: User  # main user of Meridian, the distributor
    leo: User  # main user of Lagoon, the reseller
    hana: User  # main user of Harborline, the customer

    def actor(self, user: User) -> Actor:
        """The user as an actor, read fresh from the database."""
        return actor_for(User.objects.select_related("account").get(pk=user.pk))


def _account(name: str, kind: PartnerKind = PartnerKind.NONE, *, is_operator: bool = False) -> User:
    account = creation.create_account(
        name=name,
        email=f"accounts@{name}.example",
        country="PH",
        password=PASSWORD,
        moment=clock.now(),
        is_operator=is_operator,
    )
    Account.objects.filter(pk=account.pk).update(
        partner_kind=kind,
        stage="complete",
        full_name=name.replace("-", " ").title(),
        tenant_type="enterprise",
    )
    user = User.objects.get(account=account)
    User.objects.filter(pk=user.pk).update(mobile="+639170000001")
    user.refresh_from_db()
    return user


def _member(account: Account, username: str, *roles: Role) -> User:
    user = creation.create_user(
        account=account,
        username=username,
        password=PASSWORD,
        email=f"{username}@{account.name}.example",
        mobile="+639175552291",
        name=username.replace(".", " ").title(),
        moment=clock.now(),
    )
    for role in roles:
        RoleAssignment.objects.create(
            account=account, user=user, role=role, assigned_at=clock.now()
        )
    return user


def _signs_instructions(customer: Account) -> None:
    """Else a dialog asks for it after every sign-in (08-INS-03)."""
    AgreementSignature.objects.create(
        account=customer,
        document=AgreementDocument.objects.get(code="association-instructions"),
        user=User.objects.get(account=customer, is_main=True),
        signed_at=clock.now(),
    )


#: The real clock; a test that stops it wants a cast of its time.
_now = clock.now
_kept: list[tuple[bytes, str]] = []


def gather() -> Cast:
    """The whole cast in the database: made once for all tests of a process, then put back as it was."""
    if clock.now is not _now:
        return assemble()
    if _kept:
        people, sql = _kept[0]
        rows.put_back(sql)
        found: Cast = pickle.loads(people)
        return found
    before = rows.last_keys(rows.tables())
    cast = assemble()
    _kept.append((pickle.dumps(cast), rows.kept(before)))
    return cast


def assemble() -> Cast:
    """Create the whole cast in the database."""
    make_password(PASSWORD)
    now = clock.now()
    olga = _account("operator", is_operator=True)
    mara = _account("tidemark-cloud", PartnerKind.CSP)
    nora = _account("northgate", PartnerKind.CSP)
    dina = _account("meridian", PartnerKind.DISTRIBUTOR)
    leo = _account("lagoon", PartnerKind.RESELLER)
    hana = _account("harborline")
    delta, quarry = _account("delta-fisheries"), _account("quarry")
    tidemark = Account.objects.get(pk=mara.account_id)
    role = {r.system_code: r for r in Role.objects.filter(account=None)}
    auditor = Role.objects.create(
        account=tidemark,
        name="Read-only auditor",
        permissions=["accounts.view_members"],
        created_at=now,
    )
    felix = _member(tidemark, "f.cruz", role[SystemRole.FINANCE])
    rosa = _member(tidemark, "r.santos", role[SystemRole.DIRECTOR])
    jun = _member(tidemark, "j.lim", role[SystemRole.MANAGER])
    ivy = _member(tidemark, "i.tan", auditor)
    DirectorLink.objects.create(account=tidemark, director=rosa, manager=jun, started_at=now)
    harborline = Association.objects.create(
        account=tidemark, customer=hana.account, associated_at=now
    )
    Association.objects.create(account=tidemark, customer=delta.account, associated_at=now)
    Association.objects.create(account=nora.account, customer=quarry.account, associated_at=now)
    ManagerAssignment.objects.create(
        account=tidemark, association=harborline, manager=jun, started_at=now
    )
    for customer in (hana.account, delta.account, quarry.account):
        _signs_instructions(customer)
    ResellerAssociation.objects.create(
        account=dina.account, reseller=leo.account, associated_at=now
    )
    return Cast(
        operator=olga.account,
        tidemark=tidemark,
        northgate=nora.account,
        meridian=dina.account,
        lagoon=leo.account,
        harborline=hana.account,
        delta=delta.account,
        quarry=quarry.account,
        olga=olga,
        mara=mara,
        felix=felix,
        rosa=rosa,
        jun=jun,
        ivy=ivy,
        nora=nora,
        dina=dina,
        leo=leo,
        hana=hana,
    )
