"""A host ends models on days of its own, by region, and closes them to new accounts before."""

from datetime import date

import pytest

from analytics.engine.models import read_models
from pipelines.markup import page_blocks
from pipelines.sources.deprecations import FORMATS
from pipelines.sources.deprecations.notice import EndNotice, make_bodies
from pipelines.sources.deprecations.page_reader import read_page
from tests.worlds.visits import NOW
from tests.worlds.warehouse_rows import build_tables, empty_warehouse, fill


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
    build_tables(con, [one for one in read_models() if "deprecations__" in one.path.stem or one.path.stem == "notices"])
    found = con.execute("select closed_to_new_on from staging.notices").fetchall()
    assert found == [(date.fromisoformat(closed) if closed else None,)]
