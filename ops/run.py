"""``make run`` and its companions: a whole portal on this machine, and its end."""

from __future__ import annotations

import http.client
import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from . import environment, processes, servers
from .environment import PYTHON
from .instance import Instance
from .processes import Child
from .terminal import ROOT, Trouble, quietly, say

BUILT = [".venv", ".cache", "node_modules", "static/dist", "static/collected"]


def run() -> int:
    """Start everything, say where it is, and stay until Ctrl-C, SIGTERM or the end of a part."""
    if os.environ.get("MAKELEVEL"):
        processes.die_with_parent(signal.SIGTERM)
    instance = Instance.named()
    with instance.held():
        if not servers.port_is_free(instance.port):
            raise Trouble(f"Port {instance.port} is in use; name another: make run PORT=8123")
        instance.note(port=instance.port)
        environment.ensure()
        environment.ensure_static()
        environment.mention_pango()
        with instance.servers() as children:
            env = instance.environment()
            accounts = _prepare(instance, env)
            with _portal(instance, env) as parts:
                servers.wait_for(parts[0], lambda: _answers(instance.port, env))
                say(f"READY {instance.url}")
                say(accounts.rstrip())
                with suppress(KeyboardInterrupt):  # somebody stops us: the orderly end
                    _stay([*children, *parts])
    return 0


def _prepare(instance: Instance, env: dict[str, str]) -> str:
    """Bring the database up to date and give the demo logins; none outside demo mode."""
    log, accounts = instance.logs / "setup.log", instance.data / "demo-accounts.txt"
    log.unlink(missing_ok=True)
    accounts.unlink(missing_ok=True)
    command = [PYTHON, "-m", "ops.prepare", accounts]
    quietly(command, doing="Migrating and filling the database", env=env, log=log)
    return accounts.read_text() if accounts.exists() else ""


@contextmanager
def _portal(instance: Instance, env: dict[str, str]) -> Iterator[list[Child]]:
    """Web server, worker and beat for a block."""
    commands = {
        "web": ["gunicorn", "partner_center.wsgi:application", f"--bind=127.0.0.1:{instance.port}",
                "--worker-class=gthread", "--workers=2", "--threads=4", "--graceful-timeout=5",
                "--preload", "--no-control-socket", "--access-logfile=-"],
        "worker": ["celery", "-A", "partner_center", "worker", "--concurrency=2",
                   "--hostname=worker@%h", "--loglevel=INFO"],
        "beat": ["celery", "-A", "partner_center", "beat", "--loglevel=INFO", "--pidfile="],
    }  # fmt: skip
    parts: list[Child] = []
    try:
        for name, (program, *arguments) in commands.items():
            command = [PYTHON, "-m", program, *arguments]
            log = instance.logs / f"{name}.log"
            parts.append(processes.start(name, command, log=log, env=env))
        yield parts
    finally:
        processes.stop(parts)


def _answers(port: int, env: dict[str, str]) -> bool:
    """Whether the portal is ready: web server, database, Redis and migrations."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    host = env.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0]
    try:
        connection.request("GET", "/readyz", headers={"Host": host})
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _stay(children: list[Child]) -> None:
    """Until somebody stops us; raises Trouble when a part of the portal ends by itself."""
    while True:
        for child in children:
            if child.ended:
                code = child.process.returncode
                raise Trouble(
                    f"{child.name} ended by itself (exit code {code}), so everything was stopped; "
                    f"see {child.log}\n{child.last_words()}"
                )
        time.sleep(0.3)


def manage() -> int:
    """Run a management command on the instance; start its servers for it if it is not running."""
    arguments = shlex.split(os.environ.get("ARGS", ""))
    if not arguments:
        raise Trouble('Say what to run: make manage ARGS="demo_accounts --json"')
    instance = Instance.named()
    command = [PYTHON, "manage.py", *arguments]
    if instance.is_held():
        if not instance.facts().get("DATABASE_URL"):
            raise Trouble(f"The portal on {instance.data} is still starting; try again.")
        return _foreground(command, instance.environment())
    with instance.held():
        environment.ensure()
        with instance.servers():
            return _foreground(command, instance.environment())


def _foreground(command: list[str | Path], env: dict[str, str]) -> int:
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def stop() -> int:
    """Stop the process that runs on the instance, and wait until all of it has gone."""
    instance = Instance.named()
    if not instance.is_held():
        say(f"No portal runs on {instance.data}.")
        return 0
    os.kill(instance.facts()["pid"], signal.SIGTERM)
    deadline = time.monotonic() + 3 * processes.PATIENCE
    while instance.is_held():
        if time.monotonic() > deadline:
            raise Trouble(f"The portal on {instance.data} does not stop; see {instance.logs}.")
        time.sleep(0.1)
    say(f"Stopped the portal on {instance.data}.")
    return 0


def setup() -> int:
    """Build everything, test tools included."""
    environment.ensure(dev=True)
    environment.ensure_static()
    environment.mention_pango()
    return 0


def clean() -> int:
    """Remove what was built. Data of instances stay where they are."""
    instance = Instance.named()
    if instance.is_held():
        raise Trouble(f"A portal runs on {instance.data}; first: make stop DATA={instance.data}")
    for name in BUILT:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    say(f"Removed {', '.join(BUILT)}; data such as {instance.data} stay.")
    return 0
