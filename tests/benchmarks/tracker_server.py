"""One emulated tracker behind a slow line, in a process of its own."""

import json
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from pipelines.catalog.entries import Channel
from tests.upstream.emulator import Upstream
from tests.upstream.messages import Request, Response

OWNER, NAME = "org0", "kit0"


def serve(threads: int, latency: float, folder: Path) -> None:
    """Serves a tracker until its input ends; each line of input is answered by what was asked since the last one, and
    `change` lets a hundredth of the threads change first."""
    channel = Channel(
        source="github", target=f"{OWNER}/{NAME}", role="sdk", family="family0", things=("issues", "pulls")
    )
    with Upstream([channel], seed=1, threads=threads) as up:
        up.github_quota.limit = up.graphql_quota.limit = 10**9
        repository = up.world.ready(up.world.repositories[0])
        up.catalog(folder)

        def answer_late(request: Request, real: Any) -> Response:
            time.sleep(latency)
            answer: Response = real()
            return answer

        up.fail("github", None, answer_late)
        print(json.dumps({"url": up.base("github")}), flush=True)
        for line in sys.stdin:
            if line.strip() == "change":
                up.world.advance(2)
                up.world.change(0.01)
                up.world.advance(0.1)
            rest = [one for one in up.requests if not one.path.endswith("/graphql")]
            charged = sum(one.status != 304 for one in rest)
            said = {"requests": len(up.requests), "charged": charged, "points": up.points}
            up.forget()
            print(json.dumps(said | {"size": repository.tracker.size, "now": up.world.now.isoformat()}), flush=True)


class TrackerServer:
    """The process that serves a tracker; ends with the block."""

    def __init__(self, catalog: Path, threads: int, latency: float) -> None:
        """Starts it, and waits until it answers; its catalog is written to a folder."""
        options = ["--world", str(catalog), "--threads", str(threads), "--latency", str(latency)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.tracker", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.url = str(json.loads(_pipe(self._process.stdout).readline())["url"])
        self.size = 0

    def ask(self, what: str) -> dict[str, Any]:
        """Asks what was requested since the last question."""
        _pipe(self._process.stdin).write(f"{what}\n")
        _pipe(self._process.stdin).flush()
        told = dict(json.loads(_pipe(self._process.stdout).readline()))
        self.size = told["size"]
        return told

    def read_time(self, what: str = "count") -> datetime:
        """Reads the moment of the emulated world; after a change where asked for one."""
        return datetime.fromisoformat(self.ask(what)["now"])

    def __enter__(self) -> "TrackerServer":
        """Returns itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.wait()


def _pipe(found: IO[str] | None) -> IO[str]:
    assert found is not None
    return found
