"""Sessions on customers' behalf (04 §8.3.1.11, 8.3.1.12; 08-AUT-11, AUT-12; 07-RAUT, RORD)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import RoleAssignment
from accounts.services import codes
from audit.models import OperationRecord, TraceSetting
from catalog.models import Product
from customers.choices import AssociationModel
from customers.models import Association, ManagerAssignment, OnBehalfAuthorization
from exports.refusals import OnBehalfExport
from exports.services.requests import create_export
from orders.choices import OrderSource, SessionPurpose
from orders.models import CustomerOrder, OnBehalfSession
from orders.queries import on_behalf as reads
from orders.queries.baskets import Basket, BasketLine
from orders.refusals.buying import NotForPartner
from orders.services import on_behalf as services
from orders.services import purchasing
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound, NotPermitted, Refusal

from ..cast import Cast
from ..customers.authorizing import (
    accepted,
    agree,
    association_of,
    customer_of,
    permit_lagoon,
    request,
    revoke,
    withdraw_from_lagoon,
)
from ..customers.management import freeze
from ..goods import Goods, grant_budget, stock
from ..house import routes
from .partner import client_of

pytestmark = pytest.mark.django_db

PRODUCTS = "/console/products/on-behalf"


@pytest.fixture
def goods(cast: Cast) -> Goods:
    grant_budget(cast.harborline)
    return stock()


def _enter(client: Client, association: Association, page: str = "place-order"):
    return client.post(reverse(f"on_behalf:{page}", args=[association.pk]))


def _inside(cast: Cast) -> Client:
    """Mara acts as Harborline."""
    accepted(cast)
    client = client_of(cast.mara)
    answer = _enter(client, association_of(cast.harborline))
    assert (answer.status_code, answer["Location"]) == (302, PRODUCTS)
    return client


def _acting(cast: Cast) -> Actor:
    """Mara as Harborline, for services."""
    accepted(cast)
    association = association_of(cast.harborline)
    mara = cast.actor(cast.mara)
    session = services.begin(mara, association.pk, purpose=SessionPurpose.ORDER)
    return reads.acting(mara, OnBehalfSession.objects.get(pk=session.pk))


def _is_out(client: Client) -> bool:
    """The next request is not carried out and leads back to the partner's own pages."""
    answer = client.get(PRODUCTS)
    assert answer.status_code == 302 and answer["Location"] == "/sales/customers", answer
    ended = OnBehalfSession.objects.filter(ended_at=None).count() == 0
    back = client.get("/sales/customers")
    return ended and back.status_code == 200 and b"pc-behalf" not in back.content


@pytest.mark.requirement("04-OBO-02", "04-OBO-03", "08-AUT-12")
def test_the_dialog_the_session_and_switch_role(cast: Cast, goods: Goods) -> None:
    accepted(cast)
    client, association = client_of(cast.mara), association_of(cast.harborline)
    dialog = client.get(reverse("on_behalf:place-order", args=[association.pk]))
    assert b">OK</button>" in dialog.content
    page = _enter(client, association)
    page = client.get(PRODUCTS)
    assert b"You act as <b>Harborline</b>" in page.content and b"Switch Role" in page.content
    assert page.context["portal"].entry.url_name == "console:products", "under the console's menu"
    session = OnBehalfSession.objects.get()
    assert (session.user, session.customer, session.ended_at) == (cast.mara, cast.harborline, None)
    answer = client.post("/on-behalf/leave", follow=True)
    assert answer.redirect_chain[-1][0] == "/sales/customers"
    assert b"pc-behalf" not in answer.content
    session.refresh_from_db()
    assert session.ended_at is not None
    assert client.get(PRODUCTS).status_code == 404


@pytest.mark.requirement("04-OBO-06", "07-RORD-02", "07-RORD-03")
def test_what_is_offered_depends_on_the_kind_of_partner(cast: Cast, goods: Goods) -> None:
    Product.objects.filter(pk=goods.traffic.pk).update(on_behalf_kinds=["csp", "reseller"])
    page = _inside(cast).get(PRODUCTS)
    names = [each.service.abbreviation for each in page.context["services"]]
    assert names == ["ECS", "VPC"]
    permit_lagoon(cast)
    hana, association = customer_of(cast, cast.lagoon)
    agree(cast, hana, request(cast, cast.leo, association))
    leo = client_of(cast.leo)
    _enter(leo, association)
    page = leo.get(PRODUCTS)
    assert [each.service.abbreviation for each in page.context["services"]] == ["VPC"]


@pytest.mark.requirement("06-DX-09")
def test_a_distributor_acts_with_an_authorization_of_its_own(cast: Cast, goods: Goods) -> None:
    permit_lagoon(cast)
    user, association = customer_of(cast, cast.lagoon)
    agree(cast, user, request(cast, cast.leo, association))
    dina = client_of(cast.dina)
    assert _enter(dina, association).status_code == 422
    agree(cast, user, request(cast, cast.dina, association))
    assert _enter(dina, association)["Location"] == PRODUCTS
    assert OnBehalfSession.objects.get().account == cast.meridian


# --- Who may begin ------------------------------------------------------------------------------


@pytest.mark.requirement("04-OBO-01", "04-OAM-01", "07-RAUT-01")
def test_without_authorization_there_is_no_session(cast: Cast) -> None:
    client, association = client_of(cast.mara), association_of(cast.harborline)
    for page in ("place-order", "operate"):
        address = reverse(f"on_behalf:{page}", args=[association.pk])
        dialog = client.get(address)
        assert b"Request Authorization" in dialog.content and b">OK</button>" not in dialog.content
        assert client.post(address).status_code == 422
    asked = request(cast, cast.mara, association)
    assert _enter(client, association).status_code == 422
    agree(cast, cast.hana, asked)
    Association.objects.filter(pk=association.pk).update(model=AssociationModel.REFERRAL)
    assert _enter(client, association).status_code == 422
    assert not OnBehalfSession.objects.exists()


@pytest.mark.requirement("07-RAUT-01", "08-AUT-01")
def test_a_reseller_needs_its_distributors_grant(cast: Cast) -> None:
    permit_lagoon(cast)
    user, association = customer_of(cast, cast.lagoon)
    agree(cast, user, request(cast, cast.leo, association))
    withdraw_from_lagoon()
    with pytest.raises(Refusal) as refused:
        services.begin(cast.actor(cast.leo), association.pk, purpose=SessionPurpose.ORDER)
    assert refused.value.code == "orders.on_behalf.no_grant"
    page = client_of(cast.leo).get("/sales/customers").content.decode()
    assert "Place Order on Customers" not in page
    permit_lagoon(cast)
    page = client_of(cast.leo).get("/sales/customers").content.decode()
    assert "Place Order on Customers" in page and "Perform O&amp;M" in page


@pytest.mark.requirement("02-ROL-06")
def test_who_may_not_begin(cast: Cast) -> None:
    """Strangers and foreign managers find no customer; members need the permission."""
    accepted(cast)
    association = association_of(cast.harborline)
    delta = association_of(cast.delta)
    agree_delta = request(cast, cast.mara, delta)
    OnBehalfAuthorization.objects.filter(pk=agree_delta.pk).update(
        status="accepted", effective_at=clock.now()
    )
    for user, key, error in (
        (cast.nora, association.pk, NotFound),
        (cast.jun, delta.pk, NotFound),
        (cast.felix, association.pk, NotPermitted),
        (cast.hana, association.pk, NotPermitted),
    ):
        with pytest.raises(error):
            services.begin(cast.actor(user), key, purpose=SessionPurpose.ORDER)
    services.begin(cast.actor(cast.jun), association.pk, purpose=SessionPurpose.OPERATE)


# --- What ends a session ------------------------------------------------------------------------


def _revoked(cast: Cast) -> None:
    revoke(cast, cast.hana, OnBehalfAuthorization.objects.get())


def _disassociated(cast: Cast) -> None:
    Association.objects.filter(customer=cast.harborline).update(ended_at=clock.now())


def _referral(cast: Cast) -> None:
    Association.objects.filter(customer=cast.harborline).update(model=AssociationModel.REFERRAL)


def _customer_suspended(cast: Cast) -> None:
    type(cast.harborline).objects.filter(pk=cast.harborline.pk).update(status="suspended")


def _too_long(cast: Cast) -> None:
    begun = clock.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    OnBehalfSession.objects.update(started_at=begun)


def _closed_elsewhere(cast: Cast) -> None:
    OnBehalfSession.objects.update(ended_at=clock.now())


@pytest.mark.requirement("08-AUT-11", "07-RAUT-04")
@pytest.mark.parametrize(
    "change",
    [_revoked, _disassociated, _referral, _customer_suspended, _too_long, _closed_elsewhere],
)
def test_a_session_ends_with_its_right(cast: Cast, goods: Goods, change) -> None:
    client = _inside(cast)
    assert client.get(PRODUCTS).status_code == 200
    change(cast)
    assert _is_out(client)


@pytest.mark.requirement("08-AUT-11")
def test_a_post_after_the_revocation_does_nothing(cast: Cast, goods: Goods) -> None:
    client = _inside(cast)
    _revoked(cast)
    answer = client.post("/on-behalf/leave", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/sales/customers"
    record = OperationRecord.objects.filter(action="orders.on_behalf.ended").first()
    assert record.after == {"cause": "no longer permitted"}


@pytest.mark.requirement("07-RAUT-04", "06-OBH-08")
def test_the_distributors_withdrawal_ends_a_resellers_session(cast: Cast, goods: Goods) -> None:
    permit_lagoon(cast)
    user, association = customer_of(cast, cast.lagoon)
    agree(cast, user, request(cast, cast.leo, association))
    client = client_of(cast.leo)
    _enter(client, association)
    assert client.get(PRODUCTS).status_code == 200
    withdraw_from_lagoon()
    assert _is_out(client)


@pytest.mark.requirement("02-ROL-06", "08-AUT-11")
def test_a_manager_who_loses_the_customer_or_the_role_is_out(cast: Cast, goods: Goods) -> None:
    accepted(cast)
    association = association_of(cast.harborline)
    client = client_of(cast.jun)
    _enter(client, association)
    assert client.get(PRODUCTS).status_code == 200
    ManagerAssignment.objects.update(ended_at=clock.now())
    assert _is_out(client)
    ManagerAssignment.objects.update(ended_at=None)
    _enter(client, association)
    assert client.get(PRODUCTS).status_code == 200
    role = RoleAssignment.objects.get(user=cast.ivy).role
    RoleAssignment.objects.filter(user=cast.jun).update(role=role)
    assert client.get(PRODUCTS).status_code == 302
    assert not OnBehalfSession.objects.filter(ended_at=None).exists()


@pytest.mark.requirement("08-AUT-11")
def test_signing_out_ends_the_session(cast: Cast, goods: Goods) -> None:
    client = _inside(cast)
    assert client.post(reverse("accounts:sign-out")).status_code == 302
    assert OnBehalfSession.objects.get().ended_at is not None
    assert client.get(PRODUCTS)["Location"].startswith("/sign-in")


def test_a_key_in_the_browser_session_is_no_right(cast: Cast, goods: Goods) -> None:
    """Somebody else's running session cannot be taken over."""
    _inside(cast)
    session_id = OnBehalfSession.objects.get().pk
    for user in (cast.nora, cast.jun, cast.hana):
        client = client_of(user)
        browser = client.session
        browser["on_behalf_session"] = session_id
        browser.save()
        client.get(PRODUCTS)
        assert "on_behalf_session" not in client.session
        assert client.get(PRODUCTS).status_code in (403, 404)
    assert OnBehalfSession.objects.get().ended_at is None


@pytest.mark.requirement("08-AUT-11")
def test_the_job_closes_what_nobody_asks_for_any_more(cast: Cast, goods: Goods) -> None:
    _inside(cast)
    moment = clock.now()
    assert services.end_stale(moment) == 0
    assert services.end_stale(moment + timedelta(seconds=settings.SESSION_COOKIE_AGE)) == 1
    assert services.end_stale(moment + timedelta(seconds=settings.SESSION_COOKIE_AGE)) == 0


# --- What may be done inside --------------------------------------------------------------------


@pytest.mark.requirement("04-OAM-02", "08-AUT-12")
def test_nothing_else_of_the_customers_account_opens(cast: Cast, goods: Goods) -> None:
    """Every page without parameters, asked as the customer: only those of the scope answer."""
    client = _inside(cast)
    allowed = {"console", "my_bills", "on_behalf"}
    problems = []
    for route in routes.pages():
        if route.parameters or route.view_class.public:
            continue
        if route.name.split(":")[0] in allowed or route.name == "accounts:sign-out":
            continue
        answers = [ask(reverse(route.name), follow=True) for ask in (client.get, client.post)]
        statuses = {answer.status_code for answer in answers}
        if not statuses <= {403, 404, 405}:
            problems.append((route.name, statuses))
    assert not problems


@pytest.mark.requirement("04-OBO-03", "08-AUT-12", "08-AUT-08")
def test_what_is_done_inside_names_both_in_both_books(cast: Cast, goods: Goods) -> None:
    _inside(cast)
    theirs, ours = (
        OperationRecord.objects.get(account=account, action="orders.on_behalf.begun")
        for account in (cast.harborline, cast.tidemark)
    )
    for record in (theirs, ours):
        assert (record.actor_account, record.actor_user) == (cast.tidemark, cast.mara)
    assert (theirs.trace_name, ours.trace_name) == ("onBehalfBegun", "")
    TraceSetting.objects.create(account=cast.harborline, enabled=True, changed_at=clock.now())
    page = client_of(cast.hana).get(reverse("audit:traces") + "?name=onBehalfBegun")
    [row] = page.context["rows"]
    operator = next(cell for cell in row.cells if cell.label == "Operator")
    assert (operator.html, operator.second) == ("tidemark-cloud", "tidemark-cloud")


@pytest.mark.requirement("04-OBO-03", "04-OBO-05", "04-OBO-06", "07-RORD-05")
def test_what_is_ordered_inside_stands_in_the_partners_list(cast: Cast, goods: Goods) -> None:
    acting = _acting(cast)
    order = purchasing.place(acting, _basket(goods.host_by_term, goods))
    assert (order.source, order.ordered_by_name) == (
        OrderSource.ON_BEHALF,
        "tidemark-cloud (tidemark-cloud)",
    )
    assert order.session_id == acting.on_behalf.session_id
    books = OperationRecord.objects.filter(target_type="orders.customerorder")
    assert {record.account_id for record in books} == {cast.harborline.pk, cast.tidemark.pk}
    page = client_of(cast.mara).get("/sales/orders").content.decode()
    assert order.order_no in page
    with pytest.raises(NotForPartner):
        purchasing.place(acting, _basket(goods.disk_by_term, goods, size=40))


@pytest.mark.requirement("07-RORD-01", "07-RORD-04", "07-RORD-05")
def test_a_reseller_buys_for_a_term_and_by_use_and_switches_back(cast: Cast, goods: Goods) -> None:
    Product.objects.filter(spec=goods.host_by_use.spec).update(on_behalf_kinds=["reseller"])
    permit_lagoon(cast)
    user, association = customer_of(cast, cast.lagoon)
    agree(cast, user, request(cast, cast.leo, association))
    customer, leo = user.account, client_of(cast.leo)
    grant_budget(customer)
    assert _enter(leo, association)["Location"] == PRODUCTS
    acting = reads.acting(cast.actor(cast.leo), OnBehalfSession.objects.get())
    order = purchasing.place(acting, _basket(goods.host_by_term, goods))
    line = BasketLine(goods.host_by_use.pk, goods.region.pk, zone="AZ1")
    [host] = purchasing.provision(acting, Basket((line,)))
    assert (order.account, order.partner, host.account) == (customer, cast.lagoon, customer)
    for action in ("orders.order.placed", "orders.resource.provisioned"):
        books = OperationRecord.objects.filter(action=action)
        assert {(book.account, book.actor_user) for book in books} == {
            (customer, cast.leo),
            (cast.lagoon, cast.leo),
        }, action
    assert leo.post("/on-behalf/leave")["Location"] == "/sales/customers"
    assert order.order_no in leo.get("/sales/orders").content.decode()
    shown = leo.get(reverse("customers:resources-usage", args=[association.pk])).content.decode()
    assert host.resource_id in shown


@pytest.mark.requirement("04-OBO-04", "07-RORD-06")
def test_a_freeze_holds_as_if_the_customer_ordered(cast: Cast, goods: Goods) -> None:
    acting = _acting(cast)
    freeze(association_of(cast.harborline))
    with pytest.raises(Refusal) as refused:
        purchasing.place(acting, _basket(goods.host_by_term, goods))
    assert refused.value.code.startswith("budgets.")
    assert not CustomerOrder.objects.exists()


def _basket(product: Product, goods: Goods, size: int | None = None) -> Basket:
    line = BasketLine(product.pk, goods.region.pk, zone="AZ1", size=size, period="month", periods=1)
    return Basket((line,))


def test_nothing_is_exported_on_behalf(cast: Cast, goods: Goods) -> None:
    with pytest.raises((OnBehalfExport, NotPermitted)):
        create_export(_acting(cast), "term_resources", {}, "csv")


def test_no_code_of_the_customer_is_sent(cast: Cast, goods: Goods) -> None:
    """A code that an operation asks for goes to the partner's user, never to the customer's."""
    acting = _acting(cast)
    code = codes.send_to_first_channel(acting, operation="orders.test")
    assert code.user_id == cast.mara.pk


@pytest.mark.requirement("04-CUD-06", "04-CUD-09", "04-OBO-01")
def test_where_it_is_offered(cast: Cast, goods: Goods) -> None:
    """Row menu and cards of Reseller customers; not for the Referral model, not without permission."""
    association = association_of(cast.harborline)
    order_url = reverse("on_behalf:place-order", args=[association.pk])
    operate_url = reverse("on_behalf:operate", args=[association.pk])
    details = reverse("customers:details", args=[association.pk])
    for page in ("/sales/customers", details):
        content = client_of(cast.mara).get(page).content.decode()
        assert order_url in content and operate_url in content, page
    Association.objects.update(model=AssociationModel.REFERRAL)
    for page in ("/sales/customers", details):
        content = client_of(cast.mara).get(page).content.decode()
        assert order_url not in content and operate_url not in content, page
