"""What vendors say of the end of their models, read from each one's form: dates, names, tables, and pages that were
recorded."""

import random
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.http.errors import Fatal
from pipelines.markup import page_blocks
from pipelines.markup.dates import Promise, read_promise
from pipelines.markup.page_blocks import PageBlock
from pipelines.sources.deprecations import cells, mistral
from pipelines.sources.deprecations.formats import FORMATS
from pipelines.sources.deprecations.notice import EndNotice
from pipelines.sources.deprecations.page_reader import read_page
from tests.paths import RECORDINGS

ANSWERS = RECORDINGS / "changelogs"
recorded = pytest.mark.skipif(not ANSWERS.is_dir(), reason="../shared/recordings/changelogs is not here")


def _read(form: str, text: str) -> dict[str, EndNotice]:
    blocks = page_blocks.read_html_blocks(text) if page_blocks.is_html(text) else page_blocks.read_markdown_blocks(text)
    stated, skipped = read_page(blocks, FORMATS[form])
    assert skipped == ()
    return {notice.key: notice for notice in stated}


@pytest.mark.parametrize(
    ("text", "on", "kind"),
    [
        ("2026\u201107\u201114", "2026-07-14", "exact"), ("Feb 26, 2027", "2027-02-26", "exact"),
        ("July 23, 2026†", "2026-07-23", "exact"),
        ("09/21/26", "2026-09-21", "exact"), ("9/3/2025", "2025-09-03", "exact"),
        ("July 15th, 2025 (all Regions)", "2025-07-15", "exact"),
        ("31 October 2026", "2026-10-31", "exact"), ("No Auto-upgrades July 14, 2025", "2025-07-14", "exact"),
        ("no longer available after May 1, 2026", "2026-05-01", "exact"),
        ("October 16, 2024 (us-east-1) March 1, 2024 (us-west-2)", "2024-03-01", "exact"),
        ("Not sooner than June 9, 2027", "2027-06-09", "not_before"),
        ("at earliest 2024-06-13", "2024-06-13", "not_before"),
        ("No earlier than 2027-04-14", "2027-04-14", "not_before"),
        ("Earliest February 2026", "2026-02-01", "not_before"),
        ("2026-05-01 or later", "2026-05-01", "not_before"), ("May 2027", "2027-05-01", "month"),
        ("2026-05", "2026-05-01", "month"),
        *((text, None, "unknown") for text in ("TBD", "---", "—", "", "N/A", "NA", "None", (
            "No shutdown date "
            "announced"
        ))),
    ],
)  # fmt: skip
def test_a_promise_is_as_exact_as_its_words(text: str, on: str | None, kind: str) -> None:
    """A floor is no date, a month no day, and nothing is known if nobody says."""
    assert read_promise(text) == Promise(on, kind)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["soon", "2026-02-31", "Q3 2026", "Smarch 5, 2026"])
def test_words_that_are_no_date_are_told_and_not_guessed(text: str) -> None:
    """They show up as drift, never as a day."""
    assert read_promise(text) == Promise(None, "unknown", text)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("`a-1` | `b-2`", ["a-1", "b-2"]), ("`a-1`, `b-2`†", ["a-1", "b-2"]),
        ("gpt-5, gpt-5-2025-08-07", ["gpt-5", "gpt-5-2025-08-07"]),
        ("`x-0125` (including `y` and `z`, which point to it)", ["x-0125", "y", "z"]),
        ("`x-1` (formerly `y`), `x-2` (also `z-2`)", ["x-1", "x-2", "y", "z-2"]),
        ("`x-1` (use `y-2` instead)", ["x-1"]), ("`x-8` (except `x-9`)", ["x-8"]),
        ("GPT-4o (`gpt-4o-1`, `gpt-4o-2`)", ["gpt-4o-1", "gpt-4o-2"]),
        ("New fine-tuning training on `babbage-002`", ["New fine-tuning training on babbage-002"]),
        ("command-r (and the alias command-r)", ["command-r"]), ("Claude 3 Opus", ["Claude 3 Opus"]),
        ("`org/Model-2`", ["org/Model-2"]),
        ("/v1/engines", ["/v1/engines"]),
    ],
)  # fmt: skip
def test_names_are_told_from_the_words_around_them(cell: str, expected: list[str]) -> None:
    """Code that only names is a list of names; code among words belongs to the phrase."""
    assert cells.split_names(cell) == expected


@pytest.mark.parametrize(
    ("name", "section", "kind"),
    [
        ("gpt-4-0314", "", "model"), ("Claude 3 Opus", "", "model"), ("/v1/engines", "", "endpoint"),
        ("v1/prompts API", "", "endpoint"),
        ("Assistants API", "", "feature"), ("OpenAI-Beta: realtime=v1", "", "feature"),
        ("ada", "Fine-tuning GPT models", "feature"),
        ("Slack App integration", "", "feature"), ("command-light", "", "model"),
    ],
)  # fmt: skip
def test_endpoints_and_features_stand_among_models(name: str, section: str, kind: str) -> None:
    """And must not be counted as models."""
    assert cells.classify_subject(name, section) == kind


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("`gpt-5` or `gpt-4.1*`", ["gpt-5", "gpt-4.1"]), ("`grok-4.3` with `low` reasoning effort", ["grok-4.3"]),
        ("a, b, and c:0", ["a", "b", "c:0"]), ("ai21.x-v1:0 in US East (N. Virginia)", ["ai21.x-v1:0"]),
        ("openai/gpt-oss-120b or qwen/q-27b", ["openai/gpt-oss-120b", "qwen/q-27b"]), ("/v1/models", ["/v1/models"]),
        ("gpt-4.1 version: 2025-04-14", ["gpt-4.1"]), ("`a` | `b`", ["a", "b"]), ("`a` / `b`", ["a", "b"]),
        *((cell, []) for cell in ("—", "N/A", "", "---", "None", "View transition guide", "See the [docs]")),
    ],
)  # fmt: skip
def test_replacements_are_a_list_of_names(cell: str, expected: list[str]) -> None:
    assert cells.split_replacements(cell) == expected


OPENAI_2026 = """# Deprecations
## Upcoming deprecations
| Shutdown date | Affected model | Status | Recommended replacement | Notice date |
|---|---|---|---|---|
| Dec 11, 2026 | `gpt-5`, `gpt-5-2025-08-07` | Deprecated | `gpt-6.1-sol` | Jun 11, 2026 |
| TBD | `old-1` | Sleeping | `a` \\| `b` | Jun 2026 |

## Change log
| Date | Change |
|---|---|
| 2026-10-01 | `gpt-5` moved |
"""


def test_a_page_that_dates_its_announcements_in_a_column_is_read_too() -> None:
    """The header of autumn 2026; the log beneath has no ends; an unknown stage is reported."""
    found = _read("openai", OPENAI_2026)
    assert list(found) == ["gpt-5-2025-08-07@2026-06-11", "gpt-5@2026-06-11", "old-1@2026-06-01"]
    assert (found["gpt-5@2026-06-11"].shutdown, found["gpt-5@2026-06-11"].stage) == (
        Promise("2026-12-11", "exact"),
        "deprecated",
    )
    old = found["old-1@2026-06-01"]
    assert (old.announced.kind, old.shutdown, old.replacements) == ("month", Promise(), ("a", "b"))
    assert old.drift == ("stage: Sleeping",)


def test_columns_are_known_by_name_wherever_they_stand() -> None:
    """Shuffled columns give the same notices."""
    rows = [
        ["Shutdown date", "Model / system", "Recommended replacement"],
        ["2026-01-02", "`a-1`", "`b`"],
        ["TBD", "`a-2`", "—"],
    ]
    before = "### 2025-09-26: Old models\n\n"
    texts = []
    for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
        lines = ["| " + " | ".join(row[at] for at in order) + " |" for row in rows]
        texts.append(before + "\n".join([lines[0], "|---|---|---|", *lines[1:]]))
    first, *others = (_read("openai", text) for text in texts)
    assert list(first) == ["a-1@2025-09-26", "a-2@2025-09-26"] and all(other == first for other in others)


def test_the_same_model_twice_is_two_announcements_and_a_row_told_twice_is_one() -> None:
    """Of two rows of one announcement the later end stays."""
    row = "| 2026-01-02 | `a` | `b` |\n"
    table = "| Shutdown date | Model | Replacement |\n|---|---|---|\n"
    text = f"### 2025-01-01: One\n\n{table}{row}{row.replace('2026', '2025')}\n### 2024-01-01: Two\n\n{table}{row}"
    found = _read("openai", text)
    assert {key: one.shutdown.on for key, one in found.items()} == {
        "a@2024-01-01": "2026-01-02",
        "a@2025-01-01": "2026-01-02",
    }


ANTHROPIC = """---
title: x
---
## Model status
| API model name | Current state | Deprecated | Tentative retirement date |
|---|---|---|---|
| `claude-x` | Active | N/A | Not sooner than June 9, 2027 |
| `claude-o` | Retired | June 30, 2025 | January 5, 2026 |

## Deprecation history
### 2025-06-30: Claude O
| Retirement date | Deprecated model | Recommended replacement |
|---|---|---|
| January 5, 2026 | `claude-o` | `claude-x` |
"""


def test_a_table_of_all_models_and_the_announcements_stand_side_by_side() -> None:
    """A floor is no promise; the announcement is a notice of its own."""
    found = _read("anthropic", ANTHROPIC)
    assert {key: (one.shutdown.on, one.shutdown.kind, one.deprecated.on, one.stage) for key, one in found.items()} == {
        "claude-o@-": ("2026-01-05", "exact", "2025-06-30", "retired"),
        "claude-o@2025-06-30": ("2026-01-05", "exact", None, ""),
        "claude-x@-": ("2027-06-09", "not_before", None, "active"),
    }


GEMINI = """Note: The shutdown dates listed in the table indicate the earliest possible dates on which a model might be retired.

Requests to `gemini-2.5-pro` will be silently re-routed to `gemini-3.8-flash`.

| **Model** | **Release date** | **Shutdown date** | **Recommended replacement** |
|---|---|---|---|
| `gemini-2.5-pro` | June 17, 2025 | December 1, 2026 | |
| **Preview models** | | | |
| `gemini-3-p` | June 1, 2026 | No shutdown date announced | |
"""


def test_gemini_names_the_earliest_possible_day_and_some_names_go_on_as_another_model() -> None:
    """The divider is no model."""
    found = _read("gemini", GEMINI)
    pro = found["gemini-2.5-pro@-"]
    assert list(found) == ["gemini-2.5-pro@-", "gemini-3-p@-"]
    assert (pro.shutdown, pro.replacements) == (Promise("2026-12-01", "not_before"), ("gemini-3.8-flash",))
    assert found["gemini-3-p@-"].shutdown == Promise()


COHERE = """## Deprecation History
### 2026-04-04: Embed v2.0 and others, all of fine-tuning
Effective April 4, 2026, the following models are no longer available.

Retired models:

* `embed-english-v2.0`

We recommend these replacements:

* `embed-v4.0`

### 2025-09-15: Various older command models, a number of endpoints
Effective September 15, 2025, the following deprecations will roll out.

Deprecated Models:

* `command-r-03-2024`  (and the alias `command-r`)
* `summarize` (Refer to [the guide](https://h.example) for alternatives).

Deprecated Features and API Endpoints:

* `/v1/connectors` (Managed connectors)
* `/v1/chat` parameters: `connectors`, `search_queries_only`
* Coral Web UI (c.example)

### 2024-12-02: Rerank v2.0
| Shutdown Date | Deprecated Model | Deprecated Model Price | Recommended Replacement |
|---|---|---|---|
| 2025-04-30 | `rerank-english-v2.0` | \\$1.00 / 1K searches | `rerank-v3.5` |
"""


def test_cohere_tells_of_some_ends_in_lists() -> None:
    """But not in the lists of replacements. The day of a deprecation is no last day; that of an end is."""
    found = _read("cohere", COHERE)
    assert {key: (one.shutdown.on, one.replacements) for key, one in found.items()} == {
        "embed-english-v2.0@-": ("2026-04-04", ()), "command-r-03-2024@-": (None, ()),
        "command-r@-": (None, ()),
        "summarize@-": (None, ()), "/v1/connectors@-~endpoint": (None, ()),
        "/v1/chat parameters: connectors, search_queries_only@-~endpoint": (None, ()),
        "Coral Web UI@-~feature": (None, ()),
        "rerank-english-v2.0@2024-12-02": ("2025-04-30", ("rerank-v3.5",)),
    }  # fmt: skip


def test_a_heading_that_states_the_day_of_effect_is_no_day_of_announcement() -> None:
    """Its models ended without a known notice, not with one of 0 days; a heading of an announcement gives its day."""
    found = _read("cohere", COHERE)
    announced = {key: one.announced.on for key, one in found.items()}
    assert {announced[key] for key in announced if key.partition("@")[2].startswith("-")} == {None}
    assert announced["rerank-english-v2.0@2024-12-02"] == "2024-12-02"


XAI = """# Grok Model Retirement on May 15, 2026

Published for developers on May 6, 2026. **Effective May 15, 2026 at 12:00 PM PT**, the following models will be retired:

* `grok-3`

## Recommended replacements

| Model being retired | Redirect target after May 15 |
|---|---|
| `grok-3` | `grok-4.3` with `low` reasoning effort |
"""


def test_xai_writes_the_day_into_its_prose() -> None:
    """The table has no dates, only targets."""
    (notice,) = _read("xai", XAI).values()
    assert (notice.model, notice.shutdown) == ("grok-3", Promise("2026-05-15", "exact"))
    assert notice.replacements == ("grok-4.3",) and notice.announced == Promise()


GROQ = """## [Deprecation History](#deprecation-history)
### [September 21, 2026: groq/compound](#september-21-2026-groqcompound)

In line with our commitment, on August 24, 2026, we emailed users to announce it.

| Deprecated Model | Shutdown Date | Recommended Replacement Model ID |
|---|---|---|
| groq/compound | 09/21/26 | — |

### [September 14, 2026: qwen/q](#september-14-2026-qwenq)

We announced the deprecation of `qwen/q`.

| Deprecated Model | Shutdown Date | Recommended Replacement Model ID |
|---|---|---|
| qwen/q | 09/14/26 | openai/a or openai/b |
"""


def test_groq_heads_with_the_last_day_and_tells_the_announcement_in_a_sentence() -> None:
    """A sentence of one announcement says nothing of the next."""
    found = _read("groq", GROQ)
    assert list(found) == ["groq/compound@2026-08-24", "qwen/q@-"]
    assert found["groq/compound@2026-08-24"].anchor == "september-21-2026-groqcompound"
    assert found["qwen/q@-"].replacements == ("openai/a", "openai/b") and found["qwen/q@-"].shutdown.on == "2026-09-14"


TOGETHER = """# Deprecations
| Model Type | Deprecation Notice | Notes |
| :- | :- | :- |
| Preview Model | 24 hours | |

## Active model redirects
| Original model | Redirects to | Notes |
| :- | :- | :- |
| `d/V3` | `d/V3.1` | Same lineage |

### Inference
| Removal date | Model | Supported by on-demand dedicated endpoints |
| :- | :- | :- |
| 2026-09-15 | `g/gemma` | Yes |

### Fine-tuning
| Removal date | Model | Suggested replacement |
| :- | :- | :- |
| 2026-07-29 | `n/nano` | `q/9B` |
"""


def test_together_redirects_some_and_removes_others() -> None:
    """Removed from fine-tuning is not removed from inference: that is a feature."""
    found = _read("together", TOGETHER)
    assert {key: one.replacements for key, one in found.items()} == {
        "d/V3@-": ("d/V3.1",), "g/gemma@-": (), "n/nano@-~feature": ("q/9B",),
    }  # fmt: skip


def test_azure_tells_versions_apart() -> None:
    """The same name ends on different days by version."""
    table = "| Model | Version | Lifecycle | Retirement date | Replacement |\n|---|---|---|---|---|\n"
    found = _read(
        "azure",
        f"{table}| gpt-4o | 2024-05-13 | Deprecated | 2026-10-01 | gpt-5.1 |\n| gpt-4o | 2024-11-20 | GA | 2027-04-14 "
        f"| — |\n",
    )
    assert {key: one.shutdown.on for key, one in found.items()} == {
        "gpt-4o (2024-05-13)@-": "2026-10-01", "gpt-4o (2024-11-20)@-": "2027-04-14",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("| Model | Turn-off day |\n|---|---|\n| `a` | 2026-01-01 |\n", "unknown column 'turn off day'"),
        (
            "| Shutdown date | Thing |\n|---|---|\n| 2026-01-01 | `a` |\n",
            "no column of models: shutdown date, thing",
        ),
        (
            "<html><table><tr><th>Model<th>EOL date</tr><tr><td>a<td>1/2/2026<td>more</tr></table></html>",
            "3 cells under 2 column titles",
        ),
    ],
)
def test_a_table_under_names_that_we_do_not_know_is_refused(text: str, reason: str) -> None:
    """Rather no news than wrong news; the last good data stay."""
    with pytest.raises(Fatal, match=reason):
        _read("openai", text)


def test_one_strange_table_among_others_is_named_and_the_others_are_read() -> None:
    """A vendor that adds a table must not silence its whole page."""
    good = "| Model | Shutdown date |\n|---|---|\n| `a` | 2026-01-01 |\n\n"
    stated, skipped = read_page(
        page_blocks.read_markdown_blocks(f"{good}| Widget | Shutdown date |\n|---|---|\n| `b` | 2026-01-01 |\n"),
        FORMATS["together"],
    )
    assert [one.key for one in stated] == ["a@-"]
    assert skipped == (
        "a table of shutdowns has no column of models: widget, shutdown date; the page has changed shape",
    )


FEATURES = """## Upcoming deprecations
### 2026-06-03: Reusable prompts
| Shutdown date | Feature | Recommended replacement |
|---|---|---|
| June 3, 2027 | Reusable prompts | --- |
### Update to self-serve fine-tuning
On May 7th, 2026, we told developers of updates.
| Shutdown date | Model / system | Recommended replacement |
|---|---|---|
| 2027-01-06 | New jobs | — |
### Something undated
| Shutdown date | Endpoint | Recommended replacement |
|---|---|---|
| 2027-01-06 | Prompts | — |
"""


def test_the_columns_name_says_what_stands_in_it_and_a_sentence_dates_what_no_heading_does() -> None:
    """Of sections side by side none dates another."""
    found = _read("openai", FEATURES)
    assert list(found) == ["New jobs@2026-05-07~feature", "Prompts@-~endpoint", "Reusable prompts@2026-06-03~feature"]


MODEL = """import type { Model } from './types';
/* slug: 'nothing', */
export default {
  slug: "mistral-small-24-02", // status: 'Active'
  status: 'Retired',
  apiNames: ['mistral-small-2402', 'mistral-small-latest'],
  metadata: { deprecationDate: new Date('2024-11-30'), retirementDate: "6/16/2025", replacement: 'Mistral Small 3.2' },
} satisfies Model;
"""


def test_a_model_file_of_mistrals_is_read() -> None:
    """An alias ends with its model, comments are no fields, and an unknown status is reported."""
    notice, alias = mistral.read_model(MODEL, "x.ts")
    assert (alias.model, alias.subject_kind, alias.shutdown) == ("mistral-small-latest", "alias", notice.shutdown)
    assert (notice.model, notice.deprecated.on, notice.shutdown.on, notice.stage) == (
        "mistral-small-2402",
        "2024-11-30",
        "2025-06-16",
        "retired",
    )
    assert notice.replacements == ("Mistral Small 3.2",)
    (active,) = mistral.read_model("export default { slug: 'a', status: 'Active', apiNames: ['a'] };", "a.ts")
    assert (active.stage, active.shutdown.on) == ("active", None)
    assert mistral.read_model("export * from './a';", "index.ts") == []
    (odd,) = mistral.read_model("export default { slug: 'a', status: 'Snoozing' };", "a.ts")
    assert odd.drift == ("stage: Snoozing",) and odd.stage == ""
    with pytest.raises(Fatal, match=r"a\.ts: a model without a status"):
        mistral.read_model("export default { slug: 'a' };", "a.ts")


CELLS = st.sampled_from(
    ["`a-1`", "`a-2`", "Claude 3", "/v1/x", "2026-01-02", "TBD", "Not sooner than May 1, 2027", "Retired", "—", ""]
)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=12), st.randoms())
def test_the_order_of_rows_changes_nothing(rows: list[tuple[str, ...]], rng: random.Random) -> None:
    header = ("Model", "Shutdown date", "Status", "Recommended replacement")
    shuffled = list(rows)
    rng.shuffle(shuffled)
    both = [
        read_page([PageBlock("table", header=header, rows=tuple(listed))], FORMATS["together"])
        for listed in (rows, shuffled)
    ]
    assert both[0] == both[1] and len({one.key for one in both[0][0]}) == len(both[0][0])


def _recorded(name: str, form: str) -> tuple[list[PageBlock], dict[str, EndNotice]]:
    text = (ANSWERS / name).read_text(encoding="utf-8")
    return page_blocks.read_html_blocks(text), _read(form, text)


@recorded
def test_the_recorded_page_of_openai_is_read_whole() -> None:
    """23 tables, 76 rows, each a notice of its own, and two names in brackets: 63 models, 9 features, 6 endpoints;
    counted again by the rows of its HTML."""
    blocks, found = _recorded("openai_deprecations.html", "openai")
    tables = [block for block in blocks if block.kind == "table"]
    html = (ANSWERS / "openai_deprecations.html").read_text(encoding="utf-8")
    assert len(tables) == 23 == html.count("<table>") and len(found) - 2 == 76 == html.count("<tr>") - 23
    assert Counter(one.subject_kind for one in found.values()) == {"model": 63, "feature": 9, "endpoint": 6}
    assert Counter(one.shutdown.kind for one in found.values()) == {"exact": 77, "not_before": 1}
    assert {one.announced.kind for one in found.values()} == {"exact"} and not any(one.drift for one in found.values())
    assert {key for key in found if key.startswith("gpt-4-0314")} == {"gpt-4-0314@2023-06-13", "gpt-4-0314@2025-09-26"}
    assert found["gpt-4-0314@2025-09-26"].shutdown.on == "2026-03-26", "U+2011 is in that cell"
    assert found["gpt-4-turbo-preview@2025-09-26"].shutdown.on == "2026-03-26", "named in brackets only"
    assert found["ada@2023-07-06"].subject_kind == "model" and "ada@2023-07-06~feature" in found
    anchors = {one.anchor for one in found.values()}
    assert anchors <= set(re.findall(r'<h[2-5] id="([^"]+)"', html)) and len(anchors) == 22
    assert all(
        page_blocks.make_anchor(block.text) == block.anchor
        for block in blocks
        if block.kind == "heading" and block.level > 1
    )


@recorded
def test_the_recorded_page_of_bedrock_is_read_but_for_its_table_of_active_versions() -> None:
    """6 legacy and 29 ended versions. The 55 active ones stand under 7 names for 8 cells, none of which names an end:
    not read."""
    blocks, found = _recorded("aws_bedrock_lifecycle.html", "bedrock")
    active, legacy, ended = (block for block in blocks if block.kind == "table")
    assert (len(active.header), {len(row) for row in active.rows}, len(active.rows)) == (7, {8}, 55)
    assert len(legacy.rows) + len(ended.rows) == 6 + 29 == len(found)
    assert {one.shutdown.kind for one in found.values()} == {"exact"} and not any(one.drift for one in found.values())
    twice = {
        key: (one.deprecated.on, one.shutdown.on) for key, one in found.items() if key.startswith("Ai21 J2 Mid-v1")
    }
    assert twice == {
        "Ai21 J2 Mid-v1@-~us-east-1": ("2024-10-04", "2025-03-12"),
        "Ai21 J2 Mid-v1@-~us-west-2": ("2024-04-30", "2024-10-04"),
    }  # fmt: skip
    assert found["AI21 Jamba-Instruct@-"].replacements == ("ai21.jamba-1-5-mini-v1:0", "ai21.jamba-1-5-large-v1:0")


@recorded
def test_the_recorded_page_of_azure_is_read_whole() -> None:
    """9 makers, 35 models, each with the day of its deprecation and of its retirement."""
    blocks, found = _recorded("azure_foundry_lifecycle.html", "azure")
    assert sum(len(block.rows) for block in blocks if block.kind == "table") == 35 == len(found)
    anchors = Counter(one.anchor for one in found.values())
    assert anchors["meta"] == len(anchors) == 9
    assert all(one.shutdown.kind == "exact" and one.deprecated.on and not one.drift for one in found.values())
    assert found["Mistral-large-2407@-"].deprecated.on == "2025-02-13", (
        "the day of deprecation, not that of becoming legacy"
    )


@recorded
def test_the_recorded_page_of_xais_models_tells_of_no_end() -> None:
    """Prices and rate limits in three tables: refused as a page of deprecations, since no notice is in it."""
    blocks, found = _recorded("xai_models.html", "xai")
    assert sum(block.kind == "table" for block in blocks) == 3 and found == {}
