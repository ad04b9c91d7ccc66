"""Counters of models by day for a test snapshot, with every fault that counters have."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.worlds.snapshots import rows

if TYPE_CHECKING:
    from tests.worlds.snapshots.rows import World

Row = dict[str, Any]


def models_daily(world: "World") -> Iterator[Row]:
    """Counters by day since the first visit, with days nobody looked and one on which the source took downloads
    back."""
    draw = random.Random(5)
    for place, (family, (_, side)) in enumerate(rows.FAMILIES.items()):
        for model in range(3 if side == "open" else 0):
            total = 900_000_000 // (place + 1) // (model + 1)
            for day in range(45):
                gained = int(2_000_000 / (place + 1) ** 1.4 / (model + 1) * (0.8 + draw.random() * 0.4))
                total += -gained * 9 if (day, model, family) == (31, 0, "gemma") else gained
                if 12 <= day < 16 and family == "qwen":
                    continue
                yield {
                    "model_id": rows.HOSTILE[0]
                    if world.is_hostile and model == 1
                    else f"{family}/{family}-{model + 1}",
                    "channel_id": f"{family}.huggingface.{family}",
                    "family_id": family,
                    "day_on": (world.as_of_at - timedelta(days=44 - day)).date(),
                    "downloads_30d": gained * 30,
                    "downloads_all_time": total,
                    "likes": 1000,
                    "gated": "no",
                    "licence": "apache-2.0",
                    "parameters": (8, 70, 400)[model] * 10**9,
                    "created_at": world.as_of_at - timedelta(days=200 + 170 * model + 40 * place),
                    "finetunes": 300,
                    "adapters": 200,
                    "quantized": 500,
                    "merges": 40,
                    "seen_at": world.as_of_at,
                }


def model_changes(world: "World") -> Iterator[Row]:
    """What each counter gained since it was last read; nothing where it fell."""
    before: dict[str, Row] = {}
    for row in models_daily(world):
        seen = before.get(row["family_id"] + row["model_id"])
        gained = row["downloads_all_time"] - seen["downloads_all_time"] if seen else None
        yield {
            "channel_id": row["channel_id"],
            "model_id": row["model_id"],
            "family_id": row["family_id"],
            "day_on": row["day_on"],
            "previous_on": seen["day_on"] if seen else None,
            "downloads_all_time": row["downloads_all_time"],
            "previous_downloads": seen["downloads_all_time"] if seen else None,
            "is_anomaly": gained is not None and gained < 0,
            "downloads_per_day": gained / (row["day_on"] - seen["day_on"]).days
            if seen and gained is not None and gained >= 0
            else None,
        }
        before[row["family_id"] + row["model_id"]] = row
