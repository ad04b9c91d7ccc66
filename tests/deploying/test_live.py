"""The scheduled workflow, as its file has it, from a clean clone, with the emulator as the world: what each run brings,
what it keeps, and what it tells whom."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest

from pipelines.catalog.reader import SHIPPED, read_catalog
from tests.deploying.gh import STARTED
from tests.deploying.workflows import Done, Repository
from tests.paths import ROOT
from tests.pipelines.commands.forgetting.marks import find_marks, read_everything
from tests.upstream.catalogs import few
from tests.upstream.emulator import Upstream
from tests.upstream.faults import status
from tests.upstream.world.people import _FIRST, _LAST
from warehouse.sealing import open_sealed

WORKFLOW = ".github/workflows/heartbeat.yml"
NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
SECRET = "a secret of thirty-three characters"
NAME = re.compile(rf"(?i)\b({'|'.join(_FIRST)})-({'|'.join(_LAST)})-[0-9a-f]+".encode())
"""What everybody of the emulator's world is called."""
ADDRESS = "https://somebody.github.io/heartbeat"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("jq"), reason="no jq here, which GitHub's command-line tool has built in"),
    pytest.mark.skipif(not (ROOT / ".venv" / ".runtime").exists(), reason="`make` did not set up this checkout"),
]


@pytest.fixture(scope="module")
def world() -> Iterator[Upstream]:
    """A small world, whose GitHub grants a client what it grants the token of a workflow."""
    with Upstream(few(read_catalog([SHIPPED]), "llama", "claude"), seed=5, threads=400, now=NOW) as up:
        up.github_quota.limit = up.graphql_quota.limit = 1000
        yield up


class Live:
    """A repository that runs the workflow in the emulator's world."""

    def __init__(self, world: Upstream, folder: Path) -> None:
        self.world = world
        self.repository = Repository(folder, {"GITHUB_TOKEN": "ghs_workflow", "HEARTBEAT_STATE_KEY": SECRET})
        self.catalog = world.catalog(folder / "catalog")
        self.said = ""

    @property
    def release(self) -> Path:
        return self.repository.store / "releases" / "live"

    def run(self, what: str, hours: float = 24) -> tuple[Done, int]:
        """Runs it once so many hours later; prints and returns what it took."""
        self.world.world.advance(hours)
        self.world.forgive()
        self.world.forget()
        self.repository.world = {
            "HEARTBEAT_CATALOG": str(self.catalog), "HEARTBEAT_CATALOG_ONLY": "1",
            "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost", "HEARTBEAT_NOW": self.world.world.now.isoformat(),
        }  # fmt: skip
        began = time.monotonic()
        done = self.repository.run_workflow(WORKFLOW)
        self.said += done.said
        seconds, requests = time.monotonic() - began, len(self.world.requests)
        sizes = {path.name: path.stat().st_size for path in self.release.iterdir()} if self.release.exists() else {}
        state = sum(size for name, size in sizes.items() if name.startswith("state-"))
        print(f"{what:24} {done.status} {seconds:4.0f} s {requests:5} requests {count_rows(done):7,} rows "
              f"{state:10,} bytes of state {sum(sizes.values()) - state:10,} bytes published")  # fmt: skip
        return done, requests

    def list_states(self) -> list[Path]:
        return sorted(self.release.glob("state-*.age"))

    def read_version(self) -> int:
        """Reads the number of the version that everybody sees."""
        version: int = json.loads((self.release / "heartbeat.json").read_bytes())["version"]
        return version

    def check_out_site(self, folder: Path) -> Path:
        """Checks out the branch that GitHub Pages serves, which is one commit."""
        words = ["git", "clone", "--quiet", "--branch", "gh-pages", str(self.repository.remote), str(folder)]
        subprocess.run(words, check=True)
        count = subprocess.run(["git", "rev-list", "--count", "--all"], cwd=folder, capture_output=True, check=True)
        assert count.stdout == b"1\n"
        shutil.rmtree(folder / ".git")
        return folder

    def unpack_state(self, folder: Path) -> Path:
        """Unpacks the one state that is there; gives the folder of the backup."""
        (state,) = self.list_states()
        open_sealed(state, folder, SECRET)
        (backup,) = folder.iterdir()
        return backup

    def run_block(self, heading: str, clone: Path, people: str = "") -> str:
        """Runs the commands that `LIVE.md` gives below a heading, for these people; gives what they said."""
        text = (ROOT / "LIVE.md").read_text(encoding="utf-8").partition(f"## {heading}\n")[2]
        (clone / "secret").write_text(f"{SECRET}\n")
        subprocess.run(["git", "remote", "set-url", "origin", str(self.repository.remote)], cwd=clone, check=True)
        script = text.partition("```sh\n")[2].partition("```")[0].replace("github:octocat", people)
        return self.repository.run_by_hand(script, clone)

    def list_open_issues(self) -> list[str]:
        return [
            path.name for path in (self.repository.store / "issues").glob("*") if '"is_open": true' in path.read_text()
        ]


def count_rows(done: Done) -> int:
    """Counts the rows that a run loaded."""
    found = re.search(r"loaded ([\d,]+) rows?", done.said)
    return int(found[1].replace(",", "")) if found else 0


def test_a_fork_collects_by_itself_and_its_public_files_name_nobody(world: Upstream, tmp_path: Path) -> None:
    """One story, since each run goes on from the one before."""
    live = Live(world, tmp_path)
    secret = live.repository.secrets.pop("HEARTBEAT_STATE_KEY")
    for _ in range(2):
        done, requests = live.run("no secret")
        assert (done.status, requests, live.list_open_issues()) == ("failure", 0, ["1"])
    assert "`gh secret set HEARTBEAT_STATE_KEY < secret`" in done.said

    live.repository.secrets["HEARTBEAT_STATE_KEY"] = secret
    done, first = live.run("first run")
    assert done.status == "success" and live.list_open_issues() == [], done.said
    published = {one.name for one in live.release.iterdir()}
    assert {"heartbeat.json", "news.atom", "figures.parquet", "CITATION.cff", "README.md"} <= published
    site = live.check_out_site(tmp_path / "site of the first run")
    assert {"index.html", "data.html", ".nojekyll"} <= {path.name for path in site.iterdir()}
    assert f'canonical" href="{ADDRESS}/index.html"' in (site / "index.html").read_text()
    version = live.read_version()
    key = (live.unpack_state(tmp_path / "first") / "people.key").read_bytes()

    # The upload of a run that was killed never ended.
    (live.release / f"state-99991231T235959Z.age{STARTED}").write_bytes(b"")
    done, second = live.run("second run, home lost")
    assert done.status == "success" and 0 < second < first, done.said
    assert count_rows(done) < 2_000 and len(live.list_states()) == 1
    assert live.read_version() > version

    rule = world.fail("github", None, status(401))
    done, _ = live.run("refused token")
    rule.stop()
    assert done.status == "success" and "401" in done.said and live.list_open_issues() == [], done.said

    live.list_states()[0].unlink()
    world.github_quota.limit = world.graphql_quota.limit = 15
    done, cut = live.run("state lost, budget hit")
    world.github_quota.limit = world.graphql_quota.limit = 1000
    assert done.status == "success" and cut < first, done.said
    assert (live.unpack_state(tmp_path / "cut") / "people.key").read_bytes() == key
    done, resumed = live.run("resumed", 6)
    assert done.status == "success" and "partial" not in done.said and resumed > cut, done.said

    names = {"a person": NAME}
    assert NAME.search(str(world.world.people.person(7)).encode())
    public = live.repository.store, live.check_out_site(tmp_path / "site")
    table = [(path, len(content)) for path, content in read_everything(*public)]
    print(f"searched {len(table)} contents, {sum(size for _, size in table):,} bytes")
    assert find_marks(names, *public) == {} and not NAME.search(live.said.encode()), "everybody reads the logs, too"
    (state,) = live.list_states()
    with pytest.raises(pyrage.DecryptError):
        pyrage.passphrase.decrypt(state.read_bytes(), SECRET[::-1])

    people = filter(None, map(world.world.people.person, range(200)))
    said = live.run_block("Forget a person", done.folder, " ".join(f"github:{one.login}" for one in people))
    forgotten = re.search(r"(\d[\d,]*) loaded rows? deleted", said)
    assert forgotten and "nothing of it is left" in said and len(live.list_states()) == 1 and not state.exists(), said
    assert not (done.folder / "restored").exists()
    said = live.run_block("Take it down", done.folder)
    assert not live.release.exists() and "[deleted]" in said, said
