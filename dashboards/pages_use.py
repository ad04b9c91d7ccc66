"""Adoption: how much the open models are used, and what people make of them."""

from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from dashboards import charts, charts_models, frame, reading, sentences, words
from dashboards.figure import figure

QUESTION = "How much are the models used, and what is made of them?"
SOURCE = "the model hub"
KIND = "hub"
MOST_COLOURED = 6
"""More colours than these cannot be told apart."""
LEAST = 196
"""Pixels below which a cloud of marks cannot be read."""
RELATIONS = {"finetune": "fine-tuned models", "adapter": "adapters", "quantized": "quantized copies", "merge": "merges"}


def show(page: frame.View) -> None:
    """Downloads by family and by the age of the model, by day, and derivatives by relation."""
    rows = page.metric("model_downloads", KIND, statistics=("rolling_30d",))
    frame.answer(QUESTION, sentences.downloads(rows, page.titles))
    order = page.order(rows)
    left, right = st.columns(2, gap="medium")
    with left:
        figure(
            page,
            "downloads",
            sentences.leaders(rows, "count", page.titles, "Most downloaded"),
            "Downloads of the last 30 days as the hub counts them, all models of a family; a count of the source, so without an interval.",
            charts.dots(rows, "count", order, page.titles, page.tone) if rows else None,
            rows,
            "model_downloads",
            SOURCE,
            sentences.alt(rows, "count", page.titles, "downloads of the last 30 days"),
        )
    with right:
        by_age(page, charts.STEP * (len(rows) + 2))
    by_day(page)
    st.markdown("## What people make of them", anchors=False)
    derivatives(page, order)


def by_age(page: frame.View, height: int) -> None:
    """Old and new models apart: what has been out for long has had time to be built into things."""
    models = _models(page)
    title = "Downloads by age: the hub's counters of each model"
    if models:
        top = max(models, key=lambda row: row["downloads_30d"])
        title = f"Most downloaded model: {words.plain(top['model_id'].rpartition('/')[2])}, out for {words.count(top['age_months'])} months"
    figure(
        page,
        "ages",
        title,
        "Each mark is a model: months since its release (across) and downloads of the last 30 days (up). Families stand in the order "
        "of their most downloaded model.",
        charts_models.ages(models, page.colours(_leading(models)), page.titles, page.tone, max(LEAST, height)) if models else None,
        models,
        "model_downloads",
        SOURCE,
        title,
    )


def _models(page: frame.View) -> list[dict[str, Any]]:
    """The newest day of every model, with its age in whole months on that day."""
    if not reading.has(page.snapshot, "staging.models_daily"):
        return []
    found = reading.rows(
        page.snapshot,
        "select model_id, family_id, day_on, created_at, downloads_30d, seen_at as as_of_at from staging.models_daily where "
        "downloads_30d is not null and created_at is not null"
        " qualify row_number() over (partition by model_id order by day_on desc) = 1 order by downloads_30d desc, model_id limit 600",
    )
    wanted = {family["family_id"] for family in page.families}
    tops: set[str] = set()
    models = []
    for row in found:
        if row["family_id"] in wanted:
            models.append({**row, "age_months": _months(row["created_at"], row["day_on"]), "is_top": row["family_id"] not in tops})
            tops.add(row["family_id"])
    return models


def _leading(models: list[dict[str, Any]]) -> list[str]:
    """The families whose most downloaded models lead: these carry colour."""
    return [row["family_id"] for row in models if row["is_top"]][:MOST_COLOURED]


def _months(since: datetime, until: date) -> int:
    return max(0, (until - since.date()).days // 30)


def by_day(page: frame.View) -> None:
    """What the all-time counter of each family's most downloaded model gained a day."""
    table = "metrics.model_changes"
    tops = {row["family_id"]: row["model_id"] for row in reversed(_models(page)) if row["is_top"]}
    found = reading.rows(page.snapshot, f"select * from {table} order by family_id, day_on") if reading.has(page.snapshot, table) else []
    rows = [row for row in found if tops.get(row["family_id"]) == row["model_id"]]
    drawn = with_gaps([row for row in rows if row["previous_on"] is not None])
    fallen = [row for row in rows if row["is_anomaly"]]
    title = "Downloads a day of each family's most downloaded model"
    if fallen:
        title += f"; {len(fallen)} time{'s' if len(fallen) > 1 else ''} a counter fell"
    figure(
        page,
        "days",
        title,
        "What the all-time counter gained a day. A line breaks where nobody looked; ✕ marks a day on which the counter fell: the hub took "
        "downloads back, so no difference can be given.",
        charts_models.days(drawn, page.colours(_leading(_models(page))), page.titles, page.tone) if drawn else None,
        rows,
        "model_changes",
        SOURCE,
        f"{title}: " + ", ".join(sorted(page.titles[family] for family in tops)),
    )


def with_gaps(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows as they are drawn: a break before each that comes after days without a look."""
    drawn = []
    for row in rows:
        if (row["day_on"] - row["previous_on"]).days > 1:
            drawn.append({**row, "day_on": row["day_on"] - timedelta(days=1), "downloads_per_day": None, "is_anomaly": False})
        drawn.append(row)
    return [{**row, "said": "none: the counter fell" if row["is_anomaly"] else words.count(row["downloads_per_day"])} for row in drawn]


def derivatives(page: frame.View, order: list[str]) -> None:
    """Small multiples: one relation each. Families of which nothing can be made are named once, below."""
    found = page.metric("model_derivatives", KIND, statistics=("total",))
    for first in (0, 2):
        for column, (relation, name) in zip(st.columns(2, gap="medium"), list(RELATIONS.items())[first : first + 2], strict=True):
            rows = [row for row in found if row["segment"] == relation]
            counted = sentences.measured(rows)
            with column:
                figure(
                    page,
                    f"made-{relation}",
                    sentences.leaders(rows, "count", page.titles, f"Most {name}"),
                    f"{name.capitalize()} on the hub that name a model of the family as what they were made from; those that "
                    "name nothing are not seen.",
                    charts.dots(counted, "count", order, page.titles, page.tone) if counted else None,
                    rows,
                    "model_derivatives",
                    SOURCE,
                    sentences.alt(rows, "count", page.titles, name),
                )
    why = sentences.absences(list({row["family_id"]: row for row in found if row["state"] != "measured"}.values()), page.titles)
    if why:
        st.caption(why)


show(frame.view())
