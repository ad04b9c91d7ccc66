"""`heartbeat backup` and `heartbeat restore`, as a user types them: what comes back, what is refused, and in which
words."""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import ANY

import pytest

from pipelines import cli
from pipelines.attempts import record_attempt
from pipelines.catalog.reader import Catalog
from pipelines.collecting.people_key import open_people
from pipelines.commands.checks import OLD_BACKUP, run_checks
from tests.faults.injection import FAULTS, meet_fault
from tests.paths import ROOT
from tests.worlds.published_sets import build_small, s3_server, settings_of
from warehouse.attempts.entries import AttemptKind
from warehouse.backups import contents, writing
from warehouse.backups.contents import list_settled
from warehouse.backups.manifest import locate_file, read_manifest, render_manifest
from warehouse.landing import Zone, list_landed, open_writer, open_zone
from warehouse.lock import COMPACTING, hold_lock
from warehouse.packing.compacting import compact_zone
from warehouse.settings import Settings, SettingsError, read_settings
from warehouse.snapshot import read_current
from warehouse.withdrawn.names import take_back

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
CHANNELS = ("gpt.github.o-r", "qwen.discourse.c")
Run = Callable[..., tuple[int, str]]


def _land(settings: Settings, channel: str) -> str:
    zone = open_zone(settings.landing_url)
    writer = open_writer(zone, channel, channel.split(".")[1], NOW, key_id=open_people(settings).key_id)
    writer.add_rows([("thread", "1", NOW, '{"actor_id": "a pseudonym"}')], NOW)
    writer.finish(NOW)
    return writer.landed[0]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with all that a home may hold, one of whose files was taken back, and a family of the user's own."""
    # No power is cut here, and waiting for the disk would take most of the time.
    monkeypatch.setattr(os, "fsync", lambda _: None)
    settings = settings_of(tmp_path / "home")
    landed = [_land(settings, channel) for channel in (*CHANNELS, *CHANNELS)]
    zone = open_zone(settings.landing_url)
    take_back(zone.files, zone.root, landed[-1:], NOW)
    with record_attempt(settings, AttemptKind.BUILD):
        build_small(settings.home)
    (tmp_path / "families").mkdir()
    (tmp_path / "families" / "mine.toml").write_text("title = 'Mine'\n")
    monkeypatch.chdir(tmp_path)
    for name, value in {"HOME": "home", "CATALOG": "families", "TERMS": "reddit"}.items():
        monkeypatch.setenv(f"HEARTBEAT_{name}", value)
    monkeypatch.setenv("GITHUB_TOKEN", "CANARY")
    return settings


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; gives its exit code and all that it says."""
    monkeypatch.setattr(cli, "exit_now", sys.exit)

    def run_command(*words: str, home: str = "home") -> tuple[int, str]:
        monkeypatch.setenv("HEARTBEAT_HOME", home)
        monkeypatch.setattr(sys, "argv", ["heartbeat", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.run()
        assert isinstance(end.value.code, int)
        said = "".join(capsys.readouterr())
        assert "Traceback" not in said and (end.value.code != 2 or said.count("\n") == 1), said
        return end.value.code, said

    return run_command


def _kill(place: str, number: int, command: str, home: str) -> None:
    """Runs a command that is killed at a step."""
    words = [
        sys.executable,
        "-m",
        "tests.faults.injection",
        "kill",
        place,
        str(number),
        command,
        str(Path("kept").absolute()),
    ]
    environment = os.environ | {"HEARTBEAT_HOME": str(Path(home).absolute())}
    done = subprocess.run(words, cwd=ROOT, env=environment, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


def _read_all(folder: Path) -> dict[str, bytes]:
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    kept = {name: content for name, content in found.items() if not name.startswith("logs/")}
    return {name: content for name, content in kept.items() if not name.endswith((".lock", ".duckdb.wal"))}


def _modes(folder: Path) -> set[str]:
    return {f"{stat.S_IMODE(path.stat().st_mode):o}" for path in folder.rglob("*") if path.suffix != ".lock"}


def test_a_home_comes_back_byte_for_byte_with_the_key_and_what_was_taken_back(settings: Settings, run: Run) -> None:
    """All but the warehouse, which is made of it; and readers have figures before any build."""
    code, said = run("backup", "kept")
    assert code == 0 and "(4 landed)" in said and "it contains people.key, a secret" in said
    code, said = run("restore", "kept", home="new")
    assert code == 0, said
    assert "HEARTBEAT_CATALOG=new/catalog HEARTBEAT_TERMS=reddit" in said and "`heartbeat build`" in said

    (own_attempt,) = Path("home/attempts").glob("*-backup-*")
    own_attempt.unlink()
    old, new = _read_all(Path("home")), _read_all(Path("new"))
    assert new.pop("catalog/mine.toml") == b"title = 'Mine'\n"
    assert old.pop("warehouse.duckdb") != new.pop("warehouse.duckdb") and new == old
    assert list_landed(open_zone("new/landing")) == list_landed(open_zone("home/landing"))
    assert read_current(Path("new")) is not None
    assert _modes(Path("kept")) == {"700", "600"}
    assert _modes(Path("new")) - {"644"} == {"700", "600"}
    assert "CANARY" not in Path("kept/backup.json").read_text()


def test_a_later_backup_copies_what_is_new_and_removes_what_nothing_names(settings: Settings, run: Run) -> None:
    """Landed files are never read again; a snapshot that readers no longer have takes no room."""
    run("backup", "kept")
    before, first = _read_all(Path("kept/files")), read_manifest(Path("kept"))
    assert first is not None
    old = first.list_landed()[0]
    good = (Path("home") / old).read_bytes()
    (Path("home") / old).write_bytes(b"rot")
    landed = _land(settings, CHANNELS[1])
    snapshot = build_small(settings.home, [2.0])
    code, said = run("backup", "kept", "--without-key")

    assert code == 0 and "new or changed: 4," in said and "it does not contain people.key" in said
    after, second = _read_all(Path("kept/files")), read_manifest(Path("kept"))
    assert second is not None and len(after) == len(second.files)
    added = {name for name in second.files.keys() - first.files.keys() if not name.startswith("attempts/")}
    assert added == {f"landing/{landed}", f"published/{snapshot.path.name}"}
    assert {re.split("[/.]", name)[0] for name in before.keys() - after.keys()} == {"people", "published"}
    code, said = run("restore", "kept", home="new")
    assert code == 0 and "put the former one at new/people.key before you collect" in said
    assert (Path("new") / old).read_bytes() == good
    with pytest.raises(SettingsError, match="is gone"):
        open_people(settings_of(Path("new")))


def test_logs_that_landed_files_do_not_give_again_come_back_from_the_snapshot(settings: Settings, run: Run) -> None:
    """Since when a verdict holds is known to no landed file; what a wrong clock dated ahead stays out."""
    from warehouse.database import open_warehouse

    verdicts = [("h1", NOW), ("h2", datetime(2031, 1, 1, tzinfo=UTC))]
    with open_warehouse(settings.home) as connection:
        connection.executemany(
            "insert into ledger.verdicts (claim_id, number, claim_version, verdict, as_of_at)"
            " values (?, 1, 1, 'holds', ?)",
            verdicts,
        )
    build_small(settings.home, [3.0])
    run("backup", "kept")
    assert run("restore", "kept", home="new")[0] == 0
    with open_warehouse(Path("new")) as connection:
        assert connection.sql("select claim_id from ledger.verdicts").fetchall() == [("h1",)]


@pytest.mark.parametrize("harm", ["flipped", "cut", "gone"])
def test_damaged_files_are_refused_by_name_and_the_others_can_be_had(settings: Settings, run: Run, harm: str) -> None:
    """Nothing is restored unless the user says so."""
    run("backup", "kept")
    manifest = read_manifest(Path("kept"))
    assert manifest is not None
    name = manifest.list_landed()[0]
    path = locate_file(Path("kept"), name, manifest.files[name].sha256)
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content if harm == "flipped" else content[:-1])
    if harm == "gone":
        path.unlink()
    count = len(manifest.files)

    code, said = run("restore", "kept", home="new")
    assert code == 2 and f"1 of {count} files are damaged or gone: {name}. Nothing was restored" in said
    assert [path.name for path in Path("new").iterdir()] == ["writer.lock"]
    code, said = run("restore", "kept", "--skip-damaged", home="new")
    assert code == 0 and f"left out: {name}" in said
    assert not Path("new", name).exists() and len(list(Path("new").rglob("*.parquet"))) == 3
    if harm != "flipped":
        run("backup", "kept")
        assert run("restore", "kept", home="another")[0] == 0, "the next backup makes it good"


@pytest.mark.parametrize("change", ["flip", "cut", "newer", "path"])
def test_a_manifest_that_cannot_be_trusted_is_refused(settings: Settings, run: Run, change: str) -> None:
    """Neither does a backup overwrite what it cannot read."""
    run("backup", "kept")
    path, manifest = Path("kept/backup.json"), read_manifest(Path("kept"))
    assert manifest is not None
    text = path.read_text()
    elsewhere = manifest.model_copy(update={"files": {"landing/../../x": manifest.files["people.key"]}})
    path.write_text(
        {
            "flip": text.replace(CHANNELS[0], CHANNELS[0].replace("g", "f", 1)),
            "cut": text[:-9],
            "newer": text.replace('"format":1', '"format":2'),
            "path": render_manifest(elsewhere).decode(),
        }[change]
    )
    words = "written by a newer Heartbeat (format 2" if change == "newer" else "backup.json: damaged"
    for command, home in (("restore", "new"), ("backup", "home")):
        code, said = run(command, "kept", home=home)
        assert code == 2 and words in said
    assert path.read_text() != text and not Path("new").exists()


def test_places_that_would_lose_or_mix_something_are_refused(
    settings: Settings, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each in a sentence."""
    Path("desk").mkdir()
    Path("desk/letter.txt").write_text("mine")
    for place, words in {
        "home/kept": "lies in what it would be a backup of",
        "desk": "holds other files (letter.txt)",
        "desk/letter.txt": "not a folder",
        "s3://bucket/kept": "a backup is written to a folder",
    }.items():
        code, said = run("backup", place)
        assert code == 2 and words in said, said
    code, said = run("backup", "kept", home="empty")
    assert code == 2 and "nothing was landed yet" in said
    assert run("backup", "kept")[0] == 0
    assert "holds attempts, copies.json, landing, logs, people.key" in run("restore", "kept", home="home")[1]
    assert "no backup is here" in run("restore", "desk", home="new")[1]
    with hold_lock(Path("kept"), "another backup", name="backup"):
        code, said = run("backup", "kept")
        assert code == 2 and "another backup" in said
    monkeypatch.setenv("HEARTBEAT_LANDING", "elsewhere")
    assert "restore without it" in run("restore", "kept", home="new")[1]


def test_status_and_doctor_tell_of_the_last_backup(
    settings: Settings, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that fails every night, and one that nobody makes any more, are no backup."""

    def read_checks() -> dict[str, tuple[str, str]]:
        checks = run_checks(read_settings(), Catalog((), ()))
        return {check.name: (check.state, check.words) for check in checks}

    shutil.rmtree("home/published")  # checks of figures are not asked here
    assert read_checks()["backup"][0] == "note"
    run("backup", "kept")
    assert read_checks()["backup"] == ("ok", ANY) and str(Path("kept").absolute()) in read_checks()["backup"][1]
    monkeypatch.setenv("HEARTBEAT_NOW", (datetime.now(UTC) + OLD_BACKUP).isoformat())
    assert read_checks()["backup"][0] == "wrong"
    monkeypatch.delenv("HEARTBEAT_NOW")
    Path("kept/letter.txt").touch()
    run("backup", "kept")
    state, words = read_checks()["backup"]
    assert (
        state == "wrong" and "holds other files" in words and f"`heartbeat backup {Path('kept').absolute()}`" in words
    )


def test_a_home_that_was_lost_does_not_replace_its_backup(settings: Settings, run: Run) -> None:
    """The backup that runs every night is the one that would finish what the disk began."""
    run("backup", "kept")
    before = _read_all(Path("kept"))
    shutil.rmtree(Path("home/landing") / CHANNELS[0])
    code, said = run("backup", "kept")

    assert code == 2 and "holds 2 landed files that are gone from this home" in said and "stays as it is" in said
    assert _read_all(Path("kept")) == before


@pytest.mark.parametrize(
    ("fault", "place"),
    [("ENOSPC", "copy_private"), ("EROFS", "replace_file"), ("kill", "copy_private"), ("kill", "replace_file")],
)
def test_a_backup_that_breaks_off_leaves_the_former_one_whole_and_the_next_is_whole(
    settings: Settings, run: Run, fault: str, place: str
) -> None:
    """In words where the process still can, and without what it had copied."""
    run("backup", "kept")
    before = _read_all(Path("kept"))
    _land(settings, CHANNELS[0])
    build_small(settings.home, [2.0])
    if fault == "kill":
        _kill(f"warehouse.backups.writing:{place}", 1, "backup", "home")
        assert before.items() <= _read_all(Path("kept")).items()
    else:
        with meet_fault(f"warehouse.backups.writing:{place}", 1, FAULTS[fault]):
            code, said = run("backup", "kept")
        assert code == 2 and re.search("heartbeat: backup: kept: .* MB are free there", said), said
        assert _read_all(Path("kept")) == before
    assert run("backup", "kept")[0] == 0
    assert run("restore", "kept", home="new")[0] == 0
    assert _read_all(Path("new/landing")) == _read_all(Path("home/landing"))


@pytest.mark.parametrize("fault", ["ENOSPC", "kill"])
def test_a_restore_that_breaks_off_leaves_nothing_half_and_can_be_repeated(
    settings: Settings, run: Run, fault: str
) -> None:
    """The home is as empty as before, or holds what the next restore clears away."""
    run("backup", "kept")
    place = "warehouse.backups.restoring:copy_private"
    if fault == "kill":
        _kill(place, 3, "restore", "new")
    else:
        with meet_fault(place, 3, FAULTS[fault]):
            code, said = run("restore", "kept", home="new")
        assert code == 2 and "heartbeat: restore: new: [Errno 28] No space left on device" in said
    assert {path.name for path in Path("new").iterdir()} <= {".restoring", "writer.lock"}
    assert run("restore", "kept", home="new")[0] == 0
    assert not Path("new/.restoring").exists() and Path("new/people.key").exists()


def test_no_landed_file_is_kept_without_those_before_it(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A listing may miss a file and show the next, whose cursor says that the rows of the first were had."""
    zone = open_zone(settings.landing_url)
    names = [f"a.b.c/00000/{number:08d}-x-0000.parquet" for number in range(4)]
    listings: list[tuple[list[str], list[str]]] = [([names[0], names[2]], []), (names, [])]
    monkeypatch.setattr(contents, "list_stored", lambda zone: listings.pop(0))

    assert list_settled(replace(zone)) == names[:3]


def test_an_attempt_that_goes_on_is_left_out(settings: Settings, run: Run) -> None:
    """In another home it would be told as died."""
    with record_attempt(settings, AttemptKind.COLLECT):
        assert run("backup", "kept")[0] == 0
    manifest = read_manifest(Path("kept"))
    assert manifest is not None
    assert [name.split("-")[1] for name in manifest.files if name.startswith("attempts/")] == ["build"]


def test_what_was_landed_in_a_bucket_is_backed_up_from_there(
    settings: Settings, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The restored home holds it in its own folder."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with s3_server("bucket") as address:
        url = f"s3://test:CANARY@bucket/zone?endpoint_override={address}&region=us-east-1"
        zone: Zone = open_zone(url)
        writer = open_writer(zone, CHANNELS[0], "github", NOW, key_id=open_people(settings).key_id)
        writer.finish(NOW)
        monkeypatch.setenv("HEARTBEAT_LANDING", url)
        code, said = run("backup", "kept")
        assert code == 0 and "(1 landed)" in said
    monkeypatch.delenv("HEARTBEAT_LANDING")
    code, said = run("restore", "kept", home="new")
    assert code == 0 and "HEARTBEAT_LANDING" not in said
    assert list_landed(open_zone("new/landing")) == writer.landed
    assert "CANARY" not in Path("kept/backup.json").read_text()


def test_a_backup_of_packed_files_replaces_one_of_the_files_in_them_and_waits_for_a_compaction(
    settings: Settings, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Landed files that were packed since the last backup are not gone; those that are, still are."""
    run("backup", "kept")
    names = list_landed(open_zone(settings.landing_url))
    for _ in range(2):
        # The second time, the last backup holds a pack that the home has merged into another one.
        for _ in range(3):
            _land(settings, CHANNELS[0])
        compact_zone(open_zone(settings.landing_url), least_files=2)
        assert run("backup", "kept")[0] == 0
    run("restore", "kept", home="new")
    restored = list_landed(open_zone("new/landing"))
    assert restored == list_landed(open_zone(settings.landing_url)) and set(names) < set(restored)
    assert len(list(Path("new/landing").rglob("*.parquet"))) < len(restored) - 2

    with hold_lock(settings.home, "tidy", name=COMPACTING):
        monkeypatch.setattr(
            writing, "hold_lock", lambda *args, **named: hold_lock(*args, **named | {"wait_seconds": 0})
        )
        code, said = run("backup", "kept")
    assert code == 2 and "(tidy) holds compacting.lock; retry when it has finished" in said
    next(Path("home/landing").rglob("packed/*.parquet")).unlink()
    code, said = run("backup", "kept")
    assert code == 2 and "holds 1 landed file that is gone from this home" in said
