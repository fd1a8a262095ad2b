"""The operator's own holds, placed and released in the admin."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Account
from audit.models import OperationRecord
from budgets.choices import HoldOwner, Strength
from budgets.models import FreezeHold, FreezeRecord
from budgets.refusals import HoldExists, NotAssociated
from budgets.services import operating
from partner_center.refusals import CodeRequired, NotFound, NotPermitted

from ..accounts.organization import at_once, refusals
from ..cast import _account, assemble
from .conftest import build, code_for, live_owners, records_of, state_of

pytestmark = pytest.mark.django_db


def _olga(world) -> Client:
    browser = Client()
    browser.force_login(world.cast.olga)
    return browser


def _url(hold: FreezeHold) -> str:
    page = reverse("admin:budgets_freezehold_change", args=[hold.pk])
    return page.removesuffix("change/") + "release/"


def _place_url() -> str:
    return reverse("admin:budgets_freezehold_place")


@pytest.mark.requirement("04-BFM-18", "04-BFM-14")
def test_the_operator_freezes_and_releases_in_the_admin(world) -> None:
    olga, customer = _olga(world), world.tidemarks
    assert olga.get(_place_url()).status_code == 200
    typed = {"customer": "fresh-foods", "strength": "resources", "reason": "Abuse report"}
    assert olga.post(_place_url(), typed).status_code == 302
    assert (state_of(customer), live_owners(customer)) == ("resources", ["default", "operator"])
    record = OperationRecord.objects.filter(action="budgets.customer.resources_frozen").first()
    assert (record.door, record.after["origin"]) == ("admin", "operator")
    hold = FreezeHold.objects.get(owner=HoldOwner.OPERATOR)
    assert olga.get(_url(hold)).status_code == 200
    assert olga.post(_url(hold), {"reason": ""}).status_code == 422
    assert olga.post(_url(hold), {"reason": "Cleared"}).status_code == 302
    assert (state_of(customer), live_owners(customer)) == ("account", ["default"])
    assert records_of(customer)[-1] == ("unfreeze_resources", "resources", "account", "operator")
    assert olga.post(_url(hold), {"reason": "Again"}).status_code == 403


def test_refusals_keep_what_was_typed(world) -> None:
    olga = _olga(world)
    typed = {"customer": "fresh-foods", "strength": "account", "reason": "Abuse <report>"}
    assert olga.post(_place_url(), typed).status_code == 302
    answer = olga.post(_place_url(), typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "the operator has already frozen Fresh Foods" in page
    assert "Abuse &lt;report&gt;" in page
    alone = _account("loner")
    answer = olga.post(_place_url(), typed | {"customer": alone.account.name})
    assert "is not associated with a partner" in answer.content.decode()
    answer = olga.post(_place_url(), typed | {"customer": "nobody", "reason": "x" * 257})
    assert "There is no account of this name." in answer.content.decode()
    assert FreezeHold.objects.filter(owner=HoldOwner.OPERATOR).count() == 1


def test_services_refuse_by_name(world) -> None:
    olga = world.cast.actor(world.cast.olga)
    words = {"strength": Strength.ACCOUNT, "reason": "Abuse"}
    world.operator_hold(world.tidemarks)
    with pytest.raises(HoldExists):
        operating.place_operator_hold(olga, customer_id=world.tidemarks.customer_id, **words)
    with pytest.raises(NotAssociated):
        operating.place_operator_hold(olga, customer_id=world.cast.northgate.pk, **words)
    with pytest.raises(NotFound):
        operating.place_operator_hold(olga, customer_id=0, **words)
    default = FreezeHold.objects.get(association=world.tidemarks, owner=HoldOwner.DEFAULT)
    with pytest.raises(NotFound):
        operating.release_operator_hold(olga, default.pk, reason="Not mine")
    for user in (world.cast.mara, world.cast.hana):
        with pytest.raises(NotPermitted):
            operating.place_operator_hold(
                world.cast.actor(user), customer_id=world.tidemarks.customer_id, **words
            )
    assert live_owners(world.tidemarks) == ["default", "operator"]


def test_the_operators_holds_are_critical(world) -> None:
    Account.objects.filter(pk=world.cast.operator.pk).update(verifies=True)
    with pytest.raises(CodeRequired):
        world.operator_hold(world.tidemarks)
    olga = world.cast.actor(world.cast.olga)
    code = code_for(olga, "budgets.place_operator_hold")
    operating.place_operator_hold(
        olga.with_code(code),
        customer_id=world.tidemarks.customer_id,
        strength=Strength.ACCOUNT,
        reason="Abuse",
    )
    assert FreezeRecord.objects.latest("pk").code_verified
    hold = FreezeHold.objects.get(owner=HoldOwner.OPERATOR)
    with pytest.raises(CodeRequired):
        operating.release_operator_hold(olga, hold.pk, reason="Cleared")
    assert live_owners(world.tidemarks) == ["default", "operator"]


@pytest.mark.django_db(transaction=True)
def test_a_hold_released_twice_at_once_is_released_once(db) -> None:
    world = build(assemble())
    world.operator_hold(world.tidemarks)
    hold = FreezeHold.objects.get(owner=HoldOwner.OPERATOR)
    olga = world.cast.actor(world.cast.olga)

    def release() -> None:
        operating.release_operator_hold(olga, hold.pk, reason="Cleared")

    assert refusals(at_once(release, release)) == ["not_found"]
    assert len(records_of(world.tidemarks)) == 3
