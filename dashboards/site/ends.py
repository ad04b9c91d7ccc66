"""Ends of models for the field of ids: what becomes of each id that a deprecation page names."""

from collections.abc import Iterator
from typing import Any

from dashboards.frame.tables import safe_link
from dashboards.frame.view import View
from dashboards.reliability.pasted_ids import YEAR, judge_ids, sum_up_ids
from dashboards.words.numbers import strip_markdown
from warehouse import notices, yardstick
from warehouse.ends import model_ids
from warehouse.ends.fates import IdFate, judge_id
from warehouse.notices import make_evidence


def tell_ids(page: View) -> dict[str, list[str]]:
    """Tells of each id in words what happens to it and what to use instead, as the dashboard does."""
    return {
        asked: [
            strip_markdown(judge_ids({asked: fate})),
            strip_markdown(sum_up_ids({asked: fate})),
            safe_link(fate.word.url) or "",
        ]
        for asked, fate in _judge_all(page)
    }


def measure(page: View) -> dict[str, Any]:
    """Counts how often real ids get the day that their makers' pages give; nothing for the sample world, whose days are
    made up."""
    if page.snapshot.is_sample:
        return {}
    return yardstick.sum_up(yardstick.measure_evidence(make_evidence(page.snapshot), page.now.date()))


def _judge_all(page: View) -> Iterator[tuple[str, IdFate]]:
    rows, today = notices.load_notices(page.snapshot), page.now.date()
    names = model_ids.index_names([*rows, *notices.load_listed(page.snapshot)])
    for asked in sorted({row["model"] for row in rows if row["subject_kind"] == "model"}):
        yield asked, judge_id(asked, names, today, today + YEAR)
