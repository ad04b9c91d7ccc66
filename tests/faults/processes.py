"""Real commands that meet real faults in a home of their own, against the emulator; what they say is kept."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from pipelines.snapshots.following import open_published
from tests.faults.tally import Tally
from tests.faults.volume import Volume, mount_volume
from tests.paths import ROOT
from tests.upstream.catalogs import few
from tests.upstream.emulator import Upstream
from warehouse.export import export_metrics
from warehouse.settings import Settings
from warehouse.snapshot import published_folder, read_current

STEPS: dict[str, tuple[tuple[str, int], ...]] = {
    "collect": (
        ("warehouse.landing:Writer.add_rows", 3), ("warehouse.objects.folder:sync", 2),
        ("warehouse.objects.folder:replace_file", 1),
        ("pipelines.collecting.visit:_land_page", 4), ("pipelines.collecting.run:open_writer", 3),
        ("pipelines.collecting.people_key:make_secret_file", 1), ("warehouse.durable:os.link", 1),
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
    "copy": (
        ("pipelines.snapshots.publishing:write_public_copy", 1), ("pipelines.snapshots.publishing:hash_file", 1),
        ("pipelines.snapshots.store:StorePlace.put_set", 1), ("warehouse.objects.folder:replace_file", 5),
    ),
}  # fmt: skip
"""Steps of each command, with the call of them that meets the fault."""
FAULTS = ("kill", "terminate", "interrupt", "full", "EIO", "EROFS")
CODES = {"kill": {-signal.SIGKILL}, "terminate": {143}, "interrupt": {130}}
"""How a command ends that does not end in words."""
IN_WORDS = {0, 2, 3, 4}
"""All came, as the fault met nothing that could fail; an error of this machine; a part; nothing."""
SECONDS = 2.0
"""How long a command works where that is not known yet."""
LEFT = (0, 4_096, 65_536, 2**20)
"""Bytes that a disk may have left when it is called full."""
STRUCK = 0.6
"""Share of the commands that a fault strikes at a random moment, not at a step."""
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
    key: str = "the same for all homes of this test"
    """Of the pseudonyms; empty for one that the home makes."""
    patience: float = 300
    """Seconds that a command may take."""
    took: dict[str, float] = field(default_factory=dict)
    """Seconds that each command works, without its start."""

    @property
    def copy(self) -> Path:
        """Where `copy`, short for `publish --to`, puts the public copy."""
        return self.home.with_name("copy")

    def _spell(self, command: str) -> tuple[str, ...]:
        return ("publish", "--to", str(self.copy), "--as", "Somebody") if command == "copy" else (command,)

    def run(self, command: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end."""
        former = self._list_attempts()
        process = self._start(("pipelines", *self._spell(command), *options))
        begun = self._await_beginning(process, former)
        done = self._await(process, (command, *options))
        self.took[command] = time.monotonic() - begun
        return done

    def disturb(self, command: str, fault: str, place: str, number: int) -> bool:
        """Runs a command that meets a fault at a step: it ends by it, or in words; tells whether it came to the step.

        Where there is nothing to do, a command does not.
        """
        mark = self.home.with_name("met")
        mark.unlink(missing_ok=True)
        words = ("tests.faults.injection", fault, place, str(number), *self._spell(command))
        self._judge(self._await(self._start(words, FAULT_MARK=str(mark)), words), fault)
        return mark.exists()

    def strike(self, command: str, chance: random.Random, volume: Volume | None) -> Counter[str]:
        """Runs a command whose disk fills up at a random moment of its work, where it has one of its own, and which is
        killed at another; gives what befell it. Then the disk has room again."""
        former, met = self._list_attempts(), Counter[str]()
        process = self._start(("pipelines", *self._spell(command)))
        longest = self.took.get(command, SECONDS)
        self._await_beginning(process, former)
        if volume is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(chance.random() * longest)
            met["disk of its own full"] += process.poll() is None
            volume.fill(chance.choice(LEFT))
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.random() * longest)
        process.kill()
        done = self._await(process, ("strike", command))
        met["kill at any moment"] += done.returncode == -signal.SIGKILL
        self._judge(done, "kill")
        if volume is not None:
            volume.free()
        return met

    def _list_attempts(self) -> set[str]:
        return {path.name for path in self.home.glob("attempts/*.jsonl")}

    def _await_beginning(self, process: "subprocess.Popen[str]", former: set[str]) -> float:
        """Waits until a command is ready to work, as the ledger tells, or ends; returns when."""
        while self._list_attempts() <= former and process.poll() is None:
            time.sleep(0.01)
        return time.monotonic()

    def _start(self, module: tuple[str, ...], **further: str) -> "subprocess.Popen[str]":
        self.world.forgive()
        environment = os.environ | further | {
            "HEARTBEAT_HOME": str(self.home), "HEARTBEAT_CATALOG": str(self.catalog), "HEARTBEAT_CATALOG_ONLY": "1",
            "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost", "HEARTBEAT_NOW": self.world.world.now.isoformat(),
            "HEARTBEAT_PEOPLE_KEY": self.key, "GITHUB_TOKEN": "test", "HF_TOKEN": "",
        }  # fmt: skip
        return subprocess.Popen(
            [sys.executable, "-m", *module], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip

    def _await(self, process: "subprocess.Popen[str]", words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        try:
            stdout, stderr = process.communicate(timeout=self.patience)
        finally:
            process.kill()
        self.said.append(f"{' '.join(words)}: {process.returncode}\n{stdout}{stderr}")
        return subprocess.CompletedProcess(words, process.returncode, stdout, stderr)

    def _judge(self, done: subprocess.CompletedProcess[str], fault: str) -> None:
        """It ended by the fault, or in words."""
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

    def follow(self, home: Path) -> dict[str, bytes]:
        """What whoever opens the public copy gets."""
        assert self.run("copy").returncode == 0, self.said[-1]
        snapshot = open_published(Settings(HEARTBEAT_HOME=home, _env_file=None), str(self.copy))
        snapshot = replace(snapshot, origin=None)  # else each row says whose it is
        return {path.name: path.read_bytes() for path in export_metrics(snapshot, ["all"], home / "export")}

    def rebuild(self, home: Path) -> dict[str, bytes]:
        """What another home makes of what was landed here."""
        shutil.copytree(self.home / "landing", home / "landing")
        if not self.key:
            shutil.copy(self.home / "people.key", home)
        clean = Installation(home, self.catalog, self.world, key=self.key)
        for words in (("build", "--full"), ("publish",)):
            assert clean.run(*words).returncode == 0, clean.said[-1]
        return clean.export()

    def restore(self, place: Path, home: Path) -> "Installation":
        """Makes a home of a backup."""
        restored = Installation(home, self.catalog, self.world, patience=self.patience)
        assert restored.run("restore", str(place)).returncode == 0, restored.said[-1]
        return restored


def draw_disturbances(chance: random.Random, count: int) -> list[Disturbance]:
    """Draws which commands meet which faults."""
    drawn = []
    for _ in range(count):
        command = chance.choice(sorted(STEPS))
        drawn.append((command, chance.choice(FAULTS), *chance.choice(STEPS[command])))
    return drawn


def walk(folder: Path, chance: random.Random, count: int, tally: Tally) -> None:
    """One random sequence in a world that moves, on a disk of its own where that can be mounted: what comes out is
    what a clean home makes of the landed files."""
    with (
        Upstream(small_catalog(), seed=chance.randrange(100), threads=40) as world,
        mount_volume(folder / "disk") as volume,
    ):
        ours = Installation(folder / "disk" / "home", world.catalog(folder / "catalog"), world, key="")
        for disturbance in draw_disturbances(chance, count):
            with suppress(StopIteration):
                world.world.advance(chance.choice([0, 0, 1, 24, 24 * 7]))
            if chance.random() < STRUCK:
                tally.faults.update(ours.strike(disturbance[0], chance, volume))
            else:
                tally.faults[f"{disturbance[1]}, process"] += ours.disturb(*disturbance)
        exports = ours.finish()
        assert exports == ours.rebuild(folder / "clean"), "\n".join(ours.said)
        assert exports == ours.follow(folder / "follower"), "\n".join(ours.said)
        tally.walks, tally.commands = tally.walks + 1, tally.commands + len(ours.said)
