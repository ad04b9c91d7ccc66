"""A host ends models on days of its own, by region, and closes them to new accounts before."""

import json
from datetime import date
from typing import Any

import pytest

from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.markup import page_blocks
from pipelines.sources import deprecations
from pipelines.sources.deprecations.formats import FORMATS
from pipelines.sources.deprecations.notice import EndNotice, make_bodies
from pipelines.sources.deprecations.page_reader import read_page
from tests.worlds.raw_server import answer, raw_server
from tests.worlds.visits import NOW, make_visit
from tests.worlds.warehouse_rows import build_tables, empty_warehouse, fill, select_models


def read(form: str, text: str) -> dict[str, EndNotice]:
    blocks = page_blocks.read_html_blocks(text) if page_blocks.is_html(text) else page_blocks.read_markdown_blocks(text)
    notices, skipped = read_page(blocks, FORMATS[form])
    assert skipped == ()
    return {notice.key: notice for notice in notices}


BEDROCK = """New customers can't use Legacy models and others may lose access after 15 days.

| Model name | Legacy date | EOL date |
|---|---|---|
| Lamp 3 | May 2, 2026 | November 3, 2026 |
"""
AZURE = """Models in this state are no longer available for new deployments.

| Model | Legacy date | Deprecation date | Retirement date |
|---|---|---|---|
| lamp-3 | May 2, 2026 | August 2, 2026 | November 3, 2026 |
"""


@pytest.mark.parametrize(
    ("form", "text", "closed"),
    [
        ("bedrock", BEDROCK, "2026-05-02"), ("azure", AZURE, "2026-08-02"),
        ("bedrock", BEDROCK.partition("\n")[2], None),
    ],
)  # fmt: skip
def test_the_day_from_which_new_accounts_are_refused_reaches_the_public_table(
    form: str, text: str, closed: str | None
) -> None:
    """Only where the page says that they are refused."""
    ((key, body),) = make_bodies(read(form, text).values(), "https://h.example").items()
    assert body.get("closed_to_new_on") == closed and body["shutdown_on"] == "2026-11-03"
    con = empty_warehouse()
    con.execute(
        "insert into raw.catalog__channels (channel_id, family_id, source, role) values ('c', 'x', 'deprecations', 'd')"
    )
    event = {"notice_code": key, "event_number": 1, "event": "first_seen", "changed_at": "2026-06-01T00:00:00Z"}
    at = NOW.replace(tzinfo=None)
    fill(con, "deprecations__notices", [("c", key, None, at, body)])
    fill(con, "deprecations__notice_events", [("c", f"{key}#1", None, at, event)])
    build_tables(con, select_models("notices"))
    found = con.execute("select closed_to_new_on from staging.notices").fetchall()
    assert found == [(date.fromisoformat(closed) if closed else None,)]


LEGACY = """<!DOCTYPE html><h1>Model lifecycle (Legacy)</h1>
<p>New customers can’t use Legacy models and existing customers may lose access after 15 days of inactivity.</p>
<table><tr><th>Model provider</th><th>Model name</th><th>Model ID</th><th>Regions</th><th>Legacy date</th>
<th>EOL date</th><th>Public extended access start date</th></tr>
<tr><td>Acme</td><td>Lamp 3</td><td>acme.lamp-3-v1:0</td><td>{many}, us-east-1</td><td>May 2, 2026</td>
<td>November 3, 2026</td><td>August 2, 2026</td></tr></table>
<table><tr><th>Model provider</th><th>Model name</th><th>Model ID</th><th>Regions</th><th>Legacy date</th>
<th>EOL date</th><th>Public extended access start date</th></tr>
<tr><td rowspan="2">Acme</td><td rowspan="2">Lamp 2</td><td rowspan="2">acme.lamp-2-v1:0</td>
<td>ap-northeast-1, us-east-1</td><td>March 10, 2026</td><td>September 10, 2026</td><td>—</td></tr>
<tr><td>us-gov-east-1</td><td>March 30, 2026</td><td>September 30, 2026</td><td>—</td></tr></table>
""".replace("{many}", ", ".join(f"ap-lamp-{number}" for number in range(1, 10)))


def test_a_model_of_bedrock_has_a_notice_by_its_id_for_each_set_of_regions() -> None:
    """Display names are in nobody's code, and the earliest of two days is not that of the other regions."""
    found = read("bedrock", LEGACY)
    assert {key: (one.region, one.closed_to_new.on, one.shutdown.on) for key, one in found.items()} == {
        "acme.lamp-3-v1:0@-~ap-lamp-1": (
            ", ".join([*(f"ap-lamp-{number}" for number in range(1, 10)), "us-east-1"]), "2026-05-02", "2026-11-03"
        ),
        "acme.lamp-2-v1:0@-~ap-northeast-1": ("ap-northeast-1, us-east-1", "2026-03-10", "2026-09-10"),
        "acme.lamp-2-v1:0@-~us-gov-east-1": ("us-gov-east-1", "2026-03-30", "2026-09-30"),
    }  # fmt: skip


PARTNERS = """<!DOCTYPE html><h1>Partner model deprecations</h1><p>Some models are deprecated.</p>
<h2 id="lamp-3">Maker's Lamp 3 on Cloud</h2>
<p>Maker's Lamp 3 on Cloud is <b>deprecated as of February 23, 2026</b> and will be <b>shut down on August 24, 2026</b>
. Maker's Lamp 3 on Cloud is available to existing customers only.</p><p>It is fast.</p>
<table><tr><th>Model ID</th><td><code>lamp-3</code></td></tr><tr><th>Launch stage</th><td>deprecated</td></tr></table>
<h2 id="lamp-2">Lamp 2</h2>
<p>Lamp 2 is deprecated as of March 1, 2026 and will be shut down on September 1, 2026.</p>
<h2 id="next">What's next</h2><p>See the models.</p>
"""
VERSIONS = """# Model versions and lifecycle

One month before the retirement date, new access to the model is blocked for online inference and tuning.

| Model ID | Release date | Retirement date | Replacement model ID |
|---|---|---|---|
| [lamp-3.5](/models/3-5) | July 21, 2026 | July 21, 2027 or later | |
| [lamp-2.5](/models/2-5) | June 17, 2025 | March 31, 2027 | [lamp-3.5](/models/3-5) or [lamp-3.1](/models/3-1) |
| [lamp-3.8](/models/3-8) | September 2, 2026 | No retirement date announced | |
| [lamp-embed](/models/e) | April 22, 2026 | | |

### Retired models

| Model ID | Release date | Retirement date | Recommended upgrade |
|---|---|---|---|
| lamp-gecko@003\\* | December 12, 2023 | May 24, 2025 | [lamp-embed](/models/e) |
"""


def test_partners_models_on_vertex_end_in_sections_of_their_own() -> None:
    """A section names the id in a table; one without is known by its title."""
    found = read("vertex", PARTNERS)
    assert {one.model: (one.deprecated.on, one.closed_to_new.on, one.shutdown.on) for one in found.values()} == {
        "lamp-3": ("2026-02-23", "2026-02-23", "2026-08-24"), "Lamp 2": ("2026-03-01", None, "2026-09-01"),
    }  # fmt: skip
    assert found["lamp-3@-"].anchor == "lamp-3"


def test_vertexs_own_models_close_to_new_users_a_month_before_they_end() -> None:
    """Where the page says so; "or later" is the earliest day, on which nothing is promised to close."""
    found = {one.model: one for one in read("vertex", VERSIONS).values()}
    assert {name: (one.shutdown.on, one.shutdown.kind, one.closed_to_new.on) for name, one in found.items()} == {
        "lamp-3.5": ("2027-07-21", "not_before", None), "lamp-2.5": ("2027-03-31", "exact", "2027-02-28"),
        "lamp-3.8": (None, "unknown", None), "lamp-embed": (None, "unknown", None),
        "lamp-gecko@003": ("2025-05-24", "exact", "2025-04-24"),
    }  # fmt: skip
    assert found["lamp-2.5"].replacements == ("lamp-3.5", "lamp-3.1") and not any(one.drift for one in found.values())


NOTES = """# Release notes

## September 22, 2026

- Released `lamp-3.8-tts`.

## September 18, 2026

- **Lamp 2.5 models access update**: To keep them fast, we are limiting access to the 2.5 models to users who have \
actively used them in the past. These models are not deprecated.

## June 17, 2025

- Released `lamp-2.5-pro`, `lamp-2.5-flash` and `lamp-2.5-pro-preview-05-06`.
"""


def test_geminis_notes_say_when_a_series_was_closed_to_new_users() -> None:
    """New keys are answered with 404; previews of the series had ended before. Without such a note nothing is said."""
    found = read("gemini_notes", NOTES)
    assert {one.model: (one.closed_to_new.on, one.shutdown.on) for one in found.values()} == {
        "lamp-2.5-pro": ("2026-09-18", None), "lamp-2.5-flash": ("2026-09-18", None),
    }  # fmt: skip
    assert read("gemini_notes", NOTES.partition("## September 18")[0]) == {}


CARD = """# {title}

## Model Details

A lamp.
+ **Model launch date:** Dec 06, 2024
+ **EOL no sooner than:** Dec 06, 2025
+ **Legacy period:** 45 days
+ **Model EOL date:** {end}
+ **Model lifecycle:** {stage}

| **Input Modalities** | **Output Modalities** |
| --- | --- |
| Text | Text |

## Programmatic Access

| **Endpoint** | **Model ID** | **In-Region endpoint URL** | **Geo inference ID** |
| --- | --- | --- | --- |
| bedrock-runtime | {code} | https://r.example | us.{code} |
| bedrock-mantle | Not supported | N/A | Not supported |
"""


def test_a_card_of_bedrock_gives_its_ids_the_last_day_or_the_earliest() -> None:
    """One request for the index and one for each card; a card that changed is an edit, one that is gone vanishes."""
    cards = {
        "model-card-a.md": CARD.format(title="Lamp A", code="acme.lamp-a-v1:0", end="March 30, 2027", stage="Legacy"),
        "model-card-b.md": CARD.format(title="Lamp B", code="acme.lamp-b", end="N/A", stage="Active"),
        "model-card-c.md": CARD.format(
            title="Lamp C", code="acme.lamp-c", end="September 10, 2026", stage="EOL: 2026-09-10 (specific regions)"
        ),
    }
    index = '| [Lamp A](model-card-a.md) | x |\n| **[B](model-card-b.md "b")** | [C](./model-card-c.md) |'
    channel = Channel(source="deprecations", target="cards", role="deprecations", format="bedrock_cards", family="x")
    with raw_server() as server:
        markdown = {"content-type": "text/markdown"}

        def visit(cursor: Any) -> Page:
            server.script["/g/model-cards.md"] = [answer(200, index.encode(), markdown)]
            for name in ("model-card-a.md", "model-card-b.md", "model-card-c.md"):
                text = cards.get(name)
                server.script[f"/g/{name}"] = [answer(200, text.encode(), markdown) if text else answer(404)]
            there = channel.model_copy(update={"base_url": server.url("/g/model-cards.md")})
            (page,) = deprecations.notices(make_visit(there, json.loads(json.dumps(cursor))))
            return page

        first = visit({})
        bodies = [row.body for row in first.rows if not row.stream]
        assert {body["model"]: (body["shutdown_on"], body["shutdown_kind"], body["stage"]) for body in bodies} == {
            "acme.lamp-a-v1:0": ("2027-03-30", "exact", "legacy"),
            "acme.lamp-b": ("2025-12-06", "not_before", "active"),
        }
        assert bodies[0]["url"] == server.url("/g/model-card-a.md")
        assert visit(first.cursor).is_unchanged
        cards["model-card-a.md"] = cards["model-card-a.md"].replace("March 30", "April 30")
        del cards["model-card-b.md"]
        events = {row.body["notice_code"]: row.body["event"] for row in visit(first.cursor).rows if row.stream}
    assert events == {"acme.lamp-a-v1:0@-": "edited", "acme.lamp-b@-": "vanished"}
