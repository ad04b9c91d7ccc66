"""The nine tasks with which readers come: clicked and typed as a person does, each answer held against the exports."""

import csv
import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dashboards.menu import ADDRESSES, FURTHER
from tests.dashboards.browser import browser as real
from tests.worlds.page_worlds import NOW
from warehouse.export import export_metrics
from warehouse.receipts.receipt import make_receipt
from warehouse.snapshot import Snapshot, query, read_current

pytestmark = [pytest.mark.slow, pytest.mark.skipif(real.chromium() is None, reason="no Chromium on this machine")]
Row = dict[str, Any]
Rows = Callable[..., list[Row]]
LEAD = re.compile(r"lead is (\d+) points \(([+−\d.]+) to ([+−\d.]+)\)")
WHOLE = {"channel_kind": "tracker", "channel_role": "all", "window": "365d"}
RUNTIMES = (
    "ggml-org/llama.cpp",
    "vllm-project/vllm",
    "huggingface/transformers",
    "ollama/ollama",
    "sgl-project/sglang",
)
YEARS = 730
PATIENCE = 60_000
"""Milliseconds that a page may take on a busy machine."""
EXPORTED = (
    "answered_share", "closed_unhelped_share", "newcomer_penalty_share", "promise_kept_share", "uptime_share",
)  # fmt: skip


class Person:
    """A reader with a browser of their own, whose clicks are counted; a typed word counts as one."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.clicks, self.began = page, 0, time.monotonic()
        self.place = "h1"
        """Where the answer is."""
        real.opened(page, address, charts=0)

    def choose(self, name: str) -> None:
        """Chooses a page from the menu."""
        self.clicks += 2 if name in map(ADDRESSES.__getitem__, FURTHER) else 1
        real.chosen(self.page, name)

    def click(self, what: Locator) -> None:
        """Clicks and waits for what follows."""
        self.clicks += 1
        what.click()
        # The run that a click asks for begins a moment later.
        self.page.wait_for_timeout(300)
        real.settle(self.page)

    def pick(self, box: str, words: str, address: str) -> None:
        """Opens a box, types what to pick and presses Enter, until the address says so."""
        self.clicks += 2
        self.page.get_by_role("combobox", name=box).click()
        self.page.keyboard.type(words, delay=30)
        self.page.keyboard.press("Enter")
        expect(self.page).to_have_url(re.compile(address), timeout=PATIENCE)
        real.settle(self.page)

    def read(self, place: str = ".st-key-answer") -> str:
        """Reads a part of the page: its answer, or a figure."""
        shown: str = self.page.locator(place).inner_text()
        return plain(shown)

    def read_headline(self) -> str:
        """Reads the headline."""
        return self.read("h1")

    def list_cells(self, figure: str) -> list[str]:
        """Lists the rows of a figure's table as text; its canvas has those in view in the page, too."""
        place = self.page.locator(f".st-key-figure-{figure} [data-testid='stDataFrame']")
        place.scroll_into_view_if_needed()
        place.locator("tbody td").first.wait_for(state="attached", timeout=PATIENCE)
        return [plain(" | ".join(row.locator("td").all_text_contents())) for row in place.locator("tbody tr").all()]

    def expect(self, place: str, words: str) -> None:
        """Expects that a part of the page says this, as soon as it is drawn."""
        expect(self.page.locator(place)).to_contain_text(
            re.compile(re.escape(words).replace(r"\ ", r"\s")), timeout=PATIENCE
        )


def plain(text: str) -> str:
    """Returns a text without what keeps its words together."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")


@pytest.fixture
def person(sample: str, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Person]:
    """A person at a usual window, or at one of the width that a test names; says what the task took."""
    width, height = getattr(request, "param", (1440, 900))
    context = chromium.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
    reader = Person(context.new_page(), sample)
    yield reader
    seconds = time.monotonic() - reader.began
    print(f"\n{request.node.name}: {reader.clicks} clicks, {seconds:.0f} s: {reader.read(reader.place)}")
    context.close()


@pytest.fixture(scope="module")
def home(state_home: Callable[[str], Path]) -> Path:
    """The home whose snapshot the pages show."""
    return state_home("sample")


@pytest.fixture(scope="module")
def snapshot(home: Path) -> Snapshot:
    """The snapshot that the pages show, for what is published but not exported."""
    found = read_current(home)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def exported(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Reads the rows of a metric with these cells as `heartbeat export` writes them."""
    out = tmp_path_factory.mktemp("export")
    export_metrics(snapshot, EXPORTED, out, "json")

    def rows(metric: str, **cells: str) -> list[Row]:
        listed: list[Row] = json.loads((out / f"{metric}.json").read_text(encoding="utf-8"))
        return [row for row in listed if all(row[name] == value for name, value in cells.items())]

    return rows


def points(value: float) -> str:
    """Writes a difference of shares in points of two digits, with its sign."""
    number = f"{value * 100:+.0f}" if abs(value) >= 0.0995 else f"{value * 100:+.1f}"
    return number.replace("-", "−")


def test_qwen_or_claude_has_one_lead_wherever_it_stands(person: Person, exported: Rows, snapshot: Snapshot) -> None:
    """One lead was 20, 28 and 29 points on one page."""
    person.choose("compare")
    person.pick("First family", "Qwen", "family=qwen")
    person.pick("Second family", "Claude", "family=qwen&family=claude")
    words = person.read()
    for row in exported("answered_share", **WHOLE, statistic="within_7d", segment="anyone"):
        if row["family_id"] in ("qwen", "claude"):
            assert f"{row['value'] * 100:.0f} % ({row['family_id'].title()})" in words
    (pair,) = query(
        snapshot,
        "select * from metrics.matched_differences where metric = 'answered_share' and statistic = 'within_7d' "
        "and \"window\" = '365d' and least(first_id, second_id) = 'claude' and greatest(first_id, second_id) = 'qwen'",
    ).to_pylist()
    # The published pair is read from its first family, the answer from the one ahead.
    ends = [pair["effect"], pair["effect_low"], pair["effect_high"]]
    effect, low, high = ends if ends[0] >= 0 else (-ends[0], -ends[2], -ends[1])
    lead, *others = {found.groups() for found in LEAD.finditer(person.read("[data-testid='stMain']"))}
    assert (lead, others) == ((points(effect).removeprefix("+"), points(low), points(high)), [])
    labels = person.page.locator("[aria-roledescription='visualization']").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label') ?? '').join()"
    )
    (week,) = re.findall(r"Answered within a week: [^;]*; ([+−][\d.]+) points", plain(labels))
    assert week.lstrip("+−") == lead[0]


IDS = ("gpt-4o", "anthropic.claude-3-opus-20240229-v1:0", "models/gemini-1.5-pro")


def find_ends(home: Path, folder: Path, *words: str) -> dict[str, Row]:
    """Finds by the command when ids end, within a year, by id."""
    asked = ["ends", str(folder), "--allow-sample", "--format", "json", "--within", "1y", *words]
    command = [str(Path(sys.executable).with_name("heartbeat")), *asked]
    environment = {"HEARTBEAT_HOME": str(home), "HEARTBEAT_NOW": NOW.isoformat(), "PATH": "/usr/bin:/bin"}
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    return {one["id"]: one for one in json.loads(found.stdout)["ids"]}


def paste(person: Person, text: str) -> None:
    """Pastes ids into the field and asks about them."""
    person.choose("changes")
    person.clicks += 1
    person.page.get_by_role("textbox", name="Check my model ids").fill(text)
    person.click(person.page.get_by_role("button", name="Check these ids"))
    expect(person.page.locator(".st-key-figure-ids [data-testid='stDataFrame']")).to_be_visible(timeout=PATIENCE)
    real.settle(person.page)


def word_day(end: Row) -> str:
    """Words a day as pages do, or the month if no day is given."""
    day = time.strptime(end["ends_on"], "%Y-%m-%d")
    return time.strftime("%b %Y" if end["ends_kind"] == "month" else f"{day.tm_mday} %b %Y", day)


def test_the_headline_says_of_each_of_three_ids_when_it_ends(person: Person, home: Path, tmp_path: Path) -> None:
    """It forgot the third."""
    (tmp_path / "models.yaml").write_text("".join(f"model: {name}\n" for name in IDS), encoding="utf-8")
    ends = find_ends(home, tmp_path)
    paste(person, "\n".join(IDS))
    clauses = person.read_headline().split("; ")
    for name in IDS:
        (clause,) = [one for one in clauses if name in one]
        state, end = ends[name]["state"], ends[name]
        if state == "host_unknown":
            assert clause == f"{end['place']}'s date for {name} is not known"
        elif state in ("ends", "ended", "not_before"):
            assert word_day(end) in clause
        else:
            assert state == "any_day" and clause == f"{name} may end any day"


def test_models_for_one_card_are_named_and_the_unknown_come_last(person: Person, snapshot: Snapshot) -> None:
    """Of 61 models none was judged."""
    person.choose("fit")
    person.click(person.page.get_by_role("button", name="An open model to tune on a 24 GB card"))
    person.pick("Answered in a day", "25", "daily=25")
    fitting = {
        row["model"].rpartition("/")[2]
        for row in query(
            snapshot,
            "select c.model from metrics.model_choices as c join metrics.model_memory as m using (family_id, model_id) "
            "join metrics.family_ranks as r using (family_id) where c.has_weights and c.allows_changes "
            "and memory_use = 'QLoRA' and memory_gib <= 24 and r.metric = 'answered_share' "
            "and r.statistic = 'within_24h' and r.segment = 'anyone' and r.channel_kind = 'tracker' "
            "and r.\"window\" = '365d' and r.adjusted_low >= 0.25",
        ).to_pylist()
    }
    named = re.fullmatch(r"(.+?)(?:, (.+))? and (\d+) others meet all your needs", person.read_headline())
    assert named is not None and {named[1], named[2]} <= fitting and int(named[3]) + 2 == len(fitting)
    spans = ["spans 25" in row for row in person.list_cells("unstated")]
    assert spans and spans == sorted(spans, reverse=True)


def test_the_end_on_bedrock_is_bedrocks_own(person: Person, home: Path, tmp_path: Path) -> None:
    """It was the maker's date, without a word about Bedrock."""
    (tmp_path / "models.yaml").write_text("model: claude-3-haiku\n", encoding="utf-8")
    end = find_ends(home, tmp_path, "--via", "bedrock")["claude-3-haiku"]
    paste(person, "Claude 3 Haiku on Bedrock")
    headline, words = person.read_headline(), person.read()
    if end["state"] == "host_unknown":
        assert headline == "Bedrock's date for bedrock/claude-3-haiku is not known"
        assert all(word_day(other) in words and f"{other['place']}:" in words for other in end["elsewhere"])
    else:
        assert word_day(end) in headline
    instead = end["replacement"] or [name for other in end["elsewhere"][:1] for name in other["replacement"]]
    assert all(name in words for name in instead) if instead else "No replacement of bedrock/claude-3-haiku" in words


def test_newcomers_at_gemma_are_counted_in_a_hundred_with_their_doubt(person: Person, exported: Rows) -> None:
    """It was the sixth of ten folded figures, and did not say how many more questions it needs."""
    person.choose("support")
    person.pick("Families", "Gemma", "family=gemma$")
    cells = {"family_id": "gemma", "channel_kind": "tracker", "channel_role": "all"}
    rows = {row["window"]: row for row in exported("newcomer_penalty_share", **cells)}
    row = next(row for row in (rows["365d"], rows["all"]) if row["state"] == "measured")
    person.place = ".st-key-head-newcomers h2"
    person.expect(person.place, "Gemma's newcomers")
    words = person.read(".st-key-figure-newcomers")
    count = points(abs(row["value"])).lstrip("+")
    many = f"{count} {'more' if row['value'] > 0 else 'fewer'}" if round(100 * row["value"]) else "as many"
    title = f"Gemma's newcomers: {many} in 100 answered ({points(row['low'])} to {points(row['high'])})"
    assert title in words and ("all time" in words) == (row["window"] == "all")
    groups = [
        exported("answered_share", **cells, window=row["window"], statistic="within_7d", segment=name)[0]
        for name in ("newcomer", "known")
    ]
    few = max(groups, key=lambda one: one["high"] - one["low"])
    assert (f"Only {few['n']} questions are by" in words) == (row["low"] <= 0 <= row["high"])


def test_who_kept_its_promised_notice_is_told_of_two_years(person: Person, exported: Rows, snapshot: Snapshot) -> None:
    """It was of all time."""
    person.choose("changes")
    shares = {}
    for row in exported("promise_kept_share", window="all", statistic="last_read", channel_role="all"):
        key = {"kind": row["channel_kind"], "role": "all", "segment": "all", "statistic": "last_read", "window": "all"}
        if row["n"]:
            items = make_receipt(snapshot, "promise_kept_share", {"family": row["family_id"], **key}, 10_000).items
            kept = [item["is_yes"] for item in items if item["age_days"] <= YEARS]
            shares[row["family_id"]] = (sum(kept), len(kept))
    best = max(shares, key=lambda family: shares[family][0] / shares[family][1])
    titles = dict(query(snapshot, "select family_id, title from staging.families").to_pandas().values.tolist())
    person.place = ".st-key-head-record h2"
    title = person.read(person.place)
    assert "in two years" in title and titles[best] in title
    cells = {row.partition(" | ")[0]: row for row in person.list_cells("record")}
    shown = [family for family in shares if titles[family] in cells]
    assert best in shown
    assert all("{} of {}".format(*shares[family]) in cells[titles[family]] for family in shown)


def test_each_runtimes_tracker_says_how_many_it_helps(person: Person, snapshot: Snapshot) -> None:
    """There was no view by runtime."""
    person.choose("ask")
    counts = {
        row["target"]: (int(row["helped"]), int(row["threads"]))
        for row in query(
            snapshot,
            "select target, sum(h.n_events) as helped, sum(h.n) as threads from metrics.channel_help as h "
            "join staging.channels as c using (channel_id) where c.family_id = '_shared' "
            "and h.channel_role = 'runtime' and h.channel_kind = 'tracker' and statistic = 'within_7d' "
            "and question_type = 'all' and \"window\" = '365d' group by target",
        ).to_pylist()
    }
    enough = {name: helped / threads for name, (helped, threads) in counts.items() if threads >= 20}
    person.place = ".st-key-head-ask-runtimes h2"
    title = person.read(person.place)
    first = max(enough, key=enough.__getitem__, default="")
    assert f"{first} helps most often" in title if first else title.startswith("Too few threads")
    cells = person.list_cells("ask-runtimes")
    for name in RUNTIMES:
        assert any(name in row and "{} of {} thread".format(*counts[name]) in row for row in cells)


def test_a_figure_is_sent_with_its_address_and_all_its_rows(person: Person, exported: Rows) -> None:
    """Only the newest 50 rows could be had."""
    person.choose("support")
    person.pick("Families", "GPT", "family=gpt$")
    closed, helped = (
        exported("closed_unhelped_share", **WHOLE, family_id="gpt", segment="all", statistic=name)[0]
        for name in ("closed", "helped")
    )
    person.place = ".st-key-head-gap h2"
    person.expect(person.place, "GPT: ")
    title = person.read(person.place)
    assert f"{closed['value'] * 100:.0f} %" in title and f"{helped['value'] * 100:.0f} %" in title
    person.click(person.page.locator(".st-key-behind-gap button"))
    body = person.page.locator("[data-testid='stPopoverBody']")
    person.click(body.get_by_role("radio", name="Cases"))
    person.clicks += 1
    with person.page.expect_download() as waited:
        body.get_by_role("button", name=re.compile("All .* as CSV")).click()
    rows = list(csv.DictReader(io.StringIO(waited.value.path().read_text(encoding="utf-8"), newline="")))
    assert len(rows) in (closed["n"], helped["n"]) and len(rows) > 50
    person.click(body.get_by_role("radio", name="Share"))
    address = body.locator("code").first.inner_text()
    person.page.goto(address)
    expect(person.page.locator("h2#gap")).to_be_in_viewport(timeout=PATIENCE)
    assert person.read(person.place) == title


@pytest.mark.parametrize("person", [(390, 844)], indirect=True)
def test_on_a_phone_the_outages_of_mistrals_api_are_told_as_they_are_read(person: Person, exported: Rows) -> None:
    """Right in the sample, it was untrue of the product."""
    person.choose("reliability")
    person.pick("Families", "Mistral API", "family=mistral-api$")
    (row,) = exported("uptime_share", family_id="mistral-api", window="365d", segment="api", statistic="weighted")
    person.expect("h1", "Mistral API")
    if row["state"] == "measured":
        assert "Mistral API posted" in person.read_headline()
    else:
        assert person.read_headline() == "No outage history of Mistral API can be read"
        assert row["note"][1:] in person.read()
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
