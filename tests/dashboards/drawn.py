"""What a figure shows, read from its finished chart or table, and the words that it does not bear out."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from dashboards.charts.first_rows import keep_first_rows
from dashboards.frame.layout import name_absent
from dashboards.frame.story import Figure, Story, Words, list_figures
from dashboards.frame.view import View
from dashboards.words import numbers
from warehouse.wording import GAP

UNIT = r"%|h|d|min|days?|points?|GiB|people|person|[MB]\b"
NUMBER = re.compile(rf"(?<![\w.,\-])[+−]?(?:×\s|\$)?\d[\d,]*(?:\.\d+)?(?:\s(?:{UNIT}))?(?![\w]|\.\d)")
RANGE = re.compile(rf"([+−]?\$?\d[\d.,]*)(?:–| to )([+−]?\$?\d[\d.,]*)((?:\s(?:{UNIT}))?)")
SETTLED = re.compile(
    r"\d* ?\w{3} \d{4} \d\d:\d\d UTC|\d* ?\w{3} 20\d\d|last \d+ (?:days|months)|after \d+ days|over \d+ days"
    r"|\bin \d+ months|within \d+ (?:hours|days|months)|\d+ GiB cards?|at \d+ bits|in (?:every )?100\b|half of 100"
    r"|of 100 answers|95 % interval\w*",
    re.IGNORECASE,
)
"""Numbers that are part of what is measured, dates, and chances."""
FIRSTS = re.compile(r"^(?:Highest|Most|Fewest|Shortest|Cheapest|Best|Outsiders)[^:]*: ")
SPAN = re.compile(rf"(?:post|within|from) (\d[\d.,]*(?: (?:{UNIT}))?)[^;:]*? to (\d[\d.,]*(?: (?:{UNIT}))?)")
RANKED = re.compile(
    r"(?:has rank|ranks|rank) (?P<rank>first|\d+)(?: to (?P<last>\d+))?(?: of (?P<whole>\d+))?"
    r"(?:[^.;]{0,10}\(range (?P<low>\d+)–(?P<high>\d+)\))?"
)
DRAWN_RANK = re.compile(r"(?:· |^)(\d+)(?: of \d+)? \((\d+)–(\d+)\)$")
NO_RANK = re.compile(r"no rank[^:]*: (?P<names>[^.]*)", re.IGNORECASE)
STATE = re.compile("|".join(numbers.STATES))
UNITS = ("share", "uptime", "hours", "count", "rate", "usd", "times")
ENDS = ("value", "low", "high", "adjusted_value", "adjusted_low", "adjusted_high")
FAMILY_CELLS = ("family", "of", "about")
Counts = frozenset[int]


class Mark(NamedTuple):
    """A mark of a chart or a cell of a table: whose it is, among which it ranks, its place, and the numbers that it
    shows."""

    family: str
    group: str
    value: float | None
    numbers: frozenset[str]
    rank: tuple[str, ...] = ()


class Fault(NamedTuple):
    """A claim in words that no mark bears out."""

    claim: str
    words: str


def plain(markdown: str) -> str:
    """Returns words as a reader sees them."""
    return numbers.strip_markdown(markdown).replace(GAP, " ").replace("\u2060", "")


def read_marks(figure: Figure, titles: Sequence[str]) -> list[Mark]:
    """Reads the marks of a figure."""
    if figure.chart is None:
        return list(_read_cells(figure, titles))
    return [_read_mark(row, titles) for row in list_data(figure.chart) if "at" not in row]


def count_rows(figure: Figure) -> Counts:
    """Counts what a figure shows: its rows, those of each kind and the others beside one, and the cases that they rest
    on. What is too close to call among all pairs is too close to call."""
    rows = (*figure.rows, *figure.shown)
    cells = [(name, value) for row in rows for name, value in row.items() if not isinstance(value, list)]
    cases = [value for _, value in cells if isinstance(value, int)]
    of_kinds = Counter((name, str(value).removesuffix(" among all pairs")) for name, value in cells).values()
    wholes: Counter[str] = Counter()
    for row in figure.rows:
        if row.get("state") == "measured":
            wholes[str(row["statistic"])] += row["n"] or 0
    others = [left for count in of_kinds for left in (count - 1, len(figure.shown) - count, len(figure.rows) - count)]
    return frozenset({len(figure.rows), len(figure.shown), *wholes.values(), *cases, *of_kinds, *others})


def list_data(layer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Lists the rows of data in a chart."""
    yield from layer.get("data", {}).get("values", ())
    for part in layer.get("layer", ()):
        yield from list_data(part)


def _read_mark(row: Mapping[str, Any], titles: Sequence[str]) -> Mark:
    names = [str(row.get(name) or "").partition(":")[0] for name in ("family", "title", "name")]
    family = next((name for name in names if name in titles), "")
    group = str(row.get("statistic") or row.get("part") or row.get("look") or ("half" if "half" in row else ""))
    said = [text for name, text in row.items() if isinstance(text, str) and name != "family_id"]
    ends = [row[end] for end in ENDS if isinstance(row.get(end), int | float)]
    said += [numbers.FORMATS[unit](end) for end in ends for unit in UNITS]
    said += [f"{numbers.format_points(end).lstrip('+−')}{unit}" for end in ends for unit in ("", " points")]
    ranks = [found.groups() for text in said if (found := DRAWN_RANK.search(text))]
    # A suspect mark is in no rank, however far out it is.
    is_suspect = str(row.get("short") or "").endswith(numbers.STATES["suspect"][0])
    value = None if is_suspect else row.get("adjusted_value", row.get("value"))
    return Mark(family, group, value, _read_numbers(said), *ranks[:1])


def _read_cells(figure: Figure, titles: Sequence[str]) -> Iterator[Mark]:
    for row in figure.shown:
        whose = next((str(row[name]) for name in FAMILY_CELLS if row.get(name) in titles), "")
        for name, cell in row.items():
            family, group = name if name in titles else whose, str(row.get("measure", name))
            ranks = [found.groups() for found in [DRAWN_RANK.search(plain(str(cell)))] if found]
            yield Mark(family, group, None, _read_numbers([str(cell)]), *ranks[:1])


def _read_numbers(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(number for text in texts for _, number in list_numbers(plain(text)))


def list_numbers(text: str) -> list[tuple[int, str]]:
    """Lists the numbers of a text with their places and units; those of a range have the unit of its end, or are
    points."""
    ends: dict[int, str] = {}
    for match in RANGE.finditer(text):
        of_points = " points" if text[: match.start()].endswith("points (") else ""
        ends |= {match.start(place): match[place].rstrip(".,") + (match[3] or of_points) for place in (1, 2)}
    found = {match.start(): match[0].strip() for match in NUMBER.finditer(text)}
    return sorted((found | ends).items())


def compile_names(titles: Sequence[str]) -> re.Pattern[str]:
    """Compiles what finds families in words, the longest names first."""
    longest_first = sorted(titles, key=len, reverse=True)
    return re.compile("|".join(rf"(?<![\w-]){re.escape(title)}(?![\w-])" for title in longest_first))


def check_words(
    words: str, marks: Sequence[Mark], titles: Sequence[str], counts: Counts, subjects: Sequence[str] = ()
) -> tuple[int, list[Fault]]:
    """Counts the names, ranks and numbers of words, and lists those that no mark bears out; the page is about its
    `subjects`, which may be named without a number."""
    named, drawn = compile_names(titles), {*subjects, *(mark.family for mark in marks)}
    checked, faults = 0, []
    for sentence in re.split(r"(?<=[.;]) |\n+", plain(words)):
        names = [(match.start(), match[0]) for match in named.finditer(sentence)]
        unranked = {match[0] for no in NO_RANK.finditer(sentence) for match in named.finditer(no["names"])}
        ranks = {mark.family: mark.rank for mark in marks if mark.rank}
        for _, name in names:
            checked += 1
            if name in unranked and name in ranks:
                faults.append(Fault(f"{name} has a rank", sentence))
            elif name not in unranked and name not in drawn:
                faults.append(Fault(f"{name} has no mark", sentence))
        for match in RANKED.finditer(sentence):
            checked += 1
            before = [name for place, name in names if place < match.start()]
            own = [rank for family, rank in ranks.items() if family in before[-1:] or not before]
            if not any(_is_rank(match, rank) for rank in own):
                faults.append(Fault(f"{match[0]} is no mark", sentence))
        bare = RANKED.sub(_blank, SETTLED.sub(_blank, sentence))
        for at, number in list_numbers(bare):
            checked += 1
            whose = _find_owner(bare, at + len(number), [name for place, name in names if place < at], named)
            said_of = [mark for mark in marks if mark.family in (whose, "") or not whose]
            if not _is_borne_out(number, said_of, counts | {*range(len(drawn) + 1)}):
                faults.append(Fault(f"{number} of {whose or 'nobody'} is no mark", sentence))
    return checked, faults


def _is_rank(said: re.Match[str], drawn: tuple[str, ...]) -> bool:
    if said["last"]:
        return (said["rank"], said["last"]) == drawn[1:]
    rank = "1" if said["rank"] == "first" else said["rank"]
    return rank == drawn[0] and (not said["low"] or (said["low"], said["high"]) == drawn[1:])


def _blank(match: re.Match[str]) -> str:
    return "_" * len(match[0])


def _find_owner(sentence: str, end: int, before: Sequence[str], named: re.Pattern[str]) -> str:
    """Finds of whom a number is said: of the name in brackets behind it, else of the last name before it."""
    after = re.match(rf"[^()]{{0,12}}\(({named.pattern})", sentence[end:])
    return after[1] if after else before[-1] if before else ""


def _is_borne_out(number: str, marks: Sequence[Mark], counts: Counts) -> bool:
    forms = {number, number.lstrip("+−"), re.sub(r" (?:people|person)$", "", number)}
    if any(forms & mark.numbers for mark in marks):
        return True
    return bool(re.fullmatch(r"[\d,]+(?: people| person)?", number)) and int(re.sub(r"\D", "", number)) in counts


def check_first(title: str, marks: Sequence[Mark], titles: Sequence[str]) -> tuple[int, list[Fault]]:
    """Checks that who is named as first has the highest or the lowest mark."""
    said, named = plain(title), compile_names(titles)
    match = FIRSTS.match(said)
    rest = said[match.end() :].partition(";")[0] if match else ""
    names = named.findall(rest)
    if not names or not list_numbers(named.sub(_blank, rest)):
        return 0, []
    groups: dict[str, dict[str, float]] = {}
    for mark in marks:
        if mark.family and mark.value is not None:
            groups.setdefault(mark.group, {})[mark.family] = mark.value
    ranked = list(groups.values())
    is_first = any(own.get(names[0]) in (min(own.values()), max(own.values())) for own in ranked)
    return 1, [] if is_first else [Fault(f"{names[0]} is not first", said)]


def check_span(words: str, marks: Sequence[Mark]) -> tuple[int, list[Fault]]:
    """Checks that a span, `from 5 people (Phi) to 13 people (Llama)`, has the lowest and the highest mark as its
    ends."""
    groups: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.value is not None:
            groups.setdefault(mark.group, []).append(mark)
    ranked = [sorted(own, key=lambda mark: mark.value or 0) for own in groups.values()]
    spans = SPAN.findall(plain(words).replace(" people", "").replace(" person", ""))
    wrong = [
        ends for ends in spans if not any(ends[0] in own[0].numbers and ends[1] in own[-1].numbers for own in ranked)
    ]
    return len(spans), [Fault(f"{low} to {high} is not the whole span", words) for low, high in wrong]


def check_page(page: View, story: Story) -> tuple[int, list[Fault]]:
    """Checks titles against their figures, the answer against all figures of its page, and that families said to have
    no number have no mark in the charts before."""
    titles, subjects = list(page.titles.values()), [page.titles[family] for family in page.chosen]
    marks, counts = list[Mark](), frozenset[int]()
    found = list[tuple[int, list[Fault]]]()
    for figure in story.figures():
        own, rows = read_marks(figure, titles), count_rows(figure)
        found += [check_words(figure.title, own, titles, rows, subjects), check_first(figure.title, own, titles)]
        found += [check_span(figure.title, own), *([] if page.chosen else [check_visible(figure, titles)])]
        marks, counts = [*marks, *own], counts | rows
    found += [
        check_words(story.answer, marks, titles, counts, subjects),
        check_span(story.answer.partition("\n\n")[0], marks),
    ]
    found += check_absent(page, story, titles)
    return sum(number for number, _ in found), [fault for _, faults in found for fault in faults]


def check_visible(figure: Figure, titles: Sequence[str]) -> tuple[int, list[Fault]]:
    """Checks that a long chart shows whom its title names before all rows are asked for."""
    if figure.chart is None:
        return 0, []
    shown = replace(figure, chart=keep_first_rows(figure.chart, plain(figure.title)))
    drawn = {mark.family for mark in read_marks(shown, titles)}
    names = compile_names(titles).findall(plain(figure.title))
    return len(names), [
        Fault(f"{name} is not among the first rows", figure.title) for name in names if name not in drawn
    ]


def check_absent(page: View, story: Story, titles: Sequence[str]) -> Iterator[tuple[int, list[Fault]]]:
    """Checks of the lines that name families without a number that these have no mark beside them."""
    beside: Sequence[Figure] = ()
    for part in story.parts:
        if isinstance(part, Words):
            yield _find_drawn(part.text if STATE.search(part.text) else "", beside, titles)
        else:
            beside = list_figures(part)
    charts = [figure for figure in story.figures() if figure.chart is not None and figure.has_receipts]
    yield _find_drawn(name_absent(page, story), charts, titles)


def _find_drawn(words: str, figures: Sequence[Figure], titles: Sequence[str]) -> tuple[int, list[Fault]]:
    names = compile_names(titles).findall(plain(words))
    drawn = {mark.family for figure in figures for mark in read_marks(figure, titles) if mark.value is not None}
    return len(names), [Fault(f"{name} has a mark", words) for name in names if name in drawn]
