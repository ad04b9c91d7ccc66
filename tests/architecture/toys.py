"""What a contributor would add by the recipes of CONTRIBUTING.md: one toy of each kind, and into which files it
goes."""

from tests.paths import ROOT

SOURCE = '''
"""A board that tells its entries as JSON."""

import json
from collections.abc import Iterator

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.text.values import clean_line, parse_instant

STREAMS = {"entries": Stream(order="whole")}


def entries(visit: Visit) -> Iterator[Page]:
    """All entries of the board."""
    answer = visit.http.get(visit.channel.base_url, accept=("application/json",))
    items = json.loads(answer.content)
    yield Page(
        [
            Row(str(item["id"]), parse_instant(item["at"]), {"id": item["id"], "title": clean_line(item["title"])})
            for item in items
        ]
    )
'''
STAGING = """-- question: What is on the board?
-- grain: channel_id, entry_id
-- unit: none
-- standard: none
-- caveats: None.
-- version: 1
select channel_id, body->>'$.id' as entry_id, body->>'$.title' as title, source_time, seen_at
from raw.toy__entries
"""
CHANNEL = """
[[channel]]
source = "toy"
target = "yi-board"
role = "forum"
base_url = "{url}"
"""
STARS = (ROOT / "analytics" / "metrics" / "adoption" / "stars_count.sql").read_text(encoding="utf-8")
METRIC = (
    STARS.replace("How many stars have the repositories of each family?", "How many stars has the best known one?")
    .replace("sum(stars)", "max(stars)")
    .replace("test_adoption.py::test_likes_and_stars_are_levels", "test_toy.py::test_the_best_known_repository_counts")
)
PROOF = '''
"""The toy metric against rows whose answer is known."""

from tests.worlds.rows import NOW, Rows, found, measure


def test_the_best_known_repository_counts() -> None:
    """The higher of two, and not their sum."""
    rows = Rows()
    family = rows.family("family")
    for role, stars in (("sdk", 7), ("model", 90)):
        channel = rows.channel(family, role)
        rows.add(
            "repositories_daily", channel_id=channel, family_id=family, channel_role=role,
            day_on=NOW.date(), stars=stars,
        )

    figures = found(measure(rows, "most_stars_count"), "most_stars_count")
    assert {row["channel_role"]: row["value"] for row in figures} == {"all": 90, "sdk": 7, "model": 90}
'''
PAGE = '''
"""Who is best known: the most starred repository of each family."""

from dashboards.frame import layout
from dashboards.frame.story import Figure, Story
from dashboards.frame.view import View, current_view

QUESTION = "Who is best known?"


def story(page: View) -> Story:
    """The best known repository of each family."""
    levels = page.load_metric("most_stars_count", "tracker", "all", ("level",))
    rows = [row for row in levels if row["value"] is not None]
    if not rows:
        return Story(QUESTION, "The data give no answer: no repository was looked at.")
    best = max(rows, key=lambda row: float(row["value"]))
    title = page.titles[best["family_id"]]
    figure = Figure(
        name="best-known", title=title, subtitle="Stars as last seen.", chart=None, rows=rows,
        metric="most_stars_count", source="GitHub", alt=title,
    )
    return Story(QUESTION, f"**{title}** is best known.", [figure])


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))
'''
FORMS = {
    "status": '''
"""A toy form of status page, read as Atom."""

from pipelines.sources.status.formats.atom import read_incidents
from pipelines.sources.status.pages import StatusFormat

FORMAT = StatusFormat(platform="Toy", read_incidents=read_incidents, recognise=lambda shape: False)
''',
    "changelog": '''
"""A toy form of changelog, read as Markdown."""

from pipelines.sources.changelog.formats.markdown import read_changelog
from pipelines.sources.changelog.releases import ChangelogFormat

FORMAT = ChangelogFormat(read_markdown=read_changelog)
''',
    "deprecations": '''
"""A toy form of deprecations: headings that are dated by the announcement."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat(heading="announced")
''',
}
"""A form for each source that has a folder of them."""
ADDED = {
    "pipelines/sources/toy.py": SOURCE,
    "analytics/staging/toy__entries.sql": STAGING,
    "analytics/metrics/adoption/most_stars_count.sql": METRIC,
    "tests/analytics/metrics/test_toy.py": PROOF,
    "dashboards/openness/known.py": PAGE,
    **{f"pipelines/sources/{source}/formats/toy_form.py": text for source, text in FORMS.items()},
}
"""New files, but for the family's own, which names an address of the test."""
CHANGED = {
    "analytics/method.toml": ('metrics = ["stars_count", ', 'metrics = ["stars_count", "most_stars_count", '),
    "dashboards/menu.py": (
        '"openness/use": "Is it used?",',
        '"openness/use": "Is it used?",\n        "openness/known": "Who is best known?",',
    ),
}
"""The only lines of files that were there before: what the metric answers, and where the page stands in the menu."""
