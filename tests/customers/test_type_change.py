"""The operator changes the association type and associates on a ticket (08 X-25, CSA-16)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import PartnerTerms
from customers.choices import AssociationModel, Purpose, RequestStatus, Side
from customers.models import Association, AssociationRequest, ReferralExclusion
from customers.permissions import OPERATE_ASSOCIATIONS
from customers.services import operating
from customers.signals import association_completed, association_type_changed
from notifications.models import Message
from partner_center.refusals import NotPermitted

from ..cast import Cast, _account
from .leaving import LOG, RECORDS, asked, association_of, client_of

pytestmark = pytest.mark.django_db
REFERRAL = {"model": "referral", "reason": "Ticket 4711"}


def _url(association: Association) -> str:
    change = reverse("admin:customers_association_change", args=[association.pk])
    return f"{change.removesuffix('change/')}change_type/"


@pytest.mark.requirement("08-CSD-15", "04-ASC-08", "08-CTS-02")
def test_the_operator_changes_the_type_and_both_sides_see_it(cast: Cast) -> None:
    PartnerTerms.objects.create(account=cast.tidemark, may_refer=True)
    association = association_of(cast.harborline)
    heard: list[tuple[str, str]] = []

    def listen(sender: object, *, association: Association, before: str, **_more: object) -> None:
        heard.append((before, association.model))

    association_type_changed.connect(listen)
    try:
        assert client_of(cast.olga).post(_url(association), REFERRAL).status_code == 302
    finally:
        association_type_changed.disconnect(listen)
    assert heard == [("reseller", "referral")]
    record = AssociationRequest.objects.get()
    assert (record.purpose, record.model, record.initiator, record.status, record.reason) == (
        Purpose.TYPE_CHANGE,
        AssociationModel.REFERRAL,
        Side.OPERATOR,
        RequestStatus.COMPLETED,
        "Ticket 4711",
    )
    for user, url in ((cast.mara, RECORDS), (cast.hana, LOG)):
        page = client_of(user).get(url).content.decode()
        assert "Association type change" in page and "Ticket 4711" in page
    for account in (cast.tidemark, cast.harborline):
        title = Message.objects.filter(account=account).latest("pk").notice.title
        assert title.startswith("The association type with")


@pytest.mark.parametrize(
    ("granted", "excluded", "words"),
    [
        (False, None, "The partner’s signed relationship does not allow the Referral model"),
        (True, "terms", "The partner’s signed relationship does not allow the Referral model"),
        (True, "country", "The partner’s country of registration does not allow the Referral"),
    ],
)
def test_a_type_that_is_not_granted_is_refused(
    granted: bool, excluded: str | None, words: str, cast: Cast
) -> None:
    PartnerTerms.objects.create(
        account=cast.tidemark,
        may_refer=granted,
        referral_excluded=["PH"] if excluded == "terms" else [],
    )
    if excluded == "country":
        ReferralExclusion.objects.create(partner_country="PH", customer_country="PH")
    association = association_of(cast.harborline)
    answer = client_of(cast.olga).post(_url(association), REFERRAL)
    assert answer.status_code == 422 and words in answer.content.decode()
    association.refresh_from_db()
    assert association.model == AssociationModel.RESELLER
    assert not AssociationRequest.objects.exists()


def test_prepaid_partners_get_no_reseller_customers_and_the_same_type_is_no_change(
    cast: Cast,
) -> None:
    PartnerTerms.objects.create(account=cast.tidemark, is_prepaid=True, may_refer=True)
    association = association_of(cast.harborline)
    client, url = client_of(cast.olga), _url(association)
    assert "Reseller already" in client.post(url, REFERRAL | {"model": "reseller"}).content.decode()
    client.post(url, REFERRAL)
    answer = client.post(url, REFERRAL | {"model": "reseller"})
    assert "Prepaid partners cannot develop customers" in answer.content.decode()
    association.refresh_from_db()
    assert association.model == AssociationModel.REFERRAL
    assert AssociationRequest.objects.count() == 1


def test_only_the_operator_changes_the_type(cast: Cast) -> None:
    association = association_of(cast.harborline)
    for user in (cast.mara, cast.hana):
        assert client_of(user).post(_url(association), REFERRAL).status_code == 404
        with pytest.raises(NotPermitted):
            operating.change_model(
                cast.actor(user), association.pk, model=AssociationModel.REFERRAL, reason="x"
            )
    assert OPERATE_ASSOCIATIONS not in cast.actor(cast.mara).permissions
    association.refresh_from_db()
    assert association.model == AssociationModel.RESELLER


@pytest.mark.requirement("08-CSA-16")
@pytest.mark.parametrize(("chosen", "freezes"), [("", False), ("1", True)])
def test_the_operator_says_whether_a_ticket_freezes(chosen: str, freezes: bool, cast: Cast) -> None:
    fresh = _account("fresh-foods").account
    heard: list[bool] = []

    def listen(sender: object, *, freezes: bool, **_more: object) -> None:
        heard.append(freezes)

    data = {
        "customer": fresh.name,
        "partner": cast.tidemark.name,
        "model": "reseller",
        "freezes": chosen,
        "reason": "Ticket 4711",
    }
    association_completed.connect(listen)
    try:
        url = reverse("admin:customers_association_associate")
        assert client_of(cast.olga).post(url, data).status_code == 302
    finally:
        association_completed.disconnect(listen)
    assert heard == [freezes]
    assert AssociationRequest.objects.get(customer=fresh).reason == "Ticket 4711"


def test_the_operator_reads_all_records_and_changes_none(cast: Cast) -> None:
    request = asked(association_of(cast.harborline))
    client = client_of(cast.olga)
    listed = client.get(reverse("admin:customers_associationrequest_changelist"))
    assert "harborline" in listed.content.decode()
    url = reverse("admin:customers_associationrequest_change", args=[request.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"status": "completed"}).status_code == 403
    request.refresh_from_db()
    assert request.status == RequestStatus.PENDING
