"""The export of an enterprise's member accounts: what its master sees, and nobody else."""

from __future__ import annotations

import pytest

from accounts.models import User
from accounts.services import enterprise
from partner_center.refusals import NotPermitted

from ..cast import Cast
from .test_files import csv_rows, run

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def members(cast: Cast) -> None:
    """Harborline is master of Delta, in a unit, and of Quarry, in the root."""
    for member, membership in (
        (cast.delta, enterprise.Membership(display_name="Fleet", unit="Vessels")),
        (cast.quarry, enterprise.Membership(accounting="unified")),
    ):
        enterprise.add_member(
            cast.actor(cast.olga),
            master_id=cast.harborline.pk,
            member_id=member.pk,
            membership=membership,
        )


@pytest.mark.requirement("08-CSA-17", "05-EXP-01")
def test_the_file_holds_what_the_list_shows(cast: Cast, create, members) -> None:
    head, *rows = csv_rows(run(create("member_accounts", user=cast.hana)))
    assert head == [
        "Member Account",
        "Display Name",
        "Organization Unit",
        "Accounting",
        "Status",
        "Joined (GMT+08:00)",
    ]
    assert [row[:5] for row in rows] == [
        ["delta-fisheries", "Fleet", "Vessels", "Independent accounting", "Normal"],
        ["quarry", "", "Root", "Unified accounting", "Normal"],
    ]


def test_filters_hold_in_the_file(cast: Cast, create, members) -> None:
    rows = csv_rows(run(create("member_accounts", {"query": "q=fleet"}, user=cast.hana)))
    assert [row[0] for row in rows[1:]] == ["delta-fisheries"]


@pytest.mark.requirement("02-ORG-04")
def test_other_accounts_export_none_of_them(cast: Cast, create, members) -> None:
    other = User.objects.get(account=cast.delta, is_main=True)
    assert csv_rows(run(create("member_accounts", user=other)))[1:] == []
    with pytest.raises(NotPermitted):
        create("member_accounts", user=cast.mara)
