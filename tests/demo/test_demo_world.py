"""The demo world: built through the services, safe to repeat, in demo mode only."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from unittest.mock import Mock

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.test import Client
from django.urls import resolve, reverse

from accounts.models import Account, EnterpriseMember, EnterpriseUnit, User
from audit.models import OperationRecord
from billing.models import Bill, Card, Coupon, EstimateSum, StatementEntry, TransferTicket
from billing.services import running
from customers.models import Association, PreRegistration
from customers.services import operating
from demo import services, world
from demo.management.commands.demo_accounts import markdown
from demo.queries import demo_accounts
from demo.seeding import bills, enterprise, usage
from demo.seeding.customers import CUSTOMERS
from partner_center import clock
from partner_center.refusals import Refusal
from resellers.models import ResellerAssociation, ResellerBudgetGrant
from resellers.queries.grants import seen_budget_grant
from resellers.services import grants
from tests import rows
from tests.house.source import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

FEW = tuple(
    t
    for t in world.TENANTS
    if t.name
    in {
        "cloud-operator",
        "tidemark-cloud",
        "harborline-logistics",
        "meridian-distribution",
        "lagoon-it",
    }
)


@pytest.fixture
def demo_mode(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal in demo mode, with the usage of this month in place of three."""
    settings.DEMO_MODE = True  # type: ignore[attr-defined]
    monkeypatch.setattr(usage, "MONTHS", 0)


class KilledError(Exception):
    """The seeding was killed."""


_worlds: dict[tuple[str, ...], str] = {}


def _built(tenants: tuple[world.Tenant, ...]) -> None:
    """The demo world as seeding made it, which these tests do once in a process."""
    names = tuple(tenant.name for tenant in tenants)
    if names in _worlds:
        rows.put_back(_worlds[names])
    else:
        services.seed(tenants)
        _worlds[names] = rows.whole()


def _count() -> tuple[int, ...]:
    tables = (Account, User, Association, ResellerAssociation, OperationRecord)
    return tuple(table.objects.count() for table in tables)


def test_a_second_seeding_changes_nothing(demo_mode: None) -> None:
    _built(FEW)
    first = _count()
    services.seed(FEW)
    assert _count() == first
    small = len(CUSTOMERS)
    assert first[0] == len(FEW) + small and first[2] == 1 + small and first[3] == 1


def test_what_people_did_in_the_demo_stays_as_they_left_it(demo_mode: None) -> None:
    _built(FEW)
    live = Association.objects.live().filter(customer__name="harborline-logistics")
    operating.end_association(
        services.main_actor("cloud-operator"), live.get().pk, reason="Tried out by a visitor"
    )
    grant = ResellerBudgetGrant.objects.get(closed_at=None)
    distributor = replace(services.main_actor("meridian-distribution"), is_system=True)
    grants.withdraw_budget_grant(distributor, grant.association_id, seen=seen_budget_grant(grant))
    services.seed(FEW)
    assert not live.exists()
    assert not ResellerBudgetGrant.objects.filter(closed_at=None).exists()


def test_pre_registrations_stand_in_every_state_and_once(demo_mode: None) -> None:
    _built(world.TENANTS)
    found = PreRegistration.objects.values_list("status", "email")
    first = sorted(found.all())
    services.seed(world.TENANTS)
    assert sorted(found.all()) == first
    states = {"pending_review", "registered", "rejected", "associated", "expired", "deleted"}
    assert {status for status, _email in first} == states


@pytest.mark.requirement("08-CSA-17")
def test_an_enterprise_master_sees_its_member_accounts(demo_mode: None) -> None:
    _built(world.TENANTS)
    EnterpriseMember.objects.filter(member__name="pandan-pay").delete()
    for _again in range(2):  # a part that was killed before it was recorded is built again
        enterprise.seed(services.main_actor("cloud-operator"))
    client = Client()
    client.force_login(User.objects.get(account__name=enterprise.MASTER, is_main=True))
    page = client.get(reverse("enterprise:organization")).content.decode()
    for name, membership in enterprise.MEMBERS.items():
        assert name in page and membership.display_name in page
    assert EnterpriseMember.objects.count() == len(enterprise.MEMBERS)
    assert EnterpriseUnit.objects.count() == 1


def test_a_killed_seeding_is_finished_by_the_next(
    demo_mode: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_args: object, **_kwargs: object) -> None:
        raise KilledError

    monkeypatch.setattr(services, "_seed_key", killed)
    with pytest.raises(KilledError):
        services.seed(FEW)
    monkeypatch.undo()
    services.settings.DEMO_MODE = True
    services.seed(FEW)
    assert Association.objects.live().filter(customer__name="harborline-logistics").exists()
    assert len(demo_accounts()) == len(FEW)


def test_the_printed_logins_work(demo_mode: None) -> None:
    _built(FEW)
    out = StringIO()
    call_command("demo_accounts", "--json", stdout=out)
    listed = {a["account_name"]: a for a in json.loads(out.getvalue())}
    assert {a["kind"] for a in listed.values()} == {
        "operator",
        "csp",
        "customer",
        "distributor",
        "reseller",
    }
    customer, partner = listed["harborline-logistics"], listed["tidemark-cloud"]
    assert customer["partner_account_id"] == partner["account_id"]
    user = partner["users"][1]
    answer = Client().post(
        "/sign-in/member",
        {"account": "tidemark-cloud", "username": user["username"], "password": user["password"]},
    )
    assert answer.status_code == 302, answer.content


@pytest.mark.requirement("05-BQY-07", "05-REP-11")
def test_bills_of_months_that_are_due_and_no_others(
    demo_mode: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the 5th the month that has just ended is not billed; killed, the seeding goes on."""
    now = datetime(2026, 12, 3, 4, tzinfo=UTC)
    monkeypatch.setattr("partner_center.clock.now", lambda: now)
    monkeypatch.setattr(usage, "MONTHS", 2)
    monkeypatch.setattr("partner_center.paper.render_pdf", lambda *_given: b"%PDF-1.7")
    quarry = [t for t in world.TENANTS if t.name == "quarry-analytics"]
    tenants = (*FEW, *quarry)
    needed = {"catalogue", "usage", "payments", "commerce", "bills", "estimates"}
    parts = tuple(part for part in services.PARTS if part[0] in needed)
    monkeypatch.setattr(services, "PARTS", parts)
    with monkeypatch.context() as patch:
        patch.setattr(bills.charging, "charge_due", Mock(side_effect=KilledError))
        with pytest.raises(KilledError):
            services.seed(tenants)
    services.seed(tenants)
    found = {(b.account.name, b.cycle): b for b in Bill.objects.select_related("account")}
    assert set(found) == {("tidemark-cloud", "2026-10")}, "of these partners only Tidemark sells"
    bill = found["tidemark-cloud", "2026-10"]
    assert clock.business_date(bill.issued_at) == date(2026, 11, 5)
    assert (bill.currency, str(bill.paid_state.state)) == ("PHP", "paid")
    assert bill.coupons and bill.tax and bill.withheld
    assert bill.invoices.get().is_made
    assert list(Card.objects.values_list("state", flat=True)) == ["expired"]
    assert EstimateSum.objects.filter(cycle="2026-11").exists()
    counts = [model.objects.count() for model in (Bill, StatementEntry, Coupon, TransferTicket)]
    bills.seed(services.main_actor("cloud-operator"))
    again = [model.objects.count() for model in (Bill, StatementEntry, Coupon, TransferTicket)]
    assert again == counts
    out = StringIO()
    call_command("demo_months", stdout=out)
    assert out.getvalue() == "THIS_MONTH=2026-12 UNBILLED=2026-09\n"
    now = now + timedelta(days=2)
    running.run_due(now)
    assert Bill.objects.filter(cycle="2026-11").exists()
    assert not Bill.objects.filter(cycle="2026-09").exists(), "it waits for the tour"


def test_nothing_is_built_outside_demo_mode() -> None:
    with pytest.raises(Refusal):
        services.seed(FEW)
    with pytest.raises(CommandError):
        call_command("seed_demo")
    assert not Account.objects.exists()


def test_the_readme_shows_the_demo_logins(demo_mode: None) -> None:
    _built(world.TENANTS)
    readme = (ROOT / "README.md").read_text()
    for line in markdown(demo_accounts()).splitlines():
        assert line in readme, f"README.md lacks: {line}"


def test_addresses_and_commands_of_the_readme_are_there() -> None:
    readme = (ROOT / "README.md").read_text()
    paths = set(re.findall(r"http://127\.0\.0\.1:8000(/[^)>\s`]*)", readme))
    assert len(paths) > 8
    for path in paths:
        resolve(path)
    for command in re.findall(r'ARGS="?([a-z_]+)', readme):
        assert command in get_commands(), command
    for file in re.findall(r"demo/examples/[a-z.]+", readme):
        assert (ROOT / file).exists(), file
