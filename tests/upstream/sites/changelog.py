"""Changelogs: files in release-please's style, a vendor's page by days, GitHub's feed of releases, a vendor's RSS."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import groupby
from xml.sax.saxutils import escape

from tests.upstream.messages import Request, Response, conditional, text_answer
from tests.upstream.sites import changelog_dated
from tests.upstream.world.clock import Clock, iso
from tests.upstream.world.draws import DAY, digest, number
from tests.upstream.world.releases import Release, Releases

FEED_SIZE = 10
LINKED_SINCE_DAYS = 120
"""Headings of releases since so long before the beginning carry a link, older ones do not: both styles are in the real
files."""


@dataclass(frozen=True, slots=True)
class Page:
    """One changelog: what came out, and how it is written."""

    releases: Releases
    style: str
    """`please`, `days`, `days-html`, `months`, `updates`, `bold-days`, `cards`, `atom` or `rss`."""
    repository: str
    clock: Clock
    start: int


class Changelog:
    """Answers for all changelogs by the path that each channel reads."""

    def __init__(self, pages: dict[tuple[str, str], Page]) -> None:
        self.pages = pages

    def answer(self, request: Request) -> Response:
        """Answers a GET."""
        found = self.pages.get((request.host, request.path))
        return self._page(request, found) if found else text_answer("404: Not Found", "text/plain; charset=utf-8", 404)

    def _page(self, request: Request, page: Page) -> Response:
        out = page.releases.until(page.clock.now)
        writers: dict[str, tuple[Callable[[Page, list[Release]], str], str]] = {
            "please": (_please, "text/plain; charset=utf-8"), "days": (_days, "text/markdown; charset=utf-8"),
            "days-html": (lambda _, out: changelog_dated.days_html(out), "text/html; charset=utf-8"),
            "months": (lambda _, out: changelog_dated.months(out), "text/markdown; charset=utf-8"),
            "updates": (lambda _, out: changelog_dated.updates(out), "text/markdown; charset=utf-8"),
            "bold-days": (lambda _, out: changelog_dated.bold_days(out), "text/markdown; charset=utf-8"),
            "cards": (lambda _, out: changelog_dated.cards(out), "text/markdown; charset=utf-8"),
            "atom": (write_atom, "application/atom+xml; charset=utf-8"), "rss": (_rss, "application/rss+xml; charset=utf-8"),
        }  # fmt: skip
        write, kind = writers[page.style]
        response = text_answer(write(page, out), kind)
        return conditional(request, response, f"{number(response.body):032x}", out[0].at if out else 0)


def _day(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _please(page: Page, out: list[Release]) -> str:
    blocks = ["# Changelog\n"]
    web = f"https://github.com/{page.repository}"
    for release, older in zip(out, [*out[1:], None], strict=True):
        span = f"{older.tag}...{release.tag}" if older else ""
        is_linked = bool(older) and release.at > page.start - LINKED_SINCE_DAYS * DAY
        heading = f"[{release.version}]({web}/compare/{span})" if is_linked else release.version
        blocks.append(f"## {heading} ({_day(release.at):%Y-%m-%d})\n")
        if older and not is_linked:
            blocks.append(f"Full Changelog: [{span}]({web}/compare/{span})\n")
        for name, lines in release.sections().items():
            items = "\n".join(_item(web, release, line, place) for place, line in enumerate(lines))
            blocks.append(f"### {name}\n\n{items}\n\n")
    return "\n".join(blocks)


def _item(web: str, release: Release, line: str, place: int) -> str:
    commit = digest(release.draw, place)
    scope, _, rest = line.partition(": ")
    issue = f" ([#{release.draw % 900 + place}]({web}/issues/{release.draw % 900 + place}))" if place % 2 else ""
    return f"* **{scope}:** {rest}{issue} ([{commit[:7]}]({web}/commit/{commit}))"


def _days(page: Page, out: list[Release]) -> str:
    """By month and day, as a vendor's platform writes it; the same day may come twice."""
    lines = ["> The changelog of the platform.", "", "# Changelog", ""]
    for month, releases in groupby(out, key=lambda one: f"{_day(one.at):%B, %Y}"):
        lines += [f"## {month}", ""]
        for release in releases:
            kind = "Feature" if "Features" in release.sections() else "Fix"
            lines += [
                f"### {_day(release.at):%b} {_day(release.at).day}",
                "",
                f"{kind} · Model: {page.repository.rpartition('/')[2]}",
                "",
            ]
            lines += [" ".join(line for part in release.sections().values() for line in part), ""]
    return "\n".join(lines)


def write_atom(page: Page, out: list[Release]) -> str:
    """GitHub's feed: the ten newest."""
    web = f"https://github.com/{page.repository}"
    entries = "".join(
        f"  <entry>\n    <id>tag:github.com,2008:Repository/{number(page.repository) % 10**9}/{one.tag}</id>\n"
        f"    <updated>{iso(one.at)}</updated>\n"
        f'    <link rel="alternate" type="text/html" href="{web}/releases/tag/{one.tag}"/>\n    '
        f"<title>{one.tag}</title>\n"
        f'    <content type="html">{escape(_notes(one))}</content>\n    <author>\n      <name>release-bot</name>\n'
        "    </author>\n  </entry>\n"
        for one in out[:FEED_SIZE]
    )
    updated = iso(out[0].at) if out else iso(page.clock.now)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-US">\n'
        f"  <id>tag:github.com,2008:{web}/releases</id>\n"
        f'  <link type="application/atom+xml" rel="self" href="{web}/releases.atom"/>\n'
        f"  <title>Release notes from {escape(page.repository)}</title>\n  "
        f"<updated>{updated}</updated>\n{entries}</feed>\n"
    )


def _notes(release: Release) -> str:
    return "".join(
        f"<h3>{name}</h3><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
        for name, lines in release.sections().items()
    )


def _rss(page: Page, out: list[Release]) -> str:
    """One item a day, all of the day in it, edited in place; the anchor in the link names the day."""
    web = f"https://{page.repository}.example/release-notes/overview"
    items = []
    for day, releases in groupby(out, key=lambda one: _day(one.at).date()):
        texts = [line for one in releases for part in one.sections().values() for line in part]
        anchor = f"{day:%B}-{day.day}-{day.year}".lower()
        when = format_datetime(datetime(day.year, day.month, day.day, tzinfo=UTC), usegmt=True)
        body = escape("<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>")
        items.append(
            f"    <item>\n      <title>{day:%B} {day.day}, {day.year}</title>\n      <link>{web}#{anchor}</link>\n"
            f"      <guid>{web}#{anchor}</guid>\n      <pubDate>{when}</pubDate>\n      "
            f"<description>{body}</description>\n    </item>\n"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0">\n  <channel>\n'
        f"    <title>Release notes</title>\n    <link>{web}</link>\n    <description>What is new</description>\n"
        f"{''.join(items)}  </channel>\n</rss>\n"
    )
