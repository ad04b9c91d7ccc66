"""Changelogs that vendors head by day or by month, and Mistral's folder of files: what is dated how exactly, and under
which name."""

import base64
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.http.budget import Budget
from pipelines.http.errors import BudgetSpent, Fatal
from pipelines.sources.changelog import entries
from pipelines.sources.changelog.dated import read_headed_html, read_headed_markdown
from pipelines.sources.changelog.formats import FORMATS
from pipelines.sources.changelog.mintlify import read_updates
from pipelines.sources.changelog.mistral import read_file
from pipelines.sources.changelog.releases import Release, make_release_row
from tests.paths import RECORDINGS
from tests.upstream.emulator import Upstream
from tests.upstream.faults import Real
from tests.upstream.messages import Request, Response, json_answer, text_answer
from tests.upstream.sites import places
from tests.upstream.world.releases import Release as Stated
from tests.worlds.visits import make_visit
from tests.worlds.warehouse_rows import build_conformed, empty_warehouse, fill

ANSWERS = RECORDINGS / "changelogs"
recorded = pytest.mark.skipif(not ANSWERS.is_dir(), reason="../shared/recordings/changelogs is not here")
FOLDER = "https://api.github.com/repos/mistralai/platform-docs-public/contents/src/data/releases/en"


def _channel(form: str, url: str) -> Channel:
    return Channel(source="changelog", target=f"{form}-notes", role="changelog", format=form, base_url=url, family="x")


CHANNELS = {
    "xai": _channel("xai", "https://docs.x.example/developers/release-notes.md"),
    "mintlify": _channel("mintlify", "https://docs.t.example/docs/changelog.md"),
    "mistral": _channel("mistral", FOLDER),
    "deepseek": _channel("deepseek", "https://docs.d.example/updates/"),
    "fireworks": _channel("fireworks", "https://docs.f.example/changelog.md"),
    "minimax": _channel("minimax", "https://docs.m.example/release-notes/models.md"),
}


@pytest.fixture
def up() -> Iterator[Upstream]:
    with Upstream(tuple(CHANNELS.values()), seed=4, threads=10) as running:
        yield running


TOKENS = {"GITHUB_TOKEN": "t"}


def _visit(up: Upstream, form: str, cursor: Any = None, **options: Any) -> list[Page]:
    there = CHANNELS[form].model_copy(update={"base_url": up.url(CHANNELS[form])})
    return list(
        sources.collect_stream("changelog", "entries", make_visit(there, cursor, now=up.world.clock.at(), **options))
    )


def _bodies(pages: list[Page]) -> list[dict[str, Any]]:
    return [dict(row.body) for page in pages for row in page.rows]


def _told(up: Upstream, form: str) -> list[Stated]:
    return up.world.releases(places.written(CHANNELS[form])[0]).until(up.world.clock.now)


def _day(release: Stated) -> str:
    return f"{datetime.fromtimestamp(release.at, UTC):%Y-%m-%d}"


def test_months_stay_months(up: Upstream) -> None:
    """xAI names no day: each note has the first of its month, and says so."""
    bodies = _bodies(_visit(up, "xai"))
    assert Counter(body["published_at"][:10] for body in bodies) == Counter(
        f"{_day(one)[:8]}01" for one in _told(up, "xai")
    )
    assert {body["date_kind"] for body in bodies} == {"month"} and len({body["entry_id"] for body in bodies}) == len(
        bodies
    ) > 3


@pytest.mark.parametrize("form", ["mintlify", "deepseek", "fireworks", "minimax"])
def test_days_stay_days(up: Upstream, form: str) -> None:
    """Also if only the month's heading has the year; fenced code is no entry."""
    bodies = _bodies(_visit(up, form))
    assert Counter(body["published_at"][:10] for body in bodies) == Counter(map(_day, _told(up, form)))
    assert {body["date_kind"] for body in bodies} == {"exact"}


def test_of_a_folder_only_new_files_are_read(up: Upstream) -> None:
    """One conditional request for the list; a file that was read is never asked for again."""
    days = {_day(one) for one in _told(up, "mistral") if _day(one) <= "2026-07-30"}
    later = [one for one in _told(up, "mistral") if _day(one) > "2026-07-30"]
    first = _visit(up, "mistral", tokens=TOKENS)
    bodies = _bodies(first)
    assert len(bodies) == len(days) + len(later) and {body["published_at"][:10] for body in bodies} == days | set(
        map(_day, later)
    )
    assert len(up.requests) == len(bodies) + 2, "the list, an index that is no entry, and each file once"
    up.forget()
    (again,) = _visit(up, "mistral", first[-1].cursor, tokens=TOKENS)
    assert again.is_unchanged and [record.status for record in up.requests] == [304]
    up.release("mistral-notes", "9.9.9")
    up.forget()
    news = _visit(up, "mistral", again.cursor, tokens=TOKENS)
    assert [body["title"] for body in _bodies(news)] == ["Version 9.9.9"] and len(up.requests) == 3
    assert all(
        body["url"].endswith((".mdx", ".json")) and "/blob/HEAD/src/data/releases/en/" in body["url"] for body in bodies
    )


def test_a_first_visit_to_a_folder_goes_on_where_it_stopped(up: Upstream) -> None:
    """What was read is kept, and the rest is read next time."""
    there = CHANNELS["mistral"].model_copy(update={"base_url": up.url(CHANNELS["mistral"])})
    visit = entries(make_visit(there, now=up.world.clock.at(), budget=Budget(27)))
    begun = next(visit)
    with pytest.raises(BudgetSpent):
        next(visit)
    up.forget()
    rest = _visit(up, "mistral", begun.cursor, tokens=TOKENS)
    files = len(rest[-1].cursor["files"])
    assert len(begun.cursor["files"]) == 25 and len(up.requests) == 1 + files - 25
    assert len({row.key for page in [begun, *rest] for row in page.rows}) == files - 1
    assert begun.waiting == files - 25 and rest[-1].waiting == 0


def test_a_file_that_cannot_be_read_is_named_and_the_others_come(up: Upstream) -> None:
    """If no file at all is an entry, the folder has changed."""
    newest = _told(up, "mistral")[0]

    def spoilt(request: Request, real: Real) -> Response:
        answer = real()
        text = base64.b64decode(json.loads(answer.body)["content"]).decode()
        return (
            json_answer({"content": base64.b64encode(b"{").decode()}) if f"Version {newest.version}" in text else answer
        )

    up.fail("github", "/raw/", text_answer("404: Not Found", "text/plain", 404))
    rule = up.fail("github", "/git/blobs/", spoilt)
    pages = _visit(up, "mistral", tokens=TOKENS)
    skipped = [one for page in pages for one in page.skipped]
    assert (
        skipped == [f"{_day(newest)}-{newest.version}.json: not JSON; the changelog has changed shape"]
        and len(_bodies(pages)) > 3
    )
    rule.stop()
    up.fail("github", "/git/blobs/", json_answer({"content": base64.b64encode(b"-").decode()}))
    with pytest.raises(Fatal, match=r"none of its \d+ files is an entry"):
        _visit(up, "mistral", tokens=TOKENS)


@pytest.mark.parametrize(
    ("form", "text", "kind", "reason"),
    [
        ("xai", "<!doctype html><div id=root></div>", "text/markdown", "HTML instead of Markdown"),
        ("xai", "# Release Notes\n\nNone yet.", "text/markdown", "200, but without any entry"),
        ("mintlify", "# Changelog\n\n## July 2026", "text/markdown", "200, but without any entry"),
        ("deepseek", "<html><body><div id=root></div></body></html>", "text/html", "200, but without any entry"),
        ("mistral", "{}", "application/json", "not a list of files"),
    ],
)
def test_a_page_without_an_entry_is_never_an_empty_success(
    up: Upstream, form: str, text: str, kind: str, reason: str
) -> None:
    """An application's shell is how such a page usually breaks."""
    up.fail("*", None, text_answer(text, kind))
    with pytest.raises(Fatal, match=reason):
        _visit(up, form)


def _dated(text: str, precision: Any = "day") -> dict[str, tuple[str | None, str]]:
    return _facts(read_headed_markdown(text, precision))


def _facts(releases: list[Release]) -> dict[str, tuple[str | None, str]]:
    return {
        one.id: (one.published_at.date().isoformat() if one.published_at else None, one.date_kind) for one in releases
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## September 18, 2026\n- **A**: b\n  more\n## September 2, 2026\n- c\n", ["2026-09-18.1", "2026-09-02.1"]),
        (
            "> moved\n## September, 2026\n### Sep 15\nFeature · Model: x-1\n### Sep 10\nFix\n",
            ["2026-09-15.1", "2026-09-10.1"],
        ),
        ("## [Mar 4, 2026](#mar-4-2026)\n### Added\n- a\n### Fixed\n- b\n", ["2026-03-04.1"]),
        ("# Change Log\n## Date: 2026-07-24\n### deepseek-chat\nx\n", ["2026-07-24.1"]),
        ("## 2026年8月31日\n- a\n## 2026 年 7 月 2 日\n- b\n## 2026年2月30日\n- c\n", ["2026-08-31.1", "2026-07-02.1"]),
        ("## Feb 30, 2026\n## Sep 15\n## 1.2.3\n## March plans, 2026\n", []),
    ],
)
def test_vendors_days_are_read_in_each_form_of_heading(text: str, expected: list[str]) -> None:
    """Gemini's, OpenAI's, Groq's, DeepSeek's, Kimi's; a version, a day without a year and a day that does not exist are
    none."""
    assert list(_dated(text)) == expected


def test_a_note_of_a_month_is_named_by_its_title() -> None:
    """So that a further note on top renames none; two of one title are numbered from the oldest."""
    text = (
        "# March 2026\n\n### Batch API\n\nx\n\n### Grok 4.20 is live\n\n# January 2026\n\n### Batch API\n\n### "
        "Batch API\n"
    )
    assert list(_dated(text, "month")) == [
        "2026-03.batch-api",
        "2026-03.grok-4-20-is-live",
        "2026-01.batch-api.2",
        "2026-01.batch-api",
    ]
    assert list(_dated(text.replace("### Batch API\n\nx", "### New\n\n### Batch API\n\nx"), "month"))[1:] == list(
        _dated(text, "month")
    )


MINTLIFY = """# Changelog
<Update label="July 16, 2026">
  ## Model deprecations

  | Removal date | Model |
  | :- | :- |
  | 2026-07-29 | `a` |

  ```mdx
  <Update label="January 1, 2020">
  </Update>
  ```
</Update>

<Update label="July 16, 2026" tags={["API", "Models"]}>
  **breaking!:** names
</Update>
<Update label="December 2025" tags={["API"]}>
  **New**
</Update>
## December, 2025
<Update label='Dec 17' description="/deprecations">
  ## Fixed
  - a
  - b
</Update>
<Update label={"Soon"}>
  x
</Update>
"""


def test_mintlifys_blocks_are_read_as_exactly_as_their_labels_say() -> None:
    """Perplexity's name a month, Together's a day, some older ones only the day of a month in a heading."""
    found = read_updates(MINTLIFY)
    assert _facts(found) == {
        "2026-07-16.2": ("2026-07-16", "exact"), "2026-07-16": ("2026-07-16", "exact"),
        "2025-12": ("2025-12-01", "month"),
        "2025-12-17": ("2025-12-17", "exact"), "soon": (None, "unknown"),
    }  # fmt: skip
    assert found[3].title == "Dec 17 · /deprecations"


BOLD = """# Changelog

All

**2026-11-15**

Training

# Lamps retired

- **2026-12-01** is the last day
- Feature

  **Bold**

**2026-11-02**

# **Breaking changes**
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BOLD, {"2026-11-15.1": ("2026-11-15", "exact"), "2026-11-02.1": ("2026-11-02", "exact")}),
        (MINTLIFY[MINTLIFY.index("<Update") :], None),
        ("# Changelog\n\nOn **2026-11-15** we began.\n", {}),
    ],
)
def test_fireworks_days_in_bold_letters_head_an_entry_and_its_older_blocks_are_read(
    text: str, expected: dict[str, tuple[str | None, str]] | None
) -> None:
    """The page changed its form in autumn 2026; a day within a line heads nothing."""
    read = FORMATS["fireworks"].read_markdown
    assert read is not None and _facts(read(text)) == (_facts(read_updates(text)) if expected is None else expected)


def test_minimax_names_the_day_of_most_models_and_the_month_of_some() -> None:
    """A model without a day is an entry too, of its month."""
    headings = ("Jul. 31, 2026", "Apr. 2026", "April 2026", "Sept. 11, 2025")
    text = "\n\n".join(f"#### {heading}\n\nA lamp." for heading in headings)
    assert _facts(read_headed_markdown(text, "either")) == {
        "2026-07-31.1": ("2026-07-31", "exact"), "2026-04": ("2026-04-01", "month"),
        "2026-04.2": ("2026-04-01", "month"), "2025-09-11.1": ("2025-09-11", "exact"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "2026-07-16.mdx",
            "---\nid: 2026-07-16\ndate: 2026-07-16\n---\n\n- a <Tag model/>\n",
            ("2026-07-16", "2026-07-16", "exact"),
        ),
        (
            "a.json",
            json.dumps({"title": "Studio", "date": "2026-08-03", "type": "Improvement"}),
            ("a", "2026-08-03", "exact"),
        ),
        ("b.json", json.dumps({"title": "Undated"}), ("b", None, "unknown")),
    ],
)
def test_both_forms_of_mistrals_entries_are_read(name: str, text: str, expected: tuple[str, str | None, str]) -> None:
    """A file of MDX until July 2026, one of JSON since."""
    release = read_file(name, text)
    assert (
        release
        and (release.id, f"{release.published_at:%Y-%m-%d}" if release.published_at else None, release.date_kind)
        == expected
    )
    assert read_file("index.json", '["a"]') is None and read_file("c.json", '{"x": 1}') is None


@pytest.mark.parametrize(
    ("name", "text"), [("a.mdx", "- no front matter"), ("a.mdx", "---\nid: x\n---\n"), ("a.json", "{")]
)
def test_a_file_that_has_lost_its_shape_is_refused_by_name(name: str, text: str) -> None:
    """Rather than an entry without a day among dated ones."""
    with pytest.raises(Fatal, match=f"{name}: .*changed shape"):
        read_file(name, text)


@recorded
def test_the_recorded_changelog_of_gemini_is_read_whole() -> None:
    """75 days from December 2023 to November 2025, each with its anchor."""
    html = (ANSWERS / "google_changelog.html").read_text(encoding="utf-8")
    found = read_headed_html(html, "day")
    heads = re.findall(r'<h2 id="([^"]+)"[^>]*>\s*([A-Z][a-z]+ \d{1,2},? 20\d\d)', html)
    assert len(found) == 75 == len(heads)
    assert [(one.anchor, one.published_at) for one in found] == [
        (anchor, datetime.strptime(day.replace(",", ""), "%B %d %Y").replace(tzinfo=UTC)) for anchor, day in heads
    ]
    assert found[0].id == "2025-11-11.1" and all(one.date_kind == "exact" for one in found)


@recorded
def test_the_recorded_files_of_mistral_are_read_whole() -> None:
    """54 entries, one a day, from January 2024 to July 2026."""
    paths = sorted((ANSWERS / "mistral-platform-docs").glob("*.mdx"))
    found = [read_file(path.name, path.read_text(encoding="utf-8")) for path in paths]
    days = [one.published_at.date().isoformat() for one in found if one and one.published_at]
    assert len(found) == 54 and days == [path.stem for path in paths] == [one.id for one in found if one]
    assert (min(days), max(days)) == ("2024-01-11", "2026-07-16")


@recorded
@pytest.mark.parametrize(
    "name",
    ["openai_deprecations.html", "aws_bedrock_lifecycle.html", "azure_foundry_lifecycle.html", "xai_models.html"],
)
def test_recorded_pages_that_are_no_changelog_give_no_entry_of_a_month(name: str) -> None:
    """They are read as deprecations or rejected (see deprecations/test_formats)."""
    assert read_headed_html((ANSWERS / name).read_text(encoding="utf-8"), "month") == []


def test_an_entry_of_a_month_is_no_release_on_a_day() -> None:
    """Gaps between first days of months would be made up; what older versions landed without a word is exact."""
    connection = empty_warehouse()
    connection.execute(
        "insert into raw.catalog__channels (channel_id, family_id, source, role, channel_kind) values ('x.c.n', 'x', "
        "'changelog', 'c', 'k')"
    )
    seen = datetime(2026, 8, 20)
    base = {"title": "t", "is_prerelease": False}
    rows = [("month", "2026-03-01T00:00:00.000000Z", "month"), ("day", "2026-03-02T00:00:00.000000Z", "exact")]
    bodies = [{**base, "entry_id": code, "published_at": at, "date_kind": kind} for code, at, kind in rows]
    bodies += [
        {**base, "entry_id": "old", "published_at": "2026-03-03T00:00:00.000000Z"},
        {**base, "entry_id": "none", "published_at": None},
    ]
    fill(connection, "changelog__entries", [("x.c.n", str(body["entry_id"]), None, seen, body) for body in bodies])
    build_conformed(connection, "releases")
    assert connection.execute("select version, released_at from staging.releases order by version").fetchall() == [
        ("day", datetime(2026, 3, 2)),
        ("month", None),
        ("none", None),
        ("old", datetime(2026, 3, 3)),
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("## September 18, 2026\n\n- **Access**: [Lamp 2.5](/l) is closed. More.\n", "Access: Lamp 2.5 is closed"),
        ("## September 18, 2026\n\n### `lamp-3` is shut down\n\nText.\n", "lamp-3 is shut down"),
        ("## September 18, 2026\n", ""),
    ],
)
def test_a_note_headed_by_a_mere_day_bears_the_first_words_below_it(text: str, title: str) -> None:
    """Of every page that is headed by day the titles were days, which say nothing of what happened."""
    (release,) = read_headed_markdown(text, "day")
    row = make_release_row(release, "https://h.example")
    assert (row.key, row.body["title"]) == ("2026-09-18.1", f"2026-09-18 · {title}" if title else "2026-09-18")
