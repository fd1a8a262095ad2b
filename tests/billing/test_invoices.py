"""Invoices: numbered without gaps, fixed once, on paper, mailed, returned, replaced (05 §8.4.3)."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

import outbox.sending
from accounts.models import Account, AccountCurrency, User
from billing.choices import CertificateState, InvoiceState, TaxKind, TicketState
from billing.models import (
    Bill,
    BillAccount,
    ExchangeRate,
    Invoice,
    InvoiceInfo,
    InvoiceTicket,
    PartnerAccount,
    TaxNotice,
    TaxRule,
    TopUpAccount,
    WithholdingCertificate,
)
from billing.refusals import CertificateThere, InvoiceNotIssued, InvoiceThere, TicketClosed
from billing.services import invoice_tickets, invoicing, withholding
from outbox.models import Delivery
from partner_center import paper
from partner_center.refusals import NotFound
from partner_center.uploads import open_private
from tests.cast import Cast

from .bills import bill
from .conftest import ISSUE, LONG_AGO, OCTOBER, Books

SOON = ISSUE + timedelta(minutes=1)
PDF = b"%PDF-1.7\n%"


def _file(name: str = "scan.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    file = SimpleUploadedFile(name, content)
    file.original_name = name  # type: ignore[attr-defined]
    return file


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _words(invoice: Invoice) -> tuple[str, PdfReader]:
    with open_private(invoice.file) as file:
        document = PdfReader(io.BytesIO(file.read()))
    return " ".join(page.extract_text() for page in document.pages), document


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Drawing takes a second a page: most tests only see what would be drawn."""
    pages: list[dict[str, Any]] = []

    def draw(_template: str, context: dict[str, Any]) -> bytes:
        pages.append(context)
        return PDF

    monkeypatch.setattr(paper, "render_pdf", draw)
    return pages


@dataclass
class Month:
    """A bill of Tidemark's with its invoice."""

    books: Books
    cast: Cast

    @property
    def invoice(self) -> Invoice:
        """The newest one."""
        return Invoice.objects.filter(account=self.cast.tidemark).latest("pk")


@pytest.fixture
def month(books: Books) -> Month:
    """100.001 USD before 10 % VAT and 10 % WHT, in pesos."""
    books.discount("0")
    AccountCurrency.objects.create(
        account=books.cast.tidemark, currency="PHP", from_cycle="2019-01", set_at=LONG_AGO
    )
    ExchangeRate.objects.create(currency="PHP", rate=Decimal("58.124"), valid_from=LONG_AGO.date())
    for kind in (TaxKind.VAT, TaxKind.WHT):
        TaxRule.objects.create(country="PH", kind=kind, percent=10, valid_from=LONG_AGO.date())
    entity = "Cloud Services (Hong Kong)"
    PartnerAccount.objects.create(account=books.cast.tidemark, signing_entity=entity)
    for number, moment, owner in (
        ("OLD-1", LONG_AGO, entity),
        ("0042-881-7730", ISSUE, entity),
        ("CHILE-7", SOON, "Cloud Services (Chile)"),
    ):
        TopUpAccount.objects.create(
            signing_entity=owner,
            currency="USD",
            payee="Cloud Services",
            address="Kowloon, Hong Kong",
            bank="Harbour Bank",
            bank_account=number,
            swift_code="HBRKSGSG",
            valid_from=moment,
        )
    books.post(books.charge("120.501"), books.charge("-20.5", bill_type="refund"))
    books.run()
    return Month(books, books.cast)


@pytest.mark.requirement("05-INV-01", "05-INV-05", "05-INV-06", "05-REP-15", "05-REP-08")
def test_the_paper_says_what_was_fixed_and_is_mailed(month: Month) -> None:
    tidemark = month.cast.tidemark
    InvoiceInfo.objects.create(
        account=tidemark, address="14/F Salcedo Tower\nMakati", email="ap@x.example", by_email=True
    )
    assert month.invoice.number == "CSER26000001"
    assert month.invoice.state == InvoiceState.PENDING
    assert (invoicing.make_due(SOON), invoicing.make_due(SOON)) == (1, 0)
    invoice = month.invoice
    assert (invoice.state, invoice.amount) == (InvoiceState.INVOICED, Decimal("110.00"))
    words, document = _words(invoice)
    for said in (
        "CSER26000001",
        "202610",
        invoice.bill.number,
        "Tidemark Cloud",
        "14/F Salcedo Tower",
        "Cloud Services (Hong Kong)",
        "0042-881-7730",
        "100.001",
        "VAT 10%",
        "10.0001",
        "WHT 10%",
        "1 USD = 58.124 PHP",
        "5,812.40 PHP",
        "Dec 05, 2026",
        "quote the invoice number CSER26000001",
        "Page 1 of 1",
    ):
        assert said in words, said
    assert "CHILE-7" not in words, "newer, but not of whom the partner has signed with"
    box = document.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842), "A4"
    fonts = document.pages[0]["/Resources"]["/Font"].values()
    assert all("Inter" in str(font.get_object()["/BaseFont"]) for font in fonts)
    mail = Delivery.objects.get(template="invoice")
    assert (mail.target, mail.attachment_name) == ("ap@x.example", "CSER26000001.pdf")
    assert mail.attachment == invoice.file and invoice.mailed_at == SOON
    TopUpAccount.objects.update(bank_account="NEW-9")
    Account.objects.filter(pk=tidemark.pk).update(full_name="Renamed")
    invoicing.make_again(month.cast.actor(month.cast.olga), invoice.pk)
    again, _document = _words(invoice)
    assert "0042-881-7730" in again and "Renamed" not in again, "it stays as printed"


def test_the_mail_carries_the_pdf(month: Month, drawn: list[Any], mailoutbox: list[Any]) -> None:
    InvoiceInfo.objects.create(
        account=month.cast.tidemark, address="x", email="ap@x.example", by_email=True
    )
    invoicing.make_due(SOON)
    outbox.sending.send_due()
    [mail] = [mail for mail in mailoutbox if "CSER26000001" in mail.subject]
    assert mail.attachments == [("CSER26000001.pdf", PDF, "application/pdf")]


def test_a_killed_try_is_repeated_with_the_same_words(
    month: Month, drawn: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fixed, then killed while drawing; meanwhile the partner moves."""

    def killed(*_args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(paper, "render_pdf", killed)
        with pytest.raises(KeyboardInterrupt):
            invoicing.make_due(SOON)
    fixed = month.invoice
    assert (fixed.state, fixed.printed["buyer"]["name"]) == ("pending", "Tidemark Cloud")
    Account.objects.filter(pk=month.cast.tidemark.pk).update(full_name="Renamed")
    assert invoicing.make_due(SOON) == 1
    made = month.invoice
    assert (made.file, made.printed) == (fixed.file, fixed.printed)
    assert drawn[-1]["buyer"]["name"] == "Tidemark Cloud"


def test_one_that_fails_keeps_its_cause_and_the_others_go_on(
    month: Month, drawn: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    month.books.post(month.books.charge("5", day="2026-11-10"))
    month.books.run(OCTOBER.next(), ISSUE + timedelta(days=31))
    draw = paper.render_pdf

    def fails_once(template: str, context: dict[str, Any]) -> bytes:
        if context["number"].endswith("1"):
            raise ValueError("no such glyph")
        return draw(template, context)

    with monkeypatch.context() as broken:
        broken.setattr(paper, "render_pdf", fails_once)
        assert invoicing.make_due(SOON) == 1
    first = Invoice.objects.earliest("pk")
    assert (first.state, first.failure) == ("pending", "ValueError: no such glyph")
    assert invoicing.make_due(SOON) == 1
    first.refresh_from_db()
    assert (first.state, first.failure) == ("invoiced", "")


@pytest.mark.requirement("05-INV-01")
def test_a_run_that_fails_takes_no_number(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number is given inside the issuing transaction: what falls after it gives it back."""
    books.post(books.charge("5"), books.charge("7", customer=books.cast.quarry))
    enter_each = invoicing.enter_each

    def fails(bills: Sequence[Bill], moment: datetime) -> None:
        enter_each(bills, moment)
        if any(bill.account_id == books.cast.tidemark.pk for bill in bills):
            raise OSError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(invoicing, "enter_each", fails)
        assert books.run().parked == 1
    books.run()
    numbers = dict(Invoice.objects.values_list("account__name", "number"))
    assert numbers == {"northgate": "CSER26000001", "tidemark-cloud": "CSER26000002"}


@pytest.mark.requirement("05-INV-01")
@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_no_gap(cast: Cast) -> None:
    """The second waits for the first, which falls: it gets the number that was not used."""
    bills = {
        partner.pk: bill(partner, number=partner.name)
        for partner in (cast.tidemark, cast.northgate)
    }
    taken, asking, seen = threading.Event(), threading.Event(), []

    def falls() -> None:
        with transaction.atomic():
            seen.append(invoicing.enter(bills[cast.tidemark.pk], ISSUE).number)
            taken.set()
            asking.wait(10)
            transaction.set_rollback(True)
        connection.close()

    def waits() -> None:
        taken.wait(10)
        asking.set()
        with transaction.atomic():
            seen.append(invoicing.enter(bills[cast.northgate.pk], ISSUE).number)
        connection.close()

    threads = [threading.Thread(target=work) for work in (falls, waits)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert seen == ["CSER26000001", "CSER26000001"]
    assert list(Invoice.objects.values_list("account_id", "number")) == [
        (cast.northgate.pk, "CSER26000001")
    ]


@pytest.mark.requirement("05-INV-02", "06-DIV-02", "05-INV-05", "05-INV-06", "05-INV-07")
@pytest.mark.requirement("05-INV-10", "05-BQY-10", "06-DIV-03")
def test_the_pages(month: Month, drawn: list[Any]) -> None:
    cast = month.cast
    Account.objects.filter(pk=cast.tidemark.pk).update(tax_id="PH-77")
    felix, invoice = _client(cast.felix), month.invoice
    download = reverse("billing:invoice-download", args=[invoice.pk])
    assert felix.get(download).status_code == 422, "not made yet"
    invoicing.make_due(SOON)
    page = felix.get(reverse("billing:invoices"), {"period": "2026-10", "state": "invoiced"})
    shown = page.content.decode()
    assert all(
        w in shown for w in ("202610", "CSER26000001", "Cloud services", "110.00", "Invoiced")
    )
    assert (
        "CSER26000001"
        not in felix.get(reverse("billing:invoices"), {"state": "void"}).content.decode()
    )
    bills = felix.get(reverse("billing:bills"), {"cycle": "2026-10"}).content.decode()
    assert f'href="{download}"' in bills and "Invoice No." in bills
    answer = felix.get(download)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="CSER26000001.pdf"'
    detail = felix.get(reverse("billing:invoice", args=[invoice.pk])).content.decode()
    assert "0042-881-7730" in detail and "quote the invoice number" in detail
    email, info = reverse("billing:invoice-email"), reverse("billing:invoice-info")
    refused = felix.post(email, {"on": "on"})
    assert refused.status_code == 422 and "Manage Invoice Info first" in refused.content.decode()
    dialog = felix.get(info)
    assert "PH-77" in dialog.content.decode() and ">Save<" in dialog.content.decode()
    seen = dialog.context["form"].initial["seen"]
    given = {"address": "Makati", "email": "nobody", "seen": seen, "tax_id": "X"}
    wrong = felix.post(info, given)
    assert wrong.status_code == 422 and "Makati" in wrong.content.decode(), "nothing typed is lost"
    assert felix.post(info, given | {"email": "ap@x.example"}).status_code == 302
    assert felix.post(info, given | {"email": "b@x.example"}).status_code == 409, "stale"
    assert ">Modify<" in felix.get(info).content.decode()
    assert felix.post(email, {"on": "on"}).status_code == 302
    saved = InvoiceInfo.objects.get()
    assert (saved.address, saved.email, saved.by_email) == ("Makati", "ap@x.example", True)
    assert Account.objects.get(pk=cast.tidemark.pk).tax_id == "PH-77"


@pytest.mark.requirement("05-INV-02", "06-DIV-02")
def test_who_may_see_them(month: Month, drawn: list[Any]) -> None:
    cast, invoice = month.cast, month.invoice
    invoicing.make_due(SOON)
    for name in ("invoice", "invoice-download"):
        address = reverse(f"billing:{name}", args=[invoice.pk])
        assert _client(cast.nora).get(address).status_code == 404, "another partner"
        assert _client(cast.hana).get(address).status_code == 404, "a customer"
        assert _client(cast.ivy).get(address).status_code == 403, "without the permission"
    assert _client(cast.leo).get(reverse("billing:invoices")).status_code == 403, "a reseller"
    assert _client(cast.ivy).post(reverse("billing:invoice-return")).status_code == 403
    upload = reverse("billing:certificate-upload", args=[invoice.bill_id])
    assert _client(cast.nora).post(upload, {"file": _file()}).status_code == 404


@pytest.mark.requirement("05-INV-04", "05-INV-09", "06-DIV-02")
def test_a_returned_invoice_is_replaced_under_the_next_number(
    month: Month, drawn: list[Any]
) -> None:
    cast, first = month.cast, month.invoice
    invoicing.make_due(SOON)
    felix, olga = _client(cast.felix), cast.actor(cast.olga)
    address = reverse("billing:invoice-return")
    assert first.number in felix.get(address).content.decode()
    given = {"invoice": first.pk, "description": "Wrong address"}
    for name, content in (("x.exe", b"MZ"), ("big.pdf", PDF + b"0" * 5 * 1024 * 1024)):
        wrong = felix.post(address, given | {"attachment": _file(name, content)})
        assert wrong.status_code == 422 and "Wrong address" in wrong.content.decode()
    assert felix.post(address, given | {"attachment": _file()}).status_code == 302
    ticket = InvoiceTicket.objects.get()
    assert Invoice.objects.get(pk=first.pk).state == InvoiceState.RETURNING
    with pytest.raises(InvoiceNotIssued):
        invoice_tickets.void(olga, first.pk, reason="x", issues_again=True)
    invoice_tickets.take(olga, ticket.pk)
    invoice_tickets.accept(olga, ticket.pk)
    with pytest.raises(TicketClosed):
        invoice_tickets.reject(olga, ticket.pk, reason="late")
    new = month.invoice
    assert (new.number, new.replaces_id, new.state) == ("CSER26000002", first.pk, "pending")
    first.refresh_from_db()
    assert (first.state, first.close_reason) == (InvoiceState.RETURNED, ticket.number)
    invoicing.make_due(SOON)
    assert drawn[-1]["replaces"] == "CSER26000001"
    listed = felix.get(reverse("billing:invoice-tickets")).content.decode()
    assert ticket.number in listed and "Completed" in listed and new.number in listed
    told = felix.get(reverse("notifications:messages")).content.decode()
    assert f"Your invoice ticket {ticket.number} is completed" in told


@pytest.mark.requirement("05-INV-03", "05-INV-04", "05-INV-09", "06-DBL-07")
def test_rejections_missing_and_void_invoices(month: Month, drawn: list[Any]) -> None:
    cast, first = month.cast, month.invoice
    invoicing.make_due(SOON)
    felix, olga = cast.actor(cast.felix), cast.actor(cast.olga)
    more = {"description": "d", "attachment": _file()}
    ticket = invoice_tickets.give_back(felix, invoice_id=first.pk, **more)
    invoice_tickets.reject(olga, ticket.pk, reason="Nothing is wrong with it")
    assert Invoice.objects.get(pk=first.pk).state == InvoiceState.INVOICED
    page = _client(cast.felix).get(reverse("billing:invoice-ticket", args=[ticket.pk]))
    assert "Nothing is wrong with it" in page.content.decode()
    with pytest.raises(InvoiceThere):
        invoice_tickets.request(felix, bill_id=first.bill_id, **more)
    with pytest.raises(NotFound):
        invoice_tickets.request(cast.actor(cast.nora), bill_id=first.bill_id, **more)
    assert (
        "No invoice is missing"
        in _client(cast.felix).get(reverse("billing:invoice-request")).content.decode()
    )
    assert invoice_tickets.void(olga, first.pk, reason="Test", issues_again=False) is None
    asked = _client(cast.felix).post(
        reverse("billing:invoice-request"),
        {"bill": first.bill_id, "description": "Missing", "attachment": _file()},
    )
    assert asked.status_code == 302
    missing = InvoiceTicket.objects.get(kind="request")
    done = invoice_tickets.accept(olga, missing.pk)
    assert (done.outcome.number, done.state) == ("CSER26000002", TicketState.COMPLETED)
    assert done.outcome.replaces is None
    new = invoice_tickets.void(olga, done.outcome.pk, reason="Again", issues_again=True)
    assert (new.number, new.replaces_id) == ("CSER26000003", done.outcome.pk)


@pytest.mark.requirement("05-INV-08", "06-DIV-01", "08-TAX-03", "08-TAX-05", "08-TAX-08")
def test_withheld_tax_asks_for_its_certificate(month: Month) -> None:
    cast, bill = month.cast, month.books.bill()
    assert (bill.total, bill.withheld, bill.amount_due) == (
        Decimal("110.00"),
        Decimal("10.00"),
        Decimal("100.00"),
    )
    felix, olga = _client(cast.felix), cast.actor(cast.olga)
    page, upload = (
        reverse("billing:certificates"),
        reverse("billing:certificate-upload", args=[bill.pk]),
    )
    assert "Pending upload" in felix.get(page).content.decode()
    assert felix.post(upload, {"file": _file("x.zip", b"PK\3\4")}).status_code == 422
    assert felix.post(upload, {"file": _file()}).status_code == 302
    assert felix.post(upload, {"file": _file()}).status_code == 422, "one is there"
    first = WithholdingCertificate.objects.get()
    assert "Uploaded" in felix.get(page).content.decode()
    withholding.reject(olga, first.pk, reason="Illegible")
    assert "Illegible" in felix.get(page).content.decode()
    assert felix.post(upload, {"file": _file()}).status_code == 302
    second = WithholdingCertificate.objects.latest("pk")
    withholding.accept(olga, second.pk)
    assert second.state != WithholdingCertificate.objects.get(pk=second.pk).state
    assert "Not settled" in felix.get(page).content.decode(), "the net payment is missing"
    BillAccount.objects.filter(bill=bill).update(state="paid", paid=bill.amount_due)
    assert "Not settled" not in felix.get(page).content.decode()
    with pytest.raises(CertificateThere):
        withholding.upload(cast.actor(cast.felix), bill_id=bill.pk, file=_file())
    foreign = reverse("billing:certificate-file", args=[second.pk])
    assert felix.get(foreign).status_code == 200
    assert _client(cast.nora).get(foreign).status_code == 404


@pytest.mark.requirement(
    "08-TAX-01",
    "08-TAX-02",
    "08-TAX-03",
    "08-TAX-04",
    "08-TAX-05",
    "08-TAX-06",
    "08-TAX-07",
)
def test_tax_notice_of_malaysia_and_kenya(books: Books) -> None:
    cast, address = books.cast, reverse("billing:tax-notice")
    mara, notice = _client(cast.mara), TaxNotice.objects.get(country="MY")
    assert mara.get(address).status_code == 404, "registered in the Philippines"
    Account.objects.filter(pk=cast.tidemark.pk).update(country="MY")
    assert reverse("billing:tax-notice") in mara.get(reverse("billing:invoices")).content.decode()
    words = mara.get(address).content.decode()
    for said in ("Nov 01, 2021 00:00:00", "KooGallery", "$90.00", "Integra Tower", "hcpn_spc.html"):
        assert said in words, said
    assert mara.get(reverse("billing:tax-residence")).status_code == 404, "not published"
    olga = _client(cast.olga)
    change = reverse("admin:billing_taxnotice_change", args=[notice.pk])
    form = olga.get(change).context["adminform"].form
    values = {name: form.initial[name] for name in ("delivery", "agreement_url", "residence_title")}
    values |= {"seen": form.initial["seen"], "new_file": _file("trc.pdf")}
    assert olga.post(change, values | {"delivery": "By courier"}).status_code == 302
    assert "By courier" in mara.get(address).content.decode()
    answer = mara.get(reverse("billing:tax-residence"))
    assert "HK Services TRC 2021 - Malaysia.pdf" in answer["Content-Disposition"]
    Account.objects.filter(pk=cast.tidemark.pk).update(country="KE")
    assert "KENYAITAX1351@HUAWEI.COM" in mara.get(address).content.decode()


@pytest.mark.requirement("05-INV-09")
def test_the_operator_works_on_its_pages(month: Month, drawn: list[Any]) -> None:
    cast = month.cast
    invoicing.make_due(SOON)
    olga, first = _client(cast.olga), month.invoice
    felix = cast.actor(cast.felix)

    def act(model: str, name: str, key: int, **data: Any) -> int:
        address = reverse(f"admin:billing_{model}_{name}", args=[key])
        return olga.post(address, data).status_code

    ticket = invoice_tickets.give_back(
        felix, invoice_id=first.pk, description="d", attachment=_file()
    )
    page = reverse("admin:billing_invoiceticket_attachment", args=[ticket.pk])
    assert olga.get(page).status_code == 200
    assert act("invoiceticket", "reject", ticket.pk) == 422, "a reason is needed"
    assert act("invoiceticket", "take", ticket.pk) == 302
    assert act("invoiceticket", "accept", ticket.pk) == 302
    assert act("invoiceticket", "reject", ticket.pk, reason="x") == 403, "it is decided"
    assert act("invoice", "make_again", first.pk) == 302
    download = reverse("admin:billing_invoice_download", args=[first.pk])
    assert olga.get(download).status_code == 200
    assert act("invoice", "void", month.invoice.pk, reason="r", issues_again="on") == 302
    assert month.invoice.number == "CSER26000003"
    certificate = withholding.upload(felix, bill_id=first.bill_id, file=_file())
    assert act("withholdingcertificate", "accept", certificate.pk) == 302
    certificate.refresh_from_db()
    assert certificate.state == CertificateState.ACCEPTED
