"""``manage.py generate_bills`` (05-REP-01)."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from billing import tasks
from billing.models import Bill, BillRun, RunPart

from .conftest import ISSUE, Books


@pytest.mark.requirement("05-REP-01")
def test_the_command_bills_all_or_one_partner(books: Books, capsys, monkeypatch) -> None:
    monkeypatch.setattr("partner_center.clock.now", lambda: ISSUE)
    books.post(books.charge("5"), books.charge("7", customer=books.cast.quarry))
    call_command("generate_bills", "--cycle", "2026-10", "--partner", "Northgate")
    call_command("generate_bills", "--cycle", "2026-10")
    outcomes = [json.loads(line)["issued"] for line in capsys.readouterr().out.splitlines()]
    assert outcomes == [1, 1]
    for wrong in (["2026-13"], ["2026-10", "--partner", "nobody"], ["2026-11"]):
        with pytest.raises(CommandError):
            call_command("generate_bills", "--cycle", *wrong)


@pytest.mark.requirement("05-REP-01")
def test_other_workers_are_called_to_a_run_that_is_due_and_only_then(
    books: Books, settings, monkeypatch
) -> None:
    monkeypatch.setattr("partner_center.clock.now", lambda: ISSUE)
    settings.BILL_RUN_PROCESSES = 3
    called = []
    monkeypatch.setattr(tasks.help_run, "apply_async", lambda share, **_more: called.append(share))
    books.post(books.charge("5"), books.charge("7", customer=books.cast.quarry))
    tasks.help_run(1, 3)
    assert Bill.objects.count() == 2, "whoever is called does what the others leave"
    tasks.run_due()
    assert called == [], "the run is finished"
    RunPart.objects.update(state="waiting")
    BillRun.objects.update(state="running")
    tasks.run_due()
    assert called == [(1, 3), (2, 3)]
