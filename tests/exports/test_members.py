"""The export of Member Management: the columns that the list shows, masked, of one tenant."""

from __future__ import annotations

import pytest

from accounts.choices import SystemRole
from partner_center.refusals import NotPermitted

from ..accounts.organization import give
from .test_files import csv_rows, run

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.mark.requirement("02-USR-08", "02-ORG-04", "05-EXP-05")
def test_the_file_holds_what_the_list_shows(cast, create) -> None:
    give(cast.actor(cast.mara), cast.felix, SystemRole.FINANCE, SystemRole.MANAGER)
    columns = ["name", "contact", "roles", "manages", "status", "director"]
    head, *rows = csv_rows(run(create("members", {"columns": columns})))
    assert head == [
        "Name",
        "Account Name",
        "Mobile Number",
        "Email",
        "Roles",
        "Account managers",
        "Customers",
        "Status",
        "Account director",
    ]
    found = {row[1]: row for row in rows}
    assert set(found) == {"f.cruz", "i.tan", "j.lim", "r.santos"}
    assert found["f.cruz"][4] == "Account manager, Finance specialist"
    assert found["r.santos"][5:7] == ["1", "0"] and found["j.lim"][5:7] == ["0", "1"]
    assert found["j.lim"][7] == "Normal"
    assert found["j.lim"][8] == cast.rosa.name
    assert all(user.email not in str(rows) for user in (cast.jun, cast.felix))


@pytest.mark.requirement("02-ORG-02")
def test_who_lacks_the_permission_exports_nothing(cast, create) -> None:
    with pytest.raises(NotPermitted):
        create("members", user=cast.ivy)
