"""Customer Assignment and the dialogs of Customer Management, as whole requests."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from accounts.choices import SystemRole
from accounts.models import RoleAssignment
from customers.models import AssignmentBatch, Association, ManagerAssignment
from customers.services import assignment_batches

from ..accounts.organization import new_member, signed_in
from . import portfolio

pytestmark = pytest.mark.django_db


def _live(customer) -> Association:
    return Association.objects.live().get(customer=customer)


def _manager_of(association) -> str | None:
    live = ManagerAssignment.objects.filter(association=association, ended_at=None)
    return live.values_list("manager__username", flat=True).first()


@pytest.mark.requirement("04-ASG-01", "06-DAM-01", "07-RASG-01")
def test_the_page_lists_account_managers_with_their_customers(cast) -> None:
    html = signed_in(cast.mara).get(reverse("assignment:list")).content.decode()
    for words in ("j.lim", "r.santos", "Assign Customer", "View Customers"):
        assert words in html
    assert "f.cruz" not in html


@pytest.mark.requirement("04-ASG-01")
def test_without_managers_the_page_leads_to_create_member(cast) -> None:
    html = signed_in(cast.nora).get(reverse("assignment:list")).content.decode()
    assert "No account managers yet" in html
    assert "Organization Management &gt; Create Member" in html
    assert reverse("organization:create") in html


@pytest.mark.requirement("07-RASG-02")
def test_a_reseller_without_managers_reads_its_own_path(cast) -> None:
    html = signed_in(cast.leo).get(reverse("assignment:list")).content.decode()
    assert "Organization Management &gt; Users &gt; Create User" in html
    assert "Create Member, with" not in html


@pytest.mark.requirement("04-ASG-02", "07-RASG-03")
def test_choose_drop_and_assign(cast) -> None:
    client, rosa = signed_in(cast.mara), cast.rosa.pk
    delta, more = _live(cast.delta), portfolio.customers_of(cast.tidemark, 1, "more")[0]
    select = reverse("assignment:select", args=[rosa])
    dialog = client.get(select).content.decode()
    assert re.search(rf'value="{_live(cast.harborline).pk}"[^>]* disabled', dialog)
    assert not re.search(rf'value="{delta.pk}"[^>]* disabled', dialog)
    only = client.get(f"{select}?unassigned=1").content.decode()
    assert "harborline" not in only
    assert client.get(f"{select}?q=fisher").content.decode().count("delta-fisheries") >= 1
    client.post(select, {"customer": [delta.pk, more.pk]})
    choose = reverse("assignment:choose", args=[rosa])
    assert "delta-fisheries" in client.get(choose).content.decode()
    client.post(choose, {"drop": more.pk})
    answer = client.post(choose, follow=True)
    assert "Customers have been assigned successfully." in answer.content.decode()
    assert (_manager_of(delta), _manager_of(more)) == ("r.santos", None)


@pytest.mark.requirement("04-ASG-02")
def test_a_customer_assigned_meanwhile_is_refused_and_nothing_is_lost(cast) -> None:
    client, rosa = signed_in(cast.mara), cast.rosa.pk
    delta, harborline = _live(cast.delta), _live(cast.harborline)
    client.post(reverse("assignment:select", args=[rosa]), {"customer": [delta.pk, harborline.pk]})
    answer = client.post(reverse("assignment:choose", args=[rosa]))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "harborline already has an account manager." in html
    assert "delta-fisheries" in html
    assert _manager_of(delta) is None


@pytest.mark.requirement("04-ASG-03", "04-ASG-04", "07-RASG-04")
def test_view_customers_and_unassign_one(cast) -> None:
    client, harborline = signed_in(cast.mara), _live(cast.harborline)
    html = client.get(reverse("assignment:customers", args=[cast.jun.pk])).content.decode()
    assert "harborline" in html
    assert "Unassign Customer" in html
    address = reverse("assignment:unassign", args=[harborline.pk])
    asked = client.get(address).content.decode()
    assert "on the 1st of the next month (GMT+08:00)" in asked
    assert ManagerAssignment.objects.get(association=harborline).ends_at is None
    client.post(address)
    assert ManagerAssignment.objects.get(association=harborline).ends_at is not None
    assert client.post(address).status_code == 422


@pytest.mark.requirement("04-ASG-03")
def test_unassign_several_in_one_go(cast) -> None:
    client = signed_in(cast.mara)
    rows = portfolio.customers_of(cast.tidemark, 3)
    ManagerAssignment.objects.bulk_create(
        ManagerAssignment(
            account=cast.tidemark,
            association=row,
            manager=cast.jun,
            started_at=row.associated_at,
        )
        for row in rows
    )
    page = reverse("assignment:customers", args=[cast.jun.pk])
    answer = client.post(page, {"batch": "unassign", "ids": [row.pk for row in rows]})
    assert answer.status_code == 302
    client.post(answer["Location"])
    ending = ManagerAssignment.objects.filter(association__in=rows, ends_at__isnull=False)
    assert ending.count() == 3


@pytest.mark.requirement("04-AMG-01", "07-RAM-02")
def test_assign_account_manager_says_what_it_means_and_then_asks_who(cast) -> None:
    client, delta = signed_in(cast.mara), _live(cast.delta)
    address = reverse("assignment:assign", args=[delta.pk])
    first = client.get(address).content.decode()
    for words in ("Account Name", "Customer", "Account Manager", "see their expenditure", "Next"):
        assert words in first
    second = client.get(f"{address}?q=").content.decode()
    assert "j.lim" in second
    assert "Previous" in second
    found = client.get(f"{address}?q=santos").content.decode()
    assert "r.santos" in found
    assert "j.lim" not in found
    refused = client.post(address, {})
    assert refused.status_code == 422
    assert "Choose an account manager." in refused.content.decode()
    answer = client.post(address, {"manager": cast.jun.pk})
    assert _manager_of(delta) == "j.lim"
    assert answer["Location"] == reverse("customers:list")


@pytest.mark.requirement("04-AMG-01")
def test_from_customer_details_one_returns_to_customer_details(cast) -> None:
    client, delta = signed_in(cast.mara), _live(cast.delta)
    details = reverse("customers:details", args=[delta.pk])
    address = reverse("assignment:assign", args=[delta.pk]) + "?from=details"
    assert f'href="{address}"' in client.get(details).content.decode()
    first = client.get(address).content.decode()
    assert f'href="{address}&amp;q="' in first, "the next step knows it too"
    assert f'href="{details}" data-pc-close' in first
    answer = client.post(f"{address}&q=", {"manager": cast.jun.pk})
    assert answer["Location"] == details
    assert "Account manager assigned successfully." in client.get(details).content.decode()


@pytest.mark.requirement("04-AMG-02", "07-RAM-01")
def test_several_customers_become_a_batch_with_a_report(cast) -> None:
    client = signed_in(cast.mara)
    rows = portfolio.customers_of(cast.tidemark, 12)
    listed = client.post(
        reverse("customers:list"), {"batch": "assign", "ids": [row.pk for row in rows]}
    )
    assert listed.status_code == 302
    assert "and 2 more customers" in client.get(listed["Location"]).content.decode()
    started = client.post(listed["Location"], {"manager": cast.jun.pk})
    batch = AssignmentBatch.objects.get()
    assert started["Location"] == reverse("assignment:batch", args=[batch.pk])
    assignment_batches.run(batch.pk)
    html = client.get(started["Location"]).content.decode()
    assert "12 done, 0 refused" in html
    assert _manager_of(rows[0]) == "j.lim"


@pytest.mark.requirement("04-CUS-06", "07-RCUS-04")
def test_batch_transfer_and_its_history(cast) -> None:
    client, harborline = signed_in(cast.mara), _live(cast.harborline)
    address = reverse("assignment:transfer")
    same = client.post(address, {"source": cast.jun.pk, "manager": cast.jun.pk})
    assert same.status_code == 422
    assert "choose two different account managers" in same.content.decode()
    client.post(address, {"source": cast.jun.pk, "manager": cast.rosa.pk})
    assignment_batches.run(AssignmentBatch.objects.get().pk)
    assert _manager_of(harborline) == "r.santos"
    history = client.get(reverse("assignment:batches")).content.decode()
    assert "Batch Transfer" in history
    assert "j.lim" in history
    assert (
        "No batches yet" in signed_in(cast.nora).get(reverse("assignment:batches")).content.decode()
    )


def test_who_may_not_enter(cast) -> None:
    for user, status in ((cast.jun, 403), (cast.felix, 403), (cast.hana, 404)):
        assert signed_in(user).get(reverse("assignment:list")).status_code == status
    foreign = new_member(cast.actor(cast.nora), SystemRole.MANAGER, username="t.weber")
    client = signed_in(cast.mara)
    for name in ("customers", "choose", "select"):
        assert client.get(reverse(f"assignment:{name}", args=[foreign.pk])).status_code == 404
    stranger = reverse("assignment:assign", args=[_live(cast.quarry).pk])
    assert client.get(stranger).status_code == 404
    assert client.post(stranger, {"manager": cast.jun.pk}).status_code in (404, 422)
    assert not ManagerAssignment.objects.filter(association=_live(cast.quarry)).exists()


def test_a_manager_who_lost_the_role_is_offered_no_more(cast) -> None:
    RoleAssignment.objects.filter(user=cast.rosa).delete()
    html = signed_in(cast.mara).get(
        reverse("assignment:assign", args=[_live(cast.delta).pk]) + "?q="
    )
    assert "r.santos" not in html.content.decode()
