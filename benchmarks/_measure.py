"""Time and memory of a block or of a process, and the result that a benchmark hands back."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Result:
    """One figure. ``at_least`` and ``at_most`` bound the ratio, or the figure without a limit."""

    bench: str
    figure: float
    unit: str
    limit: float | None = None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def ratio(self) -> float | None:
        """Figure to limit; None when nothing bare was measured."""
        return self.figure / self.limit if self.limit else None

    @property
    def ok(self) -> bool:
        """Whether the bounds hold."""
        value = self.figure if self.ratio is None else self.ratio
        return (self.at_least is None or value >= self.at_least) and (
            self.at_most is None or value <= self.at_most
        )

    @property
    def target(self) -> str:
        """The bounds in words, such as ``>= 0.5``."""
        bounds = ((">=", self.at_least), ("<=", self.at_most))
        return " and ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)

    def as_line(self, scale: str) -> dict[str, Any]:
        """What ``make bench`` prints."""
        return {
            "bench": self.bench,
            "scale": scale,
            "figure": round(self.figure, 3),
            "unit": self.unit,
            "limit": None if self.limit is None else round(self.limit, 3),
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "target": self.target,
            "ok": self.ok,
        }


@dataclass
class Stopwatch:
    """Wall-clock seconds of a block; set when the block ends."""

    seconds: float = 0.0


@contextmanager
def stopwatch() -> Iterator[Stopwatch]:
    """Measure how long the block takes."""
    watch, start = Stopwatch(), time.perf_counter()
    yield watch
    watch.seconds = time.perf_counter() - start


@dataclass
class Memory:
    """Peak resident memory of this process during a block, whole and above its start, in MB."""

    megabytes: float = 0.0
    growth: float = 0.0


@contextmanager
def peak_memory(every: float = 0.005) -> Iterator[Memory]:
    """Measure the peak memory of this process while the block runs, sampled from beside it."""
    memory, done = Memory(), threading.Event()
    start = _memory(os.getpid(), "VmRSS")

    def watch() -> None:
        while not done.is_set():
            memory.megabytes = max(memory.megabytes, _memory(os.getpid(), "VmRSS"))
            done.wait(every)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield memory
    finally:
        done.set()
        watcher.join()
        memory.megabytes = max(memory.megabytes, _memory(os.getpid(), "VmRSS"))
        memory.growth = memory.megabytes - start


@dataclass(frozen=True)
class ProcessFigures:
    """What one process took."""

    seconds: float
    megabytes: float
    output: str


def measured_process(
    command: Sequence[str], env: Mapping[str, str] | None = None
) -> ProcessFigures:
    """Run a command to its end; raises CalledProcessError when it fails. Peak memory in MB."""
    peak, start = 0.0, time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, env=env, stdout=output)
        while process.poll() is None:
            peak = max(peak, _memory(process.pid, "VmHWM"))
            time.sleep(0.005)
        seconds = time.perf_counter() - start
        output.seek(0)
        text = output.read()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, text)
    return ProcessFigures(seconds, peak, text)


def _memory(pid: int, field: str) -> float:
    """``VmRSS`` (now) or ``VmHWM`` (peak) of a process, in MB; 0 when it is gone."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    return 0.0
