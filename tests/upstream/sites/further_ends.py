"""Pages of ends that name their models in sentences, or under titles that mean another day elsewhere."""

from collections.abc import Callable
from datetime import date

from tests.upstream.world.ends import End

Stated = list[tuple[str, str, list[list[str]]]]
"""Tables of a page: the heading, the names of the columns, the rows."""


def _words(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _models(ends: list[End]) -> list[tuple[End, date]]:
    return [
        (end, end.shutdown_on) for end in ends if end.kind == "exact" and end.subject == "model" and end.shutdown_on
    ]


def _cerebras(ends: list[End]) -> str:
    """Mintlify's blocks: what is about to end under the day of its telling, what has ended under its last day."""
    lines = ["# Deprecations", ""]
    for end, day in _models(ends):
        label = day if end.is_redirect else end.announced_on
        said = f"Deprecated `{end.name}`" if end.is_redirect else f"Deprecating `{end.name}`"
        lines += [f'<Update label="{label}">', f"  **{said}**", ""]
        lines += [] if end.is_redirect else [f"  It will be fully deprecated on **{_words(day)}**.", ""]
        lines += [f"  We recommend migrating to [Onyx](/models/{end.successor}).", "</Update>", ""]
    return "\n".join(lines)


def _kimi(ends: list[End]) -> str:
    """A table of what is served, one of what a sentence above it ends, and a sentence for each other."""
    (first, day), *others = _models(ends)
    lines = [
        "# Model list",
        "",
        "| Model Name | Description |",
        "|---|---|",
        f"| `{first.successor}` | The newest |",
        "",
    ]
    lines += ["## Deprecated Models", "", f"> The `opal` series models were discontinued on **{_words(day)}**.", ""]
    lines += ["| Model Name | Description |", "|---|---|", f"| `{first.name}` | Deprecated |", ""]
    for end, on in others:
        lines += [f"> `{end.name}` was officially discontinued on **{_words(on)}** and is no longer maintained.", ""]
    return "\n".join(lines)


def _deepseek(ends: list[End]) -> str:
    """A change log by day, of which some sentences end models, on a day in brackets."""
    lines = ["# Change Log", "", "## Date: 2020-01-01", "", "Both names have been upgraded to Opal.", ""]
    for end, day in _models(ends):
        lines += [f"## Date: {end.announced_on}", "", "### Opal", ""]
        lines += [f"The legacy API model name, `{end.name}`, will be discontinued in three months ({day}).", ""]
    return "\n".join(lines)


def _gemini_notes(ends: list[End]) -> str:
    """Release notes by day: names, and a series that is closed to new users."""
    names = ", ".join(f"`{end.name}`" for end, _ in _models(ends))
    closed = "we are limiting access to the 2.5 models to users who have actively used them in the past."
    return f"# Release notes\n\n## September 18, 2026\n\n- **Access**: {closed}\n\n## June 1, 2025\n\n- `gemini-2.5-pro`, {names}\n"


def _cards(ends: list[End]) -> str:
    """The index of Bedrock's model cards."""
    return "".join(f"| [{end.name}](model-card-{number}.md) |\n" for number, (end, _) in enumerate(_models(ends)))


def write_card(ends: list[End], number: int) -> str:
    """Writes one of Bedrock's model cards."""
    end, day = _models(ends)[number]
    rows = f"| Endpoint | Model ID |\n| --- | --- |\n| bedrock-runtime | acme.{end.name} |\n"
    return f"# {end.name}\n\n+ **Model launch date:** Dec 06, 2024\n+ **Model EOL date:** {_words(day)}\n\n{rows}"


def _baseten(ends: list[End]) -> Stated:
    rows = [["Opal", end.name, _words(day), f"Onyx ({end.successor})"] for end, day in _models(ends)]
    return [("Planned deprecations", "Model; Slug; Deprecation date; Recommended replacement", rows)]


def _modelstudio(ends: list[End]) -> Stated:
    rows = [["Opal", end.name, f"{_words(day)}, 00:00:00 (UTC+08:00)", end.successor] for end, day in _models(ends)]
    return [("Scheduled", "**Category**; **Model name**; **Deprecation time**; **Replacement model**", rows)]


def _mimo(ends: list[End]) -> Stated:
    rows = [
        [
            end.name,
            f"Beijing Time {day.year}.{day.month}.{day.day} 00:00",
            "Beijing Time 2020.1.1 00:00",
            end.successor,
            "-",
        ]
        for end, day in _models(ends)
    ]
    names = "Deprecated Model; Offline Time; System replacement time; System Replacement Model; Replacement Impact"
    return [("Deprecated models", names, rows)]


def _coreweave(ends: list[End]) -> Stated:
    rows = [[str(end.announced_on), str(day), f"`{end.name}`", f"`{end.successor}`"] for end, day in _models(ends)]
    return [("Deprecated models", "Deprecation date; Retirement date; Model ID; Recommended replacement", rows)]


PROSE: dict[str, Callable[[list[End]], str]] = {
    "cerebras": _cerebras,
    "kimi": _kimi,
    "deepseek": _deepseek,
    "gemini_notes": _gemini_notes,
    "bedrock_cards": _cards,
}
FURTHER_TABLES: dict[str, Callable[[list[End]], Stated]] = {
    "baseten": _baseten, "modelstudio": _modelstudio, "mimo": _mimo, "coreweave": _coreweave,
}  # fmt: skip
