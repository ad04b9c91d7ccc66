"""Answers programs that watch: `/healthz` says whether readers are served, `/metrics` what is wrong, for Prometheus."""

from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboards.frame import snapshot_reader
from warehouse.database import WarehouseError
from warehouse.findings import BLINDING, NETWORK, Finding, find_problems
from warehouse.snapshot import Snapshot, count_figures

STOPPING = BLINDING | {NETWORK}
"""Ids of findings that keep new figures from readers; one source among many does not."""


def judge_vitals() -> tuple[Snapshot | None, list[Finding]]:
    """Opens and queries the version that readers see; returns it, None if there are no figures, and what is wrong."""
    try:
        snapshot = snapshot_reader.newest_snapshot()
        problems = snapshot_reader.load_problems(snapshot)
        return (snapshot if snapshot and count_figures(snapshot) else None), problems
    except (OSError, WarehouseError) as error:
        return None, find_problems(snapshot_reader.read_environment(), None, str(error))


def state_health(snapshot: Snapshot | None, problems: list[Finding]) -> dict[str, Any]:
    """States the health as `/healthz` does: nothing of it says where anything lies."""
    is_stopped = any(finding.id in STOPPING and finding.level != "note" for finding in problems)
    return {
        "status": "no figures" if snapshot is None else "wrong" if is_stopped else "ok",
        "version": snapshot.version if snapshot else None,
        "published_at": snapshot.published_at.isoformat() if snapshot else None,
        "is_sample": snapshot is not None and snapshot.is_sample,
        "problems": [
            {
                "id": finding.id, "level": finding.level, "since": finding.since.isoformat(), "what": finding.what,
                "effect": finding.effect, "remedy": finding.remedy,
            }
            for finding in problems
        ],
    }  # fmt: skip


def render_metrics(snapshot: Snapshot | None, problems: list[Finding]) -> bytes:
    """Renders the version that readers see and each problem as gauges, in the text format of Prometheus."""
    registry = CollectorRegistry()
    published = Gauge(
        "heartbeat_published_timestamp_seconds", "When the shown version was published.", registry=registry
    )
    published.set(snapshot.published_at.timestamp() if snapshot else 0)
    labels = ("id", "level")
    since = Gauge(
        "heartbeat_problem_since_timestamp_seconds", "Since when each problem lasts.", labels, registry=registry
    )
    for finding in problems:
        since.labels(finding.id, finding.level).set(finding.since.timestamp())
    return generate_latest(registry)


async def answer_health(_: Request) -> JSONResponse:
    stated = await run_in_threadpool(lambda: state_health(*judge_vitals()))
    return JSONResponse(stated, 200 if stated["status"] == "ok" else 503, {"Cache-Control": "no-store"})


async def answer_metrics(_: Request) -> Response:
    text = await run_in_threadpool(lambda: render_metrics(*judge_vitals()))
    return Response(text, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
