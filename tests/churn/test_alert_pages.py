"""Handle Alerts and View Alerts: who sees what, searches, and the ways in (04-ALH-02, ALV-01 to 05)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Role, User
from churn.services import handling
from customers.models import Association
from tests.accounts.organization import new_member, signed_in
from tests.customers.management import LIST, RESELLERS, client_of, customer, details, names

from .alerts import KEPT, alert

HANDLE, VIEW, OF_RESELLERS = (
    reverse(f"customer_alerts:{name}") for name in ("handle", "view", "resellers")
)


@pytest.fixture(autouse=True)
def alerts(cast) -> dict[str, object]:
    """One about Harborline (Jun's), Delta (nobody's), Quarry (Northgate's) and Lagoon's Reef."""
    customers = {
        "harborline": Association.objects.get(customer=cast.harborline),
        "delta": Association.objects.get(customer=cast.delta),
        "quarry": Association.objects.get(customer=cast.quarry),
        "reef": customer(cast.lagoon, "reef-dive"),
    }
    return {name: alert(association) for name, association in customers.items()}


@pytest.mark.requirement("04-ALV-03", "06-DAL-05", "07-RALV-02", "04-ALH-01", "02-ROL-06")
def test_who_sees_which_alerts(cast) -> None:
    both = {"harborline", "delta-fisheries"}
    for user, mine, every in (
        (cast.mara, {"delta-fisheries"}, both),
        (cast.rosa, set(), both),
        (cast.jun, {"harborline"}, {"harborline"}),
        (cast.nora, {"quarry"}, {"quarry"}),
        (cast.leo, {"reef-dive"}, {"reef-dive"}),
        (cast.dina, set(), set()),
    ):
        client = client_of(user)
        assert (set(names(client, HANDLE)), set(names(client, VIEW))) == (mine, every), user
    for user in (cast.felix, cast.ivy):
        assert client_of(user).get(VIEW).status_code == 403
    assert client_of(cast.hana).get(VIEW).status_code == 404


@pytest.mark.requirement("04-ALV-03", "06-DAL-05")
@pytest.mark.parametrize("code", ["customers.view_customers", "churn.view_alerts"])
def test_custom_roles_see_all_alerts_by_either_permission(cast, code) -> None:
    role = Role.objects.create(
        account=cast.tidemark, name="Desk", permissions=[code], created_at=cast.mara.created_at
    )
    client = signed_in(new_member(cast.actor(cast.mara), role))
    assert set(names(client, VIEW)) == {"harborline", "delta-fisheries"}
    assert "Process Task" not in client.get(HANDLE).content.decode()
    assert HANDLE in client.get("/").content.decode()


@pytest.mark.requirement("04-ALV-04", "06-DAL-04", "06-DX-02")
def test_only_distributors_see_their_resellers_customers(cast) -> None:
    dina = client_of(cast.dina)
    assert names(dina, OF_RESELLERS) == ["reef-dive"]
    page = dina.get(OF_RESELLERS)
    assert [item["label"] for item in page.context["whose"]] == [
        "My Customers",
        "Resellers’ Customers",
    ]
    assert "Process Task" not in page.content.decode()
    assert client_of(cast.mara).get(OF_RESELLERS).status_code == 404
    assert client_of(cast.mara).get(VIEW).context["whose"] == []


@pytest.mark.requirement("04-ALV-01", "07-RALV-01", "04-ALH-03", "07-RALH-03")
def test_columns_search_and_details(cast, alerts) -> None:
    User.objects.filter(pk=cast.jun.pk).update(name="Jun Lim")
    mara = client_of(cast.mara)
    heads = {tab: [h.label for h in mara.get(tab).context["heads"]] for tab in (HANDLE, VIEW)}
    common = ["Scenario", "Alert Type", "Title", "Customer/Account Name", "Alerted (GMT+08:00)"]
    assert heads == {
        HANDLE: [*common, "Status", "Operation"],
        VIEW: [*common, "Account Manager", "Status"],
    }
    for query, found in (
        ("q=harbor", {"harborline"}),
        ("q=jun", {"harborline"}),
        ("q=J.LI&sort=-manager", {"harborline"}),
        ("sort=manager", {"harborline", "delta-fisheries"}),
        ("q=fisheries", {"delta-fisheries"}),
        ("status=handled", set()),
        (f"customer={cast.delta.public_id}", {"delta-fisheries"}),
    ):
        assert set(names(mara, f"{VIEW}?{query}")) == found, query
    handling.process(cast.actor(cast.mara), alerts["delta"].pk, answer=KEPT)
    text = mara.get(f"{VIEW}?status=handled").content.decode()
    for words in (
        "Usage of Elastic Cloud Server fell on 5 of the last 7 days",
        "4.00 USD a day instead of 10.00 USD, 60% less",
        "Normal customer expenditure fluctuation",
        "Handled by",
    ):
        assert words in text
    assert "Process Task" not in mara.get(HANDLE).content.decode()


@pytest.mark.requirement(
    "04-ALH-02", "04-ALV-05", "04-CUS-05", "04-CUD-08", "06-DAL-01", "07-RALH-02", "07-RCUS-18"
)
def test_the_ways_in(cast) -> None:
    def page(user, address):
        return client_of(user).get(address).content.decode()

    harborline, reef = (
        Association.objects.get(customer__name=name) for name in ("harborline", "reef-dive")
    )
    for user, address, target, customer_id in (
        (cast.mara, LIST, HANDLE, cast.delta.public_id),
        (cast.mara, LIST, VIEW, cast.harborline.public_id),
        (cast.jun, LIST, HANDLE, cast.harborline.public_id),
        (cast.jun, details(harborline), HANDLE, cast.harborline.public_id),
        (cast.leo, LIST, HANDLE, reef.customer.public_id),
        (cast.dina, RESELLERS, OF_RESELLERS, reef.customer.public_id),
        (cast.dina, details(reef), OF_RESELLERS, reef.customer.public_id),
    ):
        assert f'href="{target}?customer={customer_id}"' in page(user, address), (user, address)
    home = page(cast.mara, "/")
    assert f'href="{HANDLE}?status=unhandled"' in home and f'href="{VIEW}?status=unhandled"' in home


@pytest.mark.requirement("04-ALV-03")
def test_alerts_of_customers_who_left_are_not_shown(cast) -> None:
    Association.objects.filter(customer=cast.delta).update(ended_at=cast.mara.created_at)
    assert names(client_of(cast.mara), VIEW) == ["harborline"]
