"""The facts beside the metrics in a test snapshot: families, collections, curves, incidents, models by day."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from tests.worlds.snapshots import models, rows
from warehouse.faults import Fault

if TYPE_CHECKING:
    from tests.worlds.snapshots.rows import World
Row = dict[str, Any]
CURVE_HOURS = (0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 96, 120, 168, 240, 336, 480, 720)
TEXT, NUMBER, COUNT, FLAG, INSTANT = pa.string(), pa.float64(), pa.int64(), pa.bool_(), pa.timestamp("us")
SCHEMAS: dict[str, dict[str, pa.DataType]] = {
    "staging.families": {
        "family_id": TEXT,
        "title": TEXT,
        "side": TEXT,
        "vendor": TEXT,
        "mentions": pa.list_(TEXT),
        "checked_on": pa.date32(),
    },
    "staging.channels": {
        "channel_id": TEXT,
        "family_id": TEXT,
        "source": TEXT,
        "target": TEXT,
        "role": TEXT,
        "channel_kind": TEXT,
        "is_official": FLAG,
        "url": TEXT,
        "is_enabled": FLAG,
        "cadence_hours": NUMBER,
        "components": pa.list_(TEXT),
        "evidence": TEXT,
        "seen_on": pa.date32(),
    },
    "staging.absences": {
        "family_id": TEXT,
        "channel_kind": TEXT,
        "state": TEXT,
        "why": TEXT,
        "evidence": TEXT,
        "seen_on": pa.date32(),
    },
    "staging.family_hosts": {"family_id": TEXT, "host_id": TEXT},
    "staging.facts": {
        "family_id": TEXT,
        "fact_kind": TEXT,
        "tuning_method": TEXT,
        "fact_words": TEXT,
        "from_on": pa.date32(),
        "until_on": pa.date32(),
        "promised_days": COUNT,
        "url": TEXT,
        "as_of_on": pa.date32(),
        "is_stale": FLAG,
    },
    "staging.collections": {
        "channel_id": TEXT,
        "thing": TEXT,
        "as_of_at": INSTANT,
        "last_run_at": INSTANT,
        "last_state": TEXT,
        "last_error": TEXT,
        "last_fault": TEXT,
        "expected": COUNT,
        "coverage_share": NUMBER,
        "requests": COUNT,
        "first_run_at": INSTANT,
        "passed_over_count": COUNT,
    },
    "staging.reconciliations": {
        "channel_id": TEXT,
        "thing": TEXT,
        **dict.fromkeys(
            ("source_total", "held_count", "difference_count", "before_window_count", "waiting_count"), COUNT
        ),
        **dict.fromkeys(("unreadable_count", "gone_count", "unexplained_count"), COUNT),
        "counted_at": INSTANT,
    },
    "staging.status_pages": {
        "channel_id": TEXT,
        "family_id": TEXT,
        "observed_from_at": INSTANT,
        "observed_until_at": INSTANT,
        "format": TEXT,
        "has_severity": FLAG,
    },
    "staging.models_daily": {
        "model_id": TEXT,
        "channel_id": TEXT,
        "family_id": TEXT,
        "day_on": pa.date32(),
        "downloads_30d": COUNT,
        "downloads_all_time": COUNT,
        "likes": COUNT,
        "gated": TEXT,
        "licence": TEXT,
        "parameters": COUNT,
        "created_at": INSTANT,
        "finetunes": COUNT,
        "adapters": COUNT,
        "quantized": COUNT,
        "merges": COUNT,
        "seen_at": INSTANT,
    },
    "metrics.model_changes": {
        "channel_id": TEXT,
        "model_id": TEXT,
        "family_id": TEXT,
        "day_on": pa.date32(),
        "previous_on": pa.date32(),
        "downloads_all_time": COUNT,
        "previous_downloads": COUNT,
        "is_anomaly": FLAG,
        "downloads_per_day": NUMBER,
    },
    "metrics.answered_curve": {
        "family_id": TEXT,
        "side": TEXT,
        "channel_kind": TEXT,
        "channel_role": TEXT,
        "segment": TEXT,
        "window": TEXT,
        "hours": NUMBER,
        "value": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "n_at_risk": COUNT,
    },
    "metrics.incident_windows": {
        "incident_id": TEXT,
        "channel_id": TEXT,
        "family_id": TEXT,
        "title": TEXT,
        "url": TEXT,
        "kind": TEXT,
        "severity": COUNT,
        "started_at": INSTANT,
        "ended_at": INSTANT,
        "is_open": FLAG,
        "is_retro": FLAG,
        "is_api": FLAG,
        "is_disturbance": FLAG,
        "is_start_known": FLAG,
        "observed_until_at": INSTANT,
    },
}


def tables(world: "World") -> dict[str, pa.Table]:
    """Facts by qualified name."""
    makers = {
        "staging.families": families,
        "staging.channels": channels,
        "staging.absences": absences,
        "staging.family_hosts": hosts,
        "staging.facts": dated_facts,
        "staging.collections": collections,
        "staging.reconciliations": reconciliations,
        "staging.status_pages": status_pages,
        "staging.models_daily": models.models_daily,
        "metrics.model_changes": models.model_changes,
        "metrics.answered_curve": curves,
        "metrics.incident_windows": incidents,
    }
    always = ("staging.families", "staging.channels")
    return {
        name: pa.Table.from_pylist(
            [row for row in make(world) if world.has_rows or name in always], pa.schema(list(SCHEMAS[name].items()))
        )
        for name, make in makers.items()
    }


def families(world: "World") -> Iterator[Row]:
    """Who is compared."""
    for family, (title, side) in world.titles().items():
        yield {
            "family_id": family,
            "title": title,
            "side": side,
            "vendor": title,
            "mentions": [title],
            "checked_on": world.now.date(),
        }


def hosts(world: "World") -> Iterator[Row]:
    """Two families served by one host."""
    for family, host in (("llama", "mistral"), ("qwen", "mistral")):
        yield {"family_id": family, "host_id": host}


def dated_facts(world: "World") -> Iterator[Row]:
    """One licence a family, every third read long ago, and a notice that is promised."""
    day = world.now.date()
    for place, family in enumerate(rows.FAMILIES):
        age = timedelta(days=400 if place % 3 == 0 else 30)
        fact = {
            "family_id": family,
            "tuning_method": "",
            "until_on": None,
            "url": f"https://{family}.example/terms",
            "as_of_on": day - age,
        }
        words = rows.HOSTILE[place % len(rows.HOSTILE)] if world.is_hostile else "Apache-2.0"
        yield fact | {
            "fact_kind": "licence",
            "fact_words": words,
            "from_on": None,
            "promised_days": None,
            "is_stale": place % 3 == 0,
        }
    notice = {"fact_kind": "notice", "fact_words": "At least 60 days", "promised_days": 60}
    yield fact | notice | {"family_id": "claude", "from_on": None, "is_stale": False}


def _things(family: str) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    if family not in rows.UNTRACKED:
        yield "github", f"{family}/sdk", "sdk", ("issues", "comments", "pulls", "releases", "repositories")
    if family in rows.STATUS_PAGES:
        yield "status", f"status.{family}.example", "status", ("incidents", "components")
    if rows.FAMILIES[family][1] == "open":
        yield "huggingface", family, "hub", ("models", "details")


def channels(world: "World") -> Iterator[Row]:
    """Where support happens."""
    for family in rows.FAMILIES:
        for source, target, role, _ in _things(family):
            yield {
                "channel_id": f"{family}.{source}.{target.replace('/', '-')}",
                "family_id": family,
                "source": source,
                "target": target,
                "role": role,
                "channel_kind": "tracker" if role == "sdk" else role,
                "is_official": True,
                "url": f"https://{source}.example/{target}",
                "is_enabled": True,
                "cadence_hours": 6.0,
                "components": [],
                "evidence": "C" if (family, source) == ("qwen", "huggingface") else "A",
                "seen_on": date(2026, 9, 10) if (family, source) == ("qwen", "huggingface") else None,
            }


def absences(world: "World") -> Iterator[Row]:
    """Kinds of channel a family has not."""
    yield {
        "family_id": "grok",
        "channel_kind": "tracker",
        "state": "closed by policy",
        "why": rows.UNTRACKED["grok"][1],
        "evidence": "B",
        "seen_on": date(2026, 9, 12),
    }


def collections(world: "World") -> Iterator[Row]:
    """When each channel was last read, and how that went."""
    for family in rows.FAMILIES:
        for source, target, _, things in _things(family):
            for thing in things:
                state = world.broken.get(family, "unchanged" if thing == "releases" else "complete")
                never = state == "failed" and thing == "pulls"
                error = {
                    "failed": "the server answered 503 five times",
                    "partial": "the request budget of this run is used up",
                }.get(state)
                yield {
                    "channel_id": f"{family}.{source}.{target.replace('/', '-')}",
                    "thing": thing,
                    "as_of_at": None if never else world.as_of_at,
                    "last_run_at": (world.now - timedelta(hours=1)).replace(tzinfo=None),
                    "last_state": state,
                    "last_fault": {"failed": Fault.SERVER_ERROR, "partial": Fault.BUDGET}.get(state, Fault.NONE).value,
                    "last_error": rows.HOSTILE[1] if world.is_hostile and error else error,
                    "expected": 1000,
                    "coverage_share": None if never else (0.62 if state == "partial" else 1.0),
                    "requests": 40,
                    "first_run_at": world.as_of_at,
                    "passed_over_count": 0,
                }


def reconciliations(world: "World") -> Iterator[Row]:
    """What the trackers count and what is held; a partial one still waits, and one family lacks two for no known
    reason."""
    for row in collections(world):
        if row["thing"] not in ("issues", "pulls"):
            continue
        waiting = 380 if row["last_state"] == "partial" else 0
        lost = 2 if row["channel_id"].startswith("qwen") else 0
        told = {
            "before_window_count": 200,
            "waiting_count": waiting,
            "unreadable_count": 1,
            "gone_count": 3,
            "unexplained_count": lost,
        }
        held = 1000 - 200 - waiting - 1 - lost + 3
        counted = {
            "source_total": 1000,
            "held_count": held,
            "difference_count": 1000 - held,
            "counted_at": world.as_of_at,
        }
        yield {"channel_id": row["channel_id"], "thing": row["thing"], **counted, **told}


def status_pages(world: "World") -> Iterator[Row]:
    """How far back each page reaches."""
    for place, family in enumerate(rows.STATUS_PAGES):
        yield {
            "channel_id": f"{family}.status.status.{family}.example",
            "family_id": family,
            "format": "statuspage",
            "has_severity": family != "deepseek",
            "observed_from_at": world.as_of_at - timedelta(days=(500, 420, 200, 75, 330)[place]),
            "observed_until_at": world.as_of_at,
        }


def incidents(world: "World") -> Iterator[Row]:
    """Incidents of every kind and severity: open ones, retro-posted ones, and with an end nobody gave."""
    draw = random.Random(11)
    for family, per_month in rows.STATUS_PAGES.items():
        start = next(row["observed_from_at"] for row in status_pages(world) if row["family_id"] == family)
        days = (world.as_of_at - start).days
        for number in range(round(per_month * days / 30)):
            started = start + timedelta(days=draw.random() * days)
            ended = started + timedelta(hours=draw.lognormvariate(0.2, 1.1))
            title = (
                rows.HOSTILE[number % len(rows.HOSTILE)]
                if world.is_hostile
                else f"Elevated errors on the API ({number})"
            )
            kind = draw.choices(
                ("degraded", "outage", "suspension", "informational", "maintenance"), (60, 25, 2, 5, 8)
            )[0]
            yield {
                "incident_id": f"{family}-{number}",
                "channel_id": f"{family}.status.status.{family}.example",
                "family_id": family,
                "title": title,
                "url": "javascript:alert(1)"
                if world.is_hostile
                else f"https://status.{family}.example/incidents/{number}",
                "kind": kind,
                "severity": None if family == "deepseek" else draw.choices((0, 1, 2, 3), (10, 55, 25, 10))[0],
                "started_at": started,
                "ended_at": None if number % 19 == 7 else min(ended, world.as_of_at),
                "is_open": number == 7,
                "is_retro": number % 11 == 3,
                "is_api": number % 4 != 0,
                "is_disturbance": kind in ("degraded", "outage"),
                "is_start_known": True,
                "observed_until_at": world.as_of_at,
            }


def curves(world: "World") -> Iterator[Row]:
    """Shares answered by the hours since asking, with bands that widen as fewer are left."""
    for family in rows.TYPICAL_HOURS:
        for window in rows.WINDOWS:
            for role in rows.ROLES:
                for segment, part in rows.ANSWERERS.items():
                    for hours in CURVE_HOURS:
                        value = rows.share_by(hours, rows.TYPICAL_HOURS[family]) * part
                        band = 0.015 + 0.02 * value
                        yield {
                            "family_id": family,
                            "side": world.titles()[family][1],
                            "channel_kind": "tracker",
                            "channel_role": role,
                            "segment": segment,
                            "window": window,
                            "hours": hours,
                            "value": value,
                            "low": max(0.0, value - band),
                            "high": min(1.0, value + band),
                            "n_at_risk": int(800 * (1 - value)),
                        }
