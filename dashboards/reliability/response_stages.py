"""The time until a status page reports a problem, and the length of each stage of an incident."""

from collections.abc import Sequence

from dashboards.charts import marks, time
from dashboards.frame.story import Figure, Part, Words
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow
from dashboards.reliability import disclosure
from dashboards.words import gaps, numbers, sentences
from warehouse.wording import pluralize

HOURS = 1 / 60
STAGES = {
    "to_identified": "until the cause is identified",
    "to_monitoring": "then until a fix is monitored",
    "to_resolved": "then until it is resolved",
    "to_first_remedy": "from first post to fix",
}


def make_parts(page: View, kind: str, segment: str, source: str) -> list[Part]:
    """Makes the time to the first post, and the stages on pages whose format names them."""
    rows = disclosure.select_read(page.load_metric("incident_stage_minutes", kind, segment, tuple(STAGES)))
    soon = draw_acknowledgement(page, kind, segment, source)
    if not sentences.select_measured(rows):
        return [
            soon,
            *(
                [
                    Words(
                        "How long each stage lasts is not known: too few incidents were posted stage by stage.",
                        is_small=True,
                    )
                ]
                if rows
                else []
            ),
        ]
    return [(soon, draw_stages(page, rows, source))]


def draw_acknowledgement(page: View, kind: str, segment: str, source: str) -> Figure:
    """Draws the time from the stated beginning to the first post. Incidents without a stated beginning count as
    reported at once, so the figure is a lower bound."""
    rows = disclosure.select_read(page.load_metric("acknowledgement_minutes", kind, segment, ("at_least",)))
    drawn = time.convert_to_hours(rows, HOURS)
    return Figure(
        name="acknowledged",
        title=_name_soonest(drawn, page),
        subtitle="Time from the start of an incident to the first post, for half of the incidents, as a lower bound; "
        f"{page.describe_scope(rows, 'status pages')}; lines are 95 % intervals.",
        how="An incident whose start is not stated apart counts as posted when it began.",
        chart=marks.draw_dots(drawn, "hours", page.order_families(rows), page.titles, page.theme, is_narrow=True)
        if rows
        else None,
        rows=rows,
        metric="acknowledgement_minutes",
        source=source,
        alt=sentences.describe_points(drawn, "hours", page.titles, "minimum time to the first post"),
    )


def _name_soonest(rows: Sequence[MetricRow], page: View) -> str:
    """Names the page that posts soonest, without praising pages that state no beginnings."""
    ranked = sorted(sentences.select_measured(rows), key=lambda row: -row["value"])
    if not ranked:
        return "Time to first post: no page has a number"
    if not ranked[0]["value"]:
        where = "the page" if len(ranked) == 1 else f"all {len(ranked)} pages"
        return f"On {where} at least half of the incidents state no start before the first post"
    level = gaps.select_level(ranked[0], ranked[1:])
    leader = (
        f"Slowest to post, at minimum: {numbers.escape_markdown(page.titles[ranked[0]['family_id']])}, "
        f"{numbers.format_hours(ranked[0]['value'])}"
    )
    return f"{leader}; no difference shown from {len(level)} {pluralize(len(level), 'other')}" if level else leader


def draw_stages(page: View, rows: Sequence[MetricRow], source: str) -> Figure:
    """Draws the median length of each stage in words, one line per page that has one."""
    families = list(dict.fromkeys(row["family_id"] for row in sentences.select_measured(rows)))
    cells = {(row["family_id"], row["statistic"]): row for row in time.convert_to_hours(rows, HOURS)}
    lines = [
        {"of": page.titles[family]}
        | {
            name: numbers.format_value(cells[family, stage], "hours")
            for stage, name in STAGES.items()
            if (family, stage) in cells
        }
        for family in families
    ]
    return Figure(
        name="stages",
        title=f"{len(families)} {pluralize(len(families), 'page shows', 'pages show')} how long the stages of "
        "an incident last",
        subtitle="Median length of each stage, from the page's own posts; "
        f"{page.describe_scope(rows, 'status pages')}; 95 % intervals in brackets. Incidents that skip a stage are "
        "left out.",
        chart=None,
        rows=rows,
        metric="incident_stage_minutes",
        source=source,
        shown=lines,
    )
