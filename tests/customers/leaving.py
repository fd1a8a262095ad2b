"""What the tests of disassociation share: associations that may end, moments, codes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import AccountCurrency, User
from customers.choices import Purpose, RequestStatus, Side
from customers.models import Association, AssociationRequest
from customers.services import disassociation as services
from partner_center import clock

from ..accounts import steps
from ..cast import Cast

TICK = "I understand the preceding statement and confirm to disassociate from the partner account"
RECORDS = reverse("association_records:list")
MY_PARTNER = reverse("my_partner:page")
LEAVE = reverse("my_partner:disassociate")
LOG = reverse("my_partner:log")


def association_of(account: Any) -> Association:
    return Association.objects.select_related("account", "customer").get(
        customer=account, ended_at=None
    )


def may_leave(account: Any) -> Association:
    """The account passes every item of its check."""
    AccountCurrency.objects.create(
        account=account, currency="USD", from_cycle="2026-01", set_at=clock.now()
    )
    return association_of(account)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def partner_page(association: Association) -> str:
    return reverse("association_records:disassociate", args=[association.pk])


def on_record(name: str, request: AssociationRequest) -> str:
    return reverse(f"association_records:{name}", args=[request.pk])


def asked(
    association: Association,
    initiator: Side = Side.CUSTOMER,
    *,
    status: RequestStatus = RequestStatus.PENDING,
    at: datetime | None = None,
    purpose: Purpose = Purpose.DISASSOCIATE,
) -> AssociationRequest:
    """A request as the services leave it."""
    moment = at or clock.now()
    return AssociationRequest.objects.create(
        account_id=association.account_id,
        customer_id=association.customer_id,
        association=association,
        purpose=purpose,
        model=association.model,
        initiator=initiator,
        status=status,
        reason="Contract ends" if initiator == Side.PARTNER else "",
        requested_at=moment,
        decided_at=None if status == RequestStatus.PENDING else moment,
    )


def with_code(client: Client, url: str, data: dict[str, Any], user: User) -> HttpResponse:
    """Send a form whose operation asks for a code, and send it again with the code."""
    answer = client.post(url, data)
    assert answer.status_code == 428, (answer.status_code, answer.content.decode()[-600:])
    code = steps.code_sent_to(user.mobile)
    return client.post(url, data | {"verification_code": code})


def customer_asks(cast: Cast) -> AssociationRequest:
    """Hana asks Tidemark to let Harborline go, on the page, with the code."""
    association = may_leave(cast.harborline)
    data = {"association": association.pk, "understood": "on"}
    assert with_code(client_of(cast.hana), LEAVE, data, cast.hana).status_code == 302
    return AssociationRequest.objects.get(association=association, purpose=Purpose.DISASSOCIATE)


def partner_asks(cast: Cast) -> AssociationRequest:
    """Tidemark asks Harborline to agree."""
    association = association_of(cast.harborline)
    return services.request_by_partner(
        cast.actor(cast.mara), association.pk, reason="Contract ends"
    )


def local(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment in GMT+08:00."""
    return datetime(year, month, day, hour, minute, tzinfo=clock.BUSINESS_ZONE).astimezone(UTC)
