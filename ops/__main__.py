"""``python -m ops <command>``: one command for each target of the Makefile."""

import signal
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - older ones get a sentence
    sys.exit("Partner Center needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 …")

from . import bench, linting, requirements_report, run, testing
from .terminal import Trouble, raise_stop

COMMANDS = {
    "run": run.run,
    "stop": run.stop,
    "manage": run.manage,
    "setup": run.setup,
    "clean": run.clean,
    "test": testing.test,
    "lint": linting.lint,
    "bench": bench.bench,
    "requirements": requirements_report.report,
}


def main(arguments: list[str]) -> int:
    """Run one command; a trouble that the user can mend is one sentence, not a traceback."""
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(f"Say one of: {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, raise_stop)
    try:
        return COMMANDS[arguments[0]]()
    except Trouble as trouble:
        print(f"make {arguments[0]}: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
