"""The operator's admin: who enters, every page of it, what it does and what it never does."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from accounts import permissions as accounts_permissions
from accounts.models import (
    AccessKey,
    Account,
    AccountCurrency,
    AccountStanding,
    AgreementDocument,
    AgreementSignature,
    EnterpriseMember,
    EnterpriseUnit,
    PartnerTerms,
    Role,
    RoleAssignment,
    User,
)
from accounts.services import creation
from accounts.signals import partner_kind_changed
from audit.models import OperationRecord
from budgets.choices import BudgetType, ExhaustionAction, Strength
from budgets.models import BudgetAdjustment, FreezeRecord
from budgets.services import setting
from budgets.services.operating import place_operator_hold
from customers.models import (
    Association,
    Campaign,
    Invitation,
    ManagerAssignment,
    PreRegistration,
    ReferralExclusion,
)
from exports.models import ExportTask
from metering.models import Charge, UsageRecord
from outbox.models import Delivery
from partner_center import clock, encryption
from partner_center.admin import PortalModelAdmin, site
from realname.models import RealNameApplication
from resellers.models import ResellerAssociation
from resources.models import EnterpriseProject, FrozenInterval

from ..cast import PASSWORD, Cast
from ..goods import Goods, stock
from ..metering import usage
from ..orders import partner as orders

pytestmark = pytest.mark.django_db

PAGES: list[PortalModelAdmin] = list(site._registry.values())  # type: ignore[arg-type]
IDS = [str(page.opts.label_lower) for page in PAGES]


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(cast: Cast) -> Client:
    """Olga, main user of the operator."""
    return _client(cast.olga)


def _staff(cast: Cast, *held: str) -> Client:
    """A member of the operator with these permissions only."""
    user = creation.create_user(
        account=cast.operator,
        username="o.staff",
        password=PASSWORD,
        email="staff@operator.example",
        moment=clock.now(),
    )
    role = Role.objects.create(
        account=cast.operator, name="Staff", permissions=list(held), created_at=clock.now()
    )
    RoleAssignment.objects.create(
        account=cast.operator, user=user, role=role, assigned_at=clock.now()
    )
    return _client(user)


def _rows(cast: Cast) -> None:
    """One row of each kind that the cast has none of."""
    now = clock.now()
    document = AgreementDocument.objects.create(
        code="test", version="1", title="Test agreement", body="Text", published_at=now
    )
    AgreementSignature.objects.create(
        account=cast.tidemark, document=document, user=cast.mara, signed_at=now
    )
    AccountCurrency.objects.create(
        account=cast.tidemark, currency="PHP", from_cycle="2026-01", set_at=now
    )
    PreRegistration.objects.create(
        account=cast.tidemark,
        customer_name="Reef Hotels",
        email="buyer@reef-hotels.example",
        mobile="+639175550142",
        status="pending_review",
        reasons=["online_sales"],
        created_by=cast.mara,
        created_at=now,
        review_due_at=now,
    )
    _key(cast)
    _task()
    place_operator_hold(
        cast.actor(cast.olga),
        customer_id=cast.harborline.pk,
        strength=Strength.ACCOUNT,
        reason="Abuse",
    )
    setting.set_budgets(
        cast.actor(cast.mara),
        association_ids=[Association.objects.get(customer=cast.harborline).pk],
        wish=setting.Wish(BudgetType.MONTHLY, Decimal(100), ExhaustionAction.MANUAL),
    )
    Campaign.objects.create(
        name="Tidemark Week", starts_at=now, ends_at=now + timedelta(days=7), created_at=now
    )
    Invitation.objects.create(
        account=cast.tidemark,
        method="email",
        model="reseller",
        customer_name="Coral Bay",
        email="it@coralbay.example",
        invited_by=cast.mara,
        invited_at=now,
    )
    goods = stock()
    _order_rows(cast, goods)
    _identity_rows(cast)
    usage.one_of_each(cast)


def _order_rows(cast: Cast, goods: Goods) -> None:
    """An order with a line for a project, and a time in which nothing ran."""
    association = Association.objects.live().get(customer=cast.harborline)
    ordered = orders.order(association, (goods.host_by_term, "50.00"))
    project = EnterpriseProject.objects.create(
        account=cast.harborline, name="Fleet", created_at=clock.now()
    )
    ordered.items.update(project=project)
    FrozenInterval.objects.create(
        account=cast.delta, began_at=clock.now() - timedelta(days=1), ended_at=clock.now()
    )


def _identity_rows(cast: Cast) -> None:
    """Standing, terms, an enterprise, an exclusion, an application."""
    now = clock.now()
    AccountStanding.objects.create(account=cast.tidemark)
    PartnerTerms.objects.create(account=cast.tidemark)
    unit = EnterpriseUnit.objects.create(account=cast.harborline, name="Warehouses")
    EnterpriseMember.objects.create(
        account=cast.harborline, member=cast.delta, unit=unit, joined_at=now
    )
    ReferralExclusion.objects.create(partner_country="PH", customer_country="DE")
    RealNameApplication.objects.create(
        account=cast.harborline,
        identity=0,
        certificate=3,
        name="Hana Ocampo",
        number_encrypted=encryption.encrypt("P1234567A"),
        submitted_by=cast.hana,
        submitted_for=cast.harborline,
        submitted_at=now,
    )


def _key(cast: Cast) -> AccessKey:
    return AccessKey.objects.create(
        account=cast.tidemark,
        user=cast.mara,
        ak="TIDEMARKKEY",
        sk_encrypted="zzsecretzz",
        created_at=clock.now(),
    )


def _task() -> PeriodicTask:
    crontab = CrontabSchedule.objects.create(minute="5", hour="3", timezone="Asia/Shanghai")
    return PeriodicTask.objects.create(name="Nightly", task="test.nightly", crontab=crontab)


def _change_url(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def _operation_url(row: Any, name: str) -> str:
    return f"{_change_url(row).removesuffix('change/')}{name}/"


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_list_opens_searches_and_shows_a_row(
    page: PortalModelAdmin, client: Client, cast: Cast
) -> None:
    _rows(cast)
    url = reverse(page.list_route)
    for query in ("", "?q=tidemark", "?o=1", "?o=-1"):
        answer = client.get(url + query)
        assert answer.status_code == 200, (url + query, answer.status_code)
    row = page.model._meta.default_manager.first()
    if row is not None:
        assert client.get(_change_url(row)).status_code == 200


def test_the_link_that_opens_a_row_stands_in_no_other_link() -> None:
    for page in PAGES:
        first = page.get_list_display(None)[0]
        column = getattr(page, first, None) if isinstance(first, str) else first
        assert not hasattr(column, "plain"), f"{page}: {first} leads to the account"


def test_an_empty_list_says_what_to_do(client: Client) -> None:
    searched = client.get(reverse("admin:billing_taxrule_changelist"), {"q": "zzz"})
    assert "Nothing found" in searched.content.decode()
    fresh = client.get(reverse("admin:billing_adjustment_changelist")).content.decode()
    assert "As soon as there are adjustments, they stand here." in fresh


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_lists_ask_a_constant_number_of_queries(
    page: PortalModelAdmin,
    client: Client,
    cast: Cast,
    django_assert_max_num_queries: Any,
) -> None:
    _rows(cast)
    with django_assert_max_num_queries(14):
        client.get(reverse(page.list_route))


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_partners_and_customers_find_nothing(page: PortalModelAdmin, cast: Cast) -> None:
    for user in (cast.mara, cast.hana, cast.leo):
        assert _client(user).get(reverse(page.list_route)).status_code == 404
    answer = Client().get(reverse(page.list_route))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in")


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_staff_without_the_permission_is_refused(page: PortalModelAdmin, cast: Cast) -> None:
    _rows(cast)
    client = _staff(cast, "accounts.view_members")
    assert client.get(reverse(page.list_route)).status_code == 403
    row = page.model._meta.default_manager.first()
    if row is not None:
        assert client.get(_change_url(row)).status_code == 403
        assert client.post(_change_url(row), {}).status_code == 403


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_staff_that_may_look_may_not_change(page: PortalModelAdmin, cast: Cast) -> None:
    _rows(cast)
    client = _staff(cast, page.view_permission)
    assert client.get(reverse(page.list_route)).status_code == 200
    row = page.model._meta.default_manager.first()
    if row is not None:
        assert client.post(_change_url(row), {}).status_code == 403


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_nothing_is_ever_deleted(page: PortalModelAdmin, client: Client, cast: Cast) -> None:
    _rows(cast)
    rows = page.model._meta.default_manager
    row, count = rows.first(), rows.count()
    if row is None:
        return
    url = _change_url(row).removesuffix("change/") + "delete/"
    assert client.get(url).status_code == 403
    assert client.post(url, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    client.post(reverse(page.list_route), chosen)
    assert rows.count() >= count


@pytest.mark.parametrize(
    "model",
    [
        OperationRecord,
        AccountCurrency,
        AgreementSignature,
        FreezeRecord,
        BudgetAdjustment,
        Charge,
        UsageRecord,
    ],
    ids=lambda m: m.__name__,
)
def test_books_can_be_read_only(model: Any, client: Client, cast: Cast) -> None:
    _rows(cast)
    client.get(_change_url(cast.mara))  # writes an operation record
    page = site.get_model_admin(model)
    row = model.objects.first()
    before = model.objects.filter(pk=row.pk).values().get()
    data = {name: "" if value is None else str(value) for name, value in before.items()}
    assert client.post(_change_url(row), data).status_code == 403
    assert client.get(reverse(page.list_route) + "add/").status_code == 403
    assert model.objects.filter(pk=row.pk).values().get() == before


def test_other_admin_pages_of_django_are_not_there(client: Client) -> None:
    for path in ("auth/group/", "account/emailaddress/", "accounts/verificationcode/", "nothing/"):
        assert client.get(f"/admin/{path}").status_code == 404


def test_the_side_menu_lists_what_the_staff_may_open(cast: Cast) -> None:
    page = _staff(cast, accounts_permissions.VIEW_AGREEMENTS).get("/admin/").content.decode()
    assert reverse("admin:accounts_agreementdocument_changelist") in page
    assert reverse("admin:accounts_user_changelist") not in page


def test_dates_read_as_in_the_portal(client: Client, cast: Cast) -> None:
    local = datetime(2026, 11, 20, 14, 20, tzinfo=clock.BUSINESS_ZONE)
    association = Association.objects.get(customer=cast.harborline)
    Association.objects.filter(pk=association.pk).update(associated_at=local)
    for name, arguments in (("changelist", []), ("change", [association.pk])):
        url = reverse(f"admin:customers_association_{name}", args=arguments)
        page = client.get(url).content.decode().replace("\xa0", " ")
        assert "Nov 20, 2026 14:20:00 GMT+08:00" in page


def test_only_the_admin_may_evaluate_scripts(client: Client) -> None:
    assert "'unsafe-eval'" in client.get("/admin/")["Content-Security-Policy"]
    assert "unsafe" not in client.get(reverse("home"))["Content-Security-Policy"]


# --- Accounts ---------------------------------------------------------------------------------


def test_setting_a_partner_kind_is_audited_and_tells_the_floors_above(
    client: Client, cast: Cast
) -> None:
    heard: list[tuple[str, str]] = []

    def listen(sender: Any, before: str, after: str, **kwargs: Any) -> None:
        heard.append((before, after))

    partner_kind_changed.connect(listen)
    try:
        answer = client.post(_operation_url(cast.delta, "set_kind"), {"kind": "distributor"})
    finally:
        partner_kind_changed.disconnect(listen)
    assert answer.status_code == 302
    assert heard == [("", "distributor")]
    assert Account.objects.get(pk=cast.delta.pk).partner_kind == "distributor"
    record = OperationRecord.objects.get(action="accounts.partner_kind.set")
    assert (record.account_id, record.actor_account_id) == (cast.delta.pk, cast.operator.pk)
    assert (record.before, record.after) == (
        {"partner_kind": ""},
        {"partner_kind": "distributor"},
    )
    assert record.door == "admin"


def test_the_same_kind_again_and_the_operator_itself_are_refused(
    client: Client, cast: Cast
) -> None:
    same = client.post(_operation_url(cast.tidemark, "set_kind"), {"kind": "csp"})
    own = client.post(_operation_url(cast.operator, "set_kind"), {"kind": "csp"})
    assert (same.status_code, own.status_code) == (422, 422)
    assert "the operator’s own account" in own.content.decode()
    assert Account.objects.get(pk=cast.operator.pk).partner_kind == ""
    assert not OperationRecord.objects.exists()


def test_a_suspended_account_is_signed_out_and_may_come_back(client: Client, cast: Cast) -> None:
    mara, felix = _client(cast.mara), _client(cast.felix)
    url = _operation_url(cast.tidemark, "suspend")
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).status_code == 422
    assert mara.get("/").status_code == 200
    assert client.post(url, {"reason": "Unpaid bills"}).status_code == 302
    for browser in (mara, felix):
        assert browser.get("/")["Location"].startswith("/sign-in")
    record = OperationRecord.objects.get(action="accounts.account.suspended")
    assert record.after["reason"] == "Unpaid bills"
    assert client.post(url, {"reason": "Again"}).status_code in (403, 422)
    back = client.post(_operation_url(cast.tidemark, "activate"), {"reason": "Paid"})
    assert back.status_code == 302
    assert Account.objects.get(pk=cast.tidemark.pk).status == "active"


def test_the_operator_cannot_suspend_itself(client: Client, cast: Cast) -> None:
    answer = client.post(_operation_url(cast.operator, "suspend"), {"reason": "No"})
    assert answer.status_code in (403, 422)
    assert Account.objects.get(pk=cast.operator.pk).status == "active"


def _account_form(client: Client, account: Account, **changed: str) -> dict[str, Any]:
    page = client.get(_change_url(account))
    form = page.context["adminform"].form
    return {name: form[name].value() or "" for name in form.fields} | changed


def test_the_operator_corrects_a_locked_address(client: Client, cast: Cast) -> None:
    data = _account_form(client, cast.tidemark, address_line1="1 Pier Road", max_custom_roles="20")
    assert client.post(_change_url(cast.tidemark), data).status_code == 302
    account = Account.objects.get(pk=cast.tidemark.pk)
    assert (account.address_line1, account.max_custom_roles) == ("1 Pier Road", 20)
    record = OperationRecord.objects.get(action="accounts.account.corrected")
    assert record.account_id == cast.tidemark.pk


def test_a_stale_or_wrong_correction_changes_nothing(client: Client, cast: Cast) -> None:
    data = _account_form(client, cast.tidemark, city="Cebu")
    wrong = client.post(_change_url(cast.tidemark), data | {"max_custom_roles": "0"})
    assert wrong.status_code == 422
    Account.objects.filter(pk=cast.tidemark.pk).update(city="Manila")
    stale = client.post(_change_url(cast.tidemark), data)
    assert stale.status_code == 422
    assert "Somebody changed this" in stale.content.decode()
    assert Account.objects.get(pk=cast.tidemark.pk).city == "Manila"
    assert not OperationRecord.objects.exists()


def test_an_account_form_changes_only_what_it_offers(client: Client, cast: Cast) -> None:
    data = _account_form(client, cast.tidemark, city="Cebu")
    client.post(_change_url(cast.tidemark), data | {"partner_kind": "", "verifies": "on"})
    account = Account.objects.get(pk=cast.tidemark.pk)
    assert (account.city, account.partner_kind, account.verifies) == ("Cebu", "csp", False)


# --- Codes ------------------------------------------------------------------------------------


@pytest.mark.requirement("08-AXO-02", "08-AXO-07")
def test_a_critical_operation_asks_for_a_code_in_the_admin_too(client: Client, cast: Cast) -> None:
    Account.objects.filter(pk=cast.operator.pk).update(verifies=True)
    url = _operation_url(cast.tidemark, "suspend")
    asked = client.post(url, {"reason": "Unpaid bills"})
    assert asked.status_code == 428
    assert "Unpaid bills" in asked.content.decode()
    assert Account.objects.get(pk=cast.tidemark.pk).status == "active"
    body = Delivery.objects.filter(target="accounts@operator.example").latest("id").body
    found = re.search(r"\b(\d{6})\b", body)
    assert found
    wrong = f"{(int(found[1]) + 1) % 1_000_000:06d}"
    again = client.post(url, {"reason": "Unpaid bills", "verification_code": wrong})
    assert "Tries left: 4" in again.content.decode()
    done = client.post(url, {"reason": "Unpaid bills", "verification_code": found[1]})
    assert done.status_code == 302
    assert Account.objects.get(pk=cast.tidemark.pk).status == "suspended"
    assert OperationRecord.objects.get(action="accounts.account.suspended").code_verified


def test_send_again_keeps_what_was_entered(client: Client, cast: Cast) -> None:
    Account.objects.filter(pk=cast.operator.pk).update(verifies=True)
    url = _operation_url(cast.tidemark, "suspend")
    client.post(url, {"reason": "Unpaid bills"})
    again = client.post(
        reverse("admin:send_code"),
        {
            "reason": "Unpaid bills",
            "code_operation": "accounts.suspend_account",
            "code_return": url,
            "code_channel": "email",
        },
    )
    page = again.content.decode()
    assert "Unpaid bills" in page
    assert f'action="{url}"' in page
    assert "You can get a new one in" in page


# --- Users ------------------------------------------------------------------------------------


def test_ticked_users_are_locked_row_by_row(client: Client, cast: Cast) -> None:
    felix = _client(cast.felix)
    answer = client.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "lock_ticked", "_selected_action": [cast.felix.pk, cast.mara.pk]},
        follow=True,
    )
    page = answer.content.decode()
    assert "1 row done." in page
    assert "administrator of its account" in page
    assert User.objects.get(pk=cast.felix.pk).status == "locked"
    assert User.objects.get(pk=cast.mara.pk).status == "normal"
    assert felix.get("/")["Location"].startswith("/sign-in")
    record = OperationRecord.objects.get(action="accounts.user.locked")
    assert record.account_id == cast.tidemark.pk


def test_a_locked_user_is_unlocked(client: Client, cast: Cast) -> None:
    client.post(_operation_url(cast.felix, "lock"))
    assert client.post(_operation_url(cast.felix, "unlock")).status_code == 302
    assert User.objects.get(pk=cast.felix.pk).status == "normal"


def test_operations_are_not_done_by_looking(client: Client, cast: Cast) -> None:
    assert client.get(_operation_url(cast.felix, "lock")).status_code == 200
    assert User.objects.get(pk=cast.felix.pk).status == "normal"


def test_ended_sessions_sign_the_user_out(client: Client, cast: Cast) -> None:
    mara = _client(cast.mara)
    assert client.post(_operation_url(cast.mara, "end_sessions")).status_code == 302
    assert mara.get("/")["Location"].startswith("/sign-in")


def test_a_lost_second_factor_is_taken_off(client: Client, cast: Cast) -> None:
    none = client.post(_operation_url(cast.mara, "reset_second_factor"))
    assert none.status_code == 422
    Authenticator.objects.create(user=cast.mara, type=Authenticator.Type.TOTP, data={})
    assert client.post(_operation_url(cast.mara, "reset_second_factor")).status_code == 302
    assert not Authenticator.objects.exists()


def test_looking_at_a_user_is_recorded_and_shows_no_password(client: Client, cast: Cast) -> None:
    page = client.get(_change_url(cast.mara)).content.decode()
    assert cast.mara.email in page
    assert cast.mara.password not in page
    record = OperationRecord.objects.get(action="accounts.user.viewed")
    assert record.account_id == cast.tidemark.pk
    assert (
        cast.mara.email
        not in client.get(reverse("admin:accounts_user_changelist")).content.decode()
    )


def test_staff_without_the_permission_locks_nobody(cast: Cast) -> None:
    client = _staff(cast, accounts_permissions.VIEW_ALL_USERS)
    assert client.post(_operation_url(cast.felix, "lock")).status_code == 403
    client.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "lock_ticked", "_selected_action": [cast.felix.pk]},
    )
    assert User.objects.get(pk=cast.felix.pk).status == "normal"


# --- Keys, agreements, schedule ---------------------------------------------------------------


def test_a_key_is_blocked_and_its_secret_never_shown(client: Client, cast: Cast) -> None:
    key = _key(cast)
    assert "zzsecretzz" not in client.get(_change_url(key)).content.decode()
    client.post(
        reverse("admin:accounts_accesskey_changelist"),
        {"action": "block", "_selected_action": [key.pk]},
    )
    assert AccessKey.objects.get(pk=key.pk).status == "blocked"
    assert OperationRecord.objects.filter(action="accounts.access_key.blocked").count() == 1


def test_an_agreement_version_is_published_once_and_never_changed(
    client: Client, cast: Cast
) -> None:
    url = reverse("admin:accounts_agreementdocument_add")
    data = {"code": "test", "version": "9", "title": "Test agreement", "body": "Text"}
    assert client.post(url, data).status_code == 302
    assert client.post(url, data | {"body": "Other"}).status_code == 422
    document = AgreementDocument.objects.get(code="test")
    assert document.body == "Text"
    assert client.post(_change_url(document), data | {"body": "Other"}).status_code == 403
    assert OperationRecord.objects.filter(action="accounts.agreement.published").count() == 1


def test_a_task_is_moved_and_switched_off(client: Client, cast: Cast) -> None:
    task = _task()
    seen = client.get(_change_url(task)).context["adminform"].form["seen"].value()
    bad = client.post(_change_url(task), {"times": "every night", "seen": seen})
    assert bad.status_code == 422
    good = client.post(_change_url(task), {"times": "30 4 * * 1", "seen": seen})
    assert good.status_code == 302
    task.refresh_from_db()
    assert (task.enabled, task.crontab.hour, task.crontab.day_of_week) == (False, "4", "1")
    record = OperationRecord.objects.get(action="accounts.schedule.changed")
    assert record.before["times"] == "5 3 * * *"


# --- Deliveries, exports, associations --------------------------------------------------------


def _delivery(state: str) -> Delivery:
    moment = clock.now()
    return Delivery.objects.create(
        channel="email",
        target="a@b.example",
        template="test",
        body="Your code is 123456",
        state=state,
        tries=5,
        queued_at=moment,
        due_at=moment,
    )


def test_failed_deliveries_are_sent_again_and_texts_not_shown(client: Client) -> None:
    failed, sent = _delivery("failed"), _delivery("sent")
    assert "123456" not in client.get(_change_url(failed)).content.decode()
    answer = client.post(
        reverse("admin:outbox_delivery_changelist"),
        {"action": "send_again", "_selected_action": [failed.pk, sent.pk]},
        follow=True,
    )
    assert "1 row done." in answer.content.decode()
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert (states[failed.pk], states[sent.pk]) == ("queued", "sent")


def _export(cast: Cast, status: str) -> ExportTask:
    moment = clock.now()
    return ExportTask.objects.create(
        uid=f"{status:0<32}"[:32],
        account=cast.tidemark,
        exporter="members",
        title="Members",
        file_format="csv",
        status=status,
        created_by=cast.mara,
        created_at=moment,
        touched_at=moment,
        finished_at=moment,
        expires_at=moment,
    )


def test_only_unfinished_exports_are_stopped(client: Client, cast: Cast) -> None:
    waiting, done = _export(cast, "waiting"), _export(cast, "completed")
    client.post(
        reverse("admin:exports_exporttask_changelist"),
        {"action": "stop", "_selected_action": [waiting.pk, done.pk]},
    )
    assert list(ExportTask.objects.values_list("pk", flat=True)) == [done.pk]
    record = OperationRecord.objects.get(action="exports.task.canceled")
    assert record.account_id == cast.tidemark.pk


def test_an_association_is_made_assigned_and_ended(client: Client, cast: Cast) -> None:
    live = Association.objects.get(customer=cast.delta)
    end = _operation_url(live, "end")
    assert client.post(end, {"reason": ""}).status_code == 422
    assert client.post(end, {"reason": "Asked by both"}).status_code == 302
    assert Association.objects.get(pk=live.pk).ended_at
    url = reverse("admin:customers_association_associate")
    asked = {"customer": "delta-fisheries", "partner": "tidemark-cloud", "model": "reseller"}
    asked["reason"] = "Ticket 4711"
    unknown = client.post(url, asked | {"partner": "nobody"})
    assert unknown.status_code == 422
    assert "no account of this name" in unknown.content.decode()
    assert client.post(url, asked).status_code == 302
    assert client.post(url, asked).status_code == 422
    made = Association.objects.get(customer=cast.delta, ended_at=None)
    manager = _operation_url(made, "assign_manager")
    assert client.post(manager, {"manager": "f.cruz"}).status_code == 422
    assert client.post(manager, {"manager": "j.lim"}).status_code == 302
    assert ManagerAssignment.objects.get(association=made, ended_at=None).manager == cast.jun
    ended = OperationRecord.objects.filter(action="customers.association.ended")
    assert {record.account_id for record in ended} == {cast.tidemark.pk, cast.delta.pk}
    assert ended[0].after["reason"] == "Asked by both"


def test_ending_an_association_unassigns_the_manager(client: Client, cast: Cast) -> None:
    live = Association.objects.get(customer=cast.harborline)
    client.post(_operation_url(live, "end"), {"reason": "Asked by both"})
    assert not ManagerAssignment.objects.filter(ended_at=None).exists()


def test_a_reseller_changes_its_distributor(client: Client, cast: Cast) -> None:
    url = reverse("admin:resellers_resellerassociation_associate")
    asked = {"reseller": "lagoon", "distributor": "meridian"}
    assert client.post(url, asked).status_code == 422
    live = ResellerAssociation.objects.get(reseller=cast.lagoon)
    assert client.post(_operation_url(live, "end"), {"reason": "Moved"}).status_code == 302
    assert client.post(url, asked).status_code == 302
    assert ResellerAssociation.objects.filter(reseller=cast.lagoon).count() == 2


def test_history_leads_to_the_operation_records(client: Client, cast: Cast) -> None:
    client.post(_operation_url(cast.felix, "lock"))
    url = _change_url(cast.felix).removesuffix("change/") + "history/"
    page = client.get(url, follow=True).content.decode()
    assert "accounts.user.locked" in page
