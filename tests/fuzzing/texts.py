"""Targets that read words: what is asked, answered, named and graded in the texts of strangers."""

from dashboards.report.markdown import render_blocks, render_line
from dashboards.words.numbers import strip_markdown
from pipelines.catalog.mention_rules import list_mention_rules
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.commands.ends.files import classify_file
from pipelines.http.connections import is_public
from pipelines.people import determine_role
from pipelines.sources.changelog.releases import Release, count_line, is_prerelease, read_kind, split_lines
from pipelines.sources.deprecations.cells import classify_subject, split_names, split_replacements
from pipelines.sources.github.rows import has_breaking_note
from pipelines.sources.status.severities import classify_incident
from pipelines.sources.status.zones import read_offsets
from pipelines.text.features import count_features
from pipelines.text.mentions import Mentions
from pipelines.text.question_types import classify_question
from pipelines.text.values import parse_instant
from tests.fuzzing.inputs import Grammar
from tests.fuzzing.running import Target
from tests.worlds.visits import NOW

SAID = (
    "I get ", "Error: ", "how do I ", "feature request", "thanks", "works now", "solved", "fixed in v1.2.3", "see #12", "duplicate of ",
    "@ann ", "please provide", "closing as stale", "because ", "caused by ", "try ", "pip install x", "https://github.com/a/b/blob/main/x.py#L1",
    "```python\n", "```\n", "`x`", "> ", "# Environment\n", "- [x] ", "Traceback (most recent call last):\n", "  File \"a.py\", line 1\n", ". ",
    "? ", "\n\n", "谢谢", "已解决", "どうも", "GPT-4o", "Llama-3.1-8B", "qwen2.5", "<!-- ", " -->", "<details>", "$ ", "not ", "no longer ",
)  # fmt: skip
GRADED = (
    "Elevated errors", "major_outage", "under_maintenance", "scheduled maintenance", "AWS", "Cloudflare", "our provider ", "caused by ",
    "due to an issue with ", "Root cause", "What we are doing", ". ", "\n", "status page", "suspended", "https://status.s.example", "degraded ",
)  # fmt: skip
NAMED = ("`a-1`", "`a` or `b`", "(and the alias `b`)", "gpt-4o", "/v1/files", " with low effort", "**", "†", "[1]", " | ", ", ", "redirect", "N/A", "fine-tuning", "->")  # fmt: skip
VERSIONS = ("v", "1.2.3", "-rc.1", "2.0b3", "alpha", ".", "+", "Features", "Bug Fixes", "### ", "BREAKING CHANGE", "* ", "- ", "  ", "Feature · Model: x", "(#12)", "**api:** ", "⚠", "\n")  # fmt: skip
DRAWN = ("**", "`", "[x](", ")", "\\", "\u2060", "\ue02a", "  \n", "- ", "1. ", "# ", "```\n", "| a |\n", "|---|\n", "&amp;", "<b>", "https://s.example", "support/waiting?family=x")  # fmt: skip


def make_text_targets() -> dict[str, Target]:
    """Makes the targets of words."""
    find_mentions = Mentions(list_mention_rules(read_catalog([SHIPPED]).families))
    return {
        "question": Target(_classify, Grammar(SAID)),
        "reply": Target(count_features, Grammar(SAID)),
        "mentions": Target(find_mentions, Grammar(SAID, ("Qwen2.5-7B and llama_model_load with Command R on Gemini 2",))),
        "incident": Target(_grade, Grammar(GRADED)),
        "names": Target(_split, Grammar(NAMED)),
        "version": Target(_read_notes, Grammar(VERSIONS)),
        "role": Target(_find_role, Grammar(("ann", "[bot]", "-bot", "MEMBER", "Bot", "Mannequin", "ghost", "İ", "ß"))),
        "number": Target(_read_values, Grammar(("9" * 9, "1e9", "-", ".", "+", "_", "2026-11-24", "T", "Z", "Tue, 24 Nov 2026", "+9999", "12:00"))),
        "drawn": Target(lambda text: (strip_markdown(text), render_blocks(text), render_line(text)), Grammar(DRAWN)),
        "resolved": Target(is_public, Grammar(("::", "ffff:", "127.0.0.1", "64:ff9b::", "%eth0", "fe80", ".", "2002:", "10.")), (ValueError,)),
        "file-name": Target(classify_file, Grammar((".", "/", ".env", "requirements", "Dockerfile", ".yaml", "..", "~"))),
    }  # fmt: skip


def _classify(text: str) -> None:
    classify_question(text, text, [text[:40], text])


def _grade(text: str) -> None:
    classify_incident(text, 1, text[:30], [text], text[:60], [text])
    read_offsets(text)


def _split(text: str) -> None:
    split_names(text), split_replacements(text), classify_subject(text, text)


def _read_notes(text: str) -> None:
    release = Release("a", text, None, NOW)
    for is_heading, line, depth in split_lines(text):
        count_line(release, line, read_kind(release, line) if is_heading else "features", depth)
    is_prerelease(text), has_breaking_note(text)


def _find_role(text: str) -> None:
    determine_role(text, text[-3:], text[:6], True, [text[:3]], text[1:])


def _read_values(text: str) -> None:
    at = parse_instant(text)
    assert at is None or at.tzinfo is not None
