"""Bank transfers: where to, the ticket, four eyes; account statements; what the operator maintains."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services import creation
from audit.models import OperationRecord
from billing.choices import BillState, EntryType, TicketState
from billing.models import BillAccount, PartnerAccount, StatementEntry, TopUpAccount, TransferTicket
from billing.queries import funds as queries
from billing.refusals import FourEyes, NoFinancialInformation, OnlyPayers, TicketDecided
from billing.services import funds, partner_accounts, transfers
from exports.models import ExportTask
from notifications.models import Notice
from partner_center import clock, exporting
from partner_center.refusals import NotFound, NotPermitted, Stale
from partner_center.stale import fingerprint_of
from tests.billing.conftest import Books
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
BANK = {
    "currency": "USD",
    "payee": "Huawei Services (Hong Kong) Co., Limited",
    "address": "Tsim Sha Tsui, Hong Kong",
    "bank": "Citibank N.A.",
    "bank_account": "1105112",
    "swift_code": "CITIHKHX",
}


def upload(content: bytes = PDF, name: str = "receipt.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def second_of(cast: Cast) -> User:
    """Another main user of the operator: somebody else's eyes."""
    user = creation.create_user(
        account=cast.operator,
        username="omar",
        password=PASSWORD,
        email="omar@operator.example",
        mobile="+639175552292",
        name="Omar",
        moment=clock.now(),
    )
    User.objects.filter(account=cast.operator, is_main=True).update(is_main=False)
    User.objects.filter(pk=user.pk).update(is_main=True)
    return user


def omar_of(cast: Cast) -> User:
    return User.objects.get(account=cast.operator, username="omar")


@pytest.mark.requirement("05-REP-09", "05-REP-10", "05-REP-14", "06-DRP-04")
def test_a_ticket_is_booked_by_two_people(books: Books) -> None:
    cast = books.cast
    books.post("100")
    books.run()
    client = Client()
    client.force_login(cast.mara)
    create = reverse("billing:transfer-create")
    form = {
        "topped_up_on": "11/20/2026",
        "amount": "150.00",
        "bank_account": "4401-22",
        "description": "",
    }
    for field, wrong in (
        ("topped_up_on", ""),
        ("topped_up_on", "2026-13-40"),
        ("topped_up_on", "01/01/2099"),
        ("amount", "0"),
        ("amount", "a lot"),
        ("bank_account", ""),
    ):
        refused = client.post(create, form | {field: wrong, "certificate": upload()})
        said = refused.content.decode()
        assert refused.status_code == 422 and f"id_{field}_error" in said, field
        assert ("Enter an amount above 0." in said) == (field == "amount")
        assert "Choose the file again" in said
    for wrong_file in (None, upload(b"plain words", "receipt.pdf"), upload(PDF, "receipt.exe")):
        refused = client.post(create, form | ({"certificate": wrong_file} if wrong_file else {}))
        assert refused.status_code == 422 and "id_certificate_error" in refused.content.decode()
    assert not TransferTicket.objects.exists()
    printed = form | {"amount": "$150.00 USD", "certificate": upload()}
    assert client.post(create, printed).url == reverse("billing:transfers"), (
        "the format of the hint"
    )
    ticket = TransferTicket.objects.get()
    olga = cast.actor(cast.olga)
    assert transfers.confirm(olga, ticket.pk, amount=Decimal(140)).state == TicketState.PROCESSING
    with pytest.raises(FourEyes):
        transfers.approve(olga, ticket.pk)
    for act in (transfers.approve, transfers.reject):
        with pytest.raises(NotPermitted):
            act(
                cast.actor(cast.mara),
                ticket.pk,
                **({"reason": "x"} if act is transfers.reject else {}),
            )
    assert not StatementEntry.objects.exists(), "nothing is booked by one"
    omar = cast.actor(second_of(cast))
    assert transfers.approve(omar, ticket.pk).state == TicketState.COMPLETED
    with pytest.raises(TicketDecided):
        transfers.approve(omar, ticket.pk)
    with pytest.raises(TicketDecided):
        transfers.reject(omar, ticket.pk, reason="Too late")
    rows = list(StatementEntry.objects.order_by("pk").values_list("type", "amount", "balance"))
    assert rows == [(EntryType.TOP_UP, 140, 140), (EntryType.REPAYMENT, -100, 40)]
    assert BillAccount.objects.get().state == BillState.PAID
    assert Notice.objects.filter(
        title=f"Your transfer ticket {ticket.number} is completed"
    ).exists()
    done = set(
        OperationRecord.objects.filter(account=cast.tidemark).values_list("action", flat=True)
    )
    assert {f"billing.transfer.{word}" for word in ("submitted", "confirmed", "approved")} <= done
    certificate = reverse("billing:transfer-certificate", args=[ticket.pk])
    answers = []
    for user in (cast.mara, omar_of(cast), cast.nora, cast.hana, cast.ivy):
        client.force_login(user)
        answers.append(client.get(certificate).status_code)
    assert answers == [200, 200, 404, 404, 403]


@pytest.mark.requirement("05-REP-10")
def test_a_ticket_is_rejected_with_a_reason(cast: Cast) -> None:
    mara = cast.actor(cast.mara)
    wish = transfers.Transfer(
        clock.business_date(clock.now()), Decimal(5), "1", "", upload(), "receipt.pdf"
    )
    with pytest.raises(NoFinancialInformation):
        transfers.submit(cast.actor(cast.leo), wish)
    ticket = transfers.submit(mara, wish)
    rejected = transfers.reject(cast.actor(cast.olga), ticket.pk, reason="No such transfer")
    assert rejected.state == TicketState.REJECTED and not StatementEntry.objects.exists()
    told = Notice.objects.get(title=f"Your transfer ticket {ticket.number} is rejected")
    assert "No such transfer" in told.body
    with pytest.raises(NotFound):
        transfers.confirm(cast.actor(cast.olga), 0, amount=Decimal(1))


@pytest.mark.requirement(
    "05-REP-06", "05-REP-07", "05-REP-08", "05-REP-13", "05-REP-15", "06-DRP-01"
)
def test_where_to_transfer_and_who_pays_online(cast: Cast) -> None:
    olga = cast.actor(cast.olga)
    home = PartnerAccount._meta.get_field("signing_entity").default
    for account in ("old", "1105112"):
        values = BANK | {"signing_entity": home, "bank_account": account}
        partner_accounts.add_top_up_account(olga, values=values)
    partner_accounts.add_top_up_account(
        olga, values=BANK | {"signing_entity": "Elsewhere Ltd.", "bank_account": "else"}
    )
    with pytest.raises(NotPermitted):
        partner_accounts.add_top_up_account(cast.actor(cast.mara), values=BANK)
    assert TopUpAccount.objects.count() == 3, "earlier ones stay"
    client = Client()
    client.force_login(cast.dina)
    page = client.get(reverse("billing:repay-transfer"))
    assert page.context["top_up"].bank_account == "1105112", "the newest"
    assert b"CITIHKHX" in page.content
    assert not client.get(reverse("billing:repay")).context["not_offered"]
    account = partner_accounts.open_account(olga, cast.meridian.pk)
    seen = fingerprint_of(account, partner_accounts.FIELDS)
    wanted = {"term_days": 45, "signing_entity": "Elsewhere Ltd."}
    partner_accounts.set_terms(olga, cast.meridian.pk, values=wanted, seen=seen)
    with pytest.raises(Stale):
        partner_accounts.set_terms(olga, cast.meridian.pk, values=wanted, seen=seen)
    for outsider in (cast.lagoon, cast.harborline):
        with pytest.raises(OnlyPayers):
            partner_accounts.open_account(olga, outsider.pk)
    page = client.get(reverse("billing:repay"))
    assert "not offered with your signing entity" in page.context["not_offered"]
    assert client.post(reverse("billing:repay"), {"amount": "5", "card": "1"}).status_code == 422
    transfer = client.get(reverse("billing:repay-transfer"))
    assert transfer.context["top_up"].bank_account == "else"


@pytest.mark.requirement(
    "05-STM-01", "05-STM-02", "05-STM-03", "05-STM-04", "05-STM-05", "05-STM-06",
    "05-CNV-05", "06-DFD-01", "06-DFD-02", "06-DFD-03",
)  # fmt: skip
def test_account_statements(cast: Cast, django_capture_on_commit_callbacks) -> None:
    moment = clock.now()
    for partner in (cast.tidemark, cast.meridian):
        account = funds.lock(partner.pk)
        funds.book(account, EntryType.TOP_UP, Decimal(50), moment - timedelta(days=400))
        funds.book(account, EntryType.TOP_UP, Decimal(100), moment)
        funds.book(account, EntryType.REPAYMENT, Decimal(-70), moment, remarks="PB202610000001")
    client, page = Client(), reverse("billing:statements")
    client.force_login(cast.felix)
    text = client.get(page).content.decode()
    own = StatementEntry.objects.filter(account=cast.tidemark).order_by("pk")
    old, top_up, paid = own
    assert text.index(paid.number) < text.index(top_up.number), (
        "of one second the higher number first"
    )
    assert old.number not in text and "ecosystem manager" in text
    assert "Transaction SN" in text and "Income" in text and "150.00" in text
    assert ">+100.00<" in text and ">−70.00<" in text and "+150.00" not in text
    filtered = client.get(page, {"type": "top_up"}).content.decode()
    assert top_up.number in filtered and paid.number not in filtered
    assert queries.searchable_from(moment) < moment - timedelta(days=364)
    with django_capture_on_commit_callbacks():
        said = client.post(page, {"export": "csv", "ids": [paid.pk]}, follow=True).content.decode()
    assert "Records exported successfully" in said
    task = ExportTask.objects.get()
    assert task.params["ids"] == [str(paid.pk)]
    exporter = exporting.get("account_statements")
    source = exporter.source(cast.actor(cast.felix), task.params)
    heads = [column.head for column in source.columns]
    assert heads[:4] == [
        "Transaction SN",
        "Transaction Time",
        "Income or Expenditure",
        "Transaction Type",
    ]
    client.force_login(cast.dina)
    text = client.get(page).content.decode()
    assert "service ticket" in text and paid.number not in text
    source = exporting.get("distributor_statements").source(cast.actor(cast.dina), {})
    assert [column.head for column in source.columns] == [
        "Transaction No.",
        "Transaction Time",
        "Transaction Type",
        "Order/Transaction ID",
        "Remarks",
        "Revenue or Expenditure",
        "Amount (USD)",
        "Balance (USD)",
    ]
    client.force_login(cast.leo)
    assert client.get(page).status_code == 403
    client.force_login(cast.ivy)
    assert client.get(page).status_code == 403


@pytest.mark.requirement("05-REP-07", "05-REP-10")
def test_the_operators_pages(cast: Cast) -> None:
    mara, client = cast.actor(cast.mara), Client()
    wish = transfers.Transfer(
        clock.business_date(clock.now()), Decimal(5), "1", "", upload(), "receipt.pdf"
    )
    ticket = transfers.submit(mara, wish)
    client.force_login(cast.olga)
    for model in ("transferticket", "payment", "card", "statemententry", "partneraccount"):
        assert client.get(reverse(f"admin:billing_{model}_changelist")).status_code == 200, model
    page = client.get(reverse("admin:billing_transferticket_change", args=[ticket.pk]))
    assert "receipt.pdf" in page.content.decode()
    confirm = reverse("admin:billing_transferticket_confirm", args=[ticket.pk])
    assert client.post(confirm, {"amount": "0"}).status_code == 422
    assert client.post(confirm, {"amount": "5"}).status_code == 302
    approve = reverse("admin:billing_transferticket_approve", args=[ticket.pk])
    refused = client.post(approve)
    assert refused.status_code == 422 and "two people" in refused.content.decode()
    add = reverse("admin:billing_topupaccount_add")
    assert client.post(add, BANK | {"signing_entity": "X"}).status_code == 302
    assert client.post(add, BANK | {"signing_entity": ""}).status_code == 422
    account = PartnerAccount.objects.create(account=cast.tidemark)
    terms = reverse("admin:billing_partneraccount_change", args=[account.pk])
    seen = client.get(terms).context["adminform"].form["seen"].value()
    form = {"term_days": "10", "signing_entity": "Huawei (Chile) S.A.", "seen": seen}
    assert client.post(terms, form).status_code == 302
    account.refresh_from_db()
    assert (account.term_days, account.signing_entity) == (10, "Huawei (Chile) S.A.")
    assert client.post(terms, form).status_code == 422, "stale"
    client.force_login(cast.mara)
    assert client.get(terms).status_code == 404
