"""What a command does not need, it does not import: each library takes tenths of a second of every start."""

import os
import subprocess
import sys
from pathlib import Path

from pipelines.catalog.entries import Channel
from tests.paths import ROOT
from tests.upstream import Upstream
from tests.worlds.raw_server import answer, raw_server

CODE = """
import os
import sys
from pipelines import cli

SLOW = {"duckdb", "github", "httpx2", "huggingface_hub", "numpy", "praw", "prefect", "pyarrow", "streamlit"}

def tell(code):
    print("threads of BLAS:", os.environ.get("OPENBLAS_NUM_THREADS"))
    print("imported:", *sorted(SLOW & {name for name, module in sys.modules.items() if module}))

cli.exit_now = tell
sys.argv = ["heartbeat", "publish", "--help"]
cli.run()
sys.argv = ["heartbeat", "catalog", "check"]
cli.run()
sys.argv = ["heartbeat", "build"]
cli.run()
"""


def test_help_imports_no_library_reading_the_catalog_none_of_a_source(tmp_path: Path) -> None:
    """Help is asked for often, and nearly every command reads the catalog."""
    environment = os.environ | {"HEARTBEAT_HOME": str(tmp_path)}
    environment.pop("OPENBLAS_NUM_THREADS", None)
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    imported = [set(line.split()[1:]) for line in lines if line.startswith("imported:")]

    assert "no gaps" in done.stdout
    assert imported[0] == set(), "numpy would start its threads before their number is set"
    assert "threads of BLAS: 1" in lines
    assert {"github", "huggingface_hub", "praw", "prefect"}.isdisjoint(imported[1])
    assert "built " in done.stdout and "pyarrow" in imported[2]


COLLECTING = """
import sys
from pipelines import cli

SLOW = ("duckdb", "github", "markdown_it")
cli.exit_now = lambda code: print("ended with", code, "by", *(name for name in SLOW if sys.modules.get(name)))
sys.argv = ["heartbeat", "collect"]
cli.run()
"""


def test_a_collect_without_news_needs_no_client_no_reader_and_no_engine(tmp_path: Path) -> None:
    """Most visits bring nothing, and end before anything is read or typed."""
    things = ("issues", "pulls", "releases")
    channel = Channel(source="github", target="acme/kit", role="sdk", family="acme", things=things)
    with Upstream([channel], seed=1, threads=20) as up:
        up.catalog(tmp_path / "catalog")
        own = {
            "HEARTBEAT_HOME": str(tmp_path / "home"), "HEARTBEAT_CATALOG": str(tmp_path / "catalog"),
            "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1", "GITHUB_TOKEN": "test",
            "HEARTBEAT_NOW": up.world.now.isoformat(),
        }  # fmt: skip
        command = [sys.executable, "-c", COLLECTING]
        whole, unchanged = (
            subprocess.run(command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, check=True).stdout
            for _ in range(2)
        )
    assert whole.splitlines()[-1] == "ended with 0 by duckdb github markdown_it"
    assert unchanged.splitlines()[-1] == "ended with 0 by"


ASKING = """
import sys
from pipelines import cli
from subprocess import Popen
from pipelines.commands.serving.children import wait_for_answer

cli.exit_now = lambda code: None
port = int(sys.argv[1])
sys.argv = ["heartbeat", "--help"]
cli.run()
child = Popen(["sleep", "9"])
print("asked itself:", wait_for_answer(port, "/api/health", child, 9))
child.kill()
"""


def test_a_proxy_for_other_hosts_is_not_asked_for_servers_of_this_machine(tmp_path: Path) -> None:
    """`up` and `serve` took their own servers for dead, and sent the proxy the login of Prefect's."""
    with raw_server() as server, raw_server() as proxy:
        server.script = {"/api/health": [answer()]}
        proxies = {"http_proxy": proxy.url(""), "HTTP_PROXY": proxy.url(""), "no_proxy": "intranet.example"}
        own = {"HEARTBEAT_HOME": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", ASKING, str(server.port)], cwd=ROOT, env=os.environ | proxies | own,
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.endswith("asked itself: True\n") and proxy.requests == []


def test_a_command_whose_output_is_closed_ends_as_usual(tmp_path: Path) -> None:
    command = f"HEARTBEAT_HOME={tmp_path} {sys.executable} -m pipelines status >&-"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "nothing is published yet" in done.stderr


def test_a_home_and_a_terminal_may_lack_each_others_characters(sample_home: Path, tmp_path: Path) -> None:
    """An ASCII locale cannot write the path of the home, nor the signs of the output."""
    home = tmp_path / "Büro ≥"
    home.symlink_to(sample_home)
    narrow = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "HEARTBEAT_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "status", "--all"], cwd=ROOT, env=os.environ | narrow, capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1) and done.stderr == b"", done.stderr
    assert rb"B\xfcro \u2265" in done.stdout
