"""How often what is read in texts is right: on the labelled texts that are held out, by part of a thread, kind of
channel and language."""

from collections.abc import Iterable, Sequence
from html import unescape

from pipelines.markup.html_text import read_html
from pipelines.text.features import READER_VERSION, count_features
from pipelines.text.question_types import classify_question
from tests.tools.accuracy_rows import ALL, Case, Scope, row, with_agreement
from tests.tools.labelled import rows
from tests.tools.labelled_texts import Text, texts

YES, NO, NONE = "yes", "no", "none"
FLAGS = (
    "has_code", "has_patch", "has_command", "has_version", "source_paths",
    "has_cause", "has_thanks", "has_solved", "is_deflection", "is_docs_pointer",
)  # fmt: skip
FEATURES = ("question_type", "language", *FLAGS)
SOUGHT = " of sought texts"
"""Texts looked for because their kind is rare stand apart: how often a rule is right depends on how often there is
something to find."""
OPEN_ENDED = {"question_type": "any type", "language": "any language"}
"""Features with more than two classes, and the name of the row for all of them together."""


def text_cases(split: str | None = "test") -> list[Case]:
    """All labelled texts of a half, read by the project's own rules; of both halves where none is named."""
    seconds = {(one["file"], one["item"]): one for one in rows("texts_second")}
    known = texts()
    found = []
    for label in rows("texts"):
        if split in (None, label["split"]):
            key = label["file"], label["item"]
            said = read(known[key])
            scope = Scope(label["kind"], label["channel_kind"], label["language"] or NONE)
            for name in (one for one in FEATURES if _is_asked(one, label)):
                second = _wanted(name, seconds[key]) if key in seconds else None
                feature = name + (SOUGHT if label["sample"] == "sought" else "")
                found.append(
                    Case(feature, _wanted(name, label), said[name], label["kind"], label["channel_kind"], scope, second)
                )
    return found


def read(one: Text) -> dict[str, str]:
    """What the rules read, as the collectors ask them: the text of a forum is HTML, that of Reddit has its signs
    escaped."""
    if one.channel_kind == "forum":
        parts = read_html(one.text)
        said, words = parts.count_features(), parts.plain
    else:
        words = unescape(one.text) if one.channel_kind == "subreddit" else one.text
        said = count_features(words)
    flags = {name: YES if said[name] else NO for name in FLAGS}
    return flags | {
        "question_type": classify_question(one.title, words, one.labels),
        "language": str(said["language"] or NONE),
    }


def _is_asked(name: str, label: dict[str, str]) -> bool:
    """Openers are not asked whether they thank, replies not for a type; of a language everybody may be silent."""
    return name == "language" or label[name] != ""


def _wanted(name: str, label: dict[str, str]) -> str:
    if name in FLAGS:
        return YES if label[name] == "1" else NO
    return label[name] or NONE


def text_table(items: Sequence[Case], twice: Sequence[Case]) -> list[dict[str, str]]:
    """A row a feature, class and scope; `twice`: the items of both halves, of which those that two readers read give
    κ."""
    result = []
    for name in (*FEATURES, *(name + SOUGHT for name in FEATURES)):
        of, again = (
            [one for one in items if one.feature == name],
            [one for one in twice if one.feature == name and one.second is not None],
        )
        for scope in _scopes(of):
            covered = [one for one in of if scope.covers(one.scope)]
            pairs = [(one.wanted, str(one.second)) for one in again if scope.covers(one.scope)]
            for class_, members in _classes(name, covered):
                line = row(name, class_, covered, members, READER_VERSION, scope)
                result.append(with_agreement(line, pairs, None if class_ in OPEN_ENDED.values() else members))
    return result


def _scopes(items: Sequence[Case]) -> list[Scope]:
    """Everything; each part and kind of channel that occur together; each language. Of what was sought there is too
    little to divide."""
    if not items or items[0].feature.endswith(SOUGHT):
        return [Scope()] if items else []
    seen = {one.scope for one in items}
    parts = sorted({one.part for one in seen})
    found = [Scope(), *(Scope(part) for part in parts if len(parts) > 1)]
    found += sorted({Scope(one.part, one.channel_kind) for one in seen}, key=lambda one: (one.part, one.channel_kind))
    return found + [Scope(ALL, ALL, language) for language in sorted({one.language for one in seen})]


def _classes(name: str, items: Iterable[Case]) -> list[tuple[str, set[str]]]:
    name = name.removesuffix(SOUGHT)
    if name not in OPEN_ENDED:
        return [(YES, {YES})]
    names = sorted({one.wanted for one in items} | {one.found for one in items})
    return [*((one, {one}) for one in names), (OPEN_ENDED[name], set(names) - {NONE})]
