"""The page of one customer (04-CUD-01 to CUD-03, CUD-11; 06-DCU-08 to DCU-14; 07-RCUS-08)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account, PartnerTerms
from audit.models import OperationRecord
from budgets.choices import Strength
from customers import row_operations
from customers.choices import (
    AssociationModel,
    AuthorizationStatus,
    Purpose,
    RequestStatus,
    Side,
)
from customers.models import (
    Association,
    AssociationRequest,
    ManagerAssignment,
    OnBehalfAuthorization,
    PartnerDiscount,
)
from customers.permissions import VIEW_CUSTOMERS
from partner_center import clock
from tests.realname import papers

from .management import (
    RESELLERS,
    client_of,
    customer,
    details,
    freeze,
    grant_budget,
    grant_on_behalf,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara(cast) -> Client:
    """Signed in as Tidemark's main user."""
    return client_of(cast.mara)


@pytest.fixture
def harborline(cast) -> Association:
    """Tidemark's customer, whom Jun looks after."""
    Account.objects.filter(pk=cast.harborline.pk).update(
        full_name="Harborline Logistics", bound_mobile="+639175552291"
    )
    Association.objects.filter(customer=cast.harborline).update(custom_tag="freight")
    return Association.objects.get(customer=cast.harborline)


@pytest.fixture
def reef(cast) -> Association:
    """A customer of Lagoon, the reseller."""
    return customer(cast.lagoon, "reef")


def _html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def _accepted(association: Association) -> None:
    """The customer has authorized its partner."""
    OnBehalfAuthorization.objects.create(
        account_id=association.account_id,
        association=association,
        customer_id=association.customer_id,
        status=AuthorizationStatus.ACCEPTED,
        requested_at=clock.now(),
        effective_at=clock.now(),
    )


def _information(association: Association) -> str:
    return reverse("customers:basic-information", args=[association.pk])


@pytest.mark.requirement("04-CUD-01", "06-DCU-09")
def test_the_header_says_who_the_customer_is(mara, harborline) -> None:
    html = _html(mara, details(harborline))
    assert "<h1" in html and "harborline" in html
    assert "H**** L****" in html and "acc****@harborline.example" in html
    assert "Harborline Logistics" not in html and "accounts@harborline" not in html
    assert '<span class="pc-chip">Reseller</span>' in html
    assert '<span class="pc-chip">Enterprise User</span>' in html
    assert "<b>freight</b>" in html and "Go to Old Edition" not in html


@pytest.mark.requirement("04-CUD-01", "06-DCU-09")
def test_a_banner_says_that_the_customer_is_frozen_and_why(mara, harborline) -> None:
    assert "pc-note-ice" not in _html(mara, details(harborline))
    freeze(harborline)
    html = _html(mara, details(harborline))
    assert "You have frozen the account and pay-per-use resources of the customer." in html
    assert "Account and resources frozen" in html


@pytest.mark.requirement("04-CUS-03", "06-DX-06")
@pytest.mark.parametrize(
    ("field", "plain"), [("name", "Harborline Logistics"), ("email", "accounts@harborline.example")]
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_the_eye_shows_one_value_and_is_recorded(mara, harborline, field, plain, headers) -> None:
    answer = mara.post(details(harborline), {"field": field}, headers=headers)
    assert plain in answer.content.decode()
    record = OperationRecord.objects.get(action="customers.customer.revealed")
    assert record.after == {"customer": "harborline", "field": field}
    assert plain not in _html(mara, details(harborline))


def test_only_masked_values_can_be_revealed(mara, harborline) -> None:
    assert mara.post(details(harborline), {"field": "tax_id"}).status_code == 404
    assert not OperationRecord.objects.filter(action="customers.customer.revealed").exists()


@pytest.mark.requirement("04-CUD-11", "06-DCU-13", "07-RCUS-19")
def test_basic_information_shows_all_managers_with_their_periods(cast, mara, harborline) -> None:
    start = clock.now() - timedelta(days=100)
    ManagerAssignment.objects.create(
        account=cast.tidemark,
        association=harborline,
        manager=cast.rosa,
        started_at=start,
        ended_at=start + timedelta(days=40),
    )
    answer = mara.get(_information(harborline))
    managers = [(str(a.manager), a.ended_at is None) for a in answer.context["managers"]]
    assert managers == [("J Lim", True), ("R Santos", False)]
    html = answer.content.decode()
    assert "Account Manager History" in html and "Until now" in html
    assert f"{clock.business_date(start):%b %d, %Y}" in html
    assert "+63 ****2291" in html and "+639175552291" not in html


def test_basic_information_shows_the_association_records(cast, mara, harborline) -> None:
    AssociationRequest.objects.create(
        account=cast.tidemark,
        customer=cast.harborline,
        association=harborline,
        purpose=Purpose.TYPE_CHANGE,
        model=AssociationModel.REFERRAL,
        initiator=Side.OPERATOR,
        status=RequestStatus.REJECTED,
        requested_at=clock.now(),
        decided_at=clock.now(),
    )
    html = _html(mara, _information(harborline))
    assert "Association type change" in html and "Rejected" in html


def test_overview_shows_what_somebody_has_to_decide(cast, mara, harborline) -> None:
    request = AssociationRequest.objects.create(
        account=cast.tidemark,
        customer=cast.harborline,
        association=harborline,
        purpose=Purpose.DISASSOCIATE,
        model=AssociationModel.RESELLER,
        initiator=Side.CUSTOMER,
        status=RequestStatus.PENDING,
        requested_at=clock.now(),
    )
    html = _html(mara, details(harborline))
    assert "Association Requests" in html and "pc-badge-amber" in html
    AssociationRequest.objects.filter(pk=request.pk).update(initiator=Side.PARTNER)
    assert "pc-badge-amber" not in _html(mara, details(harborline))


def test_overview_shows_the_actors_own_authorization(cast, mara, harborline) -> None:
    assert "You have not asked this customer for authorization yet." in _html(
        mara, details(harborline)
    )
    _accepted(harborline)
    assert "Accepted" in _html(mara, details(harborline))


def test_a_discount_is_shown_for_referral_customers_only(cast, mara) -> None:
    referred = customer(cast.tidemark, "reef", model=AssociationModel.REFERRAL)
    assert "not asked this customer for authorization" not in _html(mara, details(referred))
    today = clock.business_date(clock.now())
    PartnerDiscount.objects.create(
        account=cast.tidemark,
        association=referred,
        percent=7,
        starts_on=today,
        ends_on=today,
        set_by=cast.mara,
        set_at=clock.now(),
    )
    assert "7%" in _html(mara, details(referred))
    delta = Association.objects.get(customer=cast.delta)
    assert "Discount" not in _html(mara, details(delta))


def test_ended_other_tenants_and_forbidden_pages(cast, mara, harborline) -> None:
    for page in (details, _information):
        assert client_of(cast.nora).get(page(harborline)).status_code == 404
        assert client_of(cast.hana).get(page(harborline)).status_code == 404
        assert client_of(cast.ivy).get(page(harborline)).status_code == 403
    assert client_of(cast.nora).post(details(harborline), {"field": "email"}).status_code == 404
    Association.objects.filter(pk=harborline.pk).update(ended_at=clock.now())
    assert mara.get(details(harborline)).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_history(cast, mara, harborline) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            _html(mara, _information(harborline))
        return len(captured)

    few = queries()
    for _n in range(6):
        ManagerAssignment.objects.create(
            account=cast.tidemark,
            association=harborline,
            manager=cast.rosa,
            assigned_by=cast.mara,
            started_at=clock.now(),
            ended_at=clock.now(),
        )
    assert queries() == few


# --- Distributors and resellers ---------------------------------------------------------------


@pytest.mark.requirement("04-CUD-02", "07-RCUS-08", "07-RDF-09")
def test_a_resellers_header_says_what_its_distributor_lets_it_do(cast, reef) -> None:
    leo = client_of(cast.leo)
    budget = "You are authorized to freeze the account and set a budget for this customer."
    behalf = "You are authorized to place orders and perform OAM on behalf of this customer."
    html = _html(leo, details(reef))
    assert budget not in html and behalf not in html
    grant_budget(cast.lagoon, cast.dina)
    html = _html(leo, details(reef))
    assert budget in html and behalf not in html
    _accepted(reef)
    assert behalf not in _html(leo, details(reef))
    grant_on_behalf(cast.lagoon, cast.dina)
    assert behalf in _html(leo, details(reef))
    OnBehalfAuthorization.objects.update(
        status=AuthorizationStatus.REVOKED, expired_at=clock.now(), cause="Test"
    )
    assert behalf not in _html(leo, details(reef))
    assert budget not in _html(client_of(cast.dina), details(reef))


@pytest.mark.requirement("06-DX-02")
def test_breadcrumbs_name_the_distributors_tab(cast, reef, mara, harborline) -> None:
    own, dina = customer(cast.meridian, "atoll"), client_of(cast.dina)
    here = ("Customer Details", "")
    assert dina.get(details(own)).context["crumbs"] == [("Customers", "/sales/customers"), here]
    assert dina.get(details(reef)).context["crumbs"] == [("Resellers’ Customers", RESELLERS), here]
    assert mara.get(details(harborline)).context["crumbs"] == [here]
    assert client_of(cast.leo).get(details(reef)).context["crumbs"] == [here]


# --- Operations -------------------------------------------------------------------------------


#: What is only looked at, and what is done as the customer.
LOOKS = ["orders", "resources", "expenditure"]
MANAGED = ["set_budget", "freeze_account", "freeze_resources"]
BEHALF = ["authorization", "place_order", "operate"]


def _offered(cast, user, association: Association) -> list[str]:
    association.may_discount = True
    found = row_operations.offered(cast.actor(user), association)
    return [each.operation.key for each in found]


@pytest.mark.requirement("06-DCU-14", "06-DX-11", "06-DX-01", "06-DCU-10")
def test_a_distributor_keeps_only_on_behalf_actions_for_resellers_customers(cast, reef) -> None:
    assert _offered(cast, cast.dina, reef) == [*LOOKS, *BEHALF]
    own = customer(cast.meridian, "atoll")
    expected = [*MANAGED, *LOOKS, "assign", *BEHALF, "realname", "disassociate"]
    assert _offered(cast, cast.dina, own) == expected


@pytest.mark.requirement("04-OBO-01", "06-DX-11")
def test_referral_customers_get_discounts_and_no_authorization(cast) -> None:
    own = customer(cast.meridian, "atoll", model=AssociationModel.REFERRAL)
    expected = [*LOOKS, "assign", "discount", "realname", "disassociate"]
    assert _offered(cast, cast.dina, own) == expected


@pytest.mark.requirement("07-RDF-06", "07-RCUS-21")
def test_a_reseller_has_no_discount(cast, reef) -> None:
    referred = customer(cast.lagoon, "atoll", model=AssociationModel.REFERRAL)
    last = ["realname", "disassociate"]
    assert _offered(cast, cast.leo, referred) == [*LOOKS, "assign", *last]
    assert _offered(cast, cast.leo, reef) == [*LOOKS, "assign", "authorization", *last]
    reef.reseller_may_act = reef.has_budget_grant = True
    assert _offered(cast, cast.leo, reef) == [
        *(*MANAGED, *LOOKS),
        *("assign", *BEHALF, *last),
    ]


@pytest.mark.requirement("04-DSC-03")
def test_discounts_ask_for_referral_and_for_the_operators_leave(cast, mara, harborline) -> None:
    assert "discount" not in _offered(cast, cast.mara, harborline)
    referred = customer(cast.tidemark, "reef", model=AssociationModel.REFERRAL)

    def offers() -> list[int]:
        pages = (details(referred), "/sales/customers")
        return [_html(mara, page).count("Create Discount") for page in pages]

    assert offers() == [0, 0]
    PartnerTerms.objects.create(account=cast.tidemark, may_discount=True)
    assert offers() == [1, 1]
    Account.objects.filter(pk=cast.tidemark.pk).update(service_country="BR")
    assert offers() == [0, 0]
    Account.objects.filter(pk=cast.tidemark.pk).update(service_country="", country="PH")
    assert offers() == [1, 1]
    PartnerTerms.objects.update(max_discount=0)
    assert offers() == [0, 0]


def test_every_operation_leads_to_its_page(cast, mara, harborline) -> None:
    PartnerTerms.objects.create(account=cast.tidemark, may_discount=True)
    seen = set()
    referred = customer(cast.tidemark, "atoll", model=AssociationModel.REFERRAL)
    frozen = {customer(cast.tidemark, f"{state}-cove"): state for state in ("account", "resources")}
    for association, state in frozen.items():
        freeze(association, strength=Strength(state))
    for association in (harborline, referred, *frozen):
        association.may_discount = True
        association.frozen_as = frozen.get(association, "normal")
        for each in row_operations.offered(cast.actor(cast.mara), association):
            headers = {"HX-Request": "true"} if each.operation.opens_dialog else {}
            answer = mara.get(each.url, headers=headers, follow=True)
            # The account check of Disassociate answers 422 while an item fails.
            assert answer.status_code in (200, 422), each.operation.key
            is_fragment = b"<html" not in answer.content
            assert is_fragment == each.operation.opens_dialog, each.operation.key
            seen.add(each.operation.key)
    assert seen == {each.key for each in row_operations.OPERATIONS}


@pytest.mark.requirement("04-CUD-03", "07-RCUS-09", "07-RCUS-11", "07-RCUS-12")
def test_buttons_say_what_is_already_there(cast, mara, harborline) -> None:
    delta = Association.objects.get(customer=cast.delta)
    html = _html(mara, details(delta))
    assert "Assign Account Manager" in html and "Request Authorization" in html
    assert "Association Management" in html and "Disassociate" in html
    _accepted(harborline)
    html = _html(mara, details(harborline))
    assert "Account Manager: J Lim" in html and "Authorization Obtained" in html
    assert "Assign Account Manager" not in html and "Request Authorization" not in html
    rows = _html(mara, f"{reverse('customers:list')}?q=harborline")
    assert "Authorization Obtained" in rows and "Request Authorization<" not in rows
    rows = _html(mara, f"{reverse('customers:list')}?q=delta")
    assert "Request Authorization<" in rows and "Authorization Obtained" not in rows


@pytest.mark.requirement("06-DCU-09", "06-DX-09")
def test_a_distributor_reads_its_own_authorization_and_not_its_resellers(cast, reef) -> None:
    dina = client_of(cast.dina)
    _accepted(reef)
    assert "Authorization Obtained" not in _html(dina, RESELLERS)
    OnBehalfAuthorization.objects.update(account=cast.meridian)
    assert "Authorization Obtained" in _html(dina, RESELLERS)


def test_operations_without_permission_are_absent(cast, harborline) -> None:
    assert cast.actor(cast.jun).can(VIEW_CUSTOMERS)
    acts = ["place_order", "operate"]
    assert _offered(cast, cast.jun, harborline) == [*LOOKS, *acts, "realname"]
    assert _offered(cast, cast.ivy, harborline) == []
    html = _html(client_of(cast.jun), details(harborline))
    assert "Request Authorization" not in html and "Disassociate" not in html
    assert "View Association Requests" in html and "J Lim" in html


@pytest.mark.requirement("04-CUD-03", "07-RCUS-12", "06-DX-10")
def test_association_requests_are_those_of_the_customer(cast, mara, harborline, reef) -> None:
    for client, association, page in (
        (mara, harborline, "list"),
        (client_of(cast.leo), reef, "list"),
        (client_of(cast.dina), reef, "resellers"),
    ):
        address = f"{reverse(f'association_records:{page}')}?customer={association.customer.name}"
        assert f'href="{address}"' in _html(client, details(association))
        assert client.get(address).status_code == 200
    for each in (harborline, Association.objects.get(customer=cast.delta)):
        AssociationRequest.objects.create(
            account=cast.tidemark,
            customer=each.customer,
            association=each,
            purpose=Purpose.ASSOCIATION,
            model=each.model,
            initiator=Side.CUSTOMER,
            status=RequestStatus.COMPLETED,
            requested_at=clock.now(),
            decided_at=clock.now(),
        )
    shown = mara.get(mara.get(details(harborline)).context["records_url"]).context["rows"]
    assert len(shown) == 1


def test_overview_shows_where_real_name_authentication_stands(
    cast, mara, harborline, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert "Not authenticated" in _html(mara, details(harborline))
    papers.authenticate(cast, cast.hana)
    html = _html(mara, details(harborline))
    assert "Authenticated" in html and "Not authenticated" not in html
