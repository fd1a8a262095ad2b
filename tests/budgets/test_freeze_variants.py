"""A distributor and its reseller freeze and unfreeze through the same dialogs as a provider."""

from __future__ import annotations

import pytest

from accounts.models import Account

from .conftest import state_of
from .variants import (
    LIST,
    RESELLERS,
    dialog_of,
    does,
    each,
    page_of,
    said,
    sides,
    words,
)

pytestmark = pytest.mark.django_db

#: Operation → title, note, what answers OK, state afterwards (04-FRZ-08, UNF-02, UNF-06).
DIALOGS = (
    (
        "freeze_resources",
        "Freeze Account and Resources Notes",
        "none of the provisioned resources can be used. Unfreeze them within 15 days; otherwise data is",
        "The account and resources are frozen.",
        "resources",
    ),
    (
        "unfreeze_resources",
        "Unfreeze Account and Resources",
        "customers can buy, renew, or change resources, and you need to pay for your customers",
        "The account and resources are unfrozen.",
        "normal",
    ),
    (
        "freeze_account",
        "Freeze Account Notes",
        "cannot buy, renew, or change resources, and provisioned resources may be unavailable, but they",
        "The account is frozen.",
        "account",
    ),
    (
        "unfreeze_account",
        "Are you sure you want to unfreeze the following account(s)?",
        "customers can buy, renew, or change resources, and you need to pay for your customers",
        "The account is unfrozen successfully.",
        "normal",
    ),
)
FREEZE_NOTES = (
    "The operator does not take responsibility for any adverse impacts on customers’ services",
    "Impacts of Account Freeze",
    "Unfreezing may fail if your own account has been frozen.",
)
COLUMNS = "Account Name Customer Budget (USD) Total Expenditure (USD)"


@pytest.mark.requirement(
    "04-RMX-04", "04-RMX-05", "04-ONE-08", "06-DFZ-01", "06-DFZ-03", "06-DUF-01", "06-DUF-02",
    "06-DUF-04", "07-RCUS-10", "07-RFRZ-03", "07-RFRZ-06", "07-RFRZ-07", "07-RUFZ-01", "07-RUFZ-02",
    "07-ROTB-12",
)  # fmt: skip
def test_distributor_and_reseller_freeze_and_unfreeze_through_the_dialogs(world) -> None:
    for side, client in each(world, sides(world)):
        association, rows = side.association, client.get(side.page).content.decode()
        offered = {action for action, *_rest in DIALOGS if dialog_of(action, association) in rows}
        frozen = side.user != world.cast.leo
        first = {"unfreeze_account"} if frozen else {"freeze_account"}
        assert offered == {"freeze_resources"} | first, side
        for action, title, note, answer, after in DIALOGS:
            dialog, done = does(client, action, association)
            text = words(dialog)
            assert title in text and note in text and "Cancel" in text
            is_freeze = action.startswith("freeze")
            heads = COLUMNS if is_freeze else COLUMNS.replace("Bud", "Automatically Frozen Bud", 1)
            assert heads in text, action
            assert all((each in text) == is_freeze for each in FREEZE_NOTES)
            assert 'maxlength="256"' in dialog.content.decode()
            assert said(done) == answer and done["Location"] == side.page
            assert state_of(association) == after
        assert "Also called Unrestrict Purchase." in text
        if side.page == RESELLERS:
            # Own customers are not on this tab, nor resellers' on the other (06-DFZ-01).
            assert page_of(world.meridians) not in client.get(RESELLERS).content.decode()
            assert page_of(association) not in client.get(LIST).content.decode()
            Account.objects.filter(pk=world.cast.meridian.pk).update(verifies=True)
            assert does(client, "freeze_account", association)[1].status_code == 428
            assert state_of(association) == "normal"
