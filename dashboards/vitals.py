"""Answers `/healthz` for programs that watch: it opens the published version and queries it."""

from collections import Counter
from datetime import timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from dashboards.frame import freshness, snapshot_reader
from warehouse.database import WarehouseError
from warehouse.freshness import SNAPSHOT_HOURS
from warehouse.settings import SettingsError
from warehouse.snapshot import Snapshot, count_figures

MOST_OVERDUE = 0.5
"""Share of collections that may be overdue before a version no longer counts as fresh."""


def judge_vitals() -> tuple[bool, dict[str, Any]]:
    """Judges whether readers are served figures that are fresh enough, by opening and querying the version that they
    see; says nothing of where anything lies."""
    try:
        snapshot = snapshot_reader.newest_snapshot()
        if snapshot is None:
            return False, {"status": "nothing published"}
        if not count_figures(snapshot):
            return False, {"status": "no figures"}
        return _judge_snapshot(snapshot)
    except (OSError, WarehouseError, SettingsError):
        return False, {"status": "unreadable"}


def _judge_snapshot(snapshot: Snapshot) -> tuple[bool, dict[str, Any]]:
    now = snapshot_reader.current_time(snapshot)
    conditions = Counter(row["condition"] for row in snapshot_reader.load_collections(snapshot, now))
    age = now - snapshot.published_at
    is_late = age > timedelta(hours=SNAPSHOT_HOURS) or conditions["overdue"] > MOST_OVERDUE * conditions.total()
    return not is_late, {
        "status": "late" if is_late else "ok",
        "version": snapshot.version,
        "published_at": snapshot.published_at.isoformat(),
        "age_hours": round(age.total_seconds() / 3600, 2),
        "is_sample": snapshot.is_sample,
        "collections": dict(sorted(conditions.items())),
        "freshness": freshness.judge_freshness(snapshot, now)[0],
    }


async def answer_health(_: Request) -> JSONResponse:
    is_well, stated = await run_in_threadpool(judge_vitals)
    return JSONResponse(stated, 200 if is_well else 503, {"Cache-Control": "no-store"})
