"""Pages of deprecations, each in its vendor's form, all drawn from one list of ends."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby

from tests.upstream.messages import Request, Response, conditional, text_answer
from tests.upstream.sites.further_ends import FURTHER_TABLES, PROSE, Stated, write_card
from tests.upstream.world.draws import number
from tests.upstream.world.ends import End, Ends

MARKDOWN, HTML = "text/markdown; charset=utf-8", "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Page:
    """One vendor's page: what ends, and how it is written."""

    ends: Ends
    form: str


class Deprecations:
    """Answers for all pages of deprecations by the path that each channel reads."""

    def __init__(self, pages: dict[tuple[str, str], Page]) -> None:
        self.pages = pages

    def answer(self, request: Request) -> Response:
        """Answers a GET."""
        for (host, path), page in self.pages.items():
            card = re.fullmatch(rf"{path.rpartition('/')[0]}/model-card-(\d+)\.md", request.path)
            if page.form == "bedrock_cards" and host == request.host and card:
                return text_answer(write_card(page.ends.now(), int(card[1])), MARKDOWN)
        page_ = self.pages.get((request.host, request.path))
        if page_ is None:
            return text_answer("404: Not Found", "text/plain; charset=utf-8", 404)
        is_markdown = request.path.endswith((".md", ".txt"))
        stated = TABLES.get(page_.form)
        text = (
            (WRITERS | PROSE)[page_.form](page_.ends.now())
            if stated is None
            else _tables(stated(page_.ends.now()), is_markdown)
        )
        response = text_answer(text, MARKDOWN if is_markdown or stated is None else HTML)
        return conditional(request, response, f"{number(response.body):032x}")


def _words(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _code(names: Iterable[str], joint: str) -> str:
    return joint.join(f"`{name}`" for name in names)


def _promise(end: End, day: str, floor: str, never: str) -> str:
    if end.shutdown_on is None:
        return never
    return f"{floor} {day}" if end.kind == "not_before" else f"{end.shutdown_on:%B %Y}" if end.kind == "month" else day


def _announcements(ends: list[End]) -> Iterable[tuple[date, list[End]]]:
    return ((day, list(group)) for day, group in groupby(ends, key=lambda one: one.announced_on))


def _grid(header: str, rows: Iterable[Iterable[str]]) -> list[str]:
    """A table in Markdown, with an empty line before and after."""
    names = [name.strip() for name in header.split(";")]
    head = [f"| {' | '.join(names)} |", f"|{'|'.join(' :-- ' for _ in names)}|"]
    return ["", *head, *(f"| {' | '.join(row)} |" for row in rows), ""]


def _exact(ends: list[End]) -> list[tuple[End, date]]:
    return [(end, end.shutdown_on) for end in ends if end.kind == "exact" and end.shutdown_on]


def _openai(ends: list[End]) -> str:
    """Odd hyphens in dates, footnotes, escaped pipes between two names of one replacement, and a log without
    a model."""
    lines = [
        "# Deprecations",
        *_grid("Date; Update", [["2026-01-01", "`opal-1` was mentioned"]]),
        "## Deprecation history",
    ]
    pipe = " \\| "
    for day, stated in _announcements(ends):
        rows = []
        for end in stated:
            on = _promise(end, str(end.shutdown_on).replace("-", "\N{NON-BREAKING HYPHEN}"), "at earliest", "TBD")
            price = "$1.00 / 1M tokens" if end.subject == "model" else "---"
            rows.append([on, f"`{end.name}`†", price, _code(end.replacements, pipe) or "—"])
        lines += ["", f"### {day}: {stated[0].name} and others", "", f"On {_words(day)}, we notified developers."]
        lines += _grid("Shutdown date; Model / system; Deprecated model price; Recommended replacement", rows)
    return "\n".join([*lines, _redirects(ends)])


def _redirects(ends: list[End]) -> str:
    return "\n\n".join(
        f"After its end, requests to `{end.name}` will be routed to `{end.successor}`."
        for end in ends
        if end.is_redirect
    )


def _anthropic(ends: list[End]) -> str:
    """A table of all models, with floors for those that nobody speaks of, then the announcements."""
    status, history = [], []
    for end in ends:
        on = _promise(end, _words(end.shutdown_on) if end.shutdown_on else "", "Not sooner than", "N/A")
        is_told = end.kind == "exact"
        status.append(
            [f"`{end.name}`", "Deprecated" if is_told else "Active", _words(end.announced_on) if is_told else "N/A", on]
        )
    for day, stated in _announcements([end for end, _ in _exact(ends)]):
        rows = [[_words(one.shutdown_on or day), f"`{one.name}`", _code(one.replacements, " or ")] for one in stated]
        history += [
            f"### {day}: {stated[0].name}",
            *_grid("Retirement date; Deprecated model; Recommended replacement", rows),
        ]
    head = ["---", "title: Model deprecations", "---", "", "# Model deprecations", "", "## Model status"]
    table = _grid("API model name; Current state; Deprecated; Tentative retirement date", status)
    return "\n".join([*head, *table, "## Deprecation history", "", *history, _redirects(ends), ""])


def _gemini(ends: list[End]) -> str:
    """A table a generation, with rows that only divide; the page calls all its dates the earliest possible."""
    lines = [
        "# Gemini deprecations",
        "",
        "Note: The shutdown dates listed in the table indicate the earliest possible dates.",
        "",
    ]
    for stone, stated in groupby(sorted(ends, key=lambda one: one.name), key=lambda one: one.name.partition("-")[0]):
        rows = [["**Preview models**", "", "", ""]]
        for end in stated:
            on = _promise(
                end, _words(end.shutdown_on) if end.shutdown_on else "", "Earliest", "No shutdown date announced"
            )
            rows.append([f"`{end.name}`", "June 17, 2023", on, _code(end.replacements, ", ")])
        lines += [
            f"## {stone.title()} models",
            *_grid("**Model**; **Release date**; **Shutdown date**; **Recommended replacement**", rows),
        ]
    return "\n".join([*lines, _redirects(ends)])


def _xai(ends: list[End]) -> str:
    """No column of dates: the day is in a sentence; what is retired goes on answering as another model."""
    lines = ["# Model retirements", ""]
    for day, stated in groupby(_exact(ends), key=lambda one: one[1]):
        lines += [
            f"## Retirement on {_words(day)}",
            "",
            f"Effective **{_words(day)} at 12:00 PM PT**, these are retired.",
        ]
        rows = [[f"`{end.name}`", f"`{end.successor}` with `low` reasoning effort"] for end, _ in stated]
        lines += _grid("Model being retired; Redirect target", rows)
    return "\n".join(lines)


def _groq(ends: list[End]) -> str:
    """Headed by the last day; the announcement is in a sentence; American dates of two digits."""
    lines = ["## [Deprecation History](#deprecation-history)", ""]
    for end, day in _exact(ends):
        lines += [f"### [{_words(day)}: {end.name}](#{f'{day:%B}-{end.name}'.lower()})", ""]
        lines += [
            f"In line with our commitment, on {_words(end.announced_on)}, we emailed users to announce the end of "
            f"{end.name}."
        ]
        row = [end.name, f"{day:%m/%d/%y}", " or ".join(end.replacements) or "—"]
        lines += _grid("Deprecated Model; Shutdown Date; Recommended Replacement Model ID", [row])
    return "\n".join(lines)


def _together(ends: list[End]) -> str:
    """Redirects and removals in tables of their own; what is removed from fine-tuning is not removed."""
    removed = [[str(day), f"`{end.name}`"] for end, day in _exact(ends) if not end.is_redirect]
    redirected = [[f"`{end.name}`", f"`{end.successor}`", "Same lineage"] for end in ends if end.is_redirect]
    return "\n".join(
        [
            "# Deprecations", "", "## Model lifecycle policy",
            *_grid("Model Type; Deprecation Notice; Notes", [["Preview Model", "24 hours", ""]]),
            "## Active model redirects", *_grid("Original model; Redirects to; Notes", redirected),
            "## Deprecation history", "", "### Inference",
            *_grid((
                "Removal date; Model; Supported by on-demand dedicated "
                "endpoints"
            ), [[*row, "Yes"] for row in removed]),
            "### Fine-tuning",
            *_grid("Removal date; Model; Suggested replacement", [[*row, ""] for row in removed[:1]]),
        ]
    )  # fmt: skip


def _cohere(ends: list[End]) -> str:
    """Tables, and lists for what has neither a day nor a replacement."""
    lines = ["# Deprecations", "", "## Deprecation history", ""]
    for day, stated in _announcements([end for end in ends if end.kind in ("exact", "unknown")]):
        listed = [one for one in stated if not one.shutdown_on and not one.replacements]
        rows = [
            [str(one.shutdown_on or "TBD"), one.name, "$1.00 / 1M tokens", ", ".join(one.replacements)]
            for one in stated
            if one not in listed
        ]
        lines += [f"### {day}: {stated[0].name}, and all of fine-tuning", ""]
        lines += (
            ["Deprecated models:", "", *(f"* `{one.name}` (and its alias)" for one in listed), ""] if listed else []
        )
        lines += (
            _grid("Shutdown Date; Deprecated Model; Deprecated Model Price; Recommended Replacement", rows)
            if rows
            else []
        )
        lines += ["We recommend these instead:", "", f"* `{stated[0].successor}`", ""]
    return "\n".join(lines)


def _tables(stated: Stated, is_markdown: bool) -> str:
    """The same page in Markdown, as newer sites offer it, or in HTML."""
    if is_markdown:
        return "\n".join(
            [
                "# Deprecations",
                "",
                *(line for title, header, rows in stated for line in [f"## {title}", *_grid(header, rows)]),
            ]
        )
    tables = "".join(_table(*one) for one in stated)
    return (
        f"<!DOCTYPE "
        f"html><html><head><title>Deprecations</title></head><body><h1>Deprecations</h1>{tables}</body></html>"
    )


def _table(title: str, header: str, rows: list[list[str]]) -> str:
    body = "".join(f"<tr>{''.join(f'<td><p>{escape(cell)}</p></td>' for cell in row)}</tr>" for row in rows)
    names = "".join(f"<th>{escape(name.strip())}</th>" for name in header.split(";"))
    return (
        f'<h2 id="{title.lower().replace(" ", "-")}">{title}</h2><table><thead><tr>{names}</tr></thead>{body}</table>'
    )


def _bedrock(ends: list[End]) -> Stated:
    """Names beside ids, and the regions of each row's dates."""
    rows = [
        ["Gem", f"The {end.name}", end.name, "us-east-1, us-west-2", _words(end.announced_on), _words(day), "—"]
        for end, day in _exact(ends)
    ]
    names = "Model provider; Model name; Model ID; Regions; Legacy date; EOL date; Public extended access start date"
    return [("Models with a scheduled EOL date", names, rows)]


def _vertex(ends: list[End]) -> Stated:
    rows = [[end.name, _words(end.announced_on), _words(day), "It ends."] for end, day in _exact(ends)]
    return [("Features", "Feature; Deprecated date; Shutdown date; Details", rows)]


def _azure(ends: list[End]) -> str:
    rows = []
    for end in ends:
        on = _promise(end, str(end.shutdown_on), "No earlier than", "—")
        stage = "Deprecated" if end.kind == "exact" else "GA"
        rows.append([end.name, "2024-05-13", stage, on, ", ".join(end.replacements) or "—"])
    return "\n".join(["### Azure OpenAI", *_grid("Model; Version; Lifecycle; Retirement date; Replacement", rows)])


def model_files(ends: list[End]) -> dict[str, str]:
    """A file a model."""
    files = {"index.ts": "export * from './opal';\n"}
    for end in ends:
        day = f"'{end.shutdown_on}'" if end.shutdown_on else "undefined"
        files[f"{end.name.strip('/').replace('/', '-').replace(' ', '-')}.ts"] = (
            f"export default {{\n  slug: '{end.name}',\n  status: 'Deprecated', // not 'Active'\n"
            f"  apiNames: ['{end.name}'],\n"
            f"  metadata: {{ deprecationDate: '{end.announced_on}', retirementDate: {day},\n"
            f"    replacement: '{' or '.join(end.replacements)}' }},\n}};\n"
        )
    return files


WRITERS: dict[str, Callable[[list[End]], str]] = {
    "openai": _openai, "anthropic": _anthropic, "gemini": _gemini, "xai": _xai, "groq": _groq, "together": _together,
    "cohere": _cohere,
    "azure": _azure,
}  # fmt: skip
TABLES: dict[str, Callable[[list[End]], Stated]] = {"bedrock": _bedrock, "vertex": _vertex, **FURTHER_TABLES}
"""Pages that come in both forms."""
