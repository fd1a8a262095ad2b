"""Records enter the chain in the background; nobody waits, nothing is left out."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time

import pytest
from django.db import connection, connections, transaction

import audit.services
from accounts.services import creation
from audit import sealing, verification
from audit.models import OperationRecord, PendingSeal, Seal
from partner_center import clock
from partner_center.actors import Actor
from tests import processes
from tests.cast import Cast


def _new_actor() -> Actor:
    account = creation.create_account(
        name="chain",
        email="c@chain.example",
        country="PH",
        password="Harbour2026",
        moment=clock.now(),
    )
    return Actor.system("test", account.pk)


def test_sealing_takes_every_record_once_and_in_order(cast: Cast) -> None:
    actor = cast.actor(cast.mara)
    written = [audit.services.record(actor, "x.y.z").pk for _ in range(5)]
    assert sealing.seal_records() == 5
    assert sealing.seal_records() == 0
    assert list(Seal.objects.order_by("position").values_list("record_id", flat=True)) == written
    assert not PendingSeal.objects.exists()
    assert sealing.kept_heads() == [sealing.head()]


def test_chain_goes_on_over_several_batches(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 2)
    for _ in range(5):
        audit.services.record(cast.actor(cast.mara), "x.y.z")
    assert sealing.seal_records() == 5
    assert list(Seal.objects.order_by("position").values_list("position", flat=True)) == [
        1,
        2,
        3,
        4,
        5,
    ]
    assert not list(verification.verify().findings())


@pytest.mark.django_db(transaction=True)
def test_record_that_commits_late_is_sealed_late() -> None:
    actor = _new_actor()
    begun, go_on = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            audit.services.record(actor, "slow.one.written")
            begun.set()
            go_on.wait(10)
        connections.close_all()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    begun.wait(10)
    audit.services.record(actor, "quick.one.written")
    assert sealing.seal_records() == 1, "sealing neither waits for the writer nor skips the others"
    go_on.set()
    writer.join()
    assert sealing.seal_records() == 1
    order = Seal.objects.order_by("position").values_list("record__action", flat=True)
    assert list(order) == ["quick.one.written", "slow.one.written"]
    assert not list(verification.verify().findings())


@pytest.mark.django_db(transaction=True)
def test_two_jobs_never_seal_at_once() -> None:
    audit.services.record(_new_actor(), "x.y.z")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sealing._LOCK])
        result: list[int] = []

        def other_job() -> None:
            result.append(sealing.seal_records())
            connections.close_all()

        job = threading.Thread(target=other_job)
        job.start()
        job.join(10)
        assert result == [0]
    assert sealing.seal_records() == 1


_JOB = """
import django, sys, time
django.setup()
from audit import rules, sealing
linked = rules.chain_hash
def slow(*args):
    if args[2].startswith(b"6|"):
        print("in the middle", flush=True)
        time.sleep(60)
    return linked(*args)
rules.chain_hash = slow
sealing.BATCH = 4
sealing.seal_records()
"""


@pytest.mark.django_db(transaction=True)
def test_killed_job_leaves_whole_batches_and_the_next_one_goes_on() -> None:
    actor = _new_actor()
    for _ in range(10):
        audit.services.record(actor, "x.y.z")
    job = subprocess.Popen(
        [sys.executable, "-c", _JOB], stdout=subprocess.PIPE, env=processes.environment(), text=True
    )
    assert job.stdout is not None
    assert job.stdout.readline() == "in the middle\n"
    job.send_signal(signal.SIGKILL)
    job.wait()
    job.stdout.close()
    assert Seal.objects.count() == 4
    deadline = time.monotonic() + 10
    while Seal.objects.count() < OperationRecord.objects.count() and time.monotonic() < deadline:
        sealing.seal_records()  # until the server has noticed that the killed job is gone
    assert Seal.objects.count() == 10
    assert not list(verification.verify().findings())
