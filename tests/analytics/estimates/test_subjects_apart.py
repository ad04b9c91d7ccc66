"""What is said of one subject does not rest on another."""

import pytest

from analytics.engine.models import read_models

OTHERS = {
    "answer_waits": {"staging.incidents", "staging.releases", "staging.notices", "staging.changes"},
    "uptime_share": {"staging.threads", "staging.replies", "staging.releases", "staging.notices", "staging.changes"},
}


@pytest.mark.parametrize(("metric", "most"), [("answer_waits", 60), ("uptime_share", 30)])
def test_a_figure_rests_on_few_tables_and_on_none_of_other_subjects(metric: str, most: int) -> None:
    """The wait for an answer rested on incidents, and the uptime of a page on threads."""
    reads = {model.table: model.reads for model in read_models()}
    rests_on, asked = set[str](), [f"metrics.{metric}"]
    while asked:
        new = (reads[asked.pop()] & reads.keys()) - rests_on
        rests_on |= new
        asked += new

    assert len(rests_on) <= most and not rests_on & OTHERS[metric]
