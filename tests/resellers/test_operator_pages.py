"""The operator's pages of invitations, grants and breaches (08-DCL-03)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from audit.models import OperationRecord
from partner_center.refusals import NotFound, NotPermitted
from resellers.choices import BreachConsequence
from resellers.models import LetterBreach, ResellerAssociation
from resellers.refusals import LetterNotAccepted
from resellers.services.operating import record_breach

from . import steps

pytestmark = pytest.mark.django_db
BREACHES = "admin:resellers_letterbreach_changelist"
BREACH = {"distributor": "meridian", "reseller": "lagoon", "consequence": "warning", "facts": "Why"}


def _record_url() -> str:
    return reverse(BREACHES) + "record_breach/"


def test_the_operator_sees_invitations_and_grants(cast) -> None:
    invitation, grant, behalf = steps.invite(cast), steps.granted(cast), steps.on_behalf(cast)
    olga = steps.signed_in(cast.olga)
    for row, words in (
        (invitation, steps.EMAIL),
        (grant, "1000"),
        (behalf, "lagoon"),
    ):
        model = row._meta.model_name
        listed = olga.get(reverse(f"admin:resellers_{model}_changelist")).content.decode()
        assert words in listed, model
        shown = olga.get(reverse(f"admin:resellers_{model}_change", args=[row.pk]))
        assert shown.status_code == 200
        assert (
            olga.post(reverse(f"admin:resellers_{model}_change", args=[row.pk])).status_code == 403
        )


@pytest.mark.requirement("08-DCL-03")
def test_a_breach_is_recorded_by_the_operator_for_ever(cast) -> None:
    steps.on_behalf(cast)
    olga = steps.signed_in(cast.olga)
    page = olga.get(_record_url()).content.decode()
    for label in BreachConsequence.labels:
        assert str(label) in page
    assert olga.post(_record_url(), BREACH).status_code == 302
    breach = LetterBreach.objects.get()
    assert (breach.account, breach.association) == (cast.meridian, steps.lagoon(cast))
    assert (breach.consequence, breach.recorded_by) == ("warning", cast.olga)
    record = OperationRecord.objects.get(action="resellers.letter_breach.recorded")
    assert record.account_id == cast.meridian.pk and record.after["reseller"] == "lagoon"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM resellers_letterbreach")


@pytest.mark.requirement("08-DCL-03", "08-DCL-04")
def test_only_who_accepted_the_letter_can_breach_it(cast) -> None:
    olga = steps.signed_in(cast.olga)
    refused = olga.post(_record_url(), BREACH)
    assert refused.status_code == 422
    assert "this account never accepted the commitment letter" in refused.content.decode()
    details = {"consequence": BreachConsequence.WARNING, "facts": "Why"}
    with pytest.raises(LetterNotAccepted):
        record_breach(
            cast.actor(cast.olga), distributor_id=cast.meridian.pk, reseller_id=None, **details
        )
    steps.on_behalf(cast)
    with pytest.raises(NotFound):
        record_breach(
            cast.actor(cast.olga),
            distributor_id=cast.meridian.pk,
            reseller_id=cast.tidemark.pk,
            **details,
        )
    with pytest.raises(NotPermitted):
        record_breach(
            cast.actor(cast.dina), distributor_id=cast.meridian.pk, reseller_id=None, **details
        )
    assert not LetterBreach.objects.exists()
    whole = {**BREACH, "reseller": ""}
    assert olga.post(_record_url(), whole).status_code == 302
    assert LetterBreach.objects.get().association is None


def test_the_operator_ends_an_association_with_a_reason(cast) -> None:
    association = steps.lagoon(cast)
    url = reverse("admin:resellers_resellerassociation_change", args=[association.pk])
    olga = steps.signed_in(cast.olga)
    ended = olga.post(url.removesuffix("change/") + "end/", {"reason": "Contract ended"})
    assert ended.status_code == 302
    assert not ResellerAssociation.objects.filter(ended_at=None).exists()
