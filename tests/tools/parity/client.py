"""Runs a command of Heartbeat with what the extra `spark` would install: `python -m tests.tools.parity.client FOLDER
WORDS`. The packages of the folder come after our own."""

import sys

from pipelines.cli import run

if __name__ == "__main__":
    sys.path.append(sys.argv.pop(1))
    run()
