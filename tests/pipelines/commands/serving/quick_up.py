"""Runs `heartbeat up` as it is, with short waits: `python -m tests.pipelines.commands.serving.quick_up PAGE REFRESH
ANSWER …` opens the page after so many seconds, publishes anew after so many, and waits so long for an answer."""

import sys

from pipelines.commands.serving import github_token, up

if __name__ == "__main__":
    up.FIRST_PAGE_SECONDS, up.REFRESH_SECONDS, github_token.ANSWER_SECONDS = map(float, sys.argv[1:4])
    sys.argv = ["heartbeat", "up", *sys.argv[4:]]
    from pipelines.cli import run

    run()
