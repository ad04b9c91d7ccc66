"""The whole path on recorded answers, from HTTP to the published snapshot, against figures counted apart."""

import csv
import json
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import median, median_low
from typing import Any

import pytest

from tests.dashboards.test_pages import opened, seen, tell, texts
from tests.paths import RECORDINGS
from tests.recordings import recorded
from tests.recordings.published import NOW, publish_recordings
from tests.worlds.warehouse_rows import build_tables, select_models
from warehouse.database import open_warehouse
from warehouse.export import export_metrics
from warehouse.snapshot import Snapshot, query
from warehouse.wording import GAP

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the shared recordings are not here"),
]


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted in answers, apart from our code."""

    issues: int
    releases: Mapping[str, int]
    incidents: int
    """Of Google's list, and how many of them are called information, and how many of these are no trouble."""
    notes: int
    quiet: int
    entries: int
    """Of GitHub's feed."""


COUNTED = Counted(400, {"openai": 341, "anthropic": 202}, 157, 19, 3, 25)


@pytest.fixture(scope="module")
def counted() -> Counted:
    """What was counted in the recordings."""
    return COUNTED


@pytest.fixture(scope="module")
def root() -> Path:
    """The folder of the recordings."""
    return RECORDINGS


@pytest.fixture(scope="module")
def snapshot(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """What a reader sees after one collect, build and publish of them."""
    return publish_recordings(tmp_path_factory.mktemp("real"), root)


def _one(snapshot: Snapshot, sql: str) -> Any:
    (row,) = query(snapshot, sql).to_pylist()
    return next(iter(row.values())) if len(row) == 1 else row


def _metric(snapshot: Snapshot, name: str, **keys: str) -> dict[str, Any]:
    where = " and ".join(f"\"{key}\" = '{value}'" for key, value in keys.items())
    rows: list[dict[str, Any]] = query(snapshot, f"from metrics.{name} where {where}").to_pylist()
    (row,) = rows
    return row


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@pytest.mark.parametrize(("family", "repository"), [("llama", "ggml-org/llama.cpp"), ("sglang", "sgl-project/sglang")])
def test_every_recorded_issue_is_a_thread_in_the_state_that_it_was_in(
    snapshot: Snapshot, root: Path, counted: Counted, family: str, repository: str
) -> None:
    """400 real issues each: none lost, none twice."""
    issues = recorded.issues_of(repository, root)
    assert len(issues) == counted.issues
    found = query(
        snapshot, f"select number, state, opened_at from staging.threads where family_id = '{family}'"
    ).to_pylist()

    assert {row["number"]: row["state"] for row in found} == {issue["number"]: issue["state"] for issue in issues}
    opened = {issue["number"]: _instant(issue["created_at"]).replace(tzinfo=None) for issue in issues}
    assert {row["number"]: row["opened_at"] for row in found} == opened


def test_issues_whose_comments_were_never_seen_are_not_called_unanswered(
    snapshot: Snapshot, root: Path, counted: Counted
) -> None:
    """The recordings count the comments but do not hold them: what they would have said is unknown, not silence."""
    silent = sum(issue["comments"] == 0 for issue in recorded.issues_of("ggml-org/llama.cpp", root))
    found = _metric(
        snapshot,
        "answered_share",
        family_id="llama",
        channel_kind="tracker",
        channel_role="all",
        segment="anyone",
        statistic="within_30d",
        window="all",
    )

    assert found["n"] <= silent < counted.issues
    page = seen(snapshot.path.parent.parent, NOW, window="all")
    titles = [one.title for name in ("compare/compare", "support/support") for one in tell(name, page).figures()]
    known = {"Time until half hear back: not known", "Who leads: too few answers were read"}
    assert known <= {*titles}, "400 questions were called too few"


@pytest.mark.parametrize(("family", "repository"), [("llama", "ggml-org/llama.cpp"), ("sglang", "sgl-project/sglang")])
def test_nothing_is_claimed_of_answers_and_endings_that_are_not_held(
    snapshot: Snapshot, root: Path, family: str, repository: str
) -> None:
    """No comment and no closer is recorded: neither "100 % never answered" nor "0 % resolved", and the coverage is that
    of the issues without comments."""
    issues = recorded.issues_of(repository, root)
    silent = sum(issue["comments"] == 0 for issue in issues)
    cells = {"family_id": family, "channel_kind": "tracker", "channel_role": "all", "window": "all"}
    answered = _metric(snapshot, "answered_share", statistic="within_30d", segment="anyone", **cells)
    resolved = _metric(snapshot, "resolved_share", statistic="within_30d", segment="resolved", **cells)

    assert (answered["value"], answered["state"], resolved["value"]) == (None, "not enough data", None)
    assert answered["coverage_share"] == pytest.approx(silent / len(issues))
    if silent < len(issues):
        assert f"{len(issues) - silent} of {len(issues)} were not seen" in answered["note"]


@pytest.mark.parametrize(("family", "name"), [("gpt", "openai"), ("claude", "anthropic")])
def test_the_gap_between_sdk_releases_is_that_of_the_changelog(
    snapshot: Snapshot, root: Path, counted: Counted, family: str, name: str
) -> None:
    """Every dated heading of the file is a release, and the median gap is the one that a few lines give."""
    text = (root / "changelogs" / recorded.CHANGELOGS[name]).read_text(encoding="utf-8")
    headings = re.findall(r"^## \[?(\d+\.\d+\.\S*?)\]?(?:\(\S+\))? \((\d{4}-\d\d-\d\d)\)", text, re.MULTILINE)
    stable = sorted(_instant(day) for version, day in headings if not re.search(r"[a-z]", version))
    gaps = sorted((b - a).days for a, b in pairwise(stable))
    found = _metric(
        snapshot,
        "release_gap_days",
        family_id=family,
        channel_role="changelog",
        segment="stable",
        statistic="median",
        window="all",
    )

    assert (
        _one(snapshot, f"select count(*) from metrics.release_waits where family_id = '{family}'")
        == len(headings)
        == counted.releases[name]
    )
    # The gap that is still open is one more, censored: it is longer than the median, so it moves the middle by half a
    # place.
    assert found["value"] == next(
        gap for place, gap in enumerate(gaps, 1) if 1 - place / (len(gaps) + 1) <= 0.5 or place == len(gaps)
    )
    assert abs(found["value"] - median(gaps)) <= 1
    assert (found["n_events"], found["n_censored"]) == (len(gaps), 1)


def test_googles_incidents_last_as_long_as_its_own_times_say(snapshot: Snapshot, root: Path, counted: Counted) -> None:
    """157 incidents. Of the 19 called information 16 report trouble: these are disturbances; one reports
    maintenance."""
    incidents = {one["id"]: one for one in recorded.status("status.cloud.google.com__incidents.json", root)}
    notes = {key for key, one in incidents.items() if one["status_impact"] == "SERVICE_INFORMATION"}
    kept = query(
        snapshot,
        "select incident_id, kind, severity, incident_hours from metrics.incident_windows where family_id = 'google'",
    ).to_pylist()
    quiet = {row["incident_id"] for row in kept if row["kind"] in ("informational", "maintenance")}
    hours = [
        (_instant(one["end"]) - _instant(one["begin"])).total_seconds() / 3600
        for key, one in incidents.items()
        if key not in quiet
    ]
    lasted = [row["incident_hours"] for row in kept if row["incident_id"] not in quiet]

    assert len(kept) == len(incidents) == counted.incidents
    assert (len(notes), len(quiet)) == (counted.notes, counted.quiet)
    assert quiet < notes
    assert {row["severity"] for row in kept if row["incident_id"] in notes} == {0}
    assert len(lasted) == len(hours)
    assert median_low(lasted) == pytest.approx(median_low(hours), abs=1e-9)


def test_googles_uptime_is_the_union_of_its_outages_and_not_their_sum(snapshot: Snapshot, root: Path) -> None:
    """Overlapping incidents count once; time counts from the end of the first."""
    incidents = recorded.status("status.cloud.google.com__incidents.json", root)
    quiet = query(
        snapshot,
        "select incident_id from metrics.incident_windows where family_id = 'google' and kind in ('informational', "
        "'maintenance')",
    ).to_pylist()
    notes = {row["incident_id"] for row in quiet}
    oldest = min(incidents, key=lambda one: _instant(one["created"]))
    assert oldest["id"] not in notes
    first = _instant(oldest["end"])
    spans = sorted(
        (max(_instant(one["begin"]), first), _instant(one["end"])) for one in incidents if one["id"] not in notes
    )
    down, until = 0.0, first
    for start, end in spans:
        down += max(0.0, (end - max(start, until)).total_seconds())
        until = max(until, end)
    with closing(open_warehouse(snapshot.path.parent.parent)) as built:
        build_tables(built, select_models("downtime"), full=True)
        found = built.execute(
            "select certain_hours, observed_hours from metrics.downtime where family_id = 'google' and segment = 'all' "
            "and level = 'any' and \"window\" = 'all'"
        ).fetchone()

    # It is known until its longest gap after its last post, of 1 July 2022.
    posts = sorted(_instant(one["created"]) for one in incidents)
    silent_from = posts[-1] + max(later.date() - earlier.date() for earlier, later in pairwise(posts))
    assert found == pytest.approx((down / 3600, (silent_from - first).total_seconds() / 3600), abs=1e-9)


def test_a_feed_that_ended_has_no_uptime_and_no_rank_and_is_not_called_fresh(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Google's ended on 1 July 2022. Below "All collections are fresh" stood "Google posted 100 % uptime", measured."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())
    home = snapshot.path.parent.parent
    app = opened(monkeypatch, home, "reliability/reliability.py")
    said = texts(app).replace(GAP, " ")
    uptimes = query(
        snapshot, "select state, value, low, coverage_share from metrics.uptime_share where family_id = 'google'"
    )

    strip, alone = (
        next(one for one in tell("reliability/reliability", seen(home, NOW, chosen=names)).figures())
        for names in ((), ("google",))
    )

    assert "Google" not in str(strip.chart), "an empty line would look calm"
    assert (alone.chart, alone.title) == (None, "Posted incidents are not known here"), "its last year was 2022"
    assert {tuple(row.values()) for row in uptimes.to_pylist()} == {("not observable", None, None, 0.0)}
    assert [words for words in ("Google posted", "Google, 100 %", "collections are fresh") if words in said] == []
    assert "worst here: not observable, coverage 0 %]" in said
    assert "2 of 18 collections silent" in said and "2 collections of Github and Google are silent" in said
    assert "Google: Google\\'s page posted nothing since 2022\\-07\\-01\\." in said


def test_githubs_feed_gives_its_incidents_with_the_times_in_their_text(snapshot: Snapshot, counted: Counted) -> None:
    """The times are in the text without a year; the newest is from the night of 20 to 21 August 2026."""
    newest = _one(
        snapshot,
        "select started_at, ended_at from metrics.incident_windows where family_id = 'github'"
        " order by ended_at desc limit 1",
    )

    assert _one(snapshot, "select count(*) from metrics.incident_windows where family_id = 'github'") == counted.entries
    assert newest["ended_at"] == datetime(2026, 8, 21, 0, 37)
    assert newest["started_at"] < newest["ended_at"]
    graded = "from metrics.incident_windows where family_id = 'github' and severity is not null"
    assert _one(snapshot, f"select count(*) {graded}") == 0


@pytest.mark.parametrize("vendor", ["openai", "claude"])
def test_open_incidents_of_a_summary_are_open_and_have_no_end(snapshot: Snapshot, root: Path, vendor: str) -> None:
    """An incident without an end is neither over nor of length nought."""
    summary = recorded.status(f"status.{vendor}.com__api_v2_summary.json", root)
    channel = {"openai": "gpt.status.openai", "claude": "claude.status.claude"}[vendor]
    found = query(
        snapshot, f"select incident_id, ended_at from metrics.incident_windows where channel_id = '{channel}'"
    ).to_pylist()

    assert {row["incident_id"] for row in found} == {incident["id"] for incident in summary["incidents"]}
    assert {row["ended_at"] for row in found} == {None}


@pytest.mark.parametrize(("family", "organisation"), [("llama", "meta-llama"), ("mistral", "mistralai")])
def test_downloads_are_those_of_the_organisations_own_models(
    snapshot: Snapshot, root: Path, family: str, organisation: str
) -> None:
    """Derivatives by others are in the same recording, and are not the family's own downloads."""
    own = [model for model in recorded.models_of(organisation, root) if model["author"] == organisation]
    found = _metric(
        snapshot, "model_downloads", family_id=family, channel_role="all", statistic="rolling_30d", window="30d"
    )

    assert (found["value"], found["n"]) == (sum(model["downloads"] for model in own), len(own))


def test_the_export_holds_every_public_metric_and_the_figures_of_the_snapshot(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    """What is exported is what is shown."""
    names = {path.stem for path in export_metrics(snapshot, ["all"], tmp_path)}
    rows = list(csv.DictReader((tmp_path / "model_downloads.csv").open(newline="")))
    wanted = {"family_id": "llama", "channel_role": "all", "statistic": "rolling_30d", "window": "30d"}
    shown = _metric(snapshot, "model_downloads", **wanted)
    (exported,) = [row for row in rows if wanted.items() <= row.items()]

    assert names >= {
        "first_response_hours", "answered_share", "incident_rate", "recovery_hours", "uptime_share", "release_gap_days",
        "model_downloads", "model_derivatives",
    }  # fmt: skip
    assert float(exported["value"]) == shown["value"]
    assert exported["is_sample"] == "False"


def test_no_text_of_a_person_is_anywhere_in_the_landed_rows_or_the_snapshot(snapshot: Snapshot, root: Path) -> None:
    """Bodies become features at the door; a long phrase of one must not be found again."""
    texts = [issue["body"] or "" for issue in recorded.issues_of("ggml-org/llama.cpp", root)]
    titles = " ".join(issue["title"] for issue in recorded.issues_of("ggml-org/llama.cpp", root))
    phrases = [" ".join(text.split()[5:12]) for text in texts if len(text.split()) > 20]
    kept = json.dumps(query(snapshot, "from staging.threads").to_pylist(), default=str, ensure_ascii=False)
    landed = b"".join(path.read_bytes() for path in snapshot.path.parent.parent.glob("landing/*/*/*.parquet"))

    assert [phrase for phrase in phrases if len(phrase) > 30 and phrase in kept and phrase not in titles] == []
    assert len(landed) > 10_000


def test_the_claims_are_not_judged_by_what_was_recorded_by_chance(snapshot: Snapshot) -> None:
    """A few channels of a few families say nothing about open and proprietary models."""
    board = {row["claim_id"]: row for row in query(snapshot, "from metrics.claim_verdicts").to_pylist()}

    assert len(board) == 7
    assert {row["verdict"] for row in board.values()} == {"too few data", "cannot be read", "cannot be observed"}
    assert all("few" in row["wording"].lower() for row in board.values() if row["verdict"] == "too few data")
    assert [claim for claim, row in board.items() if not row["detectable_note"]] == ["h4"]
