"""The operator's admin: uploads, maps, what was rejected, and why a charge is what it is."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import OperationRecord
from catalog.models import ListPrice, PriceTier
from exports.models import ExportTask
from metering.models import Charge, Intake, SubAccount, UsageSource
from metering.services import intakes, uploads
from partner_center.refusals import NotPermitted

from ..cast import Cast
from ..goods import Goods
from .usage import record, system, take, write_csv

pytestmark = pytest.mark.requirement("05-BFD-02")


@pytest.fixture
def client(cast: Cast) -> Client:
    """Olga, main user of the operator."""
    client = Client()
    client.force_login(cast.olga)
    return client


def _page(model: str, action: str, *arguments: object) -> str:
    return reverse(f"admin:metering_{model}_{action}", args=arguments)


def _file(path: Path, name: str = "usage.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, path.read_bytes(), "text/csv")


def test_a_file_is_uploaded_taken_in_by_a_worker_and_its_rejected_lines_exported(
    cast: Cast, goods: Goods, client: Client, tmp_path: Path
) -> None:
    source = intakes.source_of(system(), "metering", "native")
    rows = [record(cast.harborline, 1), record(cast.harborline, 2, customer_id="nobody")]
    path = write_csv(tmp_path / "u.csv", rows)
    page = _page("intake", "upload")
    assert client.get(page).status_code == 200
    given = {"source": source.pk, "shift_months": 0}
    answer = client.post(page, given | {"file": _file(path)})
    assert answer.status_code == 302, answer.content.decode()
    intake = Intake.objects.get()
    assert (intake.name, intake.state) == ("usage.csv", "running")
    for _time in range(2):
        uploads.run(intake.pk)
    intake.refresh_from_db()
    assert (intake.state, intake.accepted, intake.rejected) == ("completed", 1, 1)
    assert Intake.objects.count() == Charge.objects.count() == 1
    shown = client.get(_page("intake", "show_rejected", intake.pk), follow=True)
    assert "No customer has this ID." in shown.content.decode()
    assert client.post(_page("intake", "export_rejected", intake.pk)).status_code == 302
    assert ExportTask.objects.get().exporter == "rejected_lines"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"colour,size\n1,2\n", "lacks these columns"), (b"\x89PNG\r\n\x1a\n\0\0", "none of these")],
)
def test_a_wrong_file_is_refused_beside_its_field(
    cast: Cast, client: Client, content: bytes, sentence: str
) -> None:
    source = intakes.source_of(system(), "metering", "native")
    given = {"source": source.pk, "shift_months": 0}
    file = SimpleUploadedFile("usage.csv", content)
    answer = client.post(_page("intake", "upload"), given | {"file": file})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Intake.objects.exists()


def test_sources_are_added_and_stopped_and_sub_accounts_mapped(
    cast: Cast, client: Client, tmp_path: Path
) -> None:
    given = {"name": "north cloud", "kind": "focus"}
    assert client.post(_page("usagesource", "add"), given).status_code == 302
    source = UsageSource.objects.get()
    path = tmp_path / "map.csv"
    path.write_text(f"sub_account_id,customer_id\nacct-1,{cast.harborline.public_id}\n")
    page = _page("subaccount", "import_map")
    answer = client.post(page, {"source": source.pk, "accounts": _file(path, "map.csv")})
    assert answer.status_code == 302, answer.content.decode()
    assert SubAccount.objects.get().customer_id == cast.harborline.pk
    path.write_text(f"sub_account_id,account_name\nacct-1,{cast.delta.name}\n")
    named = client.post(page, {"source": source.pk, "accounts": _file(path, "map.csv")})
    assert named.status_code == 302 and SubAccount.objects.get().customer_id == cast.delta.pk
    path.write_text("sub_account_id,customer_id\nacct-1,nobody\n")
    wrong = client.post(page, {"source": source.pk, "accounts": _file(path, "map.csv")})
    assert wrong.status_code == 422
    assert "No customer has these IDs: nobody" in wrong.content.decode()
    assert client.post(_page("usagesource", "switch", source.pk)).status_code == 302
    with pytest.raises(Exception, match="accepts no records"):
        intakes.source_of(system(), "north cloud", "focus")
    assert OperationRecord.objects.filter(action="metering.source.switched").exists()


def test_a_charge_is_explained_in_figures(
    cast: Cast, goods: Goods, client: Client, tmp_path: Path
) -> None:
    price = ListPrice.objects.get(product=goods.traffic)
    for above, unit_price in ((0, "0.12"), (10, "0.10")):
        PriceTier.objects.create(price=price, above=above, unit_price=Decimal(unit_price))
    rows = [record(cast.harborline, n, product_id="traffic", usage=8 * 1024**3) for n in range(2)]
    take(write_csv(tmp_path / "u.csv", [*rows, record(cast.harborline, 9)]))
    _first, second, host = Charge.objects.order_by("pk")
    text = client.get(_page("charge", "change", second.pk)).content.decode()
    assert "8589934592 Byte / 1073741824 = 8 GB" in text
    assert "Used before in the cycle: 8. From there to 16 it costs 0.84." in text
    text = client.get(_page("charge", "change", host.pk)).content.decode()
    assert "List price of all regions from 2020-01-01: 0.1. 1 × 0.1 = 0.1." in text
    assert "0.1000000" not in text, "no decimals that say nothing"
    listed = client.get(reverse("admin:metering_charge_changelist")).content.decode()
    assert "0.84" in listed and "0.8400000" not in listed
    records = client.get(reverse("admin:metering_usagerecord_changelist")).content.decode()
    assert "8589934592" in records and "8589934592.0" not in records


def test_others_take_nothing_in(cast: Cast, goods: Goods, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "u.csv", [record(cast.harborline, 1)])
    source = intakes.source_of(system(), "metering", "native")
    for user in (cast.mara, cast.hana):
        with pytest.raises(NotPermitted):
            intakes.take_file(cast.actor(user), source, path)
