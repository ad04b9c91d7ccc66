"""Real commands that meet real faults in a home of their own, against the emulator; what they say is kept."""

import os
import random
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from tests.paths import ROOT
from tests.upstream.catalogs import few
from tests.upstream.emulator import Upstream
from warehouse.export import export_metrics
from warehouse.snapshot import published_folder, read_current

STEPS: dict[str, tuple[tuple[str, int], ...]] = {
    "collect": (
        ("warehouse.landing:Writer.add_rows", 3), ("warehouse.landing:sync", 2), ("warehouse.landing:replace_file", 1),
        ("pipelines.collecting.visit:_land_page", 4), ("pipelines.collecting.run:open_writer", 3),
    ),
    "build": (
        ("pipelines.steps:replace_catalog", 1), ("pipelines.steps:load_new_files", 1),
        ("warehouse.load:create_raw_table", 3), ("warehouse.load:_write_ledger", 1),
        ("analytics.engine.staging:render_winners", 3), ("analytics.engine.build:_build_model", 90),
        ("analytics.engine.build:_count_build", 1),
    ),
    "publish": (
        ("warehouse.publish:write_comments", 1), ("warehouse.publish:digest_file", 1),
        ("warehouse.publish:write_file", 1), ("warehouse.publish:_remove_old_versions", 1),
    ),
}  # fmt: skip
"""Steps of each command, with the call of them that meets the fault."""
FAULTS = ("kill", "terminate", "interrupt", "full", "EIO", "EROFS")
CODES = {"kill": {-signal.SIGKILL}, "terminate": {-signal.SIGTERM, 143}, "interrupt": {130}}
"""How a command ends that does not end in words."""
IN_WORDS = {0, 2, 3, 4}
"""All came, as the fault met nothing that could fail; an error of this machine; a part; nothing."""
Disturbance = tuple[str, str, str, int]
"""Command, fault, step and call."""


def small_catalog() -> Catalog:
    """One family whose channels are of three sources."""
    catalog = few(read_catalog([SHIPPED]), "gemma")
    return Catalog(catalog.families, tuple(one for one in catalog.channels if one.family == "gemma"))


@dataclass
class Installation:
    """A home in which commands run."""

    home: Path
    catalog: Path
    world: Upstream
    said: list[str] = field(default_factory=list)

    def run(self, *words: str, module: tuple[str, ...] = ("pipelines",)) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end."""
        self.world.forgive()
        environment = os.environ | {
            "HEARTBEAT_HOME": str(self.home), "HEARTBEAT_CATALOG": str(self.catalog), "HEARTBEAT_CATALOG_ONLY": "1",
            "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost", "HEARTBEAT_NOW": self.world.world.now.isoformat(),
            "HEARTBEAT_PEOPLE_KEY": "the same for all homes of this test", "GITHUB_TOKEN": "test", "HF_TOKEN": "",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", *module, *words], cwd=ROOT, env=environment, capture_output=True, text=True,
            timeout=300, check=False,
        )  # fmt: skip
        self.said.append(f"{' '.join((*module, *words))}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def disturb(self, command: str, fault: str, place: str, number: int) -> None:
        """Runs a command that meets a fault: it ends by it, or in words."""
        done = self.run(command, module=("tests.faults.injection", fault, place, str(number)))
        # A step that a command does not come to, as there is nothing to do, is no fault.
        assert done.returncode in CODES.get(fault, set()) | IN_WORDS, self.said[-1]
        assert "Traceback" not in done.stderr and "a bug in Heartbeat" not in done.stdout, self.said[-1]
        if done.returncode == 2:
            assert done.stderr.startswith("heartbeat: ") and done.stderr.count("\n") == 1, self.said[-1]

    def finish(self) -> dict[str, bytes]:
        """Runs everything undisturbed; gives the exports, by name."""
        for command in ("collect", "build", "publish"):
            done = self.run(command)
            assert done.returncode == 0, "\n".join(self.said)
        leftovers = [path.name for path in published_folder(self.home).iterdir() if path.suffix == ".tmp"]
        assert leftovers == [], "\n".join(self.said)
        return self.export()

    def export(self) -> dict[str, bytes]:
        """What readers get."""
        snapshot = read_current(self.home)
        assert snapshot is not None and not snapshot.trouble
        return {path.name: path.read_bytes() for path in export_metrics(snapshot, ["all"], self.home / "export")}

    def rebuild(self, home: Path) -> dict[str, bytes]:
        """What another home makes of what was landed here."""
        shutil.copytree(self.home / "landing", home / "landing")
        clean = Installation(home, self.catalog, self.world)
        for words in (("build", "--full"), ("publish",)):
            assert clean.run(*words).returncode == 0, clean.said[-1]
        return clean.export()


def draw_disturbances(chance: random.Random, count: int) -> list[Disturbance]:
    """Draws which commands meet which faults."""
    drawn = []
    for _ in range(count):
        command = chance.choice(sorted(STEPS))
        drawn.append((command, chance.choice(FAULTS), *chance.choice(STEPS[command])))
    return drawn


def walk(folder: Path, chance: random.Random, count: int) -> None:
    """One random sequence in a world that moves: what comes out is what a clean home makes of the landed files."""
    with Upstream(small_catalog(), seed=chance.randrange(100), threads=40) as world:
        ours = Installation(folder / "home", world.catalog(folder / "catalog"), world)
        for disturbance in draw_disturbances(chance, count):
            with suppress(StopIteration):
                world.world.advance(chance.choice([0, 0, 1, 24, 24 * 7]))
            ours.disturb(*disturbance)
        assert ours.finish() == ours.rebuild(folder / "clean"), "\n".join(ours.said)
