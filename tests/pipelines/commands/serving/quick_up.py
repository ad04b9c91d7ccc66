"""Runs `heartbeat up` as it is, with short waits: `python -m tests.pipelines.commands.serving.quick_up PAGE REFRESH …`
opens the page after so many seconds, and publishes again after so many."""

import sys

from pipelines.commands.serving import up

if __name__ == "__main__":
    up.FIRST_PAGE_SECONDS, up.REFRESH_SECONDS = map(float, sys.argv[1:3])
    sys.argv = ["heartbeat", "up", *sys.argv[3:]]
    from pipelines.cli import run

    run()
