"""``python -m benchmarks bench_exports small``: run one module and print its results."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

import django


def main(module: str, scale: str) -> int:
    """Print one line of JSON for each result; 1 if one is not ok."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partner_center.settings")
    django.setup()
    results = import_module(f"benchmarks.{module}").run(scale)
    for result in results:
        print(json.dumps(result.as_line(scale)), flush=True)
    return int(not all(result.ok for result in results))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
