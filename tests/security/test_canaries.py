"""No secret leaves the processes that need it: not into a log, a file, a database, a page, a report or a server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from tests.paths import ROOT
from tests.security.canaries import CANARIES, count_canaries, count_in_files, list_descendants, list_forms, read_whole
from tests.upstream.catalogs import few
from tests.upstream.emulator import Upstream
from tests.upstream.faults import html, status
from tests.worlds.ports import free_port, listens

pytestmark = [
    pytest.mark.slow,
    pytest.mark.rests_on(
        "analytics",
        "dashboards",
        "pipelines",
        "warehouse",
        "tests/security",
        "tests/upstream",
        "tests/worlds",
        "tests/paths.py",
    ),
]
COMMANDS = (
    "build", "publish",
    "report --out {out}/report.html --brief {out}/brief.md --badges {out}/badges",
    "export all --out {out}/export",
    "export dataset --out {out}/dataset --as Lab",
    "publish --to {out}/public --as Lab",
    "status --json", "doctor --offline --json", "claims", "metrics",
)  # fmt: skip
TROUBLE = {"refused": status(401), "broken down": status(500), "no JSON": html()}
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
            rules = [world.fail(host, None, fault) for host in ("github", "hub", "stackexchange", "reddit")]
            _run(folder, environment, "collect --budget 6", f"collect-{name}")
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
    """Success, refusal, breakdown and an answer that is no JSON, with every library at its loudest."""
    folder, _ = desk
    table = count_in_files({name: folder / name for name in ("said", "home", "out")})
    for name, (files, size, counts) in table.items():
        print(f"{name:8} {files:5} files {size:12,} bytes {sum(counts.values()):3} canaries")

    assert {name: counts for name, (_, _, counts) in table.items() if counts} == {}
    said = b"".join(path.read_bytes() for path in (folder / "said").glob("*"))
    assert b"Traceback" not in said.replace(b"DEBUG", b"")
    assert all((folder / "out" / name).exists() for name in ("report.html", "brief.md", "badges", "export", "dataset"))
    assert list((folder / "home" / "landing").rglob("*.parquet")) and b"DEBUG" in said


def test_only_the_collector_of_a_schedule_has_the_tokens_in_its_environment(desk: tuple[Path, dict[str, str]]) -> None:
    """The server of the schedule needs none; its database and logs hold none either."""
    folder, environment = desk
    port = int(environment["HEARTBEAT_PREFECT_PORT"])
    with (folder / "said" / "serve.txt").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.security.loud", "serve"],
            cwd=folder,
            env=environment,
            stdout=said,
            stderr=said,
        )
    try:
        assert listens(port, 120)
        time.sleep(2)
        holders = {command: count_canaries(content) for command, content in list_descendants(process.pid)}
        process.send_signal(signal.SIGINT)
        process.wait(90)
    finally:
        process.kill()
    servers = [command for command in holders if "prefect_app" in command]

    assert servers and all(not holders[command] for command in servers)
    table = count_in_files(
        {"said": folder / "said", "prefect": folder / "home" / "prefect", "logs": folder / "home" / "logs"}
    )
    assert {name: counts for name, (_, _, counts) in table.items() if counts} == {}
    assert table["prefect"][0] > 1


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
