"""Writes today's pages of makers and hosts in their own forms, from the facts of `known_ends.csv`."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from tests.upstream.sites.deprecations import WRITERS
from tests.upstream.sites.further_ends import PROSE
from tests.upstream.world.ends import End

Facts = Mapping[str, str]
"""Ends by the name that the page writes."""
TOLD_ON = date(2026, 6, 11)
REGIONS = "ap-northeast-1, ap-southeast-2, eu-central-1, eu-west-1, eu-west-3, us-east-1, us-east-2, us-west-2"
DATED = re.compile(r"(.+?)[-@](20\d\d-?\d\d-?\d\d)")
PREFIX = re.compile(
    r"(?:(?:azure(?:_ai)?|vertex_ai|groq|together_ai|bedrock(?:/converse)?|gemini|google|anthropic)[/:])?"
    r"(?:(?:us|eu|apac|global)\.(?=[a-z0-9]+\.))?"
)
"""What clients write before a name, and the profile of a Bedrock id."""
ALIASES = {
    "devstral-2512": "devstral-medium-latest", "codestral-2508": "codestral-latest",
    "mistral-large-2512": "mistral-large-latest", "mistral-medium-3-5": "mistral-medium-latest",
    "mistral-small-2603": "mistral-small-latest",
}  # fmt: skip
"""Names that Mistral's files of models give beside the first."""
PAIRS = (
    "gpt-3.5-turbo-0125 gpt-3.5-turbo gpt-3.5-turbo-completions", "gpt-4-0613 gpt-4 gpt-4-completions", "sora-2",
    "gpt-4-turbo gpt-4-turbo-2024-04-09", "gpt-4.1-nano gpt-4.1-nano-2025-04-14", "o1-2024-12-17 o1",
    "o1-pro-2025-03-19 o1-pro", "o3-mini-2025-01-31 o3-mini", "o4-mini-2025-04-16 o4-mini", "gpt-4o-realtime-preview",
    "computer-use-preview-2025-03-11 computer-use-preview", "o3-deep-research-2025-06-26 o3-deep-research",
    "gpt-4o-mini-transcribe",
)  # fmt: skip
CELLS = {name: "`" + "` \\| `".join(pair.split()) + "`" for pair in PAIRS for name in pair.split()}
CELLS |= dict.fromkeys(("gpt-4o-2024-08-06", "gpt-4o-2024-11-20"), "GPT-4o (`gpt-4o-2024-08-06`, `gpt-4o-2024-11-20`)")
"""Cells of OpenAI's page that hold several names, or one that has dated versions as well."""


def list_facts(rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Lists what a page itself writes: no unknown id, no prefix of a client, no name that only resolves to others."""
    facts = {_strip(row["id"]): row["end"] for row in rows if row["end"] != "unknown"}
    others = {match[1] for name in facts if (match := DATED.fullmatch(name))} - CELLS.keys()
    return {
        name: end
        for name, end in facts.items()
        if name not in others and not re.search(r"claude-3(?:.*-latest|\.5)|stral.*-latest", name)
    }


def _strip(name: str) -> str:
    """Strips prefixes; the ARN of a foundation model becomes `ID@REGION`."""
    if name.startswith("arn:"):
        model = PREFIX.sub("", name.rpartition("/")[2], count=1)
        return f"{model}@{name.split(':')[3]}" if "::" in name else model
    return PREFIX.sub("", name, count=1)


def _say(end: str, floor: str = "Not sooner than ", never: str = "—") -> str:
    if end.strip(">")[0] != "2":
        return never
    day = date.fromisoformat(end.strip(">"))
    return f"{floor if end[0] == '>' else ''}{day:%B} {day.day}, {day.year}"


def _grid(titles: str, rows: Sequence[Sequence[str]]) -> str:
    lines = [titles.split("; "), ["---"] * len(titles.split("; ")), *rows]
    return "\n".join(["", *(f"| {' | '.join(line)} |" for line in lines), ""])


def _table(titles: str, row: Callable[[str, str], list[str]], head: str = "## Models") -> Callable[[Facts], str]:
    return lambda facts: f"{head}\n{_grid(titles, [row(name, end) for name, end in facts.items()])}"


def _emulate(form: str) -> Callable[[Facts], str]:
    """Writes a page as the emulator does."""
    kinds = {">": "not_before", "2": "exact"}

    def write(facts: Facts) -> str:
        days = {name: date.fromisoformat(end.strip(">")) if end[0] in kinds else None for name, end in facts.items()}
        ends = [End(name, TOLD_ON, days[name], kinds.get(end[0], "unknown")) for name, end in facts.items()]
        return (WRITERS | PROSE)[form](ends)

    return write


def _write_bedrock(facts: Facts) -> str:
    """A table of HTML with a row for each set of regions."""
    titles = "Model provider; Model name; Model ID; Regions; Legacy date; EOL date; Public extended access start date"
    rows = [titles.split("; ")]
    for name, end in facts.items():
        model, _, region = name.partition("@")
        rows.append(["Maker", model.partition(".")[2], model, region or REGIONS, "June 1, 2026", _say(end), "N/A"])
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return f"<!DOCTYPE html><h1>Legacy</h1><table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _write_azure_row(name: str, end: str) -> list[str]:
    dated = DATED.fullmatch(name)
    model, version = dated.groups() if dated else (name, "2025-08-07" if name[0] in "go" else "1")
    return [model, version, *(["GA", "—"] if end == "none" else ["Deprecated", end]), "—"]


def _write_partners(facts: Facts) -> str:
    """A section a model: the day in a sentence, the id in a table on its side."""
    stated = "## {0} on Google Cloud\n\nIt is **deprecated as of June 11, 2025** and will be **shut down on {1}**.\n{2}"
    tables = {name: _grid(f"Model ID; `{name.partition('@')[0]}`", [["Launch stage", "Deprecated"]]) for name in facts}
    return "\n".join(stated.format(name, _say(end), tables[name]) for name, end in facts.items())


def _write_cohere(facts: Facts) -> str:
    """A list that ends on the day of a sentence, one without a last day, and a table."""
    exact = [[end, f"`{name}`", ""] for name, end in facts.items() if end < "2026"]
    retired, stated = ([f"- `{name}`" for name in facts if facts[name] == end] for end in ("2026-04-04", "undated"))
    parts = [
        "### 2026-04-04: Embed\n\nEffective April 4th, 2026, these models will be retired:\n", *retired,
        "\n### 2025-09-15: Command\n\nThis begins on September 15, 2025.\n\nDeprecated Models:\n", *stated,
        "\n### 2024-12-02: Rerank", _grid("Shutdown Date; Deprecated Model; Deprecated Model Price", exact),
    ]  # fmt: skip
    return "\n".join(parts)


def _write_deepseek(facts: Facts) -> str:
    names, last = " and ".join(f"`{name}`" for name in facts), max(facts.values())
    return f"## Date: 2026-04-24\n\n### DeepSeek-V4\n\nThe names {names} will be discontinued on {last}.\n"


def write_model_files(facts: Facts) -> dict[str, str]:
    """Writes a file a model, as Mistral's documentation has them; also of those that do not end."""
    files = {}
    for name, end in facts.items():
        names = [name, *([ALIASES[name]] if name in ALIASES else [])]
        status, last = ("GA", "") if end == "none" else ("Deprecated", f"retirementDate: '{end}'")
        files[f"{name}.ts"] = f"{{ slug: '{name}', status: '{status}', apiNames: {names}, metadata: {{ {last} }} }}"
    return files


PAGES: dict[str, Callable[[Facts], str]] = {
    "developers.openai.com/api/docs/deprecations": _table(
        "Shutdown date; Model / system", lambda name, end: [_say(end), CELLS.get(name, f"`{name}`")],
        f"### {TOLD_ON}: Snapshots",
    ),
    "about-claude/model-deprecations": _table(
        "API model name; Current state; Deprecated; Tentative retirement date",
        lambda name, end: [name, "Active" if end[0] == ">" else "Retired", "N/A", _say(end)]
        if end != "undated"
        else [name, "Deprecated", "June 9, 2026", "To be announced"],
    ),
    "concepts-model-retirement-schedule": _table(
        "Model; Version; Lifecycle; Retirement date; Replacement", _write_azure_row
    ),
    "models/model-versions": _table(
        "Model ID; Release date; Retirement date",
        lambda name, end: [f"`{name}`", "May 19, 2026", _say(end, "Not before ", "No retirement date announced")],
    ),
    "deprecations/open-models": _table(
        "Model ID; Deprecation date; Retirement date",
        lambda name, end: [f"`{name.rpartition('/')[2]}`", "July 21, 2026", _say(end)],
    ),
    "gemini-api/docs/deprecations": _emulate("gemini"), "console.groq.com/docs/deprecations": _emulate("groq"),
    "docs.together.ai/docs/deprecations": _emulate("together"), "docs.x.ai/developers/migration": _emulate("xai"),
    "platform.kimi.ai/docs/models": _emulate("kimi"), "userguide/model-lifecycle-legacy": _write_bedrock,
    "deprecations/partner-models": _write_partners, "docs.cohere.com/docs/deprecations": _write_cohere,
    "api-docs.deepseek.com/updates": _write_deepseek,
}  # fmt: skip
"""Who writes a page, by a part of its address."""
