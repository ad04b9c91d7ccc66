"""No secret leaves the processes that need it: not into a log, a file, a database, a page, a report or a server."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from tests.paths import ROOT
from tests.security.canaries import CANARIES, count_canaries, count_in_files, list_forms, read_whole, watch_processes
from tests.security.loud import SECONDS
from tests.upstream.catalogs import few
from tests.upstream.emulator import Upstream
from tests.upstream.faults import Fault, Real, hang, status
from tests.upstream.messages import JSON, Request, Response, json_answer, text_answer
from tests.worlds.ports import free_port
from tests.worlds.schedules import copy_schedule
from warehouse.attempts.reader import read_attempts

COMMANDS = (
    "build", "publish",
    "site --out {out}/site",
    "export all --out {out}/export",
    "refresh --state {out}/state.age --to {out}/public --as Lab",
    "status --json", "doctor --family llama --json", "claims", "metrics", "notify", "alerts", "status",
)  # fmt: skip
COLLECTING = ("tests.security.loud up", "pipelines serve", "prefect.")
"""Processes that need tokens: `up`, the schedule that it starts, and each run of it, as all three collect."""
SERVING = "streamlit run"
"""The process that needs none: the page."""
LOUD = {
    "PREFECT_LOGGING_ROOT_LEVEL": "DEBUG", "PREFECT_SERVER_LOGGING_LEVEL": "DEBUG", "STREAMLIT_LOGGER_LEVEL": "debug",
}  # fmt: skip
WITH_TOKENS = ("github", "hub", "stackexchange", "reddit")


def _repeat(*forms: Callable[[str], Response]) -> Fault:
    """Answers that repeat all that was asked, tokens and all, in each form in turn; to GraphQL always in the last."""
    turns = cycle(forms)

    def fault(request: Request, real: Real) -> Response:
        form = forms[-1] if "graphql" in request.target else next(turns)
        return form(f"{request.target} {request.headers} {request.body.decode()}")

    return fault


TROUBLE: dict[str, Fault | Response] = {
    "refused": _repeat(partial(status, 401)),
    "broken": _repeat(
        partial(status, 500),
        lambda heard: text_answer(f"<!DOCTYPE html><p>{heard}", "text/html"),
        lambda heard: text_answer(json.dumps([heard])[:-1], JSON),
        lambda heard: json_answer({"errors": [{"type": heard, "message": heard}], "error": heard, "data": heard}),
    ),
    "hanging": hang(),
}
"""What the hosts with a token answer in one collection each; the first one succeeds."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder, and the environment of an operator with every token, whose upstreams are the emulator."""
    folder = tmp_path_factory.mktemp("canaries")
    catalog = few(read_catalog([SHIPPED]), "llama")
    chosen = Catalog(catalog.families, tuple(one for one in catalog.channels if one.family in ("llama", "_shared")))
    with Upstream(chosen, seed=5, threads=30) as world:
        environment = dict(os.environ) | CANARIES | {
            "HEARTBEAT_HOME": str(folder / "home"), "HEARTBEAT_CATALOG": str(world.catalog(folder / "catalog")),
            "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost",
            "HEARTBEAT_NOW": world.world.now.isoformat(), "HEARTBEAT_TERMS": "reddit", "PYTHONPATH": str(ROOT),
            "HEARTBEAT_PORT": str(free_port()), "HEARTBEAT_PREFECT_PORT": str(free_port()),
        }  # fmt: skip
        (folder / "said").mkdir()
        _run(folder, environment, "collect --budget 12", "collect")
        for name, fault in TROUBLE.items():
            rules = [world.fail(host, None, fault) for host in WITH_TOKENS]
            limit = {SECONDS: "1"} if name == "hanging" else {}
            _run(folder, environment | limit, "collect --budget 12", f"collect-{name}")
            for rule in rules:
                rule.stop()
            world.forgive()
        for number, command in enumerate(COMMANDS):
            _run(folder, environment, command.format(out=folder / "out"), f"{number}-{command.split()[0]}")
        yield folder, environment


def _run(folder: Path, environment: dict[str, str], command: str, name: str) -> None:
    """Runs a command with every log line shown, and keeps all that it says."""
    with (folder / "said" / f"{name}.txt").open("wb") as said:
        said.write(f"$ {command}\n".encode())
        said.flush()
        words = [sys.executable, "-m", "tests.security.loud", *command.split()]
        subprocess.run(words, cwd=folder, env=environment, stdout=said, stderr=said, timeout=300, check=False)


def test_no_canary_is_said_landed_built_published_or_reported(desk: tuple[Path, dict[str, str]]) -> None:
    """Success, refusal, breakdown, time-outs, and answers that cannot be read and repeat what was asked, with every
    library at its loudest."""
    folder, _ = desk
    table = count_in_files({name: folder / name for name in ("said", "home", "out")})
    for name, (files, size, counts) in table.items():
        print(f"{name:8} {files:5} files {size:12,} bytes {sum(counts.values()):3} canaries")

    assert {name: counts for name, (_, _, counts) in table.items() if counts} == {}
    said = b"".join(path.read_bytes() for path in (folder / "said").glob("*"))
    assert b"Traceback" not in said.replace(b"DEBUG", b"")
    stated = said + b"".join(path.read_bytes() for path in (folder / "home" / "attempts").iterdir())
    for met in (
        b"401: the token is",
        b"incomplete JSON",
        b"got no answer",
        b"(JSON): could not be reached",
        b"HEARTBEAT_DEADMAN: could not",
    ):
        assert met in stated, met
    assert all((folder / "out" / name).exists() for name in ("site/brief.md", "site/index.html", "export"))
    assert list((folder / "home" / "landing").rglob("*.parquet")) and b"DEBUG" in said


@pytest.mark.slow
def test_of_all_processes_only_those_that_collect_have_the_tokens_in_their_environment(
    desk: tuple[Path, dict[str, str]],
) -> None:
    """The page needs none; databases, logs and results hold none either."""
    folder, environment = desk
    home, family = folder / "home", folder / "catalog" / "llama.toml"
    (folder / "catalog" / "_shared.toml").unlink()
    often = 'target = "meta-llama/llama-models"\ncadence_hours = 0.002'
    family.write_text(family.read_text().replace('target = "meta-llama/llama-models"', often))
    copy_schedule(home)
    with (folder / "said" / "up.txt").open("wb") as said:
        command = [sys.executable, "-m", "tests.security.loud", "up", "--no-browser"]
        process = subprocess.Popen(command, cwd=folder, env=environment | LOUD, stdout=said, stderr=said)
    try:
        holders = watch_processes(process.pid, lambda: _has_run(home), 180)
        process.send_signal(signal.SIGINT)
        process.wait(90)
    finally:
        process.kill()
    for name, found in sorted(holders.items()):
        print(f"{len(found)} canaries: {name[:150]}")

    assert all(any(part in name for name in holders) for part in (*COLLECTING, SERVING)), holders
    assert {name for name, found in holders.items() if found and not any(part in name for part in COLLECTING)} == set()
    table = count_in_files({name: folder / name for name in ("said", "home")})
    assert {name: counts for name, (_, _, counts) in table.items() if counts} == {}
    assert b"DEBUG" in (home / "logs" / "heartbeat.jsonl").read_bytes()


def _has_run(home: Path) -> bool:
    """Whether a run of the schedule, which visits one source, has collected."""
    return any(
        {channel.split(".")[1] for channel in one.beginning.planned} == {"github"} and one.ending is not None
        for one in read_attempts(home)
    )


def test_a_canary_is_found_in_every_form_and_kind_of_file(tmp_path: Path) -> None:
    """A count of none proves something only if one would be seen."""
    token = CANARIES["STACKEXCHANGE_KEY"]
    for form, seen in list_forms(token).items():
        for one in seen:
            assert ("STACKEXCHANGE_KEY", form) in count_canaries(b"a" + one + b"z")
    pq.write_table(pa.table({"body": [token] * 50}), tmp_path / "a.parquet", compression="zstd")
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        connection.execute("create table t as select ? as x from range(5000)", [token])
    for name in ("a.parquet", "a.duckdb"):
        assert count_canaries(read_whole(tmp_path / name))
