"""Who leads in each measure: the figures of two families, the difference between like questions, and whether it is
real."""

from collections.abc import Sequence
from typing import Any

from dashboards.charts.colours import SHAPES
from dashboards.compare import chart_pairs, differences, sentences_compare
from dashboards.compare.differences import Lead
from dashboards.frame import measures
from dashboards.frame.story import Figure
from dashboards.frame.tables import format_row
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow
from dashboards.support.waits import colour_families
from dashboards.words import numbers

SEGMENTS = {"answered_share": "anyone"}
"""Segments that hold everybody, by their metric, where it is not `all`."""
UNJUDGED = (differences.UNREAD, differences.FEW)


def load_leads(page: View) -> list[Lead]:
    """Loads the measures of which anything is known of the pair, those without a difference last."""
    second = page.chosen[-1]
    rows = differences.load_pair(page, *page.chosen)
    pairs = {(row["metric"], row["statistic"], row["segment"]): row for row in rows}
    leads = []
    for metric, statistic in differences.ORDER:
        segment = SEGMENTS.get(metric, "all")
        figures = {row["family_id"]: row for row in page.load_asked(metric, (statistic,), segment)}
        found = pairs.get((metric, statistic, segment))
        difference = differences.read_from(found, second) if found else None
        verdict = differences.judge_pair(difference) if difference else differences.FEW
        if verdict in UNJUDGED and not any(row["state"] in numbers.NUMBERED for row in figures.values()):
            continue
        better = measures.read_direction(page.snapshot, metric)
        leader = differences.find_leader(difference, better) if difference else ""
        name = measures.read_heading(page.snapshot, metric, statistic, segment)
        leads.append(Lead(metric, statistic, name, figures, difference, verdict, leader))
    return sorted(leads, key=lambda lead: lead.verdict in UNJUDGED)


def draw_leads(page: View, leads: Sequence[Lead]) -> Figure:
    """Draws each measure with a dot per family and, beside them, their difference."""
    window = numbers.format_window(page.compared_window)
    first, second = (numbers.escape_markdown(page.titles[family]) for family in page.chosen)
    rows = [_to_row(page, lead, row) for lead in leads for row in lead.figures.values()]
    return Figure(
        name="leads",
        title=sentences_compare.count_leads(leads, page.titles),
        subtitle=f"Marks: {page.describe_scope(rows)}, with 95 % intervals. Difference: {second} minus {first}, "
        f"between like questions of all channels, {window}. ↓ less is better.",
        how="Perhaps: the interval stays clear of zero, but among all pairs of families some would do so by chance. "
        "Yes: it is more than chance among all pairs.",
        chart=chart_pairs.draw_pairs([_to_line(page, lead) for lead in leads], look_pair(page), page.titles, page.theme)
        if leads
        else None,
        rows=rows,
        metric="matched_differences",
        source=page.source,
        alt="; ".join(_describe(page, lead) for lead in leads),
    )


def look_pair(page: View) -> dict[str, dict[str, Any]]:
    """Returns the looks of the two: the shapes and colours of their sides; of one side, the second is hollow."""
    colours, sides = colour_families(page, page.chosen), [page.sides[family] for family in page.chosen]
    return {
        family: page.theme.look(SHAPES[side], colours[family], sides[0] != sides[-1] or family == page.chosen[0])
        for family, side in zip(page.chosen, sides, strict=True)
    }


def _to_row(page: View, lead: Lead, row: MetricRow) -> dict[str, object]:
    """Returns a published figure with its measure and the difference beside it, for the table behind the chart."""
    said = differences.format_difference(lead.difference) if lead.difference else ""
    verdict = sentences_compare.judge_lead(lead, page.titles)
    return {"measure": lead.name, "metric": lead.metric, **row, "difference": said, "verdict": verdict}


def _to_line(page: View, lead: Lead) -> chart_pairs.Line:
    """Returns what the chart draws of a measure."""
    dots = [
        {name: row[name] for name in ("family_id", "statistic", "segment", "value", "low", "high")}
        | {
            "said": numbers.format_share(row["value"]) + numbers.mark_suspect(row),
            "is_suspect": row["state"] == "suspect",
        }
        for family in page.chosen
        if (row := lead.figures.get(family)) and row["state"] in numbers.NUMBERED and row["value"] is not None
    ]
    verdict = sentences_compare.judge_lead(lead, page.titles)
    leader = page.titles.get(lead.leader, "")
    return chart_pairs.Line(lead.name, dots, lead.difference, lead.verdict, verdict, leader)


def _describe(page: View, lead: Lead) -> str:
    said = [f"{page.titles[family]} {format_row(row, lead.metric)}" for family, row in lead.figures.items()]
    difference = differences.format_difference(lead.difference) if lead.difference else "no difference known"
    return f"{lead.name}: {', '.join(said)}; {difference}, {sentences_compare.judge_lead(lead, page.titles)}"
