"""Forms that vendors took up in 2026: a column of families, ends of what was tuned, announcements in prose, aliases."""

import pytest

from pipelines.http.errors import Fatal
from pipelines.markup import page_blocks
from pipelines.markup.dates import Promise
from pipelines.sources.deprecations import mistral
from pipelines.sources.deprecations.formats import FORMATS
from pipelines.sources.deprecations.notice import EndNotice
from pipelines.sources.deprecations.page_reader import read_page


def read(form: str, text: str) -> dict[str, EndNotice]:
    stated, skipped = read_page(page_blocks.read_markdown_blocks(text), FORMATS[form])
    assert skipped == ()
    return {notice.key: notice for notice in stated}


def test_openais_column_of_families_and_snapshots_lists_models() -> None:
    """Realtime and audio models are listed under this title since July 2026; the table was skipped."""
    found = read(
        "openai",
        "### 2026-08-03: Lamps\n\nOn August 3, 2026, we notified developers.\n\n"
        "| Shutdown date | Model family / snapshot | Recommended replacement |\n|---|---|---|\n"
        "| Feb 3, 2027 | `lamp-audio` | `lamp-audio-2` |\n",
    )
    notice = found["lamp-audio@2026-08-03"]
    assert (notice.shutdown, notice.replacements) == (Promise("2027-02-03", "exact"), ("lamp-audio-2",))


AZURE = """## Models
| Model | Version | Lifecycle | Retirement date | Replacement |
|---|---|---|---|---|
| lamp-4 | 2025-04-14 | GA | 2026-10-14 | lamp-5 |

{heading}
| Model | Version | Training retirement date | Deployment retirement date |
|---|---|---|---|
| lamp-4 | 2025-04-14 | No earlier than 2026-10-14¹ | 2027-10-14 |
"""


@pytest.mark.parametrize("heading", ["", "### Fine-tuned models\n"])
def test_azures_ends_of_what_was_tuned_are_no_ends_of_the_model(heading: str) -> None:
    """They come a year later: taken for the model's, they would hide its end."""
    found = read("azure", AZURE.format(heading=heading))
    assert found["lamp-4 (2025-04-14)@-"].shutdown == Promise("2026-10-14", "exact")
    tuned = found["lamp-4 (2025-04-14)@-~feature"]
    assert (tuned.shutdown, tuned.deprecated) == (Promise("2027-10-14", "exact"), Promise("2026-10-14", "not_before"))
    assert tuned.drift == () and len(found) == 2


COHERE = """## Deprecation History

### 2026-06-01: Older lamps

Effective June 1, 2026, these are gone.

Deprecated Models:

* `lamp-r-03-2024` (and the alias `lamp-r`)
* `lamp-2` (and the aliases `lamp`, `lamp-light`)
* `lamp-1` (see [the guide](https://h.example))

We recommend `lamp-9` instead.

### 2025-03-08: Lamp-R-03-2024 Fine-tuned Models

On March 08, 2025, we will sunset all models tuned with it. More follows:

* Nothing else changes.

### 2025-01-31: Default Glow endpoint

After January 31st, 2025, usage of Glow via the default models will be deprecated.

### 2024-12-24: A word of thanks

Lamps shine.
"""


def test_cohere_names_aliases_beside_models_and_tells_some_ends_in_sentences_only() -> None:
    """A retired alias breaks requests as its model does; a section of thanks ends nothing."""
    found = read("cohere", COHERE)
    assert {key: (one.subject_kind, one.shutdown.on) for key, one in found.items()} == {
        "lamp-r-03-2024@-": ("model", None), "lamp-r@-": ("model", None),
        "lamp-2@-": ("model", None), "lamp@-": ("model", None),
        "lamp-light@-": ("model", None), "lamp-1@-": ("model", None),
        "Lamp-R-03-2024 Fine-tuned Models@-~feature": ("feature", "2025-03-08"),
        "Default Glow endpoint@-~endpoint": ("endpoint", None),
    }  # fmt: skip


def test_prose_is_read_only_where_a_vendor_announces_in_it() -> None:
    """Elsewhere the sentences under a dated heading repeat its table."""
    with pytest.raises(KeyError):
        _ = read("openai", COHERE)["Default Glow endpoint@-~endpoint"]


def test_mistrals_public_preview_is_a_stage_without_an_end() -> None:
    """Written in one word; it was reported as unknown at every visit."""
    text = "export default {{ slug: 'lamp', status: '{}', apiNames: ['lamp-1'] }};"
    assert mistral.read_model(text.format("PublicPreview"), "lamp.ts")[0].stage == "active"
    assert mistral.read_model(text.format("Glowing"), "lamp.ts")[0].drift == ("stage: Glowing",)


def test_a_row_with_more_cells_than_titles_costs_no_other() -> None:
    """Its days may stand under any title: it is skipped and named, the table is read."""
    # A table in Markdown cannot be too wide, one in HTML can.
    rows = ("<td>lamp-1</td><td>2027-01-01</td>", "<td>lamp-2</td><td>x</td><td>2027-02-01</td>")
    html = "<table><tr><th>Model</th><th>Shutdown date</th></tr>{}</table>"
    both = html.format("".join(f"<tr>{row}</tr>" for row in rows))
    stated, skipped = read_page(page_blocks.read_html_blocks(both), FORMATS["vertex"])
    assert [notice.key for notice in stated] == ["lamp-1@-"]
    assert skipped == ("a row has 3 cells under 2 column titles",)
    with pytest.raises(Fatal, match="3 cells under 2"):
        read_page(page_blocks.read_html_blocks(html.format(f"<tr>{rows[1]}</tr>")), FORMATS["vertex"])


def test_names_in_brackets_end_with_the_model_that_they_point_to() -> None:
    """They had no row, so that a price list made a model that had ended look served; code of another model is noted."""
    found = read(
        "openai",
        "### 2025-09-26: Lamps\n\n| Shutdown date | Model | Recommended replacement |\n|---|---|---|\n"
        "| 2026-03-26 | `lamp-4-0125` (including `lamp-turbo` and `lamp-turbo-2`, which point to it) | `lamp-5` |\n"
        "| 2026-03-27 | `lamp-3` (migrate to `lamp-5`) | `lamp-5` |\n",
    )
    assert {one.model: (one.shutdown.on, one.drift) for one in found.values()} == {
        "lamp-4-0125": ("2026-03-26", ()), "lamp-turbo": ("2026-03-26", ()), "lamp-turbo-2": ("2026-03-26", ()),
        "lamp-3": ("2026-03-27", ("names: migrate to `lamp-5`",)),
    }  # fmt: skip
