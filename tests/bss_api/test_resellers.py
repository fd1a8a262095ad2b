"""list_indirect_partners with the official SDK (B.7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from huaweicloudsdkbssintl.v2 import ListIndirectPartnersRequest, QueryIndirectPartnersReq
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException

from accounts.choices import PartnerKind
from accounts.models import Account
from resellers.models import ResellerAssociation

from ..cast import Cast, _account

pytestmark = pytest.mark.django_db(transaction=True)
ASSOCIATED = datetime(2026, 3, 1, 4, 5, 6, tzinfo=UTC)


@pytest.fixture
def palmyra(cast: Cast) -> Account:
    """Another reseller of Meridian, and one of another distributor."""
    palmyra = _account("palmyra-tech", PartnerKind.RESELLER).account
    stranger = _account("skerry", PartnerKind.RESELLER).account
    halcyon = _account("halcyon", PartnerKind.DISTRIBUTOR).account
    Account.objects.filter(pk=palmyra.pk).update(bound_mobile="+639175550001")
    for distributor, reseller in ((cast.meridian, palmyra), (halcyon, stranger)):
        ResellerAssociation.objects.create(
            account=distributor, reseller=reseller, associated_at=ASSOCIATED
        )
    return Account.objects.get(pk=palmyra.pk)


def _query(client: Any, **body: Any) -> Any:
    request = ListIndirectPartnersRequest(body=QueryIndirectPartnersReq(**body))
    return client.list_indirect_partners(request)


def _names(answer: Any) -> list[str]:
    return [row.account_name for row in answer.indirect_partners]


@pytest.mark.requirement("api-B.7", "api-A.6", "06-DX-04")
def test_a_distributor_pages_through_its_own_resellers(
    cast: Cast, palmyra: Account, key_of: Any, sdk: Any
) -> None:
    client = sdk(key_of(cast.dina))
    answer = _query(client)
    assert (answer.status_code, answer.count) == (200, 2)
    assert _names(answer) == ["lagoon", "palmyra-tech"], "the newest first"
    row = answer.indirect_partners[1]
    assert (row.indirect_partner_id, row.name) == (palmyra.public_id, "Palmyra Tech")
    assert (row.email, row.mobile_phone) == (palmyra.email, "+639175550001")
    assert row.associated_on == "2026-03-01T04:05:06Z"
    assert (row.account_manager_id, row.account_manager_name) == ("", "")
    second = _query(client, offset=1, limit=1)
    assert (second.count, _names(second)) == (2, ["palmyra-tech"])


@pytest.mark.requirement("api-B.7")
def test_the_filters(cast: Cast, palmyra: Account, key_of: Any, sdk: Any) -> None:
    client = sdk(key_of(cast.dina))
    later = (ASSOCIATED + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    bound = ASSOCIATED.strftime("%Y-%m-%dT%H:%M:%SZ")
    for body, names in (
        ({"account_name": "Palmyra-Tech"}, ["palmyra-tech"]),
        ({"account_name": ""}, ["lagoon", "palmyra-tech"]),
        ({"account_name": "skerry"}, []),
        ({"indirect_partner_id": palmyra.public_id}, ["palmyra-tech"]),
        ({"indirect_partner_id": cast.tidemark.public_id}, []),
        ({"associated_on_begin": bound, "associated_on_end": bound}, ["palmyra-tech"]),
        ({"associated_on_begin": later}, ["lagoon"]),
    ):
        answer = _query(client, **body)
        assert (answer.count, _names(answer)) == (len(names), names), body


@pytest.mark.requirement("api-B.7", "api-A.8", "api-A.10")
def test_what_is_refused(cast: Cast, key_of: Any, sdk: Any) -> None:
    client = sdk(key_of(cast.dina))
    for body in ({"limit": 101}, {"offset": -1}, {"associated_on_begin": "yesterday"}):
        with pytest.raises(ClientRequestException) as caught:
            _query(client, **body)
        assert (caught.value.status_code, caught.value.error_code) == (400, "CBC.0100"), body
    for user in (cast.mara, cast.leo, cast.hana):
        with pytest.raises(ClientRequestException) as caught:
            _query(sdk(key_of(user)))
        assert (caught.value.status_code, caught.value.error_code) == (403, "CBC.0151")
