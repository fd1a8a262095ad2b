"""What make runs: help, arguments, instances, servers, lock files."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
import redis
from django.conf import settings

from benchmarks._measure import Result
from ops import linting, processes, servers
from ops.instance import Instance
from ops.terminal import Trouble

ROOT = Path(settings.BASE_DIR)


def _ops(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ops", *arguments],
        cwd=ROOT,
        env=os.environ | env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_every_target() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)
    assert targets
    assert re.findall(r"^  make (\w+) +\S", done.stdout, re.M) == targets[1].split()


@pytest.mark.parametrize(
    ("command", "env", "sentence"),
    [
        ("run", {"PORT": "http"}, "PORT is a number"),
        ("run", {"PORT": "99999"}, "PORT is a number"),
        ("run", {"DATA": "/proc/nowhere"}, "cannot be written"),
        ("manage", {"ARGS": ""}, "Say what to run"),
        ("bench", {"SCALE": "huge"}, "SCALE is small or full"),
        ("bench", {"ONLY": "nothing"}, "There is no benchmark 'nothing'"),
    ],
)
def test_wrong_argument_is_answered_by_one_sentence(
    command: str, env: dict[str, str], sentence: str
) -> None:
    done = _ops(command, **env)
    assert done.returncode == 1
    assert done.stderr.startswith(f"make {command}: ")
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_unknown_command_lists_the_commands() -> None:
    done = _ops("fly")
    assert done.returncode == 2
    assert "run" in done.stderr


def test_stopping_what_does_not_run_is_no_error(tmp_path: Path) -> None:
    done = _ops("stop", DATA=str(tmp_path))
    assert (done.returncode, done.stdout) == (0, f"No portal runs on {tmp_path}.\n")


def test_run_refuses_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _ops("run", DATA=str(tmp_path), PORT=str(port))
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr


def test_second_process_on_one_folder_is_refused(tmp_path: Path) -> None:
    first = Instance(tmp_path, 8000)
    assert not first.is_held()
    with first.held():
        assert first.is_held()
        done = _ops("run", DATA=str(tmp_path), PORT=str(servers.free_port()))
        assert done.returncode == 1
        assert f"A portal already runs on {tmp_path}" in done.stderr
    assert not first.is_held()


def test_facts_hold_the_password_for_their_owner_only(tmp_path: Path) -> None:
    instance = Instance(tmp_path, 8000)
    assert instance.secret() == instance.secret()
    assert (tmp_path / "instance.json").stat().st_mode & 0o077 == 0


def test_instances_do_not_share_cookies(tmp_path: Path) -> None:
    names = set()
    for port in (8000, 8123):
        instance = Instance(tmp_path / str(port), port)
        (tmp_path / str(port)).mkdir()
        instance.note(port=port, DATABASE_URL="postgresql://a", REDIS_URL="redis://b")
        names.add(instance.environment()["SESSION_COOKIE_NAME"])
    assert len(names) == 2


def test_only_one_address_of_real_servers_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://real")
    monkeypatch.delenv("REDIS_URL")
    with pytest.raises(Trouble, match="both"), Instance(tmp_path, 8000).servers():
        pass


def test_servers_start_keep_their_data_and_stop(tmp_path: Path) -> None:
    for start in (1, 2):
        own = servers.start(tmp_path, tmp_path, secret="s3cret", throw_away=True)
        try:
            with psycopg2.connect(own.database_url) as connection, connection.cursor() as cursor:
                cursor.execute("CREATE TABLE IF NOT EXISTS kept (start int)")
                cursor.execute("INSERT INTO kept VALUES (%s)", [start])
                cursor.execute("SELECT count(*) FROM kept")
                assert cursor.fetchone() == (start,)
            with pytest.raises(psycopg2.OperationalError):
                psycopg2.connect(own.database_url.replace("s3cret", "guessed"))
            with redis.Redis.from_url(own.redis_url) as client:
                assert client.incr("kept") == start
        finally:
            own.stop()
        assert all(child.ended for child in own.children)


def test_children_end_with_a_killed_parent(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys, time; from ops import processes;"
        "child = processes.start('sleep', ['sleep', '60'], log=pathlib.Path(sys.argv[1]));"
        "print(child.process.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 10
    while _lives(child):
        assert time.monotonic() < deadline, "the child outlived its parent"
        time.sleep(0.05)


def _lives(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_child_that_does_not_stop_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "PATIENCE", 0.2)
    command = ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"]
    child = processes.start("stubborn", command, log=tmp_path / "log")
    servers.wait_for(child, lambda: "ready" in child.last_words())
    processes.stop([child])
    assert child.process.returncode == -signal.SIGKILL


def test_end_of_a_child_is_told_with_its_last_words(tmp_path: Path) -> None:
    child = processes.start("short", ["sh", "-c", "echo no space left; exit 3"], log=tmp_path / "l")
    child.process.wait()
    with pytest.raises(Trouble, match=r"(?s)short ended.*no space left"):
        servers.wait_for(child, lambda: False)


def test_lock_files_carry_no_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert linting.addresses_in_lock_files() == []
    (tmp_path / "package-lock.json").write_text('{"resolved": "https://registry.example/a.tgz"}')
    monkeypatch.setattr(linting, "ROOT", tmp_path)
    (found,) = linting.addresses_in_lock_files()
    assert found.startswith("package-lock.json:1:")


@pytest.mark.parametrize(
    ("bounds", "ok"),
    [
        ({"figure": 50, "limit": 100, "at_least": 0.5}, True),
        ({"figure": 49, "limit": 100, "at_least": 0.5}, False),
        ({"figure": 300, "at_most": 300}, True),
        ({"figure": 301, "at_most": 300}, False),
    ],
)
def test_benchmark_is_judged_by_its_ratio_or_figure(bounds: dict[str, float], ok: bool) -> None:
    assert Result("a", unit="x", **bounds).as_line("small")["ok"] is ok
