"""The comparison as a static site: `heartbeat site` runs this module with the published snapshot."""

import argparse
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from itertools import combinations
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from dashboards.charts import colours
from dashboards.frame import pictures, snapshot_reader
from dashboards.frame.view import View
from dashboards.menu import ADDRESSES, FURTHER, MENU, PAIR, SINGLE
from dashboards.overview import overview
from dashboards.site import ends
from dashboards.site.badges import render_badge
from dashboards.site.brief import render_brief
from dashboards.site.content import Sheet, list_facts, make_sheet
from dashboards.site.markdown import PAGES, link_page, name_page, render_blocks, render_line
from dashboards.words.numbers import strip_markdown
from dashboards.words.sentences import select_measured
from warehouse.database import WarehouseError
from warehouse.ends.archive import PROGRAM, write_program
from warehouse.ends.evidence import write_evidence
from warehouse.export import WRITERS, label_rows, public_metrics
from warehouse.news.feed import NAME as FEED
from warehouse.news.feed import render_feed
from warehouse.news.items import load_news
from warehouse.notices import make_evidence
from warehouse.settings import SettingsError
from warehouse.snapshot import query

FOLDER = Path(__file__).parent
SHIPPED = (FOLDER / "site.js", FOLDER.parent / "mark.png", *sorted((FOLDER.parent / "static").iterdir()))
"""Files that every site has as they are."""
MADE = "site.json"
"""The file by which a folder is known as a site that may be replaced."""
CARD = "card.png"


class SiteError(ValueError):
    """A folder that cannot be written; the message says what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the site and prints its first page. Returns 1 if a page failed, 2 if nothing could be written."""
    parser = argparse.ArgumentParser(prog="heartbeat site")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--address", default="")
    asked = parser.parse_args(arguments)
    try:
        check_folder(asked.out)
        broken = write_site(make_view(), asked.out, asked.address.rstrip("/"))
    except (SiteError, SettingsError, WarehouseError, OSError) as error:
        print(f"heartbeat: {error}", file=sys.stderr)
        return 2
    print(asked.out / "index.html")
    for sheet in broken:
        print(f"excluded: {sheet.question} ({sheet.error}: {sheet.reason})")
    return 1 if broken else 0


def make_view() -> View:
    """Returns the view of the newest snapshot as a reader sees it who has chosen nothing."""
    snapshot = snapshot_reader.newest_snapshot()
    if snapshot is None:
        raise SiteError(
            f"{snapshot_reader.read_environment().home}: nothing is published yet; run `heartbeat up`, or `heartbeat "
            "up --sample` to look around"
        )
    everyone, kind = snapshot_reader.load_families(snapshot), snapshot_reader.find_usual_kind(snapshot)
    # Files are read later: ages count from the snapshot's own time, so that the same snapshot gives the same files.
    return View(snapshot, snapshot.published_at, everyone, kind=kind)


def check_folder(folder: Path) -> None:
    """Raises SiteError unless the folder is new, empty, or a site made earlier."""
    if folder.exists() and not (folder.is_dir() and (not any(folder.iterdir()) or (folder / MADE).exists())):
        raise SiteError(f"--out {folder}: it has files that are no site of Heartbeat; name a new or empty folder")


def write_site(page: View, folder: Path, address: str = "") -> list[Sheet]:
    """Writes all files aside, then puts them in the place of a former site. Returns the pages that failed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".site-") as aside:
        made = Path(aside, "site")
        made.mkdir()
        broken = _write_pages(page, made, address)
        _write_data(page, made, address)
        for shipped in SHIPPED:
            shutil.copyfile(shipped, made / shipped.name)
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
    return broken


def _write_pages(page: View, folder: Path, address: str) -> list[Sheet]:
    template, broken = make_template(page), list[Sheet]()
    whole = [make_sheet(choose_families(page, file), file, name_page(ADDRESSES[file])) for file in MENU]
    for sheet in (*whole, *_make_sheets(page)):
        text = template.render(sheets=[sheet], address=address)
        # Figures are one level higher where no page is above them; no text holds a tag.
        text = text.replace("<h3", "<h2").replace("</h3>", "</h2>")
        (folder / f"{sheet.name}.html").write_text(text, encoding="utf-8")
        broken += [sheet] if sheet.error else []
    (folder / "print.html").write_text(template.render(sheets=whole, address=address), encoding="utf-8")
    (folder / "brief.md").write_text(render_brief(page, whole), encoding="utf-8")
    return broken


def choose_families(page: View, file: str) -> View:
    """Chooses the families of a page of one family, or of two, as the dashboard does."""
    count = {SINGLE: 1, PAIR: 2}.get(file, 0)
    return replace(page, chosen=snapshot_reader.choose_pair(page.snapshot, ())[:count])


def _make_sheets(page: View) -> Iterator[Sheet]:
    """Makes a page for each family, and for each pair that may be compared."""
    for family in page.titles:
        yield make_sheet(replace(page, chosen=(family,)), SINGLE)
    for pair in combinations(find_asked(page), 2):
        yield make_sheet(replace(page, chosen=pair), PAIR)


def find_asked(page: View) -> list[str]:
    """Finds the families of which it is measured how soon their users hear back: the others have little to compare."""
    rows = page.load_metric("answered_share", page.kind, "anyone", ["within_7d"])
    return sorted(row["family_id"] for row in select_measured(rows))


def make_template(page: View) -> Template:
    """Makes the template of all pages; every text from elsewhere is escaped."""
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters |= {"markdown": render_blocks, "line": render_line, "plain": strip_markdown}
    environment.globals |= {
        "style": render_style(), "facts": tuple(list_facts(page)), "is_sample": page.snapshot.is_sample,
        "titles": page.titles, "asked": find_asked(page), "name_page": name_page, "card": CARD, "feed": FEED,
        "ids": ends.tell_ids(page), "yardstick": ends.measure(page),
        "public": {metric["name"] for metric in public_metrics(page.snapshot)},
        "menu": [(name_page(ADDRESSES[file]), listed.name, file in FURTHER) for file, listed in MENU.items()],
    }  # fmt: skip
    return environment.get_template("page.html.j2")


def render_style() -> str:
    """Renders the style sheet with the colours of both themes."""
    themes = (colours.LIGHT, colours.DARK)
    light, dark = (
        "".join(f"--{name}:{shade};" for shade, name in colours.name_colours(palette).items()) for palette in themes
    )
    tokens = f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    return tokens + (FOLDER / "site.css").read_text(encoding="utf-8")


def _write_data(page: View, folder: Path, address: str) -> None:
    """Writes what other programs read: figures, ends, news, badges, and the picture and map of the site."""
    (folder / "data").mkdir()
    for metric in public_metrics(page.snapshot):
        _write_figures(page, metric["name"], folder / "data")
    evidence = make_evidence(page.snapshot, address)
    write_evidence(evidence, folder)
    write_program(evidence, folder / PROGRAM)
    _write_json(folder / "misses.json", ends.measure(page))
    feed = render_feed(page.snapshot, load_news(page.snapshot) or [], address)
    (folder / FEED).write_text(link_files(feed, address), encoding="utf-8")
    (folder / "badges").mkdir()
    for family in page.titles:
        (folder / "badges" / f"{family}.svg").write_text(render_badge(page, family), encoding="utf-8")
    drawn = next((figure for figure in overview.story(page).figures() if figure.chart), None)
    if drawn:
        (folder / CARD).write_bytes(pictures.render_png(page, drawn))
    names = sorted(path.name for path in folder.glob("*.html"))
    if address:
        (folder / "sitemap.txt").write_text("".join(f"{address}/{name}\n" for name in names), encoding="utf-8")
    _write_json(
        folder / MADE, {"snapshot": page.snapshot.version, "is_sample": page.snapshot.is_sample, "pages": names}
    )


def link_files(feed: str, address: str) -> str:
    """Points the addresses of the dashboard's pages in a feed at the files of the site."""
    pages = re.compile(rf"(?<={re.escape(address)}/)({'|'.join(PAGES)})\b(?:\?([^\"\s<]*))?")
    return pages.sub(lambda found: link_page(found[1], unescape(found[2] or "")), feed) if address else feed


def _write_figures(page: View, metric: str, folder: Path) -> None:
    """Writes the figures of a metric that have a value; `heartbeat export` gives also why others have none."""
    labels = label_rows(page.snapshot)
    marks = ", ".join(f"? as {label}" for label in labels)
    sql = f"select *, {marks} from metrics.{metric} where value is not null order by all"
    table = query(page.snapshot, sql, [*labels.values()])
    for form in ("csv", "json"):
        (folder / f"{metric}.{form}").write_bytes(WRITERS[form](table))


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
