"""Changelogs that vendors head by day or month: pages of HTML, months only, Mintlify's blocks, a file a day."""

import json
from datetime import UTC, datetime
from html import escape
from itertools import groupby

from tests.upstream.world.releases import Release

FILES_UNTIL = "2026-07-30"
"""Until then a file of MDX a day, since then one of JSON a release."""


def _day(release: Release) -> datetime:
    return datetime.fromtimestamp(release.at, UTC)


def _words(release: Release) -> str:
    return f"{_day(release):%B} {_day(release).day}, {_day(release):%Y}"


def _lines(release: Release) -> list[str]:
    return [line for part in release.sections().values() for line in part]


def days_html(out: list[Release]) -> str:
    """A heading a day, with an anchor, and a list beneath."""
    body = ""
    for one in out:
        items = "".join(f"<li>{escape(line)}</li>" for line in _lines(one))
        body += f'<h2 id="{_day(one):%m-%d-%Y}" data-text="x">{_words(one)}</h2><ul>{items}</ul>'
    return (
        f"<!doctype html><html><head><title>Release notes</title></head><body><h1>Release "
        f"notes</h1>{body}</body></html>"
    )


def months(out: list[Release]) -> str:
    """A heading a month, and beneath it one for each thing that is new: nobody says on which day."""
    lines = ["# Release Notes", ""]
    for month, stated in groupby(out, key=lambda one: f"{_day(one):%B %Y}"):
        lines += [f"# {month}", ""]
        for release in stated:
            lines += [f"### Version {release.version} is live", "", *_lines(release), ""]
    return "\n".join(lines)


def bold_days(out: list[Release]) -> str:
    """A day in bold letters above each entry, with a heading of its own."""
    lines = ["# Changelog", "", "All", ""]
    for release in out:
        lines += [f"**{_day(release):%Y-%m-%d}**", "", "Training", "", f"# Version {release.version}", ""]
        lines += [*(f"* **{line}**" for line in _lines(release)), ""]
    return "\n".join(lines)


def cards(out: list[Release]) -> str:
    """A heading a model with its day, and a card beneath."""
    lines = ["# Models", ""]
    for release in out:
        lines += [f"#### {_day(release):%b}. {_day(release).day}, {_day(release):%Y}", ""]
        lines += [f'<Card title="Lamp {release.version}" cta="Learn More">', "  It shines.", "</Card>", ""]
    return "\n".join(lines)


def updates(out: list[Release]) -> str:
    """Mintlify's blocks: of this year with the day in the label, before with the day under a heading of the month."""
    lines = [
        "> ## Documentation Index",
        "",
        "# Changelog",
        "",
        "```mdx",
        '<Update label="January 1, 2020">',
        "</Update>",
        "```",
        "",
    ]
    newest = _day(out[0]).year if out else 0
    for month, stated in groupby(out, key=lambda one: f"{_day(one):%B, %Y}"):
        lines += [] if month.endswith(str(newest)) else [f"## {month}", ""]
        for release in stated:
            day = f"{_day(release):%b} {_day(release).day}"
            label = (
                f'label="{_words(release)}"'
                if _day(release).year == newest
                else f'label="{day}" description="/deprecations"'
            )
            lines += [
                f"<Update {label}>",
                "  ## New serverless models",
                "",
                *(f"  * {line}" for line in _lines(release)),
                "</Update>",
                "",
            ]
    return "\n".join(lines)


def files(out: list[Release]) -> dict[str, str]:
    """A file an entry: MDX with the date in its front matter, later JSON."""
    found: dict[str, str] = {"index.json": json.dumps([release.version for release in out])}
    for day, stated in groupby(out, key=lambda one: f"{_day(one):%Y-%m-%d}"):
        releases = list(stated)
        if day <= FILES_UNTIL:
            lines = [f"- {line} <Tag api/>" for release in releases for line in _lines(release)]
            found[f"{day}.mdx"] = "\n".join(["---", f"id: {day}", f"date: {day}", "---", "", *lines, ""])
            continue
        for release in releases:
            told_ = {
                "title": f"Version {release.version}",
                "date": day,
                "type": "Improvement",
                "summary": " ".join(_lines(release)),
            }
            found[f"{day}-{release.version}.json"] = json.dumps(told_)
    return found
