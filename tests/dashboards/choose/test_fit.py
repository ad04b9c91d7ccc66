"""Find my model: which models meet the needs, of which it is unknown, and how their families rank by support."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.charts import first_rows
from dashboards.choose import fit, sentences_fit
from dashboards.choose.fit_figures import Choice, make_choice
from dashboards.choose.fit_measures import MEASURES, USUAL, load_compared, select_known
from dashboards.choose.needs import MAYBE, NO, OPEN, QUESTIONS, UNKNOWN, YES, Judged, Needs, Verdict
from dashboards.choose.ranking import Standing
from dashboards.menu import NEEDS
from dashboards.overview.scoreboard import make_columns
from tests.dashboards.choose.test_needs import make_model
from tests.dashboards.test_pages import opened, seen, texts
from tests.worlds.page_worlds import NOW
from warehouse.wording import GAP

PAGE = "choose/fit.py"
TITLES = {"qwen": "Qwen", "gpt": "GPT", "gemma": "<b>Gemma</b>"}
APART = [Standing("qwen", 1, 0.9, 1, 1, 1), Standing("gpt", 1, 0.5, 2, 2, 2, is_behind=True)]
LEVEL = [Standing("qwen", 1, 0.6, 1, 1, 2), Standing("gpt", 1, 0.5, 2, 1, 2)]


def row(**changes: Any) -> dict[str, Any]:
    """A published figure."""
    cells = {"family_id": "qwen", "state": "measured", "value": 0.6, "low": 0.55, "high": 0.65, "n": 100, "note": None}
    return cells | changes


def judged(family: str, outcome: str, why: str = "") -> Judged:
    """A model that was judged by one need."""
    return Judged(make_model(f"{family}/one", family_id=family), {"price": Verdict(outcome, why)})


@pytest.fixture
def sample(state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of the sample world, at its instant."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())
    return state_home("sample")


def test_only_what_is_measured_is_ranked() -> None:
    """A state is not a number, and what is weighed is support: needs have their own place."""
    rows = {"helped": [row(), row(family_id="gpt", state="not enough data", value=None), row(family_id="other")]}
    assert {family: list(of_it) for family, of_it in select_known(rows, ["qwen", "gpt"]).items()} == {
        "qwen": ["helped"],
        "gpt": [],
    }
    assert set(MEASURES) == {"answered", "helped", "carriers", "uptime", "notice"}


VERDICTS = [
    ([], [], ""),
    ([Judged(make_model(), {})], [], "**Say what you need**: 1 model to choose from."),
    ([judged("qwen", NO)], [], "**No model is known to meet all your needs**."),
    ([judged("qwen", UNKNOWN)], LEVEL, "**No model is known to meet all your needs**, and 1 cannot be judged."),
    (
        [judged("qwen", MAYBE), judged("gpt", MAYBE), judged("gemma", UNKNOWN)],
        LEVEL,
        "**one and one may meet all your needs**; no model surely does, and 1 cannot be judged.",
    ),
    ([judged("qwen", YES), judged("gpt", NO)], APART[:1], "**one meets all your needs**."),
    ([judged("qwen", YES)] * 2, APART[:1], "**one and 1 other meet all your needs**."),
    (
        [judged("qwen", YES), judged("gpt", YES)],
        APART,
        "**one and one meet all your needs**; Qwen is supported best.",
    ),
    (
        [judged("qwen", YES), judged("gpt", YES), judged("gpt", YES)],
        LEVEL,
        "**one, one and 1 other meet all your needs**; by support it is too close to call.",
    ),
]


@pytest.mark.parametrize(("found", "places", "verdict"), VERDICTS)
def test_the_verdict_names_models_and_says_whether_support_tells_them_apart(
    found: list[Judged], places: list[Standing], verdict: str
) -> None:
    """Under twenty words and at most three numbers; without a difference shown there is no order."""
    said = sentences_fit.judge_page(found, places, TITLES).replace("\\", "")
    assert said == verdict and len(said.split()) <= 20 and len(re.findall(r"\d+", said)) <= 3


def test_the_evidence_counts_what_is_sorted_out_and_what_is_open() -> None:
    """And how far the order of the families can be trusted."""
    found = [judged("qwen", YES), judged("gpt", NO), judged("gemma", UNKNOWN)]
    stated, unstated = (sentences_fit.answer_page(found, places, TITLES) for places in (APART, LEVEL))
    assert stated.startswith("Of 3 models 1 lacks something, and 1 cannot be judged. By support Qwen ranks first of 2")
    assert stated.endswith("of 2 families, alone.")
    assert "By support, 2 of 2 families share first place." in unstated
    assert "only family among them" in sentences_fit.answer_page(found, APART[:1], TITLES)
    placed = sentences_fit.answer_page(found, LEVEL, TITLES, "forums, last 90 days")
    assert placed.endswith("share first place. Support as seen in forums, last 90 days.")
    assert "the order is that of downloads" in sentences_fit.answer_page(found, [Standing("qwen", 0.3)], TITLES)
    assert "give no answer" in sentences_fit.answer_page([], [], TITLES)


def test_what_cannot_be_told_is_counted_by_reason() -> None:
    """Several reasons have their counts, the most frequent first."""
    one = [judged("qwen", UNKNOWN, "no memory figure")]
    assert sentences_fit.count_undecided(one) == "Not known for 1 model: no memory figure"
    three = [*one, *one, judged("gpt", UNKNOWN, "no price listed")]
    said = sentences_fit.count_undecided(three)
    assert said == "Not known for 3 models: no memory figure (2), no price listed (1)"


ASKED = {"side": "open", "gpu": "24 GiB", "use": "QLoRA tuning", "tuning": "allowed", "licence": "commercial"}


def test_the_page_finds_models_for_a_team_with_one_card(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One address, one sentence, a row for each model that meets all: its memory, price, licence and support."""
    app = opened(monkeypatch, sample, PAGE, **ASKED)
    meeting = next(frame.value for frame in app.dataframe if "tune, QLoRA" in frame.value.columns)
    choice = make_choice(seen(sample), Needs("open", "24", "QLoRA", "yes", "commercial"), USUAL)

    assert not app.exception and fit.QUESTION in [caption.value for caption in app.caption]
    count = len(choice.select(YES))
    assert 0 < count < len(choice.judged) and len(meeting) == min(count, first_rows.MOST)
    assert all(float(cell.split(GAP)[0].replace(",", "")) <= 24 for cell in meeting["tune, QLoRA"])
    assert not any("not commercial" in cell or cell == "hosted only" for cell in meeting["licence"])
    assert set(meeting["end"]) == {"weights stay yours"} and list(meeting.columns[:2]) == ["model", "tune, QLoRA"]
    assert f"{count} models meet all your needs" in texts(app) and "Ruled out by weights" in texts(app)
    assert choice.select(YES)[0].model.name.rpartition("/")[2] in app.title[0].value.replace("\\", "")


def test_what_is_not_known_is_shown_apart(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter of the askers, where the interval spans a quarter: neither among those that meet it nor lost."""
    app = opened(monkeypatch, sample, PAGE, daily="25")
    apart = next(frame.value for frame in app.dataframe if "not known" in frame.value.columns)
    choice = make_choice(seen(sample), Needs(daily="25"), USUAL)

    count = len(choice.select(*OPEN))
    assert 0 < len(apart) == min(count, first_rows.MOST)
    assert f"Not known for {count} models: the interval of the answers spans 25" in texts(app)
    assert {one.outcome for one in choice.judged} == {YES, MAYBE, NO, UNKNOWN}
    assert [one.outcome for one in choice.select(*OPEN)] == sorted(
        [one.outcome for one in choice.select(*OPEN)], key=OPEN.index
    )


def test_the_address_is_the_only_truth_of_needs_and_weights(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It sets the widgets, a widget writes it, the usual choice leaves it, and nonsense in it asks for nothing."""
    app = opened(
        monkeypatch, sample, PAGE, gpu="24", **{"weight-carriers": "0", "weight-answered": "99", "side": "'; drop"}
    )
    assert (app.selectbox(key="gpu").value, app.selectbox(key="side").value) == ("24", "")
    assert (app.slider(key="weight-carriers").value, app.slider(key="weight-answered").value) == (0, USUAL["answered"])

    app.selectbox(key="gpu").set_value("80").run()
    app.slider(key="weight-answered").set_value(5).run()
    assert (app.query_params["gpu"], app.query_params["weight-answered"]) == ("80", "5")
    app.selectbox(key="gpu").set_value("").run()
    app.slider(key="weight-carriers").set_value(USUAL["carriers"]).run()
    assert not {"gpu", "weight-carriers"} & set(app.query_params) and not app.exception


def test_links_to_other_pages_carry_needs_and_weights_on(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Coming back loses nothing; what nobody asked for is not carried."""
    app = opened(monkeypatch, sample, PAGE, gpu="24", **{"weight-carriers": "0", "junk": "1"})
    links = [link.proto.query_string for link in app.get("page_link")]
    assert len(links) > 7 and all("gpu=24" in link and "weight-carriers=0" in link for link in links)
    assert not any("junk" in link for link in links) and tuple(QUESTIONS) == NEEDS


def test_answer_and_models_say_which_part_of_the_questions_they_rest_on(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each measure says what it is split by, and the shares in the table and the need name place and window."""
    whole, part = seen(sample), seen(sample, type="getting it to run")
    where = "issue trackers, last 12 months"
    plain, split = (fit.make_story(page, make_choice(page, Needs(), USUAL)) for page in (whole, part))
    assert plain.answer.endswith(f"Support as seen in {where}.")
    assert split.answer.endswith(f"Support as seen in {where}; only questions about getting it to run.")
    assert plain.figures()[0].subtitle.endswith(f" Answered in a day: adjusted to the same mix of questions; {where}.")
    assert split.figures()[0].subtitle.endswith(
        f" Answered in a day: as counted; {where}; only questions about getting it to run."
    )

    app = opened(monkeypatch, sample, PAGE, type="getting it to run")
    assert f"From {where}; only questions about getting it to run." in app.selectbox(key="daily").help


def test_weights_move_the_order_of_families(sample: Path) -> None:
    """Uptime alone puts families with a page first; nothing weighed leaves the order of downloads."""
    none = make_choice(seen(sample), Needs(), dict.fromkeys(MEASURES, 0))
    only = make_choice(seen(sample), Needs(), dict.fromkeys(MEASURES, 0) | {"uptime": 5})
    assert none.ranked == [] and only.ranked
    assert [one.family for one in only.ranked] != [
        one.family for one in make_choice(seen(sample), Needs(), USUAL).ranked
    ]
    assert "the order is that of downloads" in fit.make_story(seen(sample), none).answer


def test_without_a_rank_models_are_in_the_order_that_is_said() -> None:
    """The order was said to be by downloads, but was by name."""
    few, many = (
        Judged(make_model(f"{family}/one", family_id=family, downloads_30d=count), {})
        for family, count in (("gpt", 10), ("qwen", 400))
    )
    unranked = [Standing(family, 0.2) for family in ("gpt", "qwen")]
    choice = Choice(Needs(), {}, [few, many], {}, unranked)
    assert choice.select(YES) == [many, few]
    assert sentences_fit.count_met(choice.judged, 2, is_ranked=bool(choice.ranked)) == "2 models, by downloads"
    assert sentences_fit.count_met(choice.judged, 2, is_ranked=True) == "2 models, by the support of their families"


def test_a_family_has_one_share_here_and_on_the_first_page(sample: Path) -> None:
    """It was ranked by its share as counted, and on the first page by the adjusted one."""
    page = seen(sample)
    cells = {cell.family_id: cell for cell in make_columns(page)[0].cells if cell.value is not None}
    own = {row["family_id"]: (row["value"], row["low"]) for row in load_compared(page, MEASURES["answered"])}
    assert cells and {family: own[family] for family in cells} == {
        family: (cell.value, cell.low) for family, cell in cells.items()
    }
