"""Reseller Management, the reseller's own page, who has which menu (06 §9.2.1, 07 §0)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.choices import PartnerKind
from accounts.models import Account
from accounts.services import operating as accounts
from audit.models import OperationRecord
from partner_center import exporting, navigation
from resellers.models import ResellerAssociation
from resellers.queries.resellers import list_resellers
from resellers.refusals import NeverProvider
from resellers.services.operating import end_reseller_association

from ..cast import _account
from . import steps

pytestmark = pytest.mark.django_db
LIST = "/sales/resellers"


def _menu(cast, user) -> dict[str, list[str]]:
    """Area → labels of its entries, as this user sees them."""
    actor = cast.actor(user)
    return {
        str(area.label): [str(entry.label) for entry in entries]
        for area, entries in navigation.areas_for(actor)
    }


@pytest.mark.requirement("06-RSL-01", "06-RSL-11", "06-PRM-02", "06-DOV-04")
def test_the_list_shows_what_each_reseller_may_do(cast) -> None:
    Account.objects.filter(pk=cast.lagoon.pk).update(bound_mobile="+639170000001")
    steps.granted(cast, "1000", "250.50")
    steps.on_behalf(cast)
    page = steps.signed_in(cast.dina).get(LIST).content.decode()
    for words in (
        "Reseller Management",
        "Invite Reseller",
        "View Invites",
        "Set Account Freezing and Budget Setting Permissions",
        "Permissions for Placing Order and Performing O&amp;M on Customer&#x27;s Behalf",
        "Lagoon",
        "Philippines",
        'aria-checked="true"',
    ):
        assert words in page, words
    assert "1,000" in page and "250" in page


@pytest.mark.requirement("06-DX-06")
def test_personal_data_is_masked_until_the_eye_is_used(cast) -> None:
    Account.objects.filter(pk=cast.lagoon.pk).update(bound_mobile="+639170000001")
    dina = steps.signed_in(cast.dina)
    page = dina.get(LIST).content.decode()
    assert "accounts@lagoon.example" not in page and "acc****@lagoon.example" in page
    assert "+639170000001" not in page and "+63 ****0001" in page
    assert "accounts@lagoon.example" in dina.post(LIST, {"reveal": "contact"}).content.decode()
    assert OperationRecord.objects.get(action="lists.column.revealed").after["list"] == "resellers"


def test_the_list_is_filtered_by_name_and_grant(cast) -> None:
    palmyra = _account("palmyra-tech", PartnerKind.RESELLER).account
    ResellerAssociation.objects.create(
        account=cast.meridian,
        reseller=palmyra,
        associated_at=steps.lagoon(cast).associated_at,
    )
    steps.granted(cast)
    dina = steps.signed_in(cast.dina)

    def shown(query: str) -> set[str]:
        page = dina.get(f"{LIST}?{query}").content.decode()
        return {name for name in ("Lagoon", "Palmyra Tech") if name in page}

    assert shown("") == {"Lagoon", "Palmyra Tech"}
    assert shown("q=palmy") == {"Palmyra Tech"}
    assert shown("authorized=yes") == {"Lagoon"}
    assert shown("authorized=no") == {"Palmyra Tech"}


@pytest.mark.requirement("06-DX-04")
def test_a_distributor_sees_its_own_resellers_only(cast) -> None:
    halcyon = _account("halcyon", PartnerKind.DISTRIBUTOR)
    assert not list_resellers(steps.actor_of(halcyon)).exists()
    assert "No resellers yet" in steps.signed_in(halcyon).get(LIST).content.decode()
    assert [row.reseller for row in list_resellers(cast.actor(cast.dina))] == [cast.lagoon]


def test_both_lists_can_be_exported(cast) -> None:
    steps.granted(cast, "1000")
    steps.invite(cast)
    for name in ("resellers", "reseller_invitations"):
        exporter = exporting.get(name)
        source = exporter.source(cast.actor(cast.dina), {"query": "", "columns": []})
        assert source.queryset.count() == 1 and source.columns
    dina = steps.signed_in(cast.dina)
    assert dina.post(LIST, {"export": "csv"}).status_code == 302


def test_who_may_only_look_sees_no_switches(cast) -> None:
    from .test_inviting import _member

    steps.granted(cast, "1000")
    viewer = steps.signed_in(_member(cast, "resellers.view_resellers"))
    page = viewer.get(LIST).content.decode()
    assert 'role="switch"' not in page and "Off" in page
    detail = viewer.get(f"{LIST}/{steps.lagoon(cast).pk}/permissions").content.decode()
    assert (
        "Your roles let you see this, not change it." in detail and 'name="authorize"' not in detail
    )
    assert viewer.post(f"{LIST}/{steps.lagoon(cast).pk}/permissions", {}).status_code == 403


@pytest.mark.requirement("07-RDF-01", "06-RSL-11", "06-PRM-09", "06-PRM-10")
def test_a_reseller_sees_its_distributor_and_what_it_may_do(cast) -> None:
    leo = steps.signed_in(cast.leo)
    page = leo.get("/overview/distributor").content.decode()
    assert "My HUAWEI CLOUD Distributor" in page and "Meridian" in page
    assert "Your distributor sets the budgets of your customers" in page
    grant = steps.granted(cast, "1000", "250.50")
    assert grant.monthly_quota == Decimal(1000)
    page = leo.get("/overview/distributor").content.decode()
    assert "1,000" in page and "250" in page and "Your distributor sets" not in page
    end_reseller_association(cast.actor(cast.olga), steps.lagoon(cast).pk, reason="Contract ended")
    assert "works under no distributor now" in leo.get("/overview/distributor").content.decode()
    answer = steps.signed_in(cast.mara).get("/overview/distributor")
    assert answer.status_code == 403
    assert "for resellers that work under a distributor" in answer.content.decode()


@pytest.mark.requirement("07-RDF-01", "07-RDF-08", "06-RSL-01")
def test_the_menus_of_distributor_and_reseller_differ(cast) -> None:
    distributor, reseller = _menu(cast, cast.dina), _menu(cast, cast.leo)
    provider = _menu(cast, cast.mara)
    assert "Reseller Management" in distributor["Sales"]
    assert reseller["Overview"] == ["My HUAWEI CLOUD Distributor"]
    assert "Overview" not in distributor and "Overview" not in provider
    for menu in (reseller, provider):
        assert "Reseller Management" not in menu.get("Sales", [])
    assert set(reseller) <= {
        "Home",
        "Overview",
        "Sales",
        "Organization",
        "Message Center",
        "Messages",
        "Partner Information",
        "Exports",
        "Records",
    } | set(provider)
    for area in ("Financial Information", "Incentives", "Benefits"):
        assert area not in reseller


@pytest.mark.requirement("07-RTM-04", "06-DOV-06")
def test_there_is_no_settlement_page_between_distributor_and_reseller(cast) -> None:
    words = ("settle", "invoice", "payment", "bill")

    def about_money(user) -> list[tuple[str, str]]:
        return [
            (area, entry)
            for area, labels in _menu(cast, user).items()
            for entry in (area, *labels)
            if any(word in entry.lower() for word in words)
        ]

    assert about_money(cast.leo) == []
    own = [("Sales", "Partner Bills"), ("Sales", "Invoices")]
    assert about_money(cast.dina) == own, "what it settles with the operator"
    pages = steps.signed_in(cast.leo).get("/overview/distributor").content.decode().lower()
    assert "invoice" not in pages and "settle" not in pages


@pytest.mark.requirement("06-DOV-03")
def test_a_distributor_never_becomes_a_provider(cast) -> None:
    halcyon = _account("halcyon", PartnerKind.DISTRIBUTOR).account
    with pytest.raises(NeverProvider) as refused:
        accounts.set_partner_kind(cast.actor(cast.olga), halcyon.pk, kind=PartnerKind.CSP)
    assert "cannot join the Cloud Solution Provider Program" in refused.value.sentence
    halcyon.refresh_from_db()
    assert halcyon.partner_kind == PartnerKind.DISTRIBUTOR
