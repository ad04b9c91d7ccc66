"""What one changed row of each source can make anew: no more than is written here, and what a build then makes."""

from datetime import datetime
from pathlib import Path

from analytics.engine.build import build_tables
from analytics.engine.models import read_models
from analytics.engine.rebuilds import describe_rebuilds, list_rebuilds
from tests.worlds.warehouse_rows import MODELS, empty_warehouse, fill

REBUILDS = {
    "status__components": "",
    "github__repositories packages__downloads": "adoption",
    "github__commits": "contributions",
    "huggingface__details huggingface__models huggingface__providers": "access adoption customizability",
}
"""Subjects of the metrics that a change makes anew, by stream."""
TIMED = (
    "changelog__entries deprecations__notice_events deprecations__notices discourse__posts discourse__topics"
    " github__comments github__discussion_comments github__discussions github__issues github__pulls github__releases"
    " huggingface__discussion_events huggingface__discussions prices__models reddit__comments reddit__posts"
    " reddit__trees stackexchange__answers stackexchange__questions status__incidents"
)
"""Streams from which something is timed: through the curves, which all subjects share, each may reach all others."""
DAY = datetime(2026, 11, 1)
HEADER = "".join(
    f"-- {line}\n"
    for line in ("question: What?", "grain: channel_id", "unit: none", "standard: none", "caveats: None.", "version: 1")
)
TOYS = {
    "staging/toy__things.sql": "select channel_id, body->>'$.a' as a, source_time, seen_at from raw.toy__things",
    "staging/toy__others.sql": "select channel_id, body->>'$.a' as a, source_time, seen_at from raw.toy__others",
    "conformed/toys.sql": "select channel_id, a from staging.toy__things",
    "intermediate/toy_counts.sql": "select channel_id, a from staging.toys",
    "intermediate/other_counts.sql": "select channel_id, a from staging.toy__others",
}


def test_a_change_of_each_stream_makes_metrics_of_these_subjects_anew() -> None:
    """Packages make no waits anew, and waits no prices."""
    subjects = {model.table: model.path.parent.name for model in MODELS}
    found = {f"{one.source}__{one.stream}": {subjects[table] for table in one.metrics} for one in list_rebuilds(MODELS)}
    expected = {stream: set(words.split()) for streams, words in REBUILDS.items() for stream in streams.split()}
    narrow = {stream: reached for stream, reached in found.items() if stream not in TIMED.split()}

    assert narrow == expected
    assert all("responsiveness" in found[stream] for stream in TIMED.split())


def test_what_is_listed_is_what_a_build_makes(tmp_path: Path) -> None:
    """Where every table comes out with other rows, all that is listed is made, and nothing else."""
    for name, query in TOYS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{HEADER}{query}\n")
    connection = empty_warehouse()
    fill(connection, "toy__things", [("chan", "1", DAY, DAY, {"a": 1})])
    fill(connection, "toy__others", [("chan", "1", DAY, DAY, {"a": 1})])
    build_tables(connection, root=tmp_path)
    others, things = list_rebuilds(read_models(tmp_path))
    fill(connection, "toy__things", [("chan", "2", DAY, DAY.replace(day=2), {"a": 2})])
    report = build_tables(connection, root=tmp_path)

    assert set(report.built) == things.tables == {"staging.toy__things", "staging.toys", "metrics.toy_counts"}
    assert others.tables == {"staging.toy__others", "metrics.other_counts"}


def test_the_command_prints_a_line_for_each_stream() -> None:
    """As `make rebuilds` shows it."""
    lines = describe_rebuilds(list_rebuilds(MODELS)).splitlines()

    assert lines[0].split() == ["source", "stream", "tables", "metrics"]
    assert len(lines) == 1 + len([model for model in MODELS if model.layer == "staging"])
    assert all(0 <= int(line.split()[3]) < int(line.split()[2]) for line in lines[1:])
