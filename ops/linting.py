"""``make lint``: every check that reads the source without running it. All run; all must pass."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from . import environment
from .environment import PYTHON
from .terminal import ROOT, say

#: Modules of every app whose types are checked.
TYPED = ("services", "queries", "rules")
#: Modules of the kernel that stand on the roof, on untyped libraries.
PAGES = ("admin.py", "views.py", "code_page.py")
#: A lock file names packages and hashes; where they come from is each machine's affair.
ADDRESS = re.compile(r"--(?:extra-)?index-url|--find-links|@ \w+://|\"resolved\": *\"")
LOCK_FILES = ("requirements/*.txt", "package-lock.json")


def lint() -> int:
    """Run all checks and name those that failed."""
    environment.ensure(dev=True)
    failed = [name for name, command in _commands().items() if not _passes(name, command)]
    if addresses := addresses_in_lock_files():
        failed.append("lock files")
        say("\n".join(addresses))
    say(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return int(bool(failed))


def _commands() -> dict[str, list[str | Path]]:
    tools = environment.VENV / "bin"
    return {
        "ruff check": [tools / "ruff", "check", "."],
        "ruff format": [tools / "ruff", "format", "--check", "."],
        "floors": [tools / "lint-imports"],
        "templates": [tools / "djlint", "templates", "--lint", "--quiet"],
        "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
        "types": [tools / "mypy", *typed_files()],
    }


def _passes(name: str, command: list[str | Path]) -> bool:
    say(f"== {name}")
    # makemigrations asks the database, which need not run, and only warns.
    env = os.environ | {"TESTING": "1", "PYTHONWARNINGS": "ignore::RuntimeWarning"}
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode == 0


def typed_files() -> list[str]:
    """The kernel without its pages, and services, queries and rules of every app."""
    kernel = [p for p in (ROOT / "partner_center").glob("*.py") if p.name not in PAGES]
    apps = [
        path
        for name in TYPED
        for path in (*ROOT.glob(f"*/{name}.py"), *ROOT.glob(f"*/{name}/**/*.py"))
        if not path.relative_to(ROOT).parts[0].startswith(".")
    ]
    return sorted(str(path.relative_to(ROOT)) for path in [*kernel, *apps])


def addresses_in_lock_files() -> list[str]:
    """``file:line`` of every address in a lock file."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for pattern in LOCK_FILES
        for path in sorted(ROOT.glob(pattern))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if ADDRESS.search(line)
    ]
