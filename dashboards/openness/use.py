"""The page "Is it used?": downloads of models and client packages, the age and size of what is downloaded, and what
people build from it."""

from collections.abc import Sequence
from dataclasses import replace

from dashboards.charts import axes, marks
from dashboards.frame import layout
from dashboards.frame.dots import draw_dot_figure
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import MetricRow
from dashboards.openness import levels, model_days
from dashboards.openness.charts import panels
from dashboards.openness.sentences import freedom, use
from dashboards.openness.sentences import levels as sentences_levels
from dashboards.words import numbers, sentences

QUESTION = "Is it used?"
HUB = "the model hub"
INDEX = "the index of Python packages, mirrors left out"
RELATIONS = {"finetune": "fine-tuned", "adapter": "adapters", "quantized": "quantized", "merge": "merges"}
ASKED = {"models": "models", "packages": "client packages"}
SHOWN = 2
"""Figures shown by themselves: downloads of models and of packages."""
NEVER = (
    "The hub counts requests, not people: most come from machines that rebuild and retest, caches hide others, and "
    "closed weights cannot be downloaded at all. Model downloads and package downloads are different things; compare "
    "only within each."
)


def story(page: View) -> Story:
    """Tells downloads of models and packages, then by age, size and day, derivatives, questions asked, and stars and
    likes as context."""
    models = page.load_metric("model_downloads", "hub", statistics=("rolling_30d",))
    packages = page.load_metric("package_downloads", "packages", "all", ("rolling_30d",))
    order = page.order_families(models)
    models_seen = model_days.load_newest(page)
    parts: list[Part] = [
        (draw_downloads(page, models), draw_packages(page, packages)),
        (model_days.draw_by_age(page, models_seen), model_days.draw_by_day(page, models_seen)),
    ]
    parts += [
        Words(NEVER, True),
        draw_derivatives(page, order),
        draw_changed(page),
        *draw_relative(page),
        draw_questions(page),
        Words("## Context only"),
        draw_likes(page),
    ]
    verdict = use.judge_page(models, packages, page.titles)
    return Story(
        QUESTION, sentences.tell_in_steps(verdict, use.answer_page(models, packages, page.titles)), parts, SHOWN
    )


def draw_downloads(page: View, rows: Sequence[MetricRow]) -> Figure:
    """Draws the last 30 days of every family's models."""
    return draw_dot_figure(
        page,
        rows,
        name="downloads",
        metric="model_downloads",
        title=sentences.name_leader(rows, "count", page.titles, "Most downloaded models"),
        measure=f"Downloads of all models of a family{name_scale(rows)}",
        alt="downloads of the last 30 days",
        unit="count",
        source=HUB,
        where=HUB,
        lines="",
        note="",
        is_narrow=False,
    )


def name_scale(rows: Sequence[MetricRow]) -> str:
    """Names the scale on which counts are drawn, if it is not an even one."""
    scale, _ = axes.make_scale("count", sentences.select_measured(rows))
    return ", on a logarithmic scale" if scale.get("type") == "symlog" else ""


def draw_packages(page: View, rows: Sequence[MetricRow]) -> Figure:
    """Draws the last 30 days of every family's client packages, which both sides may have; families without one are
    named, not drawn."""
    some = [row for row in rows if row["state"] != "not applicable"]
    return Figure(
        name="packages",
        title=sentences.name_leader(rows, "count", page.titles, "Most downloaded client packages"),
        subtitle=f"Downloads of the maker's own Python packages{name_scale(some)}; "
        f"{page.describe_scope(rows, 'package index')}.",
        absent=sentences.name_absent(rows, page.titles),
        chart=marks.draw_dots(some, "count", page.order_families(rows), page.titles, page.theme) if some else None,
        rows=rows,
        metric="package_downloads",
        source=INDEX,
        alt=sentences.describe_points(rows, "count", page.titles, "downloads of client packages in the last 30 days"),
    )


def draw_derivatives(page: View, order: Sequence[str]) -> Figure:
    """Draws derivatives, one relation per column. Families that cannot have any are named once, beside the measure."""
    rows = [
        row
        for row in page.load_metric("model_derivatives", "hub", statistics=("total",))
        if row["segment"] in RELATIONS
    ]
    measured_rows = sentences.select_measured(rows)
    finetunes = [row for row in rows if row["segment"] == "finetune"]
    return Figure(
        name="made",
        title=sentences_levels.name_first(finetunes, page.titles, "Most fine-tuned models", numbers.format_count),
        subtitle="Models on the hub that name one of the family's as their base; models that name no base are not "
        f"counted; {levels.describe_scope(page, rows, HUB)}. A count of all, so there is no "
        f"interval.{freedom.describe_unseen(rows, page.titles)}",
        chart=panels.draw_panels(measured_rows, "count", RELATIONS, "segment", order, page.titles, page.theme)
        if measured_rows
        else None,
        rows=rows,
        metric="model_derivatives",
        source=HUB,
        alt=sentences_levels.describe_levels(
            rows, "segment", numbers.format_count, page.titles, "models made of the family's"
        ),
    )


def draw_changed(page: View) -> Figure:
    """Draws how much of what others publish on top of a family's models is changed, not only packed smaller."""
    rows = page.load_metric("changed_derivative_share", "hub", statistics=("changed",))
    figure = draw_dot_figure(
        page,
        rows,
        name="changed",
        metric="changed_derivative_share",
        title=sentences_levels.name_first(
            rows, page.titles, "Most changed, not only packed smaller", numbers.format_share
        ),
        measure="Share of the models that others made of a family's which are tuned, adapted or merged; the rest is "
        "quantized",
        alt="derived models that are changed",
        source=HUB,
        where=HUB,
        lines="a count of all, so there is no interval",
        note="What is built on closed weights is not visible.",
        is_narrow=False,
    )
    return replace(figure, subtitle=figure.subtitle.replace(", all time", ", as last seen"))


def draw_relative(page: View) -> list[Part]:
    """Draws downloads against models of similar size and age where enough were observed; otherwise explains why not."""
    rows = [row for row in page.load_metric("relative_adoption_ratio", "hub") if row["statistic"] == "best"]
    measured_rows = sentences.select_measured(rows)
    if not measured_rows:
        ages = page.load_rows(
            "metrics.adoption_ages", "select * from metrics.adoption_ages order by family_id, model_id, age_days"
        )
        return [Words(use.explain_unwatched(ages), True)]
    ages_known = {
        row["segment"]: row["segment"]
        for row in sorted(measured_rows, key=lambda row: int(str(row["segment"]).split()[0]))
    }
    return [
        Figure(
            name="relative",
            title=sentences_levels.name_first(
                measured_rows, page.titles, "Furthest ahead of models of similar size and age", numbers.format_rate
            ),
            subtitle="Downloads up to an age, divided by those of the tenth most downloaded model of similar size at "
            "that age, for the best model of a family: above 1 it is among the ten; "
            f"{levels.describe_scope(page, rows, HUB)}. A count of all, so there is no interval.",
            chart=panels.draw_panels(
                measured_rows, "rate", ages_known, "segment", page.order_families(rows), page.titles, page.theme
            ),
            rows=rows,
            metric="relative_adoption_ratio",
            source=HUB,
            alt=sentences_levels.describe_levels(
                measured_rows, "segment", numbers.format_rate, page.titles, "times the tenth of similar size and age"
            ),
        )
    ]


def draw_questions(page: View) -> Figure:
    """Draws requests for help beside downloads, each on a scale of its own because the two are not comparable."""
    rows = page.load_metric("question_volume_ratio", page.kind, statistics=("per_1000",), segment=None)
    rows = [row for row in rows if row["segment"] in ASKED]
    measured_rows = sentences.select_measured(rows)
    models = [row for row in rows if row["segment"] == "models"]
    return Figure(
        name="asked",
        title=sentences.name_leader(
            models, "rate", page.titles, "Fewest questions per 1,000 model downloads", is_least_first=True
        ),
        subtitle="Requests for help per 1,000 downloads of the models, and of the client packages; "
        f"{page.describe_scope(rows)}; lines are 95 % intervals of the number of requests. Different "
        "things: compare only within a column.",
        chart=panels.draw_panels(
            rows, "rate", ASKED, "segment", page.order_families(rows), page.titles, page.theme, is_alike=False
        )
        if measured_rows
        else None,
        rows=rows,
        metric="question_volume_ratio",
        source=f"public {numbers.KINDS[page.kind]}, {HUB}, {INDEX}",
        alt=sentences_levels.describe_levels(
            rows, "segment", numbers.format_rate, page.titles, "requests for help per thousand downloads"
        ),
    )


def draw_likes(page: View) -> Figure:
    """Draws stars and likes, which say little."""
    stars = page.load_metric("stars_count", "tracker", "all", ("level",))
    likes = {row["family_id"]: row for row in page.load_metric("likes_count", "hub", "all", ("level",))}
    lines = [
        {"family": page.titles[row["family_id"]], "stars of its repositories": numbers.format_value(row, "count")}
        | (
            {"likes of its models": numbers.format_value(likes[row["family_id"]], "count")}
            if row["family_id"] in likes
            else {"likes of its models": ""}
        )
        for row in sorted(stars, key=lambda row: -(row["value"] or 0))
    ]
    return Figure(
        name="liked",
        title=sentences_levels.name_first(stars, page.titles, "Most stars", numbers.format_count)
        + (", which says little about use" if stars else ""),
        subtitle="Stars of a family's repositories and likes of its models, as last seen: they accumulate with age, "
        "are easy to give and can be bought. No comparison here uses them.",
        chart=None,
        rows=stars,
        metric="stars_count",
        source=f"GitHub, {HUB}",
        shown=lines,
    )


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))
