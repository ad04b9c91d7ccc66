"""The doctor: says what is wrong and what to do, keeps nothing it was not asked to, and never a secret."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import Catalog
from pipelines.commands.checks import run_checks
from pipelines.commands.problems import read_problems
from tests.worlds.news.homes import publish_items
from warehouse import findings
from warehouse.database import open_warehouse
from warehouse.landing import open_writer, open_zone
from warehouse.schema.tables import VERSION
from warehouse.settings import TOKENS, Settings

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
def catalog() -> Catalog:
    return Catalog((), tuple(CHANNELS))


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


def _checks(settings: Settings, catalog: Catalog | None = None) -> dict[str, tuple[str, str]]:
    return {check.name: (check.state, check.words) for check in run_checks(settings, catalog or Catalog((), ()))}


def test_tokens_and_terms_that_are_missing_are_to_note(catalog: Catalog, tmp_path: Path) -> None:
    """Neither is a fault; each says what it would add."""
    held = tuple(
        one.model_copy(update={"terms": "https://example.org/terms"}) if one.source == "prices" else one
        for one in catalog.channels
    )
    checks = _checks(_settings(tmp_path / "home", GITHUB_TOKEN=""), Catalog(catalog.families, held))
    assert checks["terms"][0] == "note" and "https://example.org/terms" in checks["terms"][1]
    assert checks["GITHUB_TOKEN"][0] == "note" and "issues of 1 channel" in checks["GITHUB_TOKEN"][1]


def test_an_empty_installation_is_not_wrong(home: Settings) -> None:
    """Nothing has gone wrong if nothing has been done; no home is made by looking at it."""
    checks = _checks(home)
    assert {state for state, _ in checks.values()} == {"ok", "note"} and not (home.home / "warehouse.duckdb").exists()
    assert checks.keys() >= {*TOKENS, "disk", "lock"} and _problems(home) == {}


def _problems(settings: Settings) -> dict[str, str]:
    return {one.id: f"{one.why} {one.remedy}" for one in read_problems(settings)[1]}


def test_faults_of_the_data_are_named_with_what_to_do(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged landed file, a warehouse of a newer Heartbeat, a disk with little room, a damaged version."""
    version = publish_items(home.home).path
    path = _landed(home)
    assert _problems(home) == {}
    for damaged in (path, version):
        damaged.write_bytes(damaged.read_bytes()[:-4096])
    connection = open_warehouse(home.home)
    connection.execute(f"insert into ledger.version values ({VERSION + 1})")
    connection.close()
    monkeypatch.setattr(findings, "LITTLE_BYTES", 1 << 62)
    problems = _problems(home)
    assert problems.keys() == {"landing", "build", "space", "snapshot"}
    assert "move it out of the landing zone" in problems["landing"] and "Update Heartbeat" in problems["build"]
    assert "is damaged" in problems["snapshot"] and "Free some space" in problems["space"]


@pytest.mark.parametrize(("value", "words"), [("ftp://x/y", "use s3://bucket/folder"), (__file__, "write a folder")])
def test_a_wrong_landing_zone_is_a_problem(value: str, words: str, tmp_path: Path) -> None:
    """All commands say so, since nothing arrives."""
    assert words in _problems(_settings(tmp_path / "home", HEARTBEAT_LANDING=value))["landing"]


def _landed(settings: Settings) -> Path:
    """One landed file of a channel, to be spoilt."""
    writer = open_writer(open_zone(settings.landing_url), "gpt.packages.openai", "packages", NOW)
    writer.add_rows([("downloads", "k", None, "{}")], NOW)
    writer.finish(NOW)
    return next(Path(settings.landing_url).glob("gpt*/*/*.parquet"))


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("HEARTBEAT_FRESHNESS", "status=12:3", "'status=12:3': write source=late:overdue in hours"),
        ("HEARTBEAT_SNAPSHOT", "ftp://x/y", "ftp://x/y: use a folder, an https address"),
        ("HEARTBEAT_SNAPSHOT", "https://[x", "name a folder or https://HOST/FOLDER"),
        ("HEARTBEAT_SNAPSHOT", "/nowhere", "/nowhere: no heartbeat.json there; name a folder"),
        ("HEARTBEAT_NOTIFY", f"jsons://example.com {CANARY}", "place 2 of HEARTBEAT_NOTIFY: not an address"),
        ("HEARTBEAT_DEADMAN", f"mailto://{CANARY}@x", "write an address that begins with https://"),
        ("HEARTBEAT_TERMS", "githb", "'githb': no such source or host; did you mean github?"),
        ("HEARTBEAT_PEOPLE_KEY", CANARY[:9], "has 9 bytes, fewer than 16"),
        ("HEARTBEAT_PORT", "4200", "HEARTBEAT_PREFECT_PORT are both 4200: choose another port"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_write(
    variable: str, value: str, words: str, catalog: Catalog, tmp_path: Path
) -> None:
    """`read_settings` refuses the values that it can judge alone; a secret is never repeated."""
    checks = run_checks(_settings(tmp_path / "home", **{variable: value}), catalog)
    wrong = [check.words for check in checks if check.state == "wrong"]
    assert len(wrong) == 1 and variable in wrong[0] and words in wrong[0] and CANARY[:9] not in wrong[0]


def test_a_misspelt_variable_is_named(home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing reads it, so its value is lost without a word."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEARTBEAT_PROT", "8600")
    Path(".env").write_text("# HEARTBEAT_TREMS=x\nexport HEARTBEAT_NWES = off\nHEARTBEAT_BASE=python\n")
    wrong = [check.words for check in run_checks(home, Catalog((), ())) if check.state == "wrong"]
    assert wrong == [
        "HEARTBEAT_NWES: no such setting; did you mean HEARTBEAT_NEWS?",
        "HEARTBEAT_PROT: no such setting; did you mean HEARTBEAT_PORT?",
    ]


def test_the_command_speaks_json_and_ends_with_1_when_something_is_wrong(tmp_path: Path) -> None:
    """For programs: the exit code says it, the rest is one JSON object without a secret."""
    kept = {name: value for name, value in os.environ.items() if name not in TOKENS}
    environment = {**kept, "HEARTBEAT_HOME": str(tmp_path / "home"), "GITHUB_TOKEN": CANARY}
    command = [sys.executable, "-m", "pipelines", "doctor", "--json"]

    def run(**more: str) -> tuple[int, bool]:
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment | more, cwd=tmp_path, check=False
        )
        assert done.stderr == "" and CANARY not in done.stdout
        return done.returncode, json.loads(done.stdout)["is_wrong"]

    assert run() == (0, False)
