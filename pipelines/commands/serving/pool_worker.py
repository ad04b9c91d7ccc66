"""Prefect's worker as Heartbeat starts it: it ends with the process that started it, and its runs end with it."""

import os
import runpy

from pipelines.commands.serving import children


def run_worker() -> None:
    """Runs Prefect's command with the arguments of this process."""
    children.end_with_schedule()
    os.environ[children.SCHEDULE] = str(os.getpid())
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    run_worker()
