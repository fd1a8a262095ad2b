"""What a distributor grants and withdraws: budgets and freezing, on-behalf work (06 §9.2.1.2, .3)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.dispatch import receiver

from accounts.choices import PartnerKind
from accounts.models import AgreementDocument, AgreementSignature
from accounts.services import operating as accounts
from audit.models import OperationRecord
from notifications.models import Notice
from outbox.models import Delivery
from partner_center import clock, critical
from partner_center.refusals import NotFound, NotPermitted, Refusal, Stale
from resellers.models import ResellerBudgetGrant, ResellerOnBehalfGrant
from resellers.queries import budget_grant_of, on_behalf_granted
from resellers.queries.letter import CODE
from resellers.refusals import (
    AlreadyGranted,
    ConsentMissing,
    NotGranted,
    QuotaMissing,
    SameQuotas,
)
from resellers.services import grants, operating
from resellers.signals import budget_grant_changed, on_behalf_grant_changed

from ..accounts.organization import at_once, refusals
from ..cast import _account
from . import steps

pytestmark = pytest.mark.django_db

ON = {"authorize": "on", "monthly_quota": "1000", "one_time_quota": "", "seen": ""}


@pytest.fixture
def dina(cast):
    """Meridian's browser."""
    return steps.signed_in(cast.dina)


@pytest.fixture
def heard():
    """What the floors above hear."""
    found: list[tuple[object, object]] = []

    @receiver([budget_grant_changed, on_behalf_grant_changed])
    def listen(sender, before, after, **_more) -> None:
        found.append((before, after))

    yield found
    budget_grant_changed.disconnect(listen)
    on_behalf_grant_changed.disconnect(listen)


def _url(cast, name: str = "permissions") -> str:
    return f"/sales/resellers/{steps.lagoon(cast).pk}/{name}"


@pytest.mark.requirement("06-PRM-01", "06-PRM-02", "06-DX-05", "08-AXO-05")
def test_a_grant_with_a_quota_needs_a_code_even_when_verify_its_you_is_off(cast, dina) -> None:
    assert not cast.meridian.verifies
    page = dina.get(_url(cast)).content.decode()
    assert "Set Account Freezing and Budget Setting Permissions" in page
    assert "You no longer set budgets, freeze or unfreeze these customers" in page
    asked = dina.post(_url(cast), ON)
    assert asked.status_code == 428 and ("monthly_quota", "1000") in asked.context["posted"]
    assert budget_grant_of(cast.lagoon.pk) is None
    wrong = dina.post(_url(cast), {**ON, "verification_code": "000000"})
    assert wrong.status_code == 422 and budget_grant_of(cast.lagoon.pk) is None
    code = steps.code_sent_to(cast.dina.email)
    done = dina.post(_url(cast), {**ON, "verification_code": code}, follow=True)
    assert "Permissions of Lagoon set." in done.content.decode()
    grant = budget_grant_of(cast.lagoon.pk)
    assert grant and (grant.monthly_quota, grant.one_time_quota) == (Decimal(1000), None)
    assert grant.granted_by == cast.dina
    assert (
        OperationRecord.objects.filter(
            action="resellers.budget_grant.granted", code_verified=True
        ).count()
        == 2
    )


@pytest.mark.requirement("06-PRM-05", "06-PRM-06", "06-DX-05")
def test_switching_off_withdraws_with_a_code(cast, dina) -> None:
    grant = steps.granted(cast)
    off = {"monthly_quota": "1000", "one_time_quota": "", "seen": str(grant.pk)}
    page = dina.get(_url(cast))
    assert page.context["form"].initial["authorize"] is True
    assert "Budgets and freezes that are set stay in force." in page.content.decode()
    done = steps.post_with_code(dina, _url(cast), off, cast.dina)
    assert done.status_code == 302 and budget_grant_of(cast.lagoon.pk) is None
    grant.refresh_from_db()
    assert grant.closed_at is not None, "the history stays"


@pytest.mark.requirement("06-PRM-11")
@pytest.mark.parametrize(
    ("monthly", "one_time"), [("0", None), (None, "250.50"), ("1000", "250.50")]
)
def test_either_quota_or_both(cast, monthly, one_time) -> None:
    grant = steps.granted(cast, monthly, one_time)
    wanted = tuple(Decimal(q) if q is not None else None for q in (monthly, one_time))
    assert (grant.monthly_quota, grant.one_time_quota) == wanted


@pytest.mark.requirement("06-PRM-02")
@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"monthly_quota": ""}, "monthly_quota", "Enter a monthly budget quota"),
        ({"monthly_quota": "-1"}, "monthly_quota", "greater than or equal to 0"),
        ({"monthly_quota": "1.001"}, "monthly_quota", "no more than 2 decimal places"),
        ({"one_time_quota": "much"}, "one_time_quota", "Enter a number."),
    ],
)
def test_wrong_quotas_are_refused_beside_the_field(cast, dina, changes, field, words) -> None:
    answer = dina.post(_url(cast), ON | changes)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert words in str(form.errors[field]) and form[field].value() == (ON | changes)[field]
    assert not ResellerBudgetGrant.objects.exists()


def test_the_service_refuses_a_grant_without_a_quota_and_one_that_changes_nothing(cast) -> None:
    with pytest.raises(QuotaMissing):
        steps.granted(cast, None, None)
    steps.granted(cast, "1000")
    with pytest.raises(SameQuotas):
        steps.granted(cast, "1000.00")
    assert ResellerBudgetGrant.objects.count() == 1


@pytest.mark.requirement("06-PRM-14", "06-PRM-07")
def test_grant_change_and_withdrawal_are_recorded_and_told(cast, heard) -> None:
    first = steps.granted(cast, "1000")
    second = steps.granted(cast, "500", "100")
    grants.withdraw_budget_grant(
        steps.verified(cast.actor(cast.dina)), steps.lagoon(cast).pk, seen=str(second.pk)
    )
    assert heard == [(None, first), (first, second), (second, None)]
    titles = list(Notice.objects.filter(account=cast.lagoon).order_by("pk"))
    assert [notice.title for notice in titles] == [
        "Meridian lets you set budgets and freeze customers",
        "Meridian changed your budget quotas",
        "Meridian withdrew your permission to set budgets and freeze customers",
    ]
    assert ["Monthly budget quota", "$500.00 USD"] in titles[1].facts
    assert ["Monthly budget quota before", "$1,000.00 USD"] in titles[1].facts
    assert "Budgets and freezes that are set stay in force." in titles[2].body
    assert Delivery.objects.filter(target=cast.lagoon.email, template="notification").count() == 3
    changed = OperationRecord.objects.get(
        action="resellers.budget_grant.changed", account=cast.lagoon
    )
    assert changed.before["monthly_quota"] == "1000.00" or changed.before["monthly_quota"] == "1000"
    assert changed.after["one_time_quota"] == "100"
    assert changed.actor_name == cast.dina.username


@pytest.mark.requirement("06-PRM-13")
def test_what_a_floor_above_refuses_undoes_the_grant(cast) -> None:
    @receiver(budget_grant_changed)
    def refuse(sender, **_more) -> None:
        raise Refusal("The reseller has allocated 2,000.00 USD.", field="monthly_quota")

    try:
        with pytest.raises(Refusal, match=r"allocated 2,000\.00"):
            steps.granted(cast)
    finally:
        budget_grant_changed.disconnect(refuse)
    assert not ResellerBudgetGrant.objects.exists() and not Notice.objects.exists()


def test_a_stale_page_changes_nothing(cast, dina) -> None:
    steps.granted(cast, "1000")
    stale = steps.post_with_code(dina, _url(cast), {**ON, "monthly_quota": "2000"}, cast.dina)
    assert stale.status_code == 409
    assert budget_grant_of(cast.lagoon.pk).monthly_quota == 1000
    with pytest.raises(Stale):
        grants.withdraw_budget_grant(
            steps.verified(cast.actor(cast.dina)), steps.lagoon(cast).pk, seen=""
        )


@pytest.mark.requirement("06-DX-04")
def test_only_the_resellers_own_distributor_grants(cast) -> None:
    other = steps.signed_in(_account("halcyon", PartnerKind.DISTRIBUTOR))
    for client in (other, steps.signed_in(cast.leo), steps.signed_in(cast.mara)):
        for name in ("permissions", "on-behalf"):
            assert client.get(_url(cast, name)).status_code == 404
            assert client.post(_url(cast, name), ON).status_code == 404
    for call in (
        lambda actor, pk: grants.set_budget_grant(
            actor, pk, monthly_quota=Decimal(1), one_time_quota=None, seen=""
        ),
        lambda actor, pk: grants.withdraw_budget_grant(actor, pk, seen=""),
        lambda actor, pk: grants.grant_on_behalf(actor, pk, consented=True, version="1.0"),
        grants.withdraw_on_behalf,
    ):
        with pytest.raises(NotFound):
            call(steps.verified(cast.actor(cast.leo)), steps.lagoon(cast).pk)
    assert not ResellerBudgetGrant.objects.exists()
    assert not ResellerOnBehalfGrant.objects.exists()


def test_every_grant_asks_for_the_permission(cast) -> None:
    felix = cast.actor(cast.felix)
    for name in (
        grants.SET_BUDGET_GRANT,
        grants.WITHDRAW_BUDGET_GRANT,
        grants.GRANT_ON_BEHALF,
        grants.WITHDRAW_ON_BEHALF,
    ):
        assert critical.get_operation(name).always
        assert critical.asks_code(felix, name)
    client = steps.signed_in(cast.felix)
    assert client.get(_url(cast)).status_code == 403
    assert client.post(_url(cast, "on-behalf"), {"switch": "on"}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_grants_at_once_leave_one(cast) -> None:
    actor = steps.verified(cast.actor(cast.dina))
    pk = steps.lagoon(cast).pk
    answers = at_once(
        *[
            lambda quota=quota: grants.set_budget_grant(
                actor, pk, monthly_quota=Decimal(quota), one_time_quota=None, seen=""
            )
            for quota in (1, 2)
        ]
    )
    assert refusals(answers) == ["stale"]
    assert ResellerBudgetGrant.objects.filter(closed_at=None).count() == 1


@pytest.mark.requirement(
    "06-OBH-01", "06-OBH-02", "06-OBH-03", "06-OBH-07", "08-DCL-01", "08-DCL-04"
)
def test_the_first_on_behalf_grant_needs_consent_and_a_code(cast, dina) -> None:
    url = _url(cast, "on-behalf")
    dialog = dina.get(url).content.decode()
    assert (
        "I have read and agree to the Huawei Cloud Distributor Commitment Letter for Operation on "
        "Customers&#x27; Behalf" in dialog
    )
    assert f"/agreements/{CODE}" in dialog and "/sales/resellers/commitment-letter" in dialog
    without = dina.post(url, {"switch": "on", "version": "1.0"})
    assert without.status_code == 422, "the tick is asked for before a code is sent"
    assert "Read the commitment letter and agree to it." in without.content.decode()
    assert not on_behalf_granted(cast.lagoon.pk)
    assert dina.post(url, {"switch": "on", "version": "1.0", "consent": "on"}).status_code == 428
    code = steps.code_sent_to(cast.dina.email)
    agreed = {"switch": "on", "version": "1.0", "consent": "on", "verification_code": code}
    assert dina.post(url, agreed).status_code == 302
    assert on_behalf_granted(cast.lagoon.pk)
    signed = AgreementSignature.objects.get(account=cast.meridian, document__code=CODE)
    assert (signed.user, signed.document.version, signed.ip) == (cast.dina, "1.0", "127.0.0.1")
    assert OperationRecord.objects.filter(action="resellers.commitment_letter.accepted").exists()


@pytest.mark.requirement("06-OBH-03")
def test_consent_counts_for_each_distributor_and_version(cast, dina) -> None:
    steps.on_behalf(cast)
    palmyra = _account("palmyra-tech", PartnerKind.RESELLER).account
    made = operating.associate_reseller(
        cast.actor(cast.olga), distributor_id=cast.meridian.pk, reseller_id=palmyra.pk
    )
    url = f"/sales/resellers/{made.pk}/on-behalf"
    page = dina.get(url).content.decode()
    assert "I have read and agree" not in page and "accepted the Huawei Cloud Distributor" in page
    accounts.publish_agreement(
        cast.actor(cast.olga), code=CODE, version="2.0", title="Letter", body="New"
    )
    assert "I have read and agree" in dina.get(url).content.decode()
    actor = steps.verified(cast.actor(cast.dina))
    with pytest.raises(ConsentMissing):
        grants.grant_on_behalf(actor, made.pk, consented=False, version="2.0")
    with pytest.raises(Stale):
        grants.grant_on_behalf(actor, made.pk, consented=True, version="1.0")
    assert not on_behalf_granted(palmyra.pk)
    grants.grant_on_behalf(actor, made.pk, consented=True, version="2.0")
    assert AgreementSignature.objects.filter(document__code=CODE).count() == 2


@pytest.mark.requirement("06-OBH-04", "06-OBH-08", "06-OBH-05", "06-DX-05")
def test_switching_on_behalf_off_needs_a_code_and_works_at_once(cast, dina, heard) -> None:
    grant = steps.on_behalf(cast)
    url = _url(cast, "on-behalf")
    page = dina.get(url).content.decode()
    assert "I have read and agree" not in page and "What is running ends at once." in page
    assert dina.post(url, {"switch": "off"}).status_code == 428
    assert on_behalf_granted(cast.lagoon.pk)
    code = steps.code_sent_to(cast.dina.email)
    assert dina.post(url, {"switch": "off", "verification_code": code}).status_code == 302
    assert not on_behalf_granted(cast.lagoon.pk)
    assert heard == [(None, grant), (grant, None)]
    told = Notice.objects.filter(account=cast.lagoon).order_by("pk").last()
    assert told.title == "Meridian withdrew your permission to work on the behalf of customers"
    steps.on_behalf(cast)
    assert on_behalf_granted(cast.lagoon.pk)


def test_what_is_on_cannot_be_switched_on_nor_off_what_is_off(cast) -> None:
    actor, pk = steps.verified(cast.actor(cast.dina)), steps.lagoon(cast).pk
    with pytest.raises(NotGranted):
        grants.withdraw_on_behalf(actor, pk)
    with pytest.raises(NotGranted):
        grants.withdraw_budget_grant(actor, pk, seen="")
    steps.on_behalf(cast)
    with pytest.raises(AlreadyGranted):
        steps.on_behalf(cast)
    assert ResellerOnBehalfGrant.objects.count() == 1


@pytest.mark.requirement("06-OBH-07", "08-DCL-02", "08-DCL-05")
def test_the_letter_is_readable_as_page_and_pdf(cast, dina) -> None:
    page = dina.get(f"/agreements/{CODE}").content.decode()
    for words in (
        "obey the agreements with Huawei Cloud and the law",
        "do not modify or delete services or resources",
        "malware",
        "within what the customer has authorized",
        "contracts, orders, expenditures and resources",
        "jointly and severally liable",
        "changes no right and no duty",
        "takes no part in them and bears no loss",
        "stays valid until customers cancel their authorization",
    ):
        assert words in page, words
    answer = dina.get("/sales/resellers/commitment-letter")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"
    assert steps.signed_in(cast.mara).get("/sales/resellers/commitment-letter").status_code == 403
    assert AgreementDocument.objects.get(code=CODE).version == "1.0"


@pytest.mark.requirement("06-PRM-07", "06-PRM-06")
def test_grants_end_with_the_association_in_one_transaction(cast, heard, monkeypatch) -> None:
    budget, behalf = steps.granted(cast), steps.on_behalf(cast)
    heard.clear()

    class KilledError(Exception):
        pass

    def killed(*_args, **_kwargs) -> None:
        raise KilledError

    association = steps.lagoon(cast)
    with monkeypatch.context() as patch:
        patch.setattr("resellers.services.associating._record", killed)
        with pytest.raises(KilledError):
            operating.end_reseller_association(
                cast.actor(cast.olga), association.pk, reason="Contract ended"
            )
    assert budget_grant_of(cast.lagoon.pk) == budget
    heard.clear()
    operating.end_reseller_association(
        cast.actor(cast.olga), association.pk, reason="Contract ended"
    )
    assert budget_grant_of(cast.lagoon.pk) is None and not on_behalf_granted(cast.lagoon.pk)
    assert heard == [(budget, None), (behalf, None)]
    budget.refresh_from_db()
    assert budget.closed_at is not None and budget.closed_at <= clock.now()


def test_the_operator_needs_its_permission_to_end(cast) -> None:
    with pytest.raises(NotPermitted):
        operating.end_reseller_association(cast.actor(cast.dina), steps.lagoon(cast).pk, reason="x")
