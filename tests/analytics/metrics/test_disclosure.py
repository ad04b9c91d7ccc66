"""What status pages tell, and how soon: counted by hand."""

from datetime import timedelta
from typing import Any

from tests.worlds.rows import ACCURACY, NOW, Rows, alter, cut, found, left_out, measure, one, set_apart

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
BEGAN = NOW - 20 * DAY
WHOLE = {"window": "90d", "segment": "api", "channel_role": "all"}


def _page(count: int, **cells: Any) -> tuple[Rows, str]:
    """A page with so many disturbances of an hour, 20 days ago."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    for _ in range(count):
        rows.incident(page, BEGAN, 1, 2, **cells)
    return rows, page


def test_what_was_copied_from_another_page_was_not_posted_late() -> None:
    """Twenty of half a year, all posted in one second when the page moved: the second tells nothing of any."""
    rows, page = _page(20, posted_at=BEGAN + 2 * MINUTE, is_retro=False)
    for day in range(20):
        rows.incident(page, BEGAN - day * DAY, 1, 2, posted_at=BEGAN + DAY, is_retro=True)
    for _ in range(2):
        rows.incident(page, BEGAN, 1, 2, posted_at=BEGAN + 2 * DAY, is_retro=True)
    con = measure(rows)
    late = one(con, "disclosure_share", statistic="retro_posted", **WHOLE)

    assert cut(late, "n_events", "n") == (2, 22)
    assert left_out(late) == "Excluded: 20 copied from another page."


def _openness(rows: Rows) -> dict[str, dict[str, Any]]:
    return {row["statistic"]: row for row in found(set_apart(measure(rows)), "disclosure_share", **WHOLE)}


def test_openness_is_counted_over_what_could_be_told() -> None:
    """Of 24: incidents without texts say nothing of causes; open and young ones nothing of reports yet."""
    rows, page = _page(15, has_cause=True, has_postmortem=True, has_components=True)
    for number in range(5):
        rows.incident(
            page, BEGAN, 1, 2, has_cause=False, has_postmortem=False, has_components=number > 2, is_retro=number == 0
        )
    for _ in range(2):
        rows.incident(page, NOW - 5 * DAY, 1, 2, has_cause=True, has_postmortem=False, has_components=True)
    rows.incident(page, NOW - DAY, None, 2, end_state="open", has_cause=False, has_components=True)
    rows.incident(page, BEGAN, 1, 2, posted_at=BEGAN + 5 * MINUTE)
    shares = _openness(rows)

    assert {name: cut(row, "n_events", "n") for name, row in shares.items()} == {
        "with_cause": (17, 22), "with_postmortem": (15, 20), "names_components": (20, 23), "states_start": (1, 24),
        "retro_posted": (1, 24), "edited_start": (0, 0),
    }  # fmt: skip
    assert left_out(shares["with_postmortem"]) == "Excluded: 1 still ongoing, 2 too young, 1 without texts."
    assert shares["with_postmortem"]["value"] == 0.75


def test_a_weak_rule_for_causes_is_named_beside_the_share() -> None:
    """What is read of incidents is measured on status pages: it must reach the figure all the same."""
    rows, _ = _page(20, has_cause=True)
    con = set_apart(measure(rows))
    found(con, "feature_accuracy")
    columns = "feature, class, part, channel_kind, language, weakness"
    alter(
        con,
        f"insert into {ACCURACY} ({columns}) values ('incident cause', 'yes', 'all', 'status', 'all', 'Causes are "
        f"missed.')",
    )

    assert one(con, "disclosure_share", statistic="with_cause", **WHOLE)["note"] == "Causes are missed."


def test_a_page_that_can_name_no_parts_is_not_blamed_for_it() -> None:
    """Its feed has no place for them: that is no 0."""
    row = _openness(_page(20, has_components=False)[0])["names_components"]

    assert cut(row, "state", "value", "n") == ("not applicable", None, 0)
