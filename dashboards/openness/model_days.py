"""Downloaded models by day: their age and size, and the gains of their counters."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.openness.charts import models as charts_models
from dashboards.openness.sentences import use
from dashboards.words import numbers

ModelDay = Mapping[str, Any]
"""A model on one day: its newest, or the gain of its counter since the day before."""
HUB = "the model hub"
MOST_COLOURED = 6
"""More colours than this cannot be told apart."""
HEIGHT = 360
MODELS = (
    "select model_id, family_id, day_on, created_at, downloads_30d, parameters, seen_at as as_of_at from "
    "staging.models_daily where downloads_30d is not null and created_at is not null qualify row_number() over "
    "(partition by model_id order by day_on desc) = 1 order by downloads_30d desc, model_id limit 600"
)
"""The newest day of every model."""


def load_newest(page: View) -> list[dict[str, Any]]:
    """Loads the newest day of every model, with its age in whole months on that day."""
    tops: set[str] = set()
    models = []
    for row in page.load_rows("staging.models_daily", MODELS):
        models.append(
            {
                **row,
                "age_months": _count_months(row["created_at"], row["day_on"]),
                "is_top": row["family_id"] not in tops,
            }
        )
        tops.add(row["family_id"])
    return models


def _count_months(since: datetime, until: date) -> int:
    return max(0, (until - since.date()).days // 30)


def _leading_families(models: Sequence[ModelDay]) -> list[str]:
    """Returns the families of the most downloaded models; these are coloured."""
    return [row["family_id"] for row in models if row["is_top"]][:MOST_COLOURED]


def draw_by_age(page: View, models: Sequence[ModelDay]) -> Figure:
    """Draws models by age and size, because older models have had time to be built into products."""
    title = use.name_most(models)
    return Figure(
        name="ages",
        title=title,
        subtitle="Each mark is a model: months since its release (across), downloads of the last 30 days (up), and "
        "larger marks for more parameters: under 2, 9, 40 or 150 billion, or more; ◇ where the size is not stated. "
        "Families are in order of their most downloaded model.",
        chart=charts_models.draw_ages(
            models, page.pick_colours(_leading_families(models)), page.titles, page.theme, HEIGHT
        )
        if models
        else None,
        rows=models,
        metric="model_downloads",
        source=HUB,
        alt=title,
    )


def draw_by_day(page: View, models: Sequence[ModelDay]) -> Figure:
    """Draws the daily gain of the all-time counter for each family's most downloaded model."""
    tops = {row["family_id"]: row["model_id"] for row in models if row["is_top"]}
    changes = page.load_rows("metrics.model_changes", "select * from metrics.model_changes order by family_id, day_on")
    rows = [row for row in changes if tops.get(row["family_id"]) == row["model_id"]]
    drawn = insert_gaps([row for row in rows if row["previous_on"] is not None])
    title = use.describe_falls([row for row in rows if row["is_anomaly"]], rows)
    return Figure(
        name="days",
        title=title,
        subtitle="Daily gain of the hub's all-time counter for each family's most downloaded model. A line breaks "
        "where no reading was taken; ✕ marks a day on which the counter fell: downloads were withdrawn, so there is "
        "no difference to show. Dashed: the last 30 days may still change.",
        chart=charts_models.draw_days(drawn, page.pick_colours(_leading_families(models)), page.titles, page.theme)
        if drawn
        else None,
        rows=rows,
        metric="model_changes",
        source=HUB,
        alt=f"{numbers.strip_markdown(title)}: " + ", ".join(sorted(page.titles[family] for family in tops)),
    )


def insert_gaps(rows: Sequence[ModelDay]) -> list[dict[str, Any]]:
    """Inserts a break before each row that follows days without a look."""
    drawn: list[ModelDay] = []
    for row in rows:
        if (row["day_on"] - row["previous_on"]).days > 1:
            drawn.append(
                {**row, "day_on": row["day_on"] - timedelta(days=1), "downloads_per_day": None, "is_anomaly": False}
            )
        drawn.append(row)
    return [
        {
            **row,
            "said": "none: the counter fell" if row["is_anomaly"] else numbers.format_count(row["downloads_per_day"]),
        }
        for row in drawn
    ]
