"""``make bench``: each benchmark in a process of its own, on durable servers made for the run."""

from __future__ import annotations

import os
import subprocess

from . import environment
from .environment import PYTHON
from .terminal import ROOT, Trouble, quietly
from .testing import passing_servers

SCALES = ("small", "full")


def bench() -> int:
    """Run the benchmarks; an error if one breaks or a result is not ok."""
    scale, names = os.environ.get("SCALE") or "small", _chosen(os.environ.get("ONLY", ""))
    if scale not in SCALES:
        raise Trouble(f"SCALE is small or full, not {scale!r}.")
    environment.ensure(dev=True)
    with passing_servers(throw_away=False) as env:
        env["DEMO_MODE"] = "1"
        quietly([PYTHON, "manage.py", "migrate", "--noinput"], doing="Migrating", env=env)
        commands = [[PYTHON, "-m", "benchmarks", name, scale] for name in names]
        codes = [subprocess.run(c, cwd=ROOT, env=env, check=False).returncode for c in commands]
    return int(any(codes))


def _chosen(only: str) -> list[str]:
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("bench_*.py"))
    if not only:
        return names
    if f"bench_{only}" not in names:
        known = ", ".join(name.removeprefix("bench_") for name in names)
        raise Trouble(f"There is no benchmark {only!r}; there are: {known}")
    return [f"bench_{only}"]
