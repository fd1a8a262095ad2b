"""Customer Management: the lists (04 §8.3.1.1, 06 §9.2.3.1.1, 07)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import SystemRole
from accounts.models import Account, User
from audit.models import OperationRecord
from budgets.choices import HoldOwner
from customers.choices import AssociationModel, AssociationSource, BatchKind
from customers.models import AssignmentBatch, Association, ManagerAssignment
from customers.tables.management import CustomerTable
from partner_center import clock
from realname.choices import ReviewStatus
from realname.models import RealNameApplication
from resellers.models import ResellerAssociation
from tests.accounts.organization import give
from tests.realname import papers

from .management import LIST, RESELLERS, client_of, customer, freeze, grant_budget, names, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara(cast) -> Client:
    """Signed in as Tidemark's main user."""
    return client_of(cast.mara)


def _heads(client: Client, address: str = LIST) -> list[str]:
    return [head.label for head in client.get(address).context["heads"]]


@pytest.mark.requirement("04-CUS-01")
def test_the_list_shows_all_customers_newest_first(cast, mara) -> None:
    customer(cast.tidemark, "old-reef", days=90)
    customer(cast.tidemark, "new-reef", days=-1)
    assert names(mara) == ["new-reef", "delta-fisheries", "harborline", "old-reef"]
    assert _heads(mara) == [
        "Customer/Account Name",
        "Mobile / Email",
        "Monthly Budget (USD)",
        "One-Time Budget (USD)",
        "Budget Usage",
        "Expected Exhaustion",
        "Alerts to Be Handled",
        "Frozen status",
        "Operation",
    ]


@pytest.mark.requirement("04-CUS-01")
def test_customers_who_left_are_not_listed(cast, mara) -> None:
    Association.objects.filter(customer=cast.delta).update(ended_at=clock.now())
    assert names(mara) == ["harborline"]


@pytest.mark.requirement("04-CUS-02", "04-LNK-08", "07-RCUS-02")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=REEF", {"coral-reef", "blue-reef"}),
        ("q=coral+ree", {"coral-reef"}),
        ("q=Blue+Reef", {"blue-reef"}),
        ("model=referral", {"blue-reef"}),
        ("manager=j.li", {"harborline"}),
        ("manager=jun", {"harborline"}),
        ("mobile={mobile}", {"coral-reef"}),
        ("tag=etai", {"coral-reef"}),
        ("source=api", {"blue-reef"}),
        ("associated_after={month_ago}&associated_before={month_ago}", {"coral-reef"}),
        ("frozen=resources", {"coral-reef"}),
        ("frozen=account", set()),
        ("frozen=normal", {"blue-reef", "delta-fisheries", "harborline"}),
        ("view=frozen", {"coral-reef"}),
        ("view=unassigned&q=e", {"coral-reef", "blue-reef", "delta-fisheries"}),
        ("tag=etai&source=api", set()),
    ],
)
def test_every_criterion_narrows_the_list(cast, mara, query, found) -> None:
    User.objects.filter(pk=cast.jun.pk).update(name="Jun Lim")
    coral = customer(cast.tidemark, "coral-reef", days=30, custom_tag="Retail")
    customer(
        cast.tidemark,
        "blue-reef",
        model=AssociationModel.REFERRAL,
        source=AssociationSource.API,
    )
    freeze(coral)
    address = query.format(
        mobile=coral.customer.bound_mobile[-7:],
        month_ago=clock.business_date(coral.associated_at),
    )
    assert set(names(mara, f"{LIST}?{address}")) == found


@pytest.mark.requirement("04-CUS-12")
def test_a_budget_hold_shows_as_automatically_frozen(cast, mara) -> None:
    freeze(customer(cast.tidemark, "reef", days=-1), HoldOwner.BUDGET)
    chosen = ["associated_at", "frozen", "automatically_frozen"]
    mara.post(LIST, {"columns": "save", "column": chosen})
    first, second = ([cell.html for cell in row.cells] for row in rows(mara)[:2])
    assert "Account and resources frozen" in first[2] and first[3] == "Yes"
    assert "Normal" in second[2] and second[3] == "No"


def test_views_count_unassigned_and_new_customers(cast, mara) -> None:
    customer(cast.tidemark, "old-reef", days=90)
    tabs = {str(t.label): t.count for t in mara.get(LIST).context["tabs"]}
    assert (tabs["All"], tabs["Unassigned"], tabs["New this month"]) == (3, 2, 2)
    assert names(mara, f"{LIST}?view=new&sort=name") == ["delta-fisheries", "harborline"]


def test_an_assignment_whose_day_has_come_leaves_the_customer_unassigned(cast, mara) -> None:
    ManagerAssignment.objects.update(ends_at=clock.now() + timedelta(days=1))
    assert names(mara, f"{LIST}?view=unassigned") == ["delta-fisheries"]
    ManagerAssignment.objects.update(ends_at=clock.now() - timedelta(seconds=1))
    assert set(names(mara, f"{LIST}?view=unassigned")) == {"delta-fisheries", "harborline"}
    assert names(mara, f"{LIST}?manager=j.lim") == []


def test_one_customer_with_a_long_history_of_managers_stands_once(cast, mara) -> None:
    harborline = Association.objects.get(customer=cast.harborline)
    for _n in range(3):
        ManagerAssignment.objects.create(
            account=cast.tidemark,
            association=harborline,
            manager=cast.rosa,
            started_at=clock.now(),
            ended_at=clock.now(),
        )
    assert sorted(names(mara)) == ["delta-fisheries", "harborline"]
    assert sorted(names(mara, f"{LIST}?sort=manager")) == ["delta-fisheries", "harborline"]


@pytest.mark.parametrize("sort", ["name", "model", "associated_at", "manager", "custom_tag"])
def test_the_list_sorts_both_ways(cast, mara, sort) -> None:
    customer(cast.tidemark, "aaa-reef", days=9, custom_tag="aaa", model=AssociationModel.REFERRAL)
    columns = ["model", "associated_at", "manager", "custom_tag"]
    mara.post(LIST, {"columns": "save", "column": columns})
    up, down = (names(mara, f"{LIST}?sort={sign}{sort}") for sign in ("", "-"))
    assert sorted(up) == sorted(down) == ["aaa-reef", "delta-fisheries", "harborline"]
    if sort == "manager":  # those without one come last both ways
        assert up[0] == down[0] == "harborline"
    else:
        assert up == down[::-1]


@pytest.mark.requirement("04-CUS-03", "06-DX-06", "07-RCUS-05")
def test_names_numbers_and_addresses_are_masked_until_the_eye_is_used(cast, mara) -> None:
    Account.objects.filter(pk=cast.harborline.pk).update(
        full_name="Harborline Logistics", bound_mobile="+639175552291"
    )
    html = mara.get(LIST).content.decode()
    assert "H**** L****" in html and "+63 ****2291" in html and "acc****@harborline" in html
    for plain in ("Harborline Logistics", "+639175552291", "accounts@harborline"):
        assert plain not in html
    revealed = mara.post(LIST, {"reveal": "name"}).content.decode()
    assert "Harborline Logistics" in revealed and "+639175552291" not in revealed
    record = OperationRecord.objects.get(action="lists.column.revealed")
    assert record.after["list"] == "customers" and record.after["column"] == "name"


@pytest.mark.requirement("04-CUS-09", "06-DCU-08")
def test_the_account_name_leads_to_the_details(cast, mara) -> None:
    pk = Association.objects.get(customer=cast.delta).pk
    cell = next(row for row in rows(mara) if row.pk == pk).cells[0]
    assert f'href="/sales/customers/{pk}"' in cell.html and "delta-fisheries" in cell.html


def test_further_columns_can_be_chosen(cast, mara) -> None:
    mara.post(LIST, {"columns": "save", "column": ["source", "level", "country"]})
    assert _heads(mara) == [
        "Customer/Account Name",
        "Source",
        "Customer Level",
        "Country/Region",
        "Operation",
    ]
    words = [cell.html for cell in rows(mara)[0].cells]
    assert words[1:4] == ["Service ticket", "V0", "Philippines"]


def test_other_tenants_and_members_without_the_permission(cast) -> None:
    assert names(client_of(cast.nora)) == ["quarry"]
    refused = client_of(cast.ivy).get(LIST)
    assert refused.status_code == 403 and "View customers" in refused.content.decode()
    assert client_of(cast.hana).get(LIST).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_customers(cast, mara) -> None:
    address = f"{LIST}?page_size=100"
    mara.post(
        LIST,
        {
            "columns": "save",
            "column": [name for name in CustomerTable.base_columns if name != "name"],
        },
    )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert mara.get(address).status_code == 200
        return len(captured)

    few = queries()
    for n in range(12):
        customer(cast.tidemark, f"reef-{n:02d}")
    assert queries() == few <= 15


# --- Distributors and resellers ---------------------------------------------------------------


@pytest.fixture
def reef(cast) -> Association:
    """A customer of Lagoon, the reseller."""
    return customer(cast.lagoon, "reef")


@pytest.mark.requirement("04-CUS-11", "06-DX-01", "06-DX-02", "06-DCU-01")
def test_a_distributor_has_two_tabs(cast, reef) -> None:
    own = customer(cast.meridian, "atoll")
    dina = client_of(cast.dina)
    assert names(dina) == ["atoll"] and names(dina, RESELLERS) == ["reef"]
    for address, current in ((LIST, "Customers"), (RESELLERS, "Resellers’ Customers")):
        sections = dina.get(address).context["sections"]
        assert [s["label"] for s in sections] == ["Customers", "Resellers’ Customers"]
        assert [s["label"] for s in sections if s["current"]] == [current]
    assert own.pk not in [row.pk for row in rows(dina, RESELLERS)]


@pytest.mark.requirement("06-DX-02", "07-RDF-08")
def test_providers_and_resellers_have_one_flat_list(cast, reef) -> None:
    for user in (cast.mara, cast.leo):
        assert client_of(user).get(LIST).context["sections"] == []
        assert client_of(user).get(RESELLERS).status_code == 404
    assert names(client_of(cast.leo)) == ["reef"]


@pytest.mark.requirement("06-DX-04")
def test_customers_of_a_former_reseller_are_gone(cast, reef) -> None:
    ResellerAssociation.objects.update(ended_at=clock.now())
    assert names(client_of(cast.dina), RESELLERS) == []


@pytest.mark.requirement("06-DCU-03", "06-PRM-12", "04-CUS-11")
def test_resellers_customers_say_whether_their_reseller_is_authorized(cast, reef) -> None:
    dina = client_of(cast.dina)
    assert _heads(dina, RESELLERS) == [
        "Customer/Account Name",
        "Email",
        "Reseller",
        "Monthly Budget (USD)",
        "One-Time Budget (USD)",
        "Budget Usage",
        "Available Credit (USD)",
        "Association Type",
        "Authorize Permissions",
        "Frozen status",
        "Alerts to Be Handled",
        "Operation",
    ]
    assert "Not authorized" in rows(dina, RESELLERS)[0].cells[8].html
    assert names(dina, f"{RESELLERS}?authorized=no") == ["reef"]
    grant_budget(cast.lagoon, cast.dina)
    cell = rows(dina, RESELLERS)[0].cells[8].html
    assert "Authorized" in cell and "Not" not in cell
    assert names(dina, f"{RESELLERS}?authorized=yes") == ["reef"]
    assert names(dina, f"{RESELLERS}?authorized=no") == []


@pytest.mark.requirement("06-DCU-02", "04-CUS-02")
def test_resellers_customers_are_found_by_customer_and_reseller(cast, reef) -> None:
    dina = client_of(cast.dina)
    assert names(dina, f"{RESELLERS}?q=ree&reseller=LAGO") == ["reef"]
    assert names(dina, f"{RESELLERS}?reseller=harbour") == []
    assert names(dina, f"{RESELLERS}?q=atoll") == []


@pytest.mark.requirement("07-RCUS-02", "07-RDF-07")
def test_a_reseller_has_no_filters_by_state_type_and_time(cast) -> None:
    offered = {f.field.name for f in client_of(cast.leo).get(LIST).context["every_filter"]}
    assert offered == {"usage", "manager", "mobile", "tag", "source", "spent", "exhausts"}
    assert "Referral" not in client_of(cast.leo).get(LIST).content.decode()


@pytest.mark.requirement("04-CUS-12", "07-RCUS-01")
def test_a_reseller_sees_type_day_and_automatic_freeze_from_the_start(cast, mara, reef) -> None:
    leo = client_of(cast.leo)
    more = {"Association Type", "Associated On", "Automatically Frozen"}
    assert more <= set(_heads(leo))
    assert {"Reseller", "No"} <= {cell.html for cell in rows(leo)[0].cells}
    assert "Automatically Frozen" not in _heads(mara)
    leo.post(LIST, {"columns": "save", "column": ["model"]})
    assert more & set(_heads(leo)) == {"Association Type"}


def test_the_list_can_show_the_state_of_real_name_authentication(
    cast, mara, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert "Real-Name Authentication" not in _heads(mara)
    mara.post(LIST, {"columns": "save", "column": ["real_name"]})

    def shown() -> dict[str, str]:
        badges = {row.label: str(row.cells[1].html) for row in rows(mara)}
        return {name: re.sub("<[^>]+>", "", badge).strip() for name, badge in badges.items()}

    assert shown() == dict.fromkeys(["harborline", "delta-fisheries"], "Not authenticated")
    papers.apply(cast.actor(cast.hana))
    assert shown()["harborline"] == "Under review"
    RealNameApplication.objects.update(
        status=ReviewStatus.REJECTED, reviewed_at=clock.now(), opinion="Unreadable"
    )
    assert shown()["harborline"] == "Rejected"
    papers.authenticate(cast, cast.hana)
    assert shown() == {"harborline": "Authenticated", "delta-fisheries": "Not authenticated"}


@pytest.mark.requirement("04-CUS-06", "07-RCUS-04")
def test_the_list_leads_to_help_about_authorizations(cast, mara) -> None:
    for name, words in (
        ("help-requesting", "How Can I Request Authorization from My Customers?"),
        ("help-managing", "How My Customers Manage the Authorization?"),
    ):
        address = reverse(f"customers:{name}")
        for client in (mara, client_of(cast.dina), client_of(cast.leo)):
            assert address in client.get(LIST).content.decode()
            page = client.get(address, headers={"HX-Request": "true"}).content.decode()
            assert words in page and "<html" not in page
        assert f"<h1>{words}</h1>" in mara.get(address).content.decode()
        assert client_of(cast.ivy).get(address).status_code == 403
        assert client_of(cast.hana).get(address).status_code == 404
    own, resellers = (
        client_of(user).get(reverse("customers:help-requesting")).content.decode()
        for user in (cast.mara, cast.leo)
    )
    assert "Commitment Letter" in own and "Your distributor must permit" not in own
    assert "Commitment Letter" not in resellers and "Your distributor must permit" in resellers


@pytest.mark.requirement("04-CUS-06", "07-RCUS-04")
def test_the_list_leads_to_the_batches_and_a_resellers_once_there_are_any(cast, mara, reef) -> None:
    leo, link = client_of(cast.leo), f'href="{reverse("assignment:batches")}"'
    assert link in mara.get(LIST).content.decode()
    assert link not in leo.get(LIST).content.decode()
    assert link not in client_of(cast.jun).get(LIST).content.decode()
    AssignmentBatch.objects.create(
        account=cast.lagoon,
        kind=BatchKind.ASSIGN,
        manager=cast.leo,
        created_by=cast.leo,
        created_at=clock.now(),
        total=1,
    )
    assert link in leo.get(LIST).content.decode()


@pytest.mark.requirement("04-CUS-06", "06-DCU-06", "07-RCUS-04")
def test_each_list_leads_to_its_association_records(cast, mara) -> None:
    own = f'href="{LIST}/association-records"'
    assert own in mara.get(LIST).content.decode()
    assert own in client_of(cast.leo).get(LIST).content.decode()
    html = client_of(cast.dina).get(RESELLERS).content.decode()
    assert own not in html and reverse("association_records:resellers") in html


# --- Export -----------------------------------------------------------------------------------


@pytest.mark.requirement("04-CUS-07", "07-RCUS-20", "06-DCU-11")
def test_only_the_administrator_exports_and_others_are_told_whom_to_ask(cast, mara) -> None:
    offered = mara.get(LIST).content.decode()
    assert "Export Selected" in offered and "Contact the administrator" not in offered
    jun = client_of(cast.jun)
    html = jun.get(LIST).content.decode()
    assert "Only the administrator can export the customer list. Contact the administrator." in html
    assert "pc-list-export" not in html
    refused = jun.post(LIST, {"export": "csv"})
    assert refused.status_code == 403
    assert "Export the customer list" in refused.content.decode()


@pytest.mark.requirement("04-CUS-07")
def test_no_other_role_than_admin_holds_the_right_to_export(cast) -> None:
    give(cast.actor(cast.mara), cast.felix, SystemRole.FINANCE, SystemRole.MANAGER)
    assert not cast.actor(cast.felix).can("customers.export_customers")
    give(cast.actor(cast.mara), cast.felix, SystemRole.ADMIN)
    assert cast.actor(cast.felix).can("customers.export_customers")


def test_the_export_menu_leads_to_the_history(mara) -> None:
    html = mara.get(LIST).content.decode()
    assert re.search(r'href="/[^"]*export[^"]*"[^>]*>.*?Export History', html, re.S)
