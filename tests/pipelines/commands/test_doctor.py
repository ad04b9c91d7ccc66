"""The doctor: says what is wrong and what to do, keeps nothing it was not asked to, and never a secret."""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import Catalog, read_catalog
from pipelines.commands import checks as local_checks
from pipelines.commands import doctor
from pipelines.commands.checks import run_checks
from pipelines.commands.doctor import examine, print_report
from pipelines.contract import Row
from tests.upstream.emulator import Upstream
from tests.upstream.faults import hang, html, status, throttled
from warehouse.database import open_warehouse, warehouse_path
from warehouse.faults import NOT_ASKED
from warehouse.landing import open_writer, open_zone
from warehouse.lock import hold_lock
from warehouse.schema.tables import VERSION
from warehouse.settings import TOKENS, Settings
from warehouse.snapshot import POINTER, digest_file, published_folder

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
CANARY = "canary-0000-secret"
CHANNELS = [
    Channel(source="github", target="o/r", role="sdk", family="gpt"),
    Channel(source="status", target="status.openai.com", role="status", format="incidentio", family="gpt"),
    Channel(source="changelog", target="notes", role="changelog", format="markdown", family="gpt"),
    Channel(source="packages", target="openai", role="packages", family="gpt"),
    Channel(
        source="prices", target="openrouter.ai", role="prices", format="openrouter", things=("models",), family="gpt"
    ),
]


@pytest.fixture
def up() -> Iterator[Upstream]:
    with Upstream(CHANNELS, seed=4, threads=40, now=NOW) as running:
        yield running


@pytest.fixture
def catalog(up: Upstream, tmp_path: Path) -> Catalog:
    return read_catalog([up.catalog(tmp_path / "catalog")], frozenset({"127.0.0.1"}))


def _settings(home: Path, **more: Any) -> Settings:
    values = {
        "HEARTBEAT_HOME": home,
        "HEARTBEAT_NOW": NOW,
        "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
        "GITHUB_TOKEN": CANARY,
    }
    return Settings(**{**values, **more}, _env_file=None)


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return _settings(tmp_path / "home")


def _endpoints(found: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["source"], one["thing"]): one for one in found["endpoints"]}


def _checks(settings: Settings, catalog: Catalog | None = None) -> dict[str, tuple[str, str]]:
    return {check.name: (check.state, check.words) for check in run_checks(settings, catalog or Catalog((), ()))}


def _only(catalog: Catalog, source: str) -> Catalog:
    return Catalog(catalog.families, tuple(one for one in catalog.channels if one.source == source))


def test_every_endpoint_is_asked_through_its_own_collector_and_nothing_is_landed(
    up: Upstream, catalog: Catalog, home: Settings
) -> None:
    """A line each, with newest date, rows and cost."""
    found = examine(home, catalog)
    asked = _endpoints(found)
    things = {
        (one.source, thing) for one in catalog.channels for thing in (one.things or sources.get_streams(one.source))
    }

    assert asked.keys() == things
    for key in (
        ("packages", "downloads"),
        ("prices", "models"),
        ("changelog", "entries"),
        ("github", "releases"),
        ("status", "incidents"),
    ):
        assert (
            (asked[key]["state"], asked[key]["words"]) == ("ok", "")
            and asked[key]["rows"] > 0
            and asked[key]["newest_at"]
        ), key
        assert 0 < asked[key]["requests"] <= doctor.REQUESTS
    assert (
        asked["packages", "downloads"]["newest_at"].startswith("2026-10-31")
        and asked["github", "issues"]["points"] >= 1
    )
    assert not list(Path(home.landing_url).rglob("*.parquet"))


def test_a_channel_that_others_saw_or_that_may_not_answer_says_so_beside_its_finding(
    up: Upstream, catalog: Catalog, home: Settings
) -> None:
    """Whether it answered or not: the reader of a failure must know that the entry itself was never tried."""
    caution = "It may answer with a challenge."
    doubtful = [
        one.model_copy(update={"evidence": "C", "seen_on": date(2026, 9, 10), "caution": caution})
        if one.source in ("status", "changelog")
        else one
        for one in catalog.channels
    ]
    up.fail("changelog", None, status(403))
    found = examine(home, replace(catalog, channels=tuple(doubtful)))
    console = Console(record=True, width=300, file=io.StringIO())
    print_report(console, found, is_whole=True)
    said = " ".join(console.export_text().split())
    basis = "rests on another reader's code or words, seen 2026-09-10; not tried by us"
    asked = _endpoints(found)

    assert {key[0] for key, one in asked.items() if (one["evidence"], one["caution"]) == (basis, caution)} == {
        "status", "changelog",
    }  # fmt: skip
    assert (asked["status", "incidents"]["state"], asked["changelog", "entries"]["state"]) == ("ok", "failed")
    lines = len([one for one in doubtful if one.source in ("status", "changelog")])
    assert said.count(f"{basis}; {caution}") >= lines > 1


def test_no_secret_is_in_what_is_said_or_kept(up: Upstream, catalog: Catalog, home: Settings) -> None:
    """Tokens are named, never shown."""
    up.fail("github", None, status(401))
    found = examine(home, catalog)
    console = Console(record=True, width=300, file=io.StringIO())
    print_report(console, found, is_whole=True)
    said = console.export_text() + json.dumps(found)
    assert CANARY not in said and "GITHUB_TOKEN" in said and found["is_wrong"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (html(), "expected"), (status(503), "503"), (throttled(), "rate limited"), (throttled("9"), "rate limited"),
        (status(404), "404"),
    ],
)  # fmt: skip
def test_an_endpoint_that_fails_is_asked_once_and_not_waited_for(
    up: Upstream, catalog: Catalog, home: Settings, fault: Any, words: str
) -> None:
    """No storm of repeats."""
    prices = _only(catalog, "prices")
    up.fail("prices", None, fault)
    began = time.monotonic()
    (one,) = examine(home, prices)["endpoints"]
    assert one["state"] == "failed" and words in one["words"] and len(up.requests) == 1
    assert time.monotonic() - began < 5


def test_a_host_without_an_address_is_named_once_and_quickly(home: Settings) -> None:
    """Without a network each host says so; nobody waits for each of its channels."""
    channels = tuple(
        Channel(source="packages", target=name, role="packages", family="x", base_url="https://nowhere.invalid")
        for name in ("a", "b", "c")
    )
    began = time.monotonic()
    found = examine(home, Catalog((), channels))["endpoints"]
    assert "nowhere.invalid: no address (DNS)" in found[0]["words"]
    assert [one["words"] for one in found[1:]] == [f"{NOT_ASKED}{found[0]['words']}"] * 2
    assert time.monotonic() - began < 12


def test_the_whole_check_is_bounded_whatever_hangs(
    up: Upstream, catalog: Catalog, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has not answered by then is said to be late, and the others are told."""
    monkeypatch.setattr(doctor, "LONGEST_SECONDS", 2.0)
    up.fail("packages", None, hang(30))
    found = _endpoints(examine(home, catalog))
    assert found["packages", "downloads"]["words"].startswith("no answer within 2 s; check it alone with --channel ")
    assert found["prices", "models"]["state"] == "ok"


def test_what_may_not_be_asked_is_skipped_with_its_reason(up: Upstream, catalog: Catalog, tmp_path: Path) -> None:
    """Terms that nobody accepted, tokens that are not set: neither is a fault."""
    held = tuple(
        one.model_copy(update={"terms": "https://example.org/terms"}) if one.source == "prices" else one
        for one in catalog.channels
    )
    settings = _settings(tmp_path / "home", GITHUB_TOKEN="")
    found = examine(settings, Catalog(catalog.families, held))
    asked = _endpoints(found)
    assert (asked["prices", "models"]["state"], asked["github", "pulls"]["words"]) == ("skipped", "needs GITHUB_TOKEN")
    assert not up.requests_to("prices")
    checks = _checks(settings, Catalog(catalog.families, held))
    assert checks["terms"][0] == "note" and "https://example.org/terms" in checks["terms"][1]
    assert (
        checks["GITHUB_TOKEN"][0] == "note"
        and "issues of 1 channel (instead of the newest of 1)" in checks["GITHUB_TOKEN"][1]
    )
    accepted = _settings(tmp_path / "home", HEARTBEAT_TERMS="prices")
    assert _endpoints(examine(accepted, Catalog(catalog.families, held)))["prices", "models"]["state"] == "ok"


def test_a_bug_of_a_source_is_named_by_its_place_only(
    up: Upstream, catalog: Catalog, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its text may hold what came from outside."""

    def broken(visit: Any) -> Any:
        raise KeyError(CANARY)
        yield

    monkeypatch.setattr("pipelines.sources.packages.downloads", broken)
    one = _endpoints(examine(home, catalog))["packages", "downloads"]
    assert one["words"].startswith("KeyError at test_doctor.py:") and CANARY not in json.dumps(one)


def test_only_what_matches_is_asked(up: Upstream, catalog: Catalog, home: Settings) -> None:
    """By source, family and channel; offline nothing at all."""
    assert {one["source"] for one in examine(home, catalog, source="packages")["endpoints"]} == {"packages"}
    assert {one["channel"] for one in examine(home, catalog, channel="gpt.changelog.notes")["endpoints"]} == {
        "gpt.changelog.notes"
    }
    assert len(examine(home, catalog, family="gpt")["endpoints"]) == len(examine(home, catalog)["endpoints"])
    up.forget()
    assert examine(home, catalog, is_offline=True)["endpoints"] == [] and up.requests == []


def test_a_wrong_clock_is_told_by_the_hosts_own(up: Upstream, catalog: Catalog, tmp_path: Path) -> None:
    """All of them tell the time in each answer."""
    late = _settings(tmp_path / "home", HEARTBEAT_NOW=NOW + timedelta(minutes=90))
    found = {check["name"]: check for check in examine(late, _only(catalog, "changelog"))["checks"]}
    assert found["clock"]["state"] == "wrong" and "set this machine's clock" in found["clock"]["words"]


def test_an_empty_installation_is_not_wrong(home: Settings) -> None:
    """Nothing has gone wrong where nothing has been done; no home is made by looking at it."""
    checks = _checks(home)
    assert {state for state, _ in checks.values()} == {"ok", "note"} and not (home.home / "warehouse.duckdb").exists()
    assert checks["landing"] == ("ok", "empty: nothing collected yet")
    assert checks.keys() >= {*TOKENS, "disk", "lock", "landing", "snapshot"}
    assert local_checks.UNLOCKS.keys() == set(TOKENS)


def test_settings_are_named_and_never_shown(home: Settings) -> None:
    """A value may be a secret or lead to one."""
    words = _checks(home)["settings"][1]
    assert "HEARTBEAT_HOME" in words and "GITHUB_TOKEN" in words and CANARY not in words and str(home.home) not in words


def test_what_a_renamed_family_file_leaves_behind_is_told(home: Settings, catalog: Catalog) -> None:
    """Its channels begin anew under the new name, and what was collected under the old one is in no figure."""
    _landed(home)
    renamed = tuple(one.model_copy(update={"family": "gpt-next"}) for one in catalog.channels)

    assert "unnamed" not in _checks(home, catalog)
    state, words = _checks(home, Catalog(catalog.families, renamed))["unnamed"]
    assert state == "note" and words.startswith("gpt.packages.openai: landed, but no family file names them")


def test_faults_of_the_data_are_named_with_what_to_do(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged landed file, a warehouse of a newer Heartbeat, a published file that is gone, a full disk."""
    home.home.mkdir()
    path = _landed(home)
    assert _checks(home)["landing"] == ("ok", "1 file; the newest of each channel is readable")
    path.write_bytes(path.read_bytes()[:-20])
    connection = open_warehouse(home.home)
    connection.execute(f"insert into ledger.version values ({VERSION + 1})")
    connection.close()
    published_folder(home.home).mkdir()
    pointer = {
        "file": "snapshot-00000001-0123456789abcdef.duckdb",
        "version": 1,
        "published_at": (NOW - timedelta(days=9)).isoformat(),
        "is_sample": False,
    }
    (published_folder(home.home) / POINTER).write_text(json.dumps(pointer))
    monkeypatch.setattr(local_checks, "LITTLE_SPACE", 1 << 62)
    checks = _checks(home)
    assert {name for name, (state, _) in checks.items() if state == "wrong"} == {
        "landing",
        "warehouse",
        "snapshot",
        "disk",
    }
    assert "move it out of the landing zone" in checks["landing"][1] and "update Heartbeat" in checks["warehouse"][1]
    assert (
        "snapshot-00000001-0123456789abcdef.duckdb is gone" in checks["snapshot"][1]
        and "free some space" in checks["disk"][1]
    )
    (published_folder(home.home) / POINTER).write_text("{")
    assert "current.json is damaged" in _checks(home)["snapshot"][1]
    made = published_folder(home.home) / "made.duckdb"
    duckdb.connect(made).close()
    sound = made.rename(made.with_name(f"snapshot-00000001-{digest_file(made)}.duckdb"))
    (published_folder(home.home) / POINTER).write_text(json.dumps(pointer | {"file": sound.name}))
    assert _checks(home)["snapshot"] == (
        "note",
        "version 1, published 23 Oct 2026 06:00 UTC (9\N{NO-BREAK SPACE}d ago); is the schedule running?",
    )


def _landed(settings: Settings) -> Path:
    """One landed file of a channel, to be spoilt."""
    writer = open_writer(open_zone(settings.landing_url), "gpt.packages.openai", "packages", NOW)
    writer.add_rows([("downloads", "k", None, "{}")], NOW)
    writer.finish(NOW)
    return next(Path(settings.landing_url).glob("gpt*/*/*.parquet"))


def test_a_home_that_cannot_be_used_is_told_and_the_rest_is_asked(
    up: Upstream, catalog: Catalog, tmp_path: Path
) -> None:
    """A doctor that falls over the very fault that it should name helps nobody."""
    (tmp_path / "file").write_text("no folder")
    found = examine(_settings(tmp_path / "file"), _only(catalog, "packages"))
    wrong = {check["name"] for check in found["checks"] if check["state"] == "wrong"}
    assert wrong >= {"lock", "landing"} and found["endpoints"][0]["state"] == "ok"


def test_who_writes_is_named_and_is_no_fault(home: Settings) -> None:
    """A run may be under way; a warehouse that cannot be opened is one."""
    with hold_lock(home.home, "build and publish"):
        imports = "from pathlib import Path; from pipelines.commands.checks import _check_lock"
        child = f"{imports}; print(_check_lock(Path({str(home.home)!r})))"
        said = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, check=True).stdout
    assert "state='note'" in said and "build and publish" in said
    warehouse_path(home.home).write_bytes(b"no database")
    assert _checks(home)["warehouse"][0] == "wrong"


def test_the_command_speaks_json_and_ends_with_1_when_something_is_wrong(tmp_path: Path) -> None:
    """For programs: the exit code says it, the rest is one JSON object."""
    kept = {name: value for name, value in os.environ.items() if name not in TOKENS}
    environment = {**kept, "HEARTBEAT_HOME": str(tmp_path / "home"), "GITHUB_TOKEN": CANARY}
    command = [sys.executable, "-m", "pipelines", "doctor", "--json"]
    fine = subprocess.run(
        [*command, "--offline"], capture_output=True, text=True, env=environment, cwd=tmp_path, check=False
    )
    assert (fine.returncode, json.loads(fine.stdout)["is_wrong"], fine.stderr) == (
        0,
        False,
        "",
    ) and CANARY not in fine.stdout
    family = tmp_path / "catalog" / "x.toml"
    family.parent.mkdir()
    family.write_text(
        'title = "X"\nside = "open"\nvendor = "X"\nmentions = ["x"]\nchecked_on = 2026-11-01\n'
        '[[channel]]\nsource = "packages"\n'
        'target = "x"\nrole = "packages"\nbase_url = "https://nowhere.invalid"\n'
    )
    own = {**environment, "HEARTBEAT_CATALOG": str(family.parent), "HEARTBEAT_CATALOG_ONLY": "1"}
    wrong = subprocess.run(command, capture_output=True, text=True, env=own, cwd=tmp_path, check=False, timeout=60)
    assert wrong.returncode == 1 and "no address (DNS)" in json.loads(wrong.stdout)["endpoints"][0]["words"]
    unknown = subprocess.run(
        [*command, "--source", "pakages"], capture_output=True, text=True, env=environment, cwd=tmp_path, check=False
    )
    assert unknown.returncode == 2 and "no such source" in unknown.stderr


def test_the_newest_instant_is_none_of_the_future() -> None:
    """An announced end is no news; where no row says when it changed, what it tells of instants and days counts."""
    rows = [Row("1", None, {"expires_on": "2027-01-01", "created_at": "2026-10-01T00:00:00Z", "title": "2026-10-09"})]
    assert doctor.find_newest(rows, NOW) == "2026-10-01T00:00:00.000000Z"
    assert doctor.find_newest([Row("1", None, {"day_on": "2026-10-31"})], NOW) == "2026-10-31T00:00:00.000000Z"
    assert (
        doctor.find_newest([Row("1", datetime(2026, 9, 1, tzinfo=UTC), {"created_at": "2026-10-01"})], NOW)
        == "2026-09-01T00:00:00.000000Z"
    )
    assert doctor.find_newest([Row("1", None, {"day_on": "2027-10-31"})], NOW) is None
