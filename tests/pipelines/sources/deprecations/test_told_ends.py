"""Ends that hosts and makers tell in sentences, or under titles that mean another day elsewhere."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.http.errors import Fatal
from pipelines.markup import page_blocks
from pipelines.sources.deprecations.formats import FORMATS
from pipelines.sources.deprecations.notice import EndNotice
from pipelines.sources.deprecations.page_reader import read_page
from tests.upstream.emulator import Upstream
from tests.upstream.messages import text_answer
from tests.worlds.visits import make_visit

PATHS = {
    "cerebras": "ends.md", "kimi": "models.md", "baseten": "ends.md", "modelstudio": "model-ends", "mimo": "deprecate",
    "coreweave": "lifecycle.md", "deepseek": "updates/",
}  # fmt: skip
CHANNELS = {
    form: Channel(
        source="deprecations", target=f"{form}-models", role="deprecations", format=form, family="x",
        base_url=f"https://docs.{form}.example/{path}",
    )
    for form, path in PATHS.items()
}  # fmt: skip


@pytest.fixture(scope="module")
def up() -> Iterator[Upstream]:
    with Upstream(tuple(CHANNELS.values()), seed=5, threads=1) as running:
        yield running


def _visit(up: Upstream, form: str, cursor: Any = None) -> list[Page]:
    there = CHANNELS[form].model_copy(update={"base_url": up.url(CHANNELS[form])})
    return list(sources.collect_stream("deprecations", "notices", make_visit(there, cursor, now=up.world.clock.at())))


def _read(form: str, text: str) -> dict[str, EndNotice]:
    stated, skipped = read_page(page_blocks.read_markdown_blocks(text), FORMATS[form])
    assert skipped == ()
    return {notice.key: notice for notice in stated}


@pytest.mark.parametrize("form", CHANNELS)
def test_every_model_that_a_page_ends_on_a_day_is_read_with_it(up: Upstream, form: str) -> None:
    """In Markdown where the vendor offers it, else in HTML."""
    pages = _visit(up, form)
    bodies = [dict(row.body) for page in pages for row in page.rows if not row.stream]
    stated = {
        end.name: end.shutdown_on.isoformat()
        for end in up.ends[f"{form}-models"].now()
        if end.shutdown_on and end.kind == "exact" and end.subject == "model"
    }
    assert {body["model"]: body["shutdown_on"] for body in bodies} == stated and len(stated) > 5
    assert all(body["shutdown_kind"] == "exact" and body["drift"] == [] for body in bodies)
    assert not any(page.skipped or page.notes for page in pages)


CEREBRAS = """# Deprecations

<Update label="2026-09-30">
  **Deprecating `lamp-9b` and `lamp-20b-2509`**

  Both models will be fully deprecated on **October 31, 2026**. Write before **October 20, 2026** to keep them.
</Update>

<Update label='2026-09-01' tags={["API"]}>
  **Deprecating `glow` parameter for `lamp-30b`**

  The `glow` parameter will no longer be supported after **December 1, 2026**.
</Update>

<Update label="2026-08-17">
  **Deprecated `lamp-7b`**
</Update>

<Update label="2026-05-27">
  **Deprecated `lamp-3b`**

  We recommend migrating to either [L.amp 4 20B](/models/a) or [Lamp 4 9B](/models/b).
</Update>

<Update label="2025-01-17">
  The `lamp-2b` model has been deprecated. We recommend transitioning to `lamp-3b`, a better model than `lamp-1b`.
</Update>

<Update label="2025-01-02">
  **New: `lamp-3b`**
</Update>
"""


def test_a_section_about_to_end_is_dated_by_its_telling_and_one_that_ended_by_its_last_day() -> None:
    """The page puts the last day in the place of the first when it comes; what is new ends nothing."""
    found = _read("cerebras", CEREBRAS)
    assert {key: (one.announced.on, one.shutdown.on, one.replacements) for key, one in found.items()} == {
        "lamp-9b@2026-09-30": ("2026-09-30", "2026-10-31", ()),
        "lamp-20b-2509@2026-09-30": ("2026-09-30", "2026-10-31", ()),
        "glow parameter for lamp-30b@2026-09-01~feature": ("2026-09-01", "2026-12-01", ()),
        "lamp-7b@-": (None, "2026-08-17", ()),
        "lamp-3b@-": (None, "2026-05-27", ("L.amp 4 20B", "Lamp 4 9B")),
        "lamp-2b@-": (None, "2025-01-17", ("lamp-3b",)),
    }


KIMI = """# Model List

<Note>
  `lamp-2.5` is no longer available to new users (full platform sunset on August 31).
</Note>

| Model Name | Description |
|---|---|
| `lamp-3` | The newest |
| `lamp-2.5` | Still served |

`lamp-3` was released on **August 1, 2026**.

## Deprecated Models

> The `lamp-2` series models were officially discontinued on **May 25, 2026** and are no longer maintained.
> Please use the latest Lamp model [lamp-3](/docs/lamp-3) for continued support.

| Model Name | Description |
|---|---|
| `lamp-2-0905` | Deprecated |
| `lamp-2-fast` | Deprecated |

> `lamp-latest` was officially discontinued on **January 28, 2026**.
> Please use the latest Lamp model [lamp-3](/docs/lamp-3) for continued support and enhanced reasoning.

> `lamp-long` will be discontinued in **March 2027**.
"""


def test_a_sentence_ends_what_it_names_and_the_table_below_it() -> None:
    """Models that are served are in tables of the same form; a series, a day without a year and a month end none."""
    found = _read("kimi", KIMI)
    assert {key: (one.shutdown.on, one.replacements) for key, one in found.items()} == {
        "lamp-2-0905@-": ("2026-05-25", ()),
        "lamp-2-fast@-": ("2026-05-25", ()),
        "lamp-latest@-": ("2026-01-28", ("lamp-3",)),
    }


@pytest.mark.parametrize(
    ("form", "titles", "row", "model", "last", "stated", "deprecated"),
    [
        (
            "baseten", "Model | Slug | Deprecation date | Recommended replacement",
            "Lamp 3 | h-org/Lamp-3 | May 1, 2027 | Lamp 4 (h-org/Lamp-4)", "h-org/Lamp-3", "2027-05-01", None, None,
        ),
        (
            "modelstudio", "**Category** | **Model name** | **Deprecation time** | **Replacement model**",
            "Lamp | lamp-3-2026-01-23 | August 20, 2026, 00:00:00 (UTC+08:00) | lamp-4", "lamp-3-2026-01-23",
            "2026-08-20", None, None,
        ),
        (
            "mimo", "Deprecated Model | Offline Time | System replacement time | System Replacement Model",
            "lamp-v2-pro | Beijing Time 2026.6.30 00:00 | Beijing Time 2026.6.1 00:00 | lamp-v2.5-pro", "lamp-v2-pro",
            "2026-06-30", None, None,
        ),
        (
            "coreweave", "Deprecation date | Retirement date | Model ID | Recommended replacement",
            "2026-09-04 | 2026-10-05 | `h-org/Lamp-3` | `h-org/Lamp-4`", "h-org/Lamp-3", "2026-10-05",
            "2026-09-04", None,
        ),
        (
            "vertex", "Model ID | Deprecation date | Retirement date", "`lamp-3` | July 1, 2026 | October 1, 2026",
            "lamp-3", "2026-10-01", None, "2026-07-01",
        ),
    ],
)  # fmt: skip
def test_a_day_of_deprecation_means_what_its_vendor_says(
    form: str, titles: str, row: str, model: str, last: str, stated: str | None, deprecated: str | None
) -> None:
    """The last day at Baseten and Alibaba, the day of the notice at CoreWeave, neither elsewhere."""
    lines = "|".join("---" for _ in titles.split("|"))
    (notice,) = _read(form, f"# Ends\n\n| {titles} |\n|{lines}|\n| {row} |\n").values()
    assert (notice.model, notice.shutdown.on, notice.shutdown.kind) == (model, last, "exact")
    assert (notice.announced.on, notice.deprecated.on) == (stated, deprecated)
    assert len(notice.replacements) == (0 if form == "vertex" else 1)


def test_a_page_that_says_that_nothing_ends_is_read_and_another_empty_page_is_refused(up: Upstream) -> None:
    """Baseten lists planned ends only: between two of them its page has no table."""
    for words, is_refused in (("There are no planned deprecations at this time.", False), ("Write to us.", True)):
        rule = up.fail("*", None, text_answer(f"# Ends\n\n{words}\n", "text/markdown"))
        if is_refused:
            with pytest.raises(Fatal, match="200, but without any notice"):
                _visit(up, "baseten")
        else:
            (quiet,) = _visit(up, "baseten")
            assert (quiet.rows, quiet.is_unchanged) == ([], True)
        rule.stop()


NOTE = """## Model status

<Note>
  [Lamp Preview](https://l.example/p) (`lamp-glow-preview`) is deprecated. To migrate to [Lamp 5](https://l.example/5) \
(`lamp-glow-5`), see the [guide](/docs).
</Note>

The parameters `top_p` and `beam-size` are deprecated on Lamp 4. `lamp-4` is deprecated.

| API model name | Current state | Deprecated | Tentative retirement date |
|---|---|---|---|
| `lamp-4` | Deprecated | June 5, 2026 | August 5, 2026 |
"""


def test_a_note_that_a_model_is_deprecated_is_a_notice_without_a_day() -> None:
    """The text of a block such as <Note> was lost, and so was its model; what a table lists is said there."""
    found = _read("anthropic", NOTE)
    assert found.keys() == {"lamp-glow-preview@-", "lamp-4@-"}
    note = found["lamp-glow-preview@-"]
    assert (note.stage, note.shutdown.on, note.replacements) == ("deprecated", None, ("lamp-glow-5",))


LOG = """# Change Log

## Date: 2026-04-24

### Lamp-V4

The two legacy API model names, `lamp-chat` and `lamp-thinker`, will be discontinued in three months (2026-07-24). \
During this time they point to `lamp-v4-flash`.

## Date: 2025-12-01

### Lamp-V3

Both `lamp-chat` and `lamp-thinker` have been upgraded.
"""


def test_a_change_log_ends_models_in_a_sentence_under_the_day_of_its_telling() -> None:
    """The day is in brackets; a page of which no sentence ends anything is no page of another shape."""
    found = _read("deepseek", LOG)
    assert {key: (one.announced.on, one.shutdown.on, one.shutdown.kind) for key, one in found.items()} == {
        "lamp-chat@2026-04-24": ("2026-04-24", "2026-07-24", "exact"),
        "lamp-thinker@2026-04-24": ("2026-04-24", "2026-07-24", "exact"),
    }
