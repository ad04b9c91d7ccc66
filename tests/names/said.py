"""Numbers as they are said: a label, whose number it is, what it covers, and the value as printed."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

NUMBER = r"(?:[×+−-]\s?)?\$?\d+(?:[.,]\d+)*(?:\s?(?:%|h\b|d\b|min\b|[MB]\b|million\b|billion\b|USD|GiB|GB))?"
VALUE = re.compile(rf"^(?:over |up to )?{NUMBER}(?:–{NUMBER})?")
CELL = re.compile(rf"^(?:over |up to )?{NUMBER}(?:–{NUMBER})?(?: of \d+)?(?: [a-z]+)?(?: \(.*\))?(?:, [a-z ]+)?$")
"""A cell of a table that holds a number, its unit, its interval and a verdict, and nothing else."""
COUNTED = re.compile(
    r"(?<![\w.])(?P<count>\d+(?:,\d{3})*) (?P<name>(?:[a-z'-]+ )?"
    r"(?:incidents|facts|offers|rules|claims|collections|features|promises|ends)\b"
    r"(?: of (?:the |its |their )?[A-Za-z]+)?)"
)
"""What is counted over all families, and of which kind: `351 incidents of the API`."""
IDLE = re.compile(r"\b(?:posted|read|shown|listed|announced|published|deciding) | of (?:the|its|their)\b")
"""Words that do not tell one count from another."""
ALIKE = (
    ("24 hours", "a day"),
    ("7 days", "a week"),
    ("within one day", "within a day"),
    ("↓", ""),
    ("minimum", "least"),
)
"""Words that mean the same to a reader."""
LEADS = re.compile(
    r"^(?:points with intervals|points, with their intervals in the table below|marks on a line|side by side|shares|"
    r"differences with intervals|ranks with their ranges),? "
)
FILTERS = (
    "issue trackers", "forums and discussions", "subreddits", "questions by tag", "all public channels", "status pages",
    "last 12 months", "last 90 days", "last 30 days", "all time", "as last seen", "drawn towards the mean",
    "the model hub", "any type", "places of every kind",
)  # fmt: skip
"""What a caption may say that its numbers cover."""


@dataclass(frozen=True, slots=True)
class Said:
    """One number under one name."""

    label: str
    scope: str
    """What the words beside the number say that it covers."""
    family: str
    value: str
    place: str
    """Where it stands: page and figure, file, or command."""


def find_conflicts(all_said: Iterable[Said]) -> dict[tuple[str, str, str], dict[str, set[str]]]:
    """Finds each label, scope and family that has two values, with the places of each value."""
    values: dict[tuple[str, str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for said in all_said:
        values[said.label, said.scope, said.family][said.value].add(said.place)
    # The lines of one table may well have values of their own: what they are about stands in the line.
    return {key: dict(found) for key, found in values.items() if len(found) > 1 and not _is_one_table(found)}


def _is_one_table(found: Mapping[str, set[str]]) -> bool:
    places = set().union(*found.values())
    return len(places) == 1 and all(place.endswith(", table") for place in places)


def normalise_label(text: str) -> str:
    """Returns a label as readers tell labels apart: without case, spacing, arrows and words that mean the same."""
    label = re.sub(r"[*\\]", "", text).replace("\N{NO-BREAK SPACE}", " ").lower()
    label = LEADS.sub("", label.split(". ")[-1] if ". " in label else label)
    for word, same in ALIKE:
        label = label.replace(word, same)
    return re.sub(r"\s+", " ", label).strip(" ,:.")


def read_scope(*captions: str) -> str:
    """Returns what the captions beside a number say that it covers."""
    text = " ".join(captions).lower()
    return ", ".join(word for word in FILTERS if word in text)


def read_value(text: str) -> str:
    """Returns the number at the start of a text, without its interval; empty where there is none."""
    found = VALUE.match(text.replace("\N{NO-BREAK SPACE}", " ").strip())
    return found[0].strip() if found else ""


def read_cell(text: str) -> str:
    """Returns the number of a cell, without its interval; empty where the cell is a text."""
    flat = text.replace("\N{NO-BREAK SPACE}", " ").strip()
    return read_value(flat) if CELL.match(flat) else ""


def list_items(text: str, titles: Sequence[str], place: str, scope: str) -> Iterator[Said]:
    """Reads lists such as `Uptime: Claude 99.9 %; Gemini 98 %` in texts: a label, then families with their values."""
    names = "|".join(re.escape(title) for title in sorted(titles, key=len, reverse=True))
    item = rf"(?:{names}) [^;,]+?(?:\([^)]*\)[^;,.]*)?"
    flat = text.replace("\N{NO-BREAK SPACE}", " ").replace("\\", "")
    for found in re.finditer(rf"(?P<label>[^:;]+): (?P<items>{item}(?:[;,] {item})*)(?=$|[;,]|[.](?:\s|$))", flat):
        label = normalise_label(found["label"])
        for name, words in re.findall(rf"({names}) ([^;]+?)(?=(?:[;,] (?:{names}) )|$|;)", found["items"]):
            if value := read_value(words):
                yield Said(label, scope, name, value, place)


def list_sentences(text: str, titles: Sequence[str], place: str, scope: str) -> Iterator[Said]:
    """Reads sentences with numbers. The label is the sentence without names and numbers, so two sentences that say the
    same of the same families must give the same numbers."""
    names = "|".join(re.escape(title) for title in sorted(titles, key=len, reverse=True))
    for sentence in split_sentences(text):
        bare = re.sub(r"\([^)]*\)", "", sentence)
        families = re.findall(rf"(?<![\w-])(?:{names})(?![\w-])", bare)
        label = re.sub(NUMBER, "#", re.sub(rf"(?<![\w-])(?:{names})(?![\w-])", "F", bare))
        if values := re.findall(NUMBER, bare):
            whose = ", ".join(families)
            yield Said(normalise_label(label), scope, whose, ", ".join(value.strip() for value in values), place)


def list_counts(text: str, titles: Sequence[str], place: str) -> Iterator[Said]:
    """Reads counts over all families, such as `591 incidents posted`, in clauses that name none: the label is what is
    counted, wherever it is said."""
    for clause in re.split(r"[,;:\n]\s", re.sub(r"[*\\]", "", text.replace("\N{NO-BREAK SPACE}", " "))):
        if not any(re.search(rf"(?<![\w-]){re.escape(title)}(?![\w-])", clause) for title in titles):
            for found in COUNTED.finditer(clause):
                yield Said(normalise_label(IDLE.sub("", found["name"])), "", "", found["count"], place)


def split_sentences(text: str) -> list[str]:
    """Splits plain text into sentences."""
    flat = re.sub(r"[*\\]", "", text.replace("\N{NO-BREAK SPACE}", " "))
    return [part for part in re.split(r"(?<=[a-z\d)%])[.](?=\s|$)|\n+", flat) if part.strip()]


def list_cells(rows: Sequence[Mapping[str, object]], titles: Sequence[str], place: str, scope: str) -> Iterator[Said]:
    """Reads tables: each numeric cell under the title of its column; texts of the line say what else it covers."""
    for row in rows:
        family = next((str(value) for value in row.values() if value in titles), "")
        texts = [str(value) for value in row.values() if value not in titles and not read_cell(str(value))]
        is_own_line = sum(family in map(str, other.values()) for other in rows) == 1
        line = "" if is_own_line and family else " / ".join(texts)
        for column, value in row.items():
            if said := read_cell(str(value)):
                yield Said(normalise_label(column), f"{scope} {line}".strip(), family, said, place)
