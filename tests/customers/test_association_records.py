"""Manage Association Records and the customer's Operation Log."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from accounts.models import Account, User
from audit.models import OperationRecord
from customers.choices import Purpose, RequestStatus, Side
from customers.models import Association, AssociationRequest
from customers.queries import records
from exports.models import ExportTask
from exports.services import run_export
from partner_center import clock
from partner_center.actors import Scope

from ..accounts import steps
from ..cast import Cast, _account
from .leaving import (
    LOG,
    MY_PARTNER,
    RECORDS,
    asked,
    association_of,
    client_of,
    local,
    may_leave,
)

pytestmark = pytest.mark.django_db
RESELLERS = reverse("association_records:resellers")
HEADS = (
    "Account Name",
    "Customer",
    "Mobile Number",
    "Association Type",
    "Purpose",
    "Reason",
    "Initiated By",
    "Status",
    "Account Manager",
    "Request Time",
    "Approval Time",
    "Operation",
)


@pytest.fixture
def harborline(cast: Cast) -> Association:
    Account.objects.filter(pk=cast.harborline.pk).update(
        bound_mobile="+639175552291", full_name="Harborline Logistics"
    )
    return association_of(cast.harborline)


def _page(user: User, url: str = RECORDS, **query: str) -> str:
    return client_of(user).get(url, query).content.decode()


@pytest.mark.requirement("04-ASC-08", "08-CSD-13", "07-RASC-08")
def test_every_column_and_every_kind_of_record(cast: Cast, harborline: Association) -> None:
    asked(harborline, purpose=Purpose.ASSOCIATION, status=RequestStatus.COMPLETED)
    asked(
        harborline,
        Side.OPERATOR,
        purpose=Purpose.TYPE_CHANGE,
        status=RequestStatus.COMPLETED,
    )
    asked(harborline, Side.PARTNER, status=RequestStatus.REJECTED)
    waiting = asked(harborline, at=local(2026, 11, 20, 9))
    page = _page(cast.mara)
    for head in HEADS:
        assert head in page, head
    for words in (
        "harborline",
        "H**** L****",
        "Reseller",
        "Association type change",
        "Disassociate",
        "Contract ends",
        "Pending confirmation",
        "Rejected",
        "Completed",
        "J Lim",
        "Nov 20, 2026",
        "Batch Reject",
    ):
        assert words in page, words
    assert "+63 ****2291" in page and "+639175552291" not in page
    assert "Harborline Logistics" not in page
    for name in ("agree", "reject"):
        assert page.count(reverse(f"association_records:{name}", args=[waiting.pk])) == 2
    assert page.count("/agree") == 2, "only what waits is answered (href and hx-get)"


@pytest.mark.requirement("04-ASC-08")
@pytest.mark.parametrize(
    ("column", "plain"), [("name", "Harborline Logistics"), ("mobile", "+639175552291")]
)
def test_names_and_numbers_show_on_request_and_on_record(
    cast: Cast, harborline: Association, column: str, plain: str
) -> None:
    asked(harborline)
    page = client_of(cast.mara).post(RECORDS, {"reveal": column}).content.decode()
    assert plain in page
    assert OperationRecord.objects.filter(action="lists.column.revealed").exists()


@pytest.mark.requirement("04-ASC-08")
@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ({"q": "logistics"}, "harborline", "delta-fisheries"),
        ({"mobile": "2291"}, "harborline", "delta-fisheries"),
        ({"customer": "DELTA-fisheries"}, "delta-fisheries", "Harborline"),
        ({"status": "pending"}, "harborline", "delta-fisheries"),
        ({"purpose": "disassociate"}, "harborline", "delta-fisheries"),
        ({"view": "open"}, "harborline", "delta-fisheries"),
    ],
)
def test_filters(
    query: dict[str, str], shown: str, hidden: str, cast: Cast, harborline: Association
) -> None:
    asked(harborline)
    asked(association_of(cast.delta), purpose=Purpose.ASSOCIATION, status=RequestStatus.COMPLETED)
    rows = _table(_page(cast.mara, **query))
    assert shown in rows and hidden not in rows


def _table(page: str) -> str:
    return page[page.index("<tbody>") : page.index("</tbody>")]


@pytest.mark.requirement("04-ASC-08")
def test_the_account_manager_filter_finds_present_and_last_customers(
    cast: Cast, harborline: Association
) -> None:
    asked(harborline)
    asked(association_of(cast.delta))
    for _ in range(2):
        rows = _table(_page(cast.mara, manager=str(cast.jun.pk)))
        assert "harborline" in rows and "delta" not in rows and "J Lim" in rows
        harborline.assignments.update(ended_at=clock.now())


@pytest.mark.requirement("04-ASC-01", "02-ROL-06")
def test_an_account_manager_sees_records_of_its_customers_without_answers(
    cast: Cast, harborline: Association
) -> None:
    asked(harborline)
    asked(association_of(cast.delta))
    rows = _table(_page(cast.jun))
    assert "harborline" in rows and "delta" not in rows and "/agree" not in rows
    refused = client_of(cast.jun).post(RECORDS, {"batch": "reject", "ids": "1"})
    assert refused.status_code == 403


@pytest.mark.requirement("04-ASC-08", "08-CSD-13", "07-RASC-08")
@pytest.mark.parametrize("verifies", [False, True])
def test_batch_reject_says_per_row_what_happened(
    verifies: bool, cast: Cast, harborline: Association
) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(verifies=verifies)
    first, second = asked(harborline), asked(association_of(cast.delta))
    own = asked(harborline, Side.PARTNER, status=RequestStatus.REJECTED)
    foreign = asked(association_of(cast.quarry))
    client = client_of(cast.mara)
    data = {"batch": "reject", "ids": [r.pk for r in (first, second, own, foreign)]}
    assert "remain associated" in client.post(RECORDS, data).content.decode()
    assert AssociationRequest.objects.open().count() == 3
    answer = client.post(RECORDS, data | {"confirmed": "1"})
    if verifies:
        assert answer.status_code == 428 and AssociationRequest.objects.open().count() == 3
        code = steps.code_sent_to(cast.mara.email)
        answer = client.post(RECORDS, data | {"confirmed": "1", "verification_code": code})
    page = answer.content.decode()
    assert "2 done, 2 refused" in page
    assert "Only the side that submitted a request can withdraw it" in page
    assert "This does not exist, or it belongs to another account." in page
    for request in (first, second):
        request.refresh_from_db()
        assert request.status == RequestStatus.REJECTED
    foreign.refresh_from_db()
    assert foreign.status == RequestStatus.PENDING


@pytest.mark.requirement("06-DCU-06", "06-DX-10", "04-ASC-09")
def test_a_distributor_reads_the_records_of_its_resellers_customers(cast: Cast) -> None:
    now = clock.now()
    own = Association.objects.create(
        account=cast.meridian, customer=_account("own-shop").account, associated_at=now
    )
    theirs = Association.objects.create(
        account=cast.lagoon, customer=_account("their-shop").account, associated_at=now
    )
    mine, request = asked(may_leave(own.customer)), asked(theirs)
    asked(association_of(cast.quarry))
    page = _page(cast.dina)
    assert "Resellers’ Customers" in page and RESELLERS in page
    assert "own-shop" in _table(page) and "their-shop" not in _table(page)
    page = _page(cast.dina, RESELLERS)
    assert "their-shop" in _table(page) and "Lagoon" in _table(page)
    assert "own-shop" not in _table(page) and "quarry" not in _table(page)
    assert "/agree" not in page and "Batch Reject" not in page
    client = client_of(cast.dina)
    for name in ("agree", "reject"):
        url = reverse(f"association_records:{name}", args=[request.pk])
        assert client.get(url).status_code == client.post(url).status_code == 404
    assert client.post(RESELLERS, {"batch": "reject", "ids": request.pk}).status_code == 404
    agree = reverse("association_records:agree", args=[mine.pk])
    assert client.post(agree).status_code == 302
    request.refresh_from_db()
    assert request.status == RequestStatus.PENDING


@pytest.mark.requirement("06-DX-10")
@pytest.mark.parametrize("who", ["mara", "leo", "hana"])
def test_others_have_no_tab_of_resellers(who: str, cast: Cast) -> None:
    assert client_of(getattr(cast, who)).get(RESELLERS).status_code == 404


@pytest.mark.requirement("06-DX-10")
def test_a_distributors_account_manager_sees_no_resellers_customers(cast: Cast) -> None:
    asked(
        Association.objects.create(
            account=cast.lagoon, customer=_account("their-shop").account, associated_at=clock.now()
        )
    )
    dina = cast.actor(cast.dina)
    assert records.list_reseller_records(dina).count() == 1
    assert not records.list_reseller_records(replace(dina, scope=Scope.OWN)).exists()


@pytest.mark.requirement("07-RASC-08", "07-RASC-01")
def test_a_reseller_answers_its_own_customer(cast: Cast) -> None:
    shop = _account("their-shop").account
    Association.objects.create(account=cast.lagoon, customer=shop, associated_at=clock.now())
    association = may_leave(shop)
    request = asked(association)
    assert "their-shop" in _table(_page(cast.leo))
    agree = reverse("association_records:agree", args=[request.pk])
    assert client_of(cast.leo).post(agree).status_code == 302
    association.refresh_from_db()
    assert association.ended_at


@pytest.mark.requirement("04-ASC-08")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_export_holds_the_shown_columns_masked(
    cast: Cast, harborline: Association, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    asked(harborline)
    assert client_of(cast.mara).post(RECORDS, {"export": "csv"}).status_code == 302
    run_export(ExportTask.objects.get().uid)
    with default_storage.open(ExportTask.objects.get().storage_name) as stored:
        text = stored.read().decode("utf-8-sig")
    for words in ("Disassociate", "Pending confirmation", "Customer", "+63 ****2291", "J Lim"):
        assert words in text
    assert "+639175552291" not in text and "Harborline Logistics" not in text
    assert client_of(cast.jun).post(RECORDS, {"export": "csv"}).status_code == 403


@pytest.mark.requirement("04-CUS-03")
def test_dialogs_name_the_customer_masked(cast: Cast, harborline: Association) -> None:
    request, client = asked(harborline), client_of(cast.mara)
    urls = [
        reverse(f"association_records:{name}", args=[request.pk]) for name in ("agree", "reject")
    ]
    urls.append(reverse("association_records:disassociate", args=[harborline.pk]))
    urls.append(reverse("authorizations:request", args=[harborline.pk]))
    for url in urls:
        page = client.get(url).content.decode()
        assert "harborline (H**** L****)" in page, url
        assert "Harborline Logistics" not in page, url


def test_the_empty_list_says_what_comes_here(cast: Cast) -> None:
    assert "No association records yet" in _page(cast.mara)


# --- The customer's own log -----------------------------------------------------------------


@pytest.mark.requirement("08-CSD-15")
def test_the_operation_log_holds_everything_with_every_partner(
    cast: Cast, harborline: Association
) -> None:
    before = Association.objects.create(
        account=cast.northgate,
        customer=cast.harborline,
        associated_at=local(2024, 1, 1),
        ended_at=local(2025, 1, 1),
    )
    asked(before, status=RequestStatus.COMPLETED, at=local(2025, 1, 1))
    asked(harborline, purpose=Purpose.ASSOCIATION, status=RequestStatus.COMPLETED)
    asked(harborline, Side.OPERATOR, purpose=Purpose.TYPE_CHANGE, status=RequestStatus.COMPLETED)
    asked(association_of(cast.delta))
    rows = _table(_page(cast.hana, LOG))
    for words in (
        "Northgate",
        "Tidemark Cloud",
        "Association type change",
        "Disassociate",
        "Operator",
        "Completed",
        "Jan 01, 2025",
    ):
        assert words in rows, words
    assert rows.count("<tr>") == 3, "nothing of other customers"
    assert LOG in _page(cast.hana, MY_PARTNER)
    assert client_of(cast.mara).get(LOG).status_code == 404


def test_the_page_shows_who_looks_after_the_customer(cast: Cast) -> None:
    page = _page(cast.hana, MY_PARTNER)
    for words in ("Partner Name", "Tidemark Cloud", "Association Type", "Associated On", "J Lim"):
        assert words in page
