"""Access: licences, gates, memory, hosts, prices, controls, and what was read by hand of tuning and support."""

from datetime import date
from typing import Any

import pytest

from tests.worlds.rows import NOW, Rows, cut, found, measure


def _model(rows: Rows, hub: str, model: str, **cells: Any) -> None:
    """A model as it is today."""
    rows.add(
        "models_daily",
        model_id=model,
        channel_id=hub,
        family_id=hub.split(".")[0],
        day_on=NOW.date(),
        seen_at=NOW,
        **cells,
    )


def fact(rows: Rows, family: str, kind: str, words: str = "Something", **cells: Any) -> None:
    """A fact that somebody read this month, unless a test says otherwise."""
    rows.add(
        "facts",
        **{
            "family_id": family,
            "fact_kind": kind,
            "fact_words": words,
            "tuning_method": "",
            "applies_to": "",
            "url": "https://example.org/",
            "as_of_on": date(2026, 11, 1),
            "is_stale": False,
        }
        | cells,
    )


def _offers(con: Any, metric: str) -> dict[tuple[Any, ...], Any]:
    return {cut(row, "family_id", "statistic"): row for row in found(con, metric)}


def test_licences_have_classes_and_unknown_ones_none() -> None:
    """OSI twice, bounded and non-commercial: the median is 4. A custom licence has no class."""
    rows = Rows()
    hub = rows.channel(rows.family("open"), "hub", "hub")
    for model, cells in {
        "a": {"licence": "MIT"}, "b": {"licence": "apache-2.0"}, "c": {"licence": "llama3.1"},
        "d": {"licence": "other", "licence_name": "qwen-research"}, "e": {"licence": "other", "licence_name": "house"},
        "f": {},
    }.items():  # fmt: skip
        _model(rows, hub, model, **cells)
    fact(rows, rows.family("closed", "proprietary"), "licence", "Hosted only", is_stale=True)
    fact(rows, "open", "licence", "Open, says its page")
    _model(rows, rows.channel(rows.family("plain"), "hub", "hub"), "a", licence="mit")
    rows.family("unread", "proprietary")
    over = rows.family("over", "proprietary")
    fact(rows, over, "licence", "Hosted until last year", until_on=date(2025, 1, 1))
    figures = _offers(measure(rows), "licence_class")

    assert [cut(figures["open", name], "value", "n") for name in ("lowest", "median", "highest")] == [
        (2, 4),
        (4, 4),
        (5, 4),
    ]
    assert figures["open", "median"]["note"] == "Excluded: 2 for which this is unknown."
    assert cut(figures["plain", "median"], "value", "note") == (5, None)
    assert cut(figures["closed", "median"], "value", "as_of_at") == (1, NOW.replace(day=1, hour=0))
    assert figures["closed", "median"]["note"] == "Hosted only (read on 2026-11-01, too long ago to be relied on)."
    assert figures["over", "median"]["value"] is None
    assert cut(figures["unread", "median"], "state", "note") == ("not collected", "This has not been read by hand yet.")


APPROVED = {
    "apache-2.0", "mit", "bsd-2-clause", "bsd-3-clause", "isc", "mpl-2.0", "gpl-2.0", "gpl-3.0", "lgpl-3.0", "agpl-3.0",
    "afl-3.0",
    "artistic-2.0", "unlicense",
}  # fmt: skip
"""Of the licences that the Hub names, those on the list of the Open Source Initiative."""


def test_the_class_of_a_licence_is_what_its_name_says() -> None:
    """The fifth is OSI's list; not to be sold is the second; bounded terms of a firm the third; "no derivatives"
    forbids changes."""
    for row in found(measure(Rows()), "licence_classes"):
        name = row["licence_code"]
        is_unpaid = "-nc-" in name or name in ("qwen-research", "mrl", "mnpl")
        is_bound = name.startswith(("llama", "qwen", "tongyi"))
        points = 5 if name in APPROVED else 2 if is_unpaid else 3 if is_bound else 4
        assert cut(row, "class_points", "allows_changes", "allows_passing_on") == (points, "-nd-" not in name, True), (
            name
        )


def test_freedom_counts_what_one_may_do() -> None:
    """All five for an ungated model of Apache; a gated one within bounds lacks two; if nobody says whether one must
    ask, no points."""
    rows = Rows()
    hub = rows.channel(rows.family("open"), "hub", "hub")
    _model(rows, hub, "free", licence="apache-2.0", gated="no")
    _model(rows, hub, "bound", licence="llama3.1", gated="manual")
    _model(rows, hub, "named", licence="gemma", gated="auto")
    _model(rows, hub, "unsaid", licence="mit")
    fact(rows, rows.family("closed", "proprietary"), "licence")
    con = measure(rows)
    figures = _offers(con, "weight_freedom_points")

    assert {row["item_id"]: row["freedom_points"] for row in found(con, "licensed_models")} == {
        "free": 5, "bound": 3, "named": 4, "unsaid": None, "closed": 0,
    }  # fmt: skip
    assert cut(figures["open", "lowest"], "value", "n", "note") == (3, 3, "Excluded: 1 for which this is unknown.")
    assert [figures["open", name]["value"] for name in ("median", "highest")] == [4, 5]
    assert cut(figures["closed", "highest"], "value", "state", "note") == (
        0,
        "measured",
        "Something (read on 2026-11-01).",
    )


def test_gates_are_shares_of_the_models_that_say() -> None:
    """One of four that say so is open; a closed family has no gate but nothing to fetch, in its catalog's words."""
    rows = Rows()
    hub = rows.channel(rows.family("open"), "hub", "hub")
    for number, gated in enumerate(("no", "auto", "manual", "manual", None)):
        _model(rows, hub, str(number), gated=gated)
    _model(rows, rows.channel(rows.family("telling"), "hub", "hub"), "telling/one", gated="no")
    rows.family("closed", "proprietary")
    rows.add("absences", family_id="closed", channel_kind="hub", state="not applicable", why="No weights.")
    figures = _offers(measure(rows), "gated_share")

    assert [cut(figures["open", name], "value", "low", "high") for name in ("no", "auto", "manual")] == [
        (s, s, s) for s in (0.25, 0.25, 0.5)
    ]
    assert cut(figures["open", "no"], "n", "n_events", "note") == (4, 1, "Excluded: 1 for which this is unknown.")
    assert cut(figures["telling", "no"], "value", "n", "note") == (1, 1, None)
    assert cut(figures["closed", "no"], "value", "state", "note") == (None, "not applicable", "No weights.")


def test_memory_is_parameters_times_bytes_and_a_fifth() -> None:
    """Eight thousand million parameters take 17.9 GiB at bf16 and a quarter of that at 4 bits; packed copies do not
    count."""
    rows = Rows()
    hub = rows.channel(rows.family("open"), "hub", "hub")
    for model, parameters in {"a": 8e9, "b": 70e9, "c": 400e9, "a-awq": 2e9, "d": None}.items():
        _model(rows, hub, model, parameters=None if parameters is None else int(parameters))
    figures = {cut(row, "segment", "statistic"): row for row in found(measure(rows), "smallest_memory_gib")}

    assert cut(figures["bf16", "smallest"], "value", "n", "note") == (
        pytest.approx(17.8814, abs=1e-3),
        3,
        "An estimate.",
    )
    assert figures["4-bit", "smallest"]["value"] == pytest.approx(17.8814 / 4, abs=1e-3)
    assert figures["8-bit", "median"]["value"] == pytest.approx(70e9 * 1.2 / 2**30)


def test_hosts_are_counted_by_model() -> None:
    """Three models with 1, 2 and 6 live providers, one of them without prices; the catalog names two hosts."""
    rows = Rows()
    hub = rows.channel(rows.family("open"), "hub", "hub")
    for number, providers in enumerate((1, 2, 6, None)):
        _model(rows, hub, str(number), live_providers_count=providers)
    rows.tables["families"][0]["host_ids"] = ["here", "there"]
    _model(rows, rows.channel(rows.family("alone"), "hub", "hub"), "a", live_providers_count=1)
    figures = _offers(measure(rows), "hosts_count")

    assert [figures["alone", name]["value"] for name in ("median", "most", "named")] == [1, 1, None]
    assert [cut(figures["open", name], "value", "n") for name in ("median", "most", "named")] == [
        (2, 3),
        (6, 3),
        (2, 3),
    ]
