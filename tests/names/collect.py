"""Collects all numbers of one snapshot: pages, report, brief and the command line."""

import importlib
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rich.console import Console

from dashboards.frame.measures import read_title
from dashboards.frame.snapshot_reader import CHOICES, load_choices
from dashboards.frame.story import KEYS, Figure, Story, Words
from dashboards.frame.view import View
from dashboards.menu import MENU, page_address, page_module
from dashboards.report import brief
from dashboards.report.content import list_facts
from dashboards.words import numbers
from pipelines.commands.claims import print_board, read_board
from pipelines.commands.metrics import print_method, read_method
from pipelines.commands.status import print_status, read_status
from tests.names.said import (
    Said,
    list_cells,
    list_counts,
    list_items,
    list_sentences,
    normalise_label,
    read_scope,
)  # fmt: skip


def collect_all(page: View) -> list[Said]:
    """Collects what pages, report, brief and commands say under the filters of one view."""
    stories = {
        file: importlib.import_module(page_module(file)).story(page) for files in MENU.values() for file in files
    }
    found = [*collect_files(page), *collect_commands(page)]
    for file, story in stories.items():
        name = page_address(file)
        found += [*collect_story(page, name, story), *collect_rows(page, story)]
    return found


def collect_story(page: View, name: str, story: Story) -> Iterator[Said]:
    """Collects what one page says."""
    titles = list(page.titles.values())
    yield from list_texts(story.answer, titles, f"{name}, answer", "")
    for part in story.parts:
        if isinstance(part, Words):
            yield from list_texts(part.text, titles, f"{name}, text", "")
    for figure in story.figures():
        yield from collect_figure(page, f"{name}, {figure.name}", figure)


def list_texts(text: str, titles: list[str], place: str, scope: str) -> Iterator[Said]:
    """Reads a text by whole sentences, and by what it counts."""
    scope = scope or read_scope(text)
    yield from list_sentences(text, titles, place, scope)
    yield from list_counts(text, titles, place)


def collect_figure(page: View, place: str, figure: Figure) -> Iterator[Said]:
    """Collects what one figure says: its title, its alternative text and its table."""
    titles, scope = list(page.titles.values()), read_scope(figure.subtitle)
    yield from list_texts(figure.title, titles, f"{place}, title", scope)
    yield from list_items(numbers.strip_markdown(figure.alt), titles, place, scope)
    yield from list_cells(figure.shown, titles, f"{place}, table", scope)


def collect_rows(page: View, story: Story) -> Iterator[Said]:
    """Collects the published rows behind a page's figures under the titles that the snapshot gives their measures."""
    for figure in story.figures():
        for row in figure.rows:
            if all(key in row for key in (*KEYS, "state", "unit")):
                yield from _name_row(page, str(row.get("metric") or figure.metric), row)


def _name_row(page: View, metric: str, row: Mapping[str, Any]) -> Iterator[Said]:
    keys = tuple(str(row[key]) for key in CHOICES)
    # Some figures join rows of several metrics, which do not say whose they are.
    if row["state"] != "measured" or row["value"] is None or keys not in load_choices(page.snapshot, metric):
        return
    title = read_title(page.snapshot, metric, str(row["statistic"]), str(row["segment"]))
    scope = ", ".join(("published", *(str(row[key]) for key in ("channel_kind", "channel_role", "segment", "window"))))
    family = page.titles[str(row["family_id"])]
    yield Said(normalise_label(title), scope, family, f"{row['value']:.6g}", f"{metric}, {row['statistic']}")


def collect_files(page: View) -> Iterator[Said]:
    """Collects what the brief and the head of the report say; their answers and figures are those of the pages."""
    titles = list(page.titles.values())
    for line in brief.list_ends(page):
        yield from list_texts(line.replace(". ", ", "), titles, "brief, ends", "")
    for name, value in list_facts(page):
        yield from list_texts(value, titles, f"report, {name}", "")


def collect_commands(page: View) -> Iterator[Said]:
    """Collects what `heartbeat status`, `claims`, `metrics` and `receipt` print."""
    titles, snapshot = list(page.titles.values()), page.snapshot
    printed: dict[str, Callable[[Console], None]] = {
        "status": lambda out: print_status(out, read_status(snapshot, page.now)),
        "claims": lambda out: print_board(out, snapshot, read_board(snapshot)),
        "metrics": lambda out: print_method(out, read_method(snapshot, "")),
    }
    for name, write in printed.items():
        text = io.StringIO()
        write(Console(file=text, width=1000))
        yield from list_texts(text.getvalue(), titles, f"heartbeat {name}, table", "")
