"""Find your fit: who meets what is needed, who comes first, and what is said of those whom nobody can judge."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.charts.colours import LIGHT
from dashboards.choose import charts_fit, fit_needs, sentences_fit
from dashboards.choose.fit_measures import MEASURES, format_figure, select_known
from dashboards.choose.fit_needs import MAY, NO, UNKNOWN, YES, Judged, Verdict
from dashboards.choose.ranking import Standing
from dashboards.words import numbers
from tests.dashboards.test_pages import opened, texts
from warehouse.snapshot import query, read_current

pytestmark = pytest.mark.rests_on(
    "analytics",
    "dashboards",
    "pipelines",
    "tests/conftest.py",
    "tests/dashboards/test_pages.py",
    "tests/gate",
    "tests/paths.py",
    "tests/worlds",
    "warehouse",
)

PAGE = "choose/fit.py"
TITLES = {"qwen": "Qwen", "gpt": "GPT", "gemma": "<b>Gemma</b>"}


def row(**changes: Any) -> dict[str, Any]:
    """A published figure."""
    return {
        "family_id": "qwen",
        "state": "measured",
        "value": 0.6,
        "low": 0.55,
        "high": 0.65,
        "n": 100,
        "note": None,
    } | changes


def judged(family: str, outcome: str, why: str = "") -> Judged:
    """A family that was judged by one need."""
    return Judged(family, outcome, {"within": Verdict(outcome, "said", why)}, ("within",))


@pytest.fixture
def sample(state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of the sample world, at its instant."""
    monkeypatch.setenv("HEARTBEAT_NOW", "2026-11-01T06:00:00Z")
    return state_home("sample")


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"value": 0.5, "low": 0.5}, YES),
        ({"value": 0.6, "low": 0.49}, MAY),
        ({"value": 0.4, "low": 0.3, "high": 0.5}, MAY),
        ({"value": 0.4, "low": 0.3, "high": 0.49}, NO),
        ({"value": None, "state": "not enough data", "note": "Only 3 of 5."}, UNKNOWN),
    ],
)
def test_support_is_judged_by_the_interval_and_not_by_the_value(changes: dict[str, Any], outcome: str) -> None:
    """Half of the askers answered: for sure only where even the lower end says so."""
    found = fit_needs._judge_answered(row(**changes), "a day")
    assert found.outcome == outcome
    assert outcome != UNKNOWN or found == (UNKNOWN, "≈ not enough data", "Only 3 of 5.")


def test_memory_says_no_where_there_are_no_weights_and_unknown_where_nobody_looked() -> None:
    """Not applicable means that it cannot be run; not collected means that nobody knows."""
    memory = fit_needs._judge_fit
    assert memory(row(value=24.0), 24).outcome == YES
    assert memory(row(value=24.1), 24).outcome == NO
    assert memory(row(state="not applicable", value=None, note="Not published."), 24) == (
        NO,
        "no weights",
        "Not published.",
    )
    assert memory(row(state="not collected", value=None), 24).outcome == UNKNOWN


def test_weights_in_hand_stay_tunable_and_an_old_offer_may_have_ended() -> None:
    """Who has the weights needs no offer; an offer read long ago is a perhaps; all ended is a no; none read is
    unknown."""
    offer = {"offer_channel": "maker", "fact_words": "Supervised tuning", "as_of_on": "2025-06-30", "is_stale": True}
    tunable = fit_needs._judge_tunable
    assert tunable([offer | {"offer_channel": "own weights"}], None, None).outcome == YES
    assert tunable([offer], None, None)[:2] == (MAY, "through maker")
    assert tunable([offer | {"is_stale": False}], None, None).outcome == YES
    assert tunable([], row(value=0.0), row(value=5.0)).outcome == NO
    assert tunable([], row(state="not collected", value=None), row(value=3.0)).outcome == MAY
    assert tunable([], row(state="not collected", value=None), row(value=0.0)).outcome == UNKNOWN
    assert tunable([], None, None).outcome == UNKNOWN


def test_a_licence_of_some_models_is_a_perhaps() -> None:
    """All of a family, some, or none; hosted models have no weights to hold."""
    licensed = fit_needs._judge_licensed
    assert licensed(row(value=5.0), row(value=5.0), "osi").outcome == YES
    assert licensed(row(value=2.0), row(value=5.0), "osi")[:2] == (MAY, "approved by OSI: some models")
    assert licensed(row(value=2.0), row(value=4.0), "osi").outcome == NO
    assert licensed(row(value=3.0), row(value=4.0), "commercial").outcome == YES
    assert licensed(row(value=1.0), row(value=1.0), "commercial")[:2] == (NO, "hosted only")


def test_a_price_is_that_of_the_cheapest_model() -> None:
    """At most so much; without a listed price nobody can say."""
    assert fit_needs._judge_affordable(row(value=0.5), 0.5).outcome == YES
    assert fit_needs._judge_affordable(row(value=0.51), 0.5).outcome == NO
    assert fit_needs._judge_affordable(row(state="not collected", value=None), 0.5).outcome == UNKNOWN


def test_only_what_is_measured_is_ranked() -> None:
    """A state is not a number."""
    rows = {"helped": [row(), row(family_id="gpt", state="not enough data", value=None), row(family_id="other")]}
    assert {family: list(of_it) for family, of_it in select_known(rows, ["qwen", "gpt"]).items()} == {
        "qwen": ["helped"],
        "gpt": [],
    }
    assert format_figure(MEASURES["helped"], row()) == f"60{numbers.GAP}% (55{numbers.GAP}% to 65{numbers.GAP}%)"
    assert (
        format_figure(MEASURES["uptime"], row(value=None, low=0.9, high=1.0))
        == f"90.00{numbers.GAP}% to 100{numbers.GAP}%"
    )
    assert format_figure(MEASURES["price"], row(state="not collected")) == "○ not collected"
    assert len(MEASURES) == 10


def test_the_answer_names_the_first_and_whether_it_can_be_told_from_the_next() -> None:
    """Ranges that overlap are no difference, whatever the order of the points."""
    apart = [Standing("qwen", 1, 0.9, 1, 1, 1, 0.83), Standing("gpt", 1, 0.5, 2, 2, 2, 0.17)]
    level = [Standing("qwen", 1, 0.6, 1, 1, 2, 0.4), Standing("gpt", 1, 0.5, 2, 1, 2, 0.6)]
    sure = [judged("qwen", YES), judged("gpt", MAY), judged("gemma", UNKNOWN)]
    told, untold = (sentences_fit.answer_page(sure, places, TITLES, True) for places in (apart, level))

    assert "Of 3 families **1** for sure and **1** perhaps have all that you need; 1 cannot be judged." in told
    assert f"**Qwen** ranks first of 2 (rank 1, range 1–1) and wins under **83{numbers.GAP}%** of weightings." in told
    assert (
        "Its range does not overlap that of the next, GPT (rank 2, range 2–2)." in told
        and "no difference shown" not in told
    )
    assert (
        "**no difference shown**" in untold
        and f"With other weights GPT would rank first more often (60{numbers.GAP}%)." in untold
    )
    assert sentences_fit.name_winner(apart, TITLES) == f"Qwen ranks first and wins under 83{numbers.GAP}% of weightings"
    assert sentences_fit.name_winner(level, TITLES).endswith("; no difference shown to GPT")
    assert sentences_fit.name_winner(apart[:1], TITLES) == "Only Qwen can be ranked"


def test_where_nobody_is_left_the_answer_says_why() -> None:
    """Everybody lacks something; or nobody can judge; or too little is known of all."""
    unranked = [Standing("qwen", 0.3)]
    assert "Each lacks something" in sentences_fit.answer_page([judged("qwen", NO)], [], TITLES, True)
    assert "give no answer" in sentences_fit.answer_page([judged("qwen", NO), judged("gpt", UNKNOWN)], [], TITLES, True)
    assert "give no answer" in sentences_fit.answer_page([judged("qwen", YES)], unranked, TITLES, False)
    assert "give no answer" in sentences_fit.answer_page([], [], TITLES, False)


def test_who_cannot_be_judged_is_listed_apart_with_the_reason_and_safely() -> None:
    """Once for each reason; names and notes of others are text."""
    said = sentences_fit.explain_unranked(
        [judged("qwen", UNKNOWN, "*nobody* looked"), judged("gemma", UNKNOWN, "*nobody* looked"), judged("gpt", YES)],
        [Standing("gpt", 0.2)],
        TITLES,
    )
    assert said.splitlines()[0].startswith(
        "- **Qwen and \\<b\\>Gemma\\</b\\>**: cannot be judged: support said\\: \\*nobody\\* looked".replace(
            "</b", "</b"
        )
    )
    assert said.splitlines()[1] == f"- **GPT**: no rank: figures for only 20{numbers.GAP}% of the weights"
    assert (
        sentences_fit.count_met([judged("qwen", YES), judged("gpt", NO)])
        == "All needs, of 2 families: 1 meets them and 1 does not"
    )


def test_ranks_have_whiskers_and_sides_differ_by_shape() -> None:
    """A range is drawn only where there is one; the share won is a bar from nothing."""
    spec = charts_fit.draw_ranks(
        [{"name": "Qwen", "side": "open", "rank": 1, "rank_low": 1, "rank_high": 2, "wins": 0.8}], LIGHT
    )
    layers = spec["layer"][0]["layer"]
    kinds = [layer["mark"]["type"] for layer in layers]
    assert [layer["mark"]["shape"] for layer in layers if "shape" in layer["mark"]] == [
        "circle",
        "square",
        "triangle-up",
    ]
    assert [kind for kind, layer in zip(kinds, layers, strict=True) if layer["encoding"]["x"]["axis"]] == [
        "point",
        "text",
    ]
    assert kinds.count("rule") == kinds.count("bar") == 3
    assert all(
        "rank_low < datum.rank_high" in layer["transform"][0]["filter"]
        for layer in layers
        if layer["mark"]["type"] == "rule"
    )


def test_the_page_answers_who_suits_a_team_with_one_gpu(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fine-tuning, support within a day, 24 GB, open weights: one address, one sentence, a mark for each need."""
    app = opened(monkeypatch, sample, PAGE, side="open weights", tuning="needed", gpu="24 GB", within="a day")
    said = texts(app)
    (needs,) = [frame.value for frame in app.dataframe if "all needs" in frame.value.columns]
    marks = {record["family"]: record for record in needs.to_dict("records")}

    assert not app.exception and [title.value for title in app.title] == ["Find your fit"]
    outcomes = Counter(record["all needs"][0] for record in marks.values())
    assert (
        len(marks) == 13 == outcomes.total()
        and outcomes["✕"]
        and outcomes["◐"]
        and marks["Command R"]["all needs"][0] not in "●◐✕"
    )
    sure = f"{outcomes['●'] or 'none'} for sure"
    assert f"Of 13 families {sure} and {outcomes['◐']} perhaps have all that you need; 1 cannot be judged." in said
    first = re.search(r"With these weights, (.+?) ranks first of (\d+)", said)
    assert first and int(first[2]) == outcomes["●"] + outcomes["◐"] and "**Too close to call**: " in said
    assert "- **Command R**: cannot be judged: support — not applicable" in said.replace("\\", "")
    assert "side" not in needs.columns and "GPT" not in marks
    assert marks[first[1]]["all needs"][0] in "●◐" and marks[first[1]]["GPU"].startswith("● from ")
    lacking = [one for one in marks.values() if one["all needs"] == "✕ does not"]
    assert all(
        any(str(value).startswith("✕ ") for name, value in one.items() if name != "all needs") for one in lacking
    )


def test_what_is_not_needed_has_a_value_but_no_mark(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without needs nobody is judged, and all that have figures are ranked."""
    app = opened(monkeypatch, sample, PAGE)
    (needs,) = [frame.value for frame in app.dataframe if "fine-tuning" in frame.value.columns]
    assert "all needs" not in needs.columns and set(needs["side"]) == {"open", "proprietary"}
    assert not any(value[0] in "●◐✕" for value in needs["fine-tuning"])
    unranked = texts(app).count(": no rank: figures for only")
    assert f"ranks first of {len(needs) - unranked}" in texts(app)
    assert unranked > 0 and "Not weighed, because they are read from texts too badly:" in texts(app)


def _name_cheapest(home: Path) -> str:
    snapshot = read_current(home)
    assert snapshot is not None
    sql = (
        "select f.title from metrics.price_usd as p join staging.families as f on f.family_id = p.family_id"
        " where p.segment = 'blended' and p.statistic = 'median' and p.state = 'measured' order by p.value limit 1"
    )
    title: str = query(snapshot, sql).to_pylist()[0]["title"]
    return title


def test_weights_move_the_order_and_come_from_the_address(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wants a low price alone gets the cheapest first; what nobody offers is left out."""
    only = {f"weight-{name}": "0" for name in MEASURES} | {"weight-price": "5"}
    app = opened(monkeypatch, sample, PAGE, **only)
    assert f"With these weights, {_name_cheapest(sample)} ranks first" in texts(app).replace("\\", "")
    app = opened(monkeypatch, sample, PAGE, **{"weight-price": "99", "gpu": "<script>", "side": "'; drop"})
    assert not app.exception and re.search(r"ranks first of \d+", texts(app)) and "<script>" not in texts(app)


def test_nothing_weighed_has_no_answer(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All weights at nought: nobody is first, and the needs still show."""
    app = opened(monkeypatch, sample, PAGE, **{f"weight-{name}": "0" for name in MEASURES})
    assert not app.exception and "give no answer" in texts(app)
    assert any("fine-tuning" in frame.value.columns for frame in app.dataframe)


@pytest.mark.parametrize("state", ["older version", "no rows", "hostile", "failed"])
def test_the_page_opens_whatever_the_snapshot_lacks(
    state: str, state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not known is said, and nobody is passed or dropped for it."""
    monkeypatch.setenv("HEARTBEAT_NOW", "2026-11-01T06:00:00Z")
    app = opened(monkeypatch, state_home(state), PAGE, gpu="24 GB")
    assert not app.exception
    assert ("give no answer" in texts(app)) == (state in ("older version", "no rows"))
    assert ("cannot be judged: memory not known" in texts(app)) == (state in ("older version", "no rows"))


def test_an_address_may_have_short_names(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes an address by hand uses the names of the exports."""
    app = opened(monkeypatch, sample, PAGE, side="open", within="24h")
    assert re.search(r"Of 13 families \w+ for sure and \d+ perhaps", texts(app))
    assert (app.session_state["side"], app.session_state["within"]) == ("open", "24h")
