"""Whether the package of one bill still proves it, and the books still say what the package says."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

from .. import proof_script
from ..models import Bill, BillManifest
from ..rules import proof
from . import sealing, verifying
from .verifying import MOST_NAMED, Finding


def prove(bill: Bill) -> list[Finding]:
    """Check a sealed bill as its partner would, and against the books; what breaks it. Writes nothing.

    The package is that which was sealed; the stand-alone script proves it; and the details and the
    manifest, made once more from the books, are the same to the last digit.
    """
    manifest = bill.manifest
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        return [
            _finding("the package is the one that was sealed", _broken(manifest)),
            _finding("the script proves the package", _said(manifest, Path(folder))),
            _finding("the books say what the package says", _changed(bill, Path(folder))),
        ]


def _finding(what: str, broken: Iterator[str]) -> Finding:
    named = list(broken)
    return Finding(what, len(named), named[:MOST_NAMED])


def _broken(manifest: BillManifest) -> Iterator[str]:
    if not verifying.is_whole(manifest):
        yield manifest.file


def _said(manifest: BillManifest, folder: Path) -> Iterator[str]:
    """What the script says that lies in every package, run as the partner runs it."""
    package = folder / "package.zip"
    try:
        with default_storage.open(manifest.file) as stored, package.open("wb") as copy:
            shutil.copyfileobj(stored, copy)
    except OSError:
        yield "the package is not there"
        return
    script = str(proof_script.__file__)
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-I", script, str(package), "--fingerprint", manifest.fingerprint],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        yield (done.stdout or done.stderr).strip()[-500:]


def _changed(bill: Bill, folder: Path) -> Iterator[str]:
    """What the books say otherwise than the manifest."""
    details = folder / proof.DETAILS
    with details.open("wb") as out:
        sealing.copy_details(bill, out)
    with details.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    yield from _differences(bill.manifest.content, sealing.manifest_of(bill, digest))


def _differences(said: Any, found: Any, path: str = "") -> Iterator[str]:
    """Places of a manifest at which another value was found."""
    if isinstance(said, dict) and isinstance(found, dict):
        for name in sorted({*said, *found}):
            yield from _differences(
                said.get(name), found.get(name), f"{path}.{name}" if path else name
            )
    elif said != found:
        yield f"{path}: {found} instead of {said}"[:200]
