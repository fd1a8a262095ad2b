"""``manage.py generate_bills`` (05-REP-01)."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from .conftest import ISSUE, Books


@pytest.mark.requirement("05-REP-01")
def test_the_command_bills_all_or_one_partner(books: Books, capsys, monkeypatch) -> None:
    monkeypatch.setattr("partner_center.clock.now", lambda: ISSUE)
    books.post(books.charge("5"), books.charge("7", customer=books.cast.quarry))
    call_command("generate_bills", "--cycle", "2026-10", "--partner", "Northgate")
    call_command("generate_bills", "--cycle", "2026-10")
    outcomes = [json.loads(line)["issued"] for line in capsys.readouterr().out.splitlines()]
    assert outcomes == [1, 1]
    nobody = ["2026-10", "--partner", "nobody"]
    for wrong in (["2026-13"], nobody, ["2026-11"], ["2026-10", "--threads", "0"]):
        with pytest.raises(CommandError):
            call_command("generate_bills", "--cycle", *wrong)
