"""Resellers under distributors, made by the operator (06 §9.2.1)."""

from __future__ import annotations

import pytest

from accounts.choices import PartnerKind
from accounts.services import operating
from partner_center.refusals import NotPermitted
from resellers.models import ResellerAssociation
from resellers.refusals import (
    AlreadyUnderDistributor,
    NoDistributor,
    NoReseller,
    StillAssociated,
)
from resellers.services import operating as services

from ..cast import _account

pytestmark = pytest.mark.django_db


def test_the_operator_puts_a_reseller_under_a_distributor(cast) -> None:
    palmyra = _account("palmyra-tech", PartnerKind.RESELLER).account
    with pytest.raises(NotPermitted):
        services.associate_reseller(
            cast.actor(cast.dina), distributor_id=cast.meridian.pk, reseller_id=palmyra.pk
        )
    made = services.associate_reseller(
        cast.actor(cast.olga), distributor_id=cast.meridian.pk, reseller_id=palmyra.pk
    )
    assert made.account == cast.meridian and made.reseller == palmyra


def test_what_cannot_be_put_under_a_distributor(cast) -> None:
    for distributor, reseller, refusal in (
        (cast.tidemark, cast.lagoon, NoDistributor),
        (cast.meridian, cast.tidemark, NoReseller),
        (cast.meridian, cast.lagoon, AlreadyUnderDistributor),
    ):
        with pytest.raises(refusal):
            services.associate_reseller(
                cast.actor(cast.olga), distributor_id=distributor.pk, reseller_id=reseller.pk
            )
    assert ResellerAssociation.objects.count() == 1


@pytest.mark.parametrize("name", ["meridian", "lagoon"])
def test_kinds_stay_while_distributor_and_reseller_are_associated(cast, name) -> None:
    account = getattr(cast, name)
    kind = account.partner_kind
    with pytest.raises(StillAssociated):
        operating.set_partner_kind(cast.actor(cast.olga), account.pk, kind=PartnerKind.NONE)
    account.refresh_from_db()
    assert account.partner_kind == kind
