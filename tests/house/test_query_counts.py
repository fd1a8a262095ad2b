"""The number of queries of every list page is a committed figure, whatever the number of rows.

A new list page needs a way to fill it in ``FILL`` and its figure in ``query_counts.json``. A figure that
changes is a change to be seen: write the new one into the file in the same commit.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import (
    AccessKey,
    Account,
    AgreementDocument,
    AgreementSignature,
    EnterpriseMember,
    PartnerTerms,
    RoleAssignment,
    User,
)
from audit.models import OperationRecord, TraceSetting
from budgets.models import BudgetAdjustment, BudgetAlert, FreezeRecord
from catalog.models import Product, Region
from customers.models import (
    AssignmentBatch,
    AssignmentBatchRow,
    Association,
    AssociationRequest,
    DiscountRecord,
    Invitation,
    InvitationLink,
    ManagerAssignment,
    OnBehalfAuthorization,
    PreRegistration,
)
from exports.models import ExportTask
from metering.models import PackageDeduction
from notifications.models import Message, Notice, Recipient
from orders.choices import OrderStatus
from orders.models import CustomerOrder, PriceAdjustment
from partner_center import clock
from partner_center.lists.views import PortalListView
from realname.models import CertificateScan
from resellers.models import ResellerAssociation, ResellerBudgetGrant, ResellerInvitation
from resources.models import CloudResource, PackageQuota

from .. import goods
from ..billing import stacks
from ..cast import Cast
from ..churn.alerts import alerts
from ..customers import portfolio
from ..customers.authorizing import customer_of
from ..metering import ledger
from ..orders import partner
from . import below, billing_rows, routes

pytestmark = pytest.mark.django_db

COMMITTED: dict[str, int] = json.loads(Path(__file__).with_name("query_counts.json").read_text())
#: Lists that are drawn by their own page.
OTHER_LISTS = {"notifications:messages"}
LISTS = sorted(
    {r.name for r in routes.pages() if issubclass(r.view_class, PortalListView)} | OTHER_LISTS
)


def _members(cast: Cast, count: int) -> None:
    role = RoleAssignment.objects.filter(user=cast.jun).get().role
    users = User.objects.bulk_create(
        User(
            account=cast.tidemark,
            username=f"u{uuid.uuid4().hex}",
            name="Some Body",
            mobile="+639175552291",
            created_at=clock.now(),
        )
        for _ in range(count)
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(account=cast.tidemark, user=user, role=role, assigned_at=clock.now())
        for user in users
    )


def _budget_alerts(cast: Cast, count: int) -> None:
    association = Association.objects.get(customer=cast.harborline)
    BudgetAlert.objects.bulk_create(
        BudgetAlert(
            account=cast.tidemark,
            association=association,
            kind="forecast",
            budget_type="monthly",
            period="2026-11",
            amount=100,
            used=50,
            action="manual",
            exhausts_on=clock.business_date(clock.now()),
            at=clock.now(),
        )
        for _ in range(count)
    )


def _access_keys(cast: Cast, count: int) -> None:
    AccessKey.objects.bulk_create(
        AccessKey(
            account=cast.tidemark,
            user=cast.mara,
            ak=uuid.uuid4().hex[:20].upper(),
            sk_encrypted="x",
            created_at=clock.now(),
        )
        for _ in range(count)
    )


def _exports(cast: Cast, count: int) -> None:
    ExportTask.objects.bulk_create(
        ExportTask(
            account=cast.tidemark,
            uid=uuid.uuid4().hex,
            exporter="members",
            title="Members",
            file_format="csv",
            created_by=cast.felix,
            created_at=clock.now(),
            touched_at=clock.now(),
        )
        for _ in range(count)
    )


def _records(cast: Cast, count: int) -> None:
    _record_rows(cast.tidemark.pk, cast.mara, count)


def _traces(cast: Cast, count: int) -> None:
    if not TraceSetting.objects.filter(account=cast.harborline).exists():
        TraceSetting.objects.create(account=cast.harborline, enabled=True, changed_at=clock.now())
    _record_rows(cast.harborline.pk, cast.hana, count)


def _record_rows(account_id: int, user: User, count: int) -> None:
    OperationRecord.objects.bulk_create(
        OperationRecord(
            account_id=account_id,
            at=clock.now(),
            action="accounts.user.created",
            actor_account_id=user.account_id,
            actor_user=user,
            actor_name=user.username,
            door="page",
            trace_name="customerEnter",
            trace_status="normal",
            mac=b"0" * 32,
        )
        for _ in range(count)
    )


def _recipients(cast: Cast, count: int) -> None:
    Recipient.objects.bulk_create(
        Recipient(
            account=cast.tidemark,
            name="Somebody",
            email=f"{uuid.uuid4().hex}@tidemark.example",
            phone="+639175552291",
            created_at=clock.now(),
        )
        for _ in range(count)
    )


def _messages(cast: Cast, count: int) -> None:
    notices = Notice.objects.bulk_create(
        Notice(
            account=cast.tidemark,
            type="settings_changed",
            key=uuid.uuid4().hex,
            title="Recipients changed",
            created_at=clock.now(),
        )
        for _ in range(count)
    )
    Message.objects.bulk_create(
        Message(account=cast.tidemark, notice=notice, user=cast.mara) for notice in notices
    )


def _preregistrations(cast: Cast, count: int) -> None:
    moment = clock.now()
    PreRegistration.objects.bulk_create(
        PreRegistration(
            account=cast.tidemark,
            customer_name="Some Body",
            email=f"{uuid.uuid4().hex}@reef-hotels.example",
            mobile="+639175552291",
            status="registered",
            manager=cast.jun,
            created_by=cast.jun,
            created_at=moment,
            registered_at=moment,
            expires_at=moment + timedelta(days=15),
        )
        for _ in range(count)
    )


def _links(cast: Cast, count: int) -> None:
    InvitationLink.objects.bulk_create(
        InvitationLink(
            account=cast.tidemark,
            method="custom",
            custom_tag=f"fair-{number}",
            manager=cast.jun,
            created_by=cast.mara,
            created_at=clock.now(),
        )
        for number in range(count)
    )


def _invitations(cast: Cast, count: int) -> None:
    Invitation.objects.bulk_create(
        Invitation(
            account=cast.tidemark,
            method="custom",
            model="reseller",
            customer_name="Coral Bay",
            email="it@coralbay.example",
            status="failed",
            causes=["AF16", "AF19"],
            manager=cast.jun,
            invited_by=cast.mara,
            invited_at=clock.now(),
        )
        for _ in range(count)
    )


def _agreements(cast: Cast, count: int) -> None:
    document = AgreementDocument.objects.get(code="association-instructions")
    AgreementSignature.objects.bulk_create(
        AgreementSignature(
            account=cast.harborline, document=document, user=cast.hana, signed_at=clock.now()
        )
        for _ in range(count)
    )


def _association_records(cast: Cast, count: int) -> None:
    _request_rows(Association.objects.get(customer=cast.harborline), count)


def _reseller_records(cast: Cast, count: int) -> None:
    # Quarry's own association is Northgate's; a row per ended one is all that counts here.
    association, _is_new = Association.objects.get_or_create(
        account=cast.lagoon,
        customer=cast.quarry,
        defaults={"associated_at": clock.now(), "ended_at": clock.now()},
    )
    _request_rows(association, count)


def _request_rows(association: Association, count: int) -> None:
    AssociationRequest.objects.bulk_create(
        AssociationRequest(
            account_id=association.account_id,
            customer_id=association.customer_id,
            association=association,
            purpose="disassociate",
            model="reseller",
            initiator="customer",
            status="rejected",
            requested_at=clock.now(),
            decided_at=clock.now(),
        )
        for _ in range(count)
    )


def _authorizations(cast: Cast, count: int) -> None:
    association = Association.objects.get(customer=cast.harborline)
    OnBehalfAuthorization.objects.bulk_create(
        OnBehalfAuthorization(
            account=cast.tidemark,
            association=association,
            customer=cast.harborline,
            status="rejected",
            requested_at=clock.now(),
            answered_at=clock.now(),
        )
        for _ in range(count)
    )


def _customers(cast: Cast, count: int) -> None:
    _associations(cast.tidemark, cast.jun, count)


def _resellers_customers(cast: Cast, count: int) -> None:
    _associations(cast.lagoon, cast.leo, count)


def _associations(partner: Account, manager: User, count: int) -> None:
    names = [f"c-{uuid.uuid4().hex}" for _ in range(count)]
    accounts = Account.objects.bulk_create(
        Account(name=n, email=f"{n}@x.example", country="PH", registered_at=clock.now())
        for n in names
    )
    rows = Association.objects.bulk_create(
        Association(account=partner, customer=account, associated_at=clock.now())
        for account in accounts
    )
    ManagerAssignment.objects.bulk_create(
        ManagerAssignment(account=partner, association=row, manager=manager, started_at=clock.now())
        for row in rows
    )


def _managers(cast: Cast, count: int) -> None:
    role = RoleAssignment.objects.get(user=cast.jun).role
    users = User.objects.bulk_create(
        User(
            account=cast.tidemark,
            username=f"manager.{uuid.uuid4().hex}",
            name="Some Manager",
            created_at=clock.now(),
        )
        for _ in range(count)
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(account=cast.tidemark, user=user, role=role, assigned_at=clock.now())
        for user in users
    )


def _managed(cast: Cast, count: int) -> None:
    ManagerAssignment.objects.bulk_create(
        ManagerAssignment(
            account=cast.tidemark, association=row, manager=cast.jun, started_at=row.associated_at
        )
        for row in portfolio.customers_of(cast.tidemark, count, f"shop{uuid.uuid4().hex[:8]}")
    )


def _batches(cast: Cast, count: int) -> None:
    AssignmentBatch.objects.bulk_create(
        AssignmentBatch(
            account=cast.tidemark,
            kind="transfer",
            manager=cast.jun,
            source=cast.rosa,
            created_by=cast.mara,
            created_at=clock.now(),
            total=1,
        )
        for _ in range(count)
    )


def _batch_rows(cast: Cast, count: int) -> None:
    batch = AssignmentBatch.objects.latest("pk")
    AssignmentBatchRow.objects.bulk_create(
        AssignmentBatchRow(account=cast.tidemark, batch=batch, association=row)
        for row in portfolio.customers_of(cast.tidemark, count, f"shop{uuid.uuid4().hex[:8]}")
    )


def _discount_records(cast: Cast, count: int) -> None:
    association = Association.objects.get(customer=cast.harborline)
    DiscountRecord.objects.bulk_create(
        DiscountRecord(
            account=cast.tidemark,
            association=association,
            action="created",
            percent=5,
            starts_on="2026-01-01",
            ends_on="2026-02-01",
            actor_name="mara",
            at=clock.now(),
        )
        for _ in range(count)
    )


def _budget_adjustments(cast: Cast, count: int) -> None:
    association = Association.objects.get(customer=cast.harborline)
    BudgetAdjustment.objects.bulk_create(
        BudgetAdjustment(
            account=cast.tidemark,
            association=association,
            at=clock.now(),
            actor_name="mara",
            type_after="monthly",
            after=100,
            action_after="manual",
            used=0,
            source="single",
        )
        for _ in range(count)
    )


def _member_accounts(cast: Cast, count: int) -> None:
    accounts = Account.objects.bulk_create(
        Account(
            name=f"member-{uuid.uuid4().hex}",
            email=f"{uuid.uuid4().hex}@harborline.example",
            country="PH",
            registered_at=clock.now(),
        )
        for _ in range(count)
    )
    EnterpriseMember.objects.bulk_create(
        EnterpriseMember(account=cast.harborline, member=account, joined_at=clock.now())
        for account in accounts
    )


def _api_files(cast: Cast, count: int) -> None:
    PartnerTerms.objects.update_or_create(
        account=cast.tidemark, defaults={"may_upload_certificates": True}
    )
    CertificateScan.objects.bulk_create(
        CertificateScan(
            account=cast.tidemark,
            file="certificates/x.png",
            api_name=f"{uuid.uuid4().hex}.png",
            original_name="Licence of a customer.png",
            size=1,
            uploaded_by=cast.mara,
            uploaded_at=clock.now(),
        )
        for _ in range(count)
    )


def _resellers(cast: Cast, count: int) -> None:
    accounts = Account.objects.bulk_create(
        Account(
            name=uuid.uuid4().hex,
            email=f"{uuid.uuid4().hex}@reef.example",
            country="PH",
            partner_kind="reseller",
            registered_at=clock.now(),
        )
        for _ in range(count)
    )
    made = ResellerAssociation.objects.bulk_create(
        ResellerAssociation(account=cast.meridian, reseller=account, associated_at=clock.now())
        for account in accounts
    )
    ResellerBudgetGrant.objects.bulk_create(
        ResellerBudgetGrant(
            account=cast.meridian, association=row, monthly_quota=100, granted_at=clock.now()
        )
        for row in made
    )


def _reseller_invitations(cast: Cast, count: int) -> None:
    moment = clock.now()
    ResellerInvitation.objects.bulk_create(
        ResellerInvitation(
            account=cast.meridian,
            email=f"{uuid.uuid4().hex}@reef.example",
            token_digest=uuid.uuid4().hex,
            invited_at=moment,
            sent_at=moment,
            expires_at=moment,
        )
        for _ in range(count)
    )


def _orders(cast: Cast, count: int) -> None:
    association = Association.objects.get(customer=cast.harborline)
    service_type = _a_product("period").service_type
    CustomerOrder.objects.bulk_create(
        CustomerOrder(
            account=cast.harborline,
            order_no=uuid.uuid4().hex,
            association=association,
            partner=cast.tidemark,
            model="reseller",
            order_type="new",
            service_type=service_type,
            list_amount=50,
            amount=50,
            ordered_at=clock.now(),
            ordered_by_name="hana",
        )
        for _ in range(count)
    )


def _resources(cast: Cast, count: int) -> None:
    product, region = _a_product("period"), Region.objects.get(code="ap-southeast-3")
    CloudResource.objects.bulk_create(
        CloudResource(
            account=cast.harborline,
            resource_id=uuid.uuid4().hex,
            name="web",
            product=product,
            region=region,
            mode="period",
            created_at=clock.now(),
            effective_at=clock.now(),
            expires_at=clock.now() + timedelta(days=30),
            updated_at=clock.now(),
        )
        for _ in range(count)
    )


def _a_product(mode: str) -> Product:
    if not Product.objects.exists():
        goods.stock()
    return Product.objects.filter(mode=mode).earliest("pk")


def _charges(cast: Cast, count: int) -> None:
    """Charges of Harborline in the running cycle."""
    Association.objects.update(associated_at=clock.now() - timedelta(days=400))
    host, now = _a_product("usage"), clock.now()
    region = Region.objects.get(code="ap-southeast-3")
    ledger.post(
        ledger.Line(cast.harborline, host, "1.5", now, region, f"vm-{number}")
        for number in range(count)
    )


def _packages(cast: Cast, count: int) -> None:
    product, now = _a_product("package"), clock.now()
    bought = CloudResource.objects.bulk_create(
        CloudResource(
            account=cast.harborline,
            resource_id=uuid.uuid4().hex,
            product=product,
            region=Region.objects.get(code="ap-southeast-3"),
            mode="package",
            created_at=now,
            effective_at=now,
            updated_at=now,
        )
        for _ in range(count)
    )
    PackageQuota.objects.bulk_create(
        PackageQuota(
            account=cast.harborline,
            resource=resource,
            quota=100,
            starts_at=now,
            ends_at=now + timedelta(days=30),
        )
        for resource in bought
    )


def _deductions(cast: Cast, count: int) -> None:
    """Of the newest package of Harborline, which ``below`` names."""
    quota = PackageQuota.objects.filter(account=cast.harborline).latest("pk")
    host = _a_product("usage")
    cycle = str(clock.BillingCycle.of(clock.now()))
    charges = ledger.post(
        ledger.Line(cast.harborline, host, "0", clock.now()) for _ in range(count)
    )
    PackageDeduction.objects.bulk_create(
        PackageDeduction(
            record_id=charge.pk,
            cycle=cycle,
            quota=quota,
            customer=cast.harborline,
            used=1,
            before=100,
            deducted_at=clock.now(),
        )
        for charge in charges
    )


def _customer_orders(cast: Cast, count: int) -> None:
    product = _a_product("period")
    association = Association.objects.live().get(customer=cast.harborline)
    _like(partner.order(association, (product, "50"), status=OrderStatus.COMPLETED), count - 1)


def _resellers_orders(cast: Cast, count: int) -> None:
    product = _a_product("period")
    association = Association.objects.filter(account=cast.lagoon).first()
    if association is None:
        _user, association = customer_of(cast, cast.lagoon)
    first = partner.order(association, (product, "50"), distributor_id=cast.meridian.pk)
    _like(first, count - 1)


def _like(order: CustomerOrder, count: int) -> None:
    """More orders like this one, which has one line."""
    orders = iter(_copies(order, count, order_no=_new))
    _copies(order.items.get(), count, order_id=lambda: next(orders).pk)


def _copies(row: Model, count: int, **own: Callable[[], object]) -> list[Any]:
    """So many rows more like this one, each with a key and with these columns of its own."""
    model = type(row)
    columns = [f.attname for f in model._meta.concrete_fields if not f.primary_key]
    values = {name: getattr(row, name) for name in columns if name not in own}
    return model._default_manager.bulk_create(
        model(**values, **{name: make() for name, make in own.items()}) for _ in range(count)
    )


def _new() -> str:
    return uuid.uuid4().hex


def _adjustments(cast: Cast, count: int) -> None:
    _customer_orders(cast, 1)
    order = CustomerOrder.objects.latest("pk")
    PriceAdjustment.objects.bulk_create(
        PriceAdjustment(
            account=cast.tidemark,
            order=order,
            list_amount=50,
            discount_amount=5,
            adjusted_by=cast.mara,
            adjusted_by_name="tidemark-cloud",
            adjusted_at=clock.now(),
        )
        for _ in range(count)
    )


def _freeze_records(cast: Cast, count: int) -> None:
    _records_of_freezes(Association.objects.live().get(customer=cast.harborline), count)


def _resellers_freeze_records(cast: Cast, count: int) -> None:
    if not (found := Association.objects.live().filter(account=cast.lagoon).first()):
        _associations(cast.lagoon, cast.leo, 1)
        found = Association.objects.live().get(account=cast.lagoon)
    _records_of_freezes(found, count)


def _records_of_freezes(association: Association, count: int) -> None:
    FreezeRecord.objects.bulk_create(
        FreezeRecord(
            account_id=association.account_id,
            association=association,
            action="freeze_account",
            before="normal",
            after="account",
            origin="partner",
            reason="Overspending",
            actor_name="M Santos",
            at=clock.now(),
        )
        for _ in range(count)
    )


def _customer_resources(mode: str) -> Callable[[Cast, int], None]:
    def fill(cast: Cast, count: int) -> None:
        like = _a_product("usage")
        saved = Product.objects.filter(mode=mode).first()
        product = saved or partner.savings_plan(like)
        main = partner.resource(cast.harborline.pk, product, _new())
        disk = partner.resource(cast.harborline.pk, product, _new(), parent=main)
        mains = iter(_copies(main, count - 1, name=_new, resource_id=_new))
        _copies(disk, count - 1, name=_new, resource_id=_new, parent_id=lambda: next(mains).pk)

    return fill


def _alerts_of(partner: str) -> Callable[[Cast, int], None]:
    def fill(cast: Cast, count: int) -> None:
        alerts(portfolio.customers_of(getattr(cast, partner), count, f"shop{uuid.uuid4().hex[:8]}"))

    return fill


#: List page → who looks at it, and how it gets more rows.
FILL: dict[str, tuple[str, Callable[[Cast, int], None]]] = {
    "customers:list": ("mara", _customers),
    "customers:resellers": ("dina", _resellers_customers),
    "organization:members": ("mara", _members),
    "association_records:list": ("mara", _association_records),
    "association_records:resellers": ("dina", _reseller_records),
    "my_partner:log": ("hana", _association_records),
    "access_keys:list": ("mara", _access_keys),
    "exports:history": ("mara", _exports),
    "audit:records": ("mara", _records),
    "audit:traces": ("hana", _traces),
    "instructions:agreements": ("hana", _agreements),
    "authorizations:list": ("hana", _authorizations),
    "notifications:recipients": ("mara", _recipients),
    "budgets:alerts": ("mara", _budget_alerts),
    "preregistrations:list": ("mara", _preregistrations),
    "notifications:messages": ("mara", _messages),
    "invitations:history": ("mara", _invitations),
    "invitations:records": ("mara", _links),
    "assignment:list": ("mara", _managers),
    "assignment:customers": ("mara", _managed),
    "assignment:batches": ("mara", _batches),
    "assignment:batch": ("mara", _batch_rows),
    "budgets:adjustments": ("mara", _budget_adjustments),
    "budgets:freeze-records": ("mara", _freeze_records),
    "budgets:resellers-freeze-records": ("dina", _resellers_freeze_records),
    "discounts:records": ("mara", _discount_records),
    "enterprise:organization": ("hana", _member_accounts),
    "realname:files": ("mara", _api_files),
    "resellers:list": ("dina", _resellers),
    "customer_alerts:handle": ("mara", _alerts_of("tidemark")),
    "customer_alerts:view": ("mara", _alerts_of("tidemark")),
    "customer_alerts:resellers": ("dina", _alerts_of("lagoon")),
    "billing:discounts": ("mara", stacks.discounts),
    "billing:discount": ("mara", stacks.products),
    "billing:marketplace-discounts": ("mara", stacks.marketplace_discounts),
    "billing:coupons": ("mara", stacks.coupons),
    "billing:test-coupons": ("mara", stacks.coupons),
    "billing:coupon": ("mara", stacks.uses),
    "billing:coupon-history": ("mara", stacks.entries),
    "customer_orders:list": ("mara", _customer_orders),
    "customer_orders:resellers": ("dina", _resellers_orders),
    "customer_orders:adjustments": ("mara", _adjustments),
    "customers:resources-term": ("mara", _customer_resources("period")),
    "customers:resources-usage": ("mara", _customer_resources("usage")),
    "customers:resources-reserved": ("mara", _customer_resources("ri_upfront")),
    "customers:resources-savings": ("mara", _customer_resources("savings")),
    "customers:resources": ("mara", _customer_resources("period")),
    "customers:details-usage": ("mara", _customer_resources("usage")),
    "customers:details-savings": ("mara", _customer_resources("savings")),
    "console:orders": ("hana", _orders),
    "console:resources": ("hana", _resources),
    "console:renewals": ("hana", _resources),
    "console:unsubscriptions": ("hana", _resources),
    "resellers:invitations": ("dina", _reseller_invitations),
    "expenditure:details": ("mara", _charges),
    "billing:details": ("mara", _charges),
    "billing:statements": ("mara", billing_rows.statements),
    "billing:card-history": ("mara", billing_rows.cards),
    "top_up:statements": ("hana", billing_rows.top_ups),
    "top_up:card-history": ("hana", billing_rows.own_cards),
    "billing:transfers": ("mara", billing_rows.transfers),
    "billing:invoices": ("mara", billing_rows.invoices),
    "billing:invoice-tickets": ("mara", billing_rows.invoice_tickets),
    "billing:certificates": ("mara", billing_rows.withheld),
    "my_bills:packages": ("hana", _packages),
    "my_bills:deductions": ("hana", _deductions),
}


def test_every_list_page_has_a_committed_figure() -> None:
    assert set(LISTS) == set(COMMITTED) == set(FILL)


@pytest.mark.parametrize("name", LISTS)
def test_queries_do_not_grow_with_the_rows(name: str, cast: Cast) -> None:
    who, fill = FILL[name]
    client = Client()
    client.force_login(getattr(cast, who))
    address = _address(name, cast)
    fill(cast, 20)
    few = _queries(client, address)
    fill(cast, 1_980)
    assert (few, _queries(client, address)) == (COMMITTED[name], COMMITTED[name])


@pytest.mark.parametrize("name", LISTS)
def test_a_list_page_is_not_empty_in_this_test(name: str, cast: Cast) -> None:
    """The figures above mean nothing for a page that shows no rows."""
    who, fill = FILL[name]
    client = Client()
    client.force_login(getattr(cast, who))
    address = _address(name, cast)
    before = len(client.get(address).content)
    fill(cast, 20)
    assert len(client.get(address).content) > before + 20 * 40


def _address(name: str, cast: Cast) -> str:
    view = next(route.view_class for route in routes.pages() if route.name == name)
    keys = below.keys_of(getattr(view, "list_name", ""), cast)
    return f"{reverse(name, kwargs=keys)}?page_size=100"


def _queries(client: Client, address: str) -> int:
    client.get(address)  # the first visit may write a session
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
