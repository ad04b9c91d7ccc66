"""How often what is read in texts is right: on the labelled texts that are held out, by part of a thread, kind of
channel and language."""

from collections.abc import Iterable, Iterator, Sequence

from pipelines.markup.html_text import read_html
from pipelines.text.features import READER_VERSION, count_features
from pipelines.text.question_types import classify_question
from tests.tools.accuracy_rows import ALL, Case, Scope, row, with_agreement
from tests.tools.labelled import rows
from tests.tools.labelled_threads import OPENER, Post, labelled_posts

YES, NO, NONE = "yes", "no", "none"
OF_BOTH = ("has_code", "has_patch", "has_command", "has_thanks")
OF_REPLIES = ("has_solved", "is_me_too")
FLAGS = (*OF_BOTH, *OF_REPLIES)
CLASS = "question_type"
HELPED, THREAD = "helped", "thread"
"""Whether words of the asker's say that a thread helped: judged of whole threads."""
CODE_IN_ANSWERS = "code_in_answers"
"""Whether any answer of a thread holds code."""
FEATURES = (CLASS, "language", *FLAGS, HELPED, CODE_IN_ANSWERS)
CLASSES_ONLY = "openers_classes"
"""The rest of the half held out, read for the class of each question only: with it that half is read whole, and none of
its questions was chosen."""
OF_ASKERS = ("has_solved", "has_thanks")
"""What is read in the replies of those who asked: theirs in threads drawn whole count for it, and for nothing else."""
OPEN_ENDED = {CLASS: "any type", "language": "any language"}
"""Features with more than two classes, and the name of the row for all of them together."""


def text_cases(split: str | None = "test") -> list[Case]:
    """All labelled texts of a half, read by the project's own rules; of both halves if none is named."""
    found = [] if split == "tune" else list(_read_classes())
    for name in ("openers", "replies"):
        seconds = _read_seconds(name)
        for post, label in labelled_posts(name, split):
            said, second = read(post), seconds.get(post.key)
            scope = Scope(post.kind, post.channel_kind, label["language"] or NONE)
            for feature in features_of(post):
                pair = (_wanted(feature, label), None if second is None else _wanted(feature, second))
                if label["sample"] == THREAD and feature not in OF_ASKERS:
                    continue
                # Texts drawn because two readers of rules disagreed about them are harder than the rest.
                if label["sample"] == "disagreement" and not (feature == CLASS and label["split"] == "test"):
                    continue
                found.append(Case(feature, pair[0], said[feature], post.kind, scope, pair[1]))
    return found


def _read_classes() -> Iterator[Case]:
    """Reads the rest of the held-out openers; their language is what the rule says."""
    seconds = _read_seconds(CLASSES_ONLY)
    for post, label in labelled_posts(CLASSES_ONLY):
        said, second = read(post), seconds.get(post.key)
        scope = Scope(post.kind, post.channel_kind, said["language"])
        pair = (_wanted(CLASS, label), None if second is None else _wanted(CLASS, second))
        yield Case(CLASS, pair[0], said[CLASS], post.kind, scope, pair[1])


def _read_seconds(name: str) -> dict[tuple[str, str, str], dict[str, str]]:
    return {(one["source"], one["thread"], one["n"]): one for one in rows(f"{name}_second")}


def features_of(post: Post) -> tuple[str, ...]:
    """What is asked of an opener, or of a reply."""
    return (CLASS, "language", *OF_BOTH) if post.kind == OPENER else ("language", *FLAGS)


def read(one: Post) -> dict[str, str]:
    """What the rules read, as the collectors ask them: the text of a forum is HTML, that of Reddit has its signs
    escaped."""
    said = read_html(one.text).count_features() if one.channel_kind == "forum" else count_features(one.words)
    flags = {name: YES if said[name] else NO for name in FLAGS}
    return flags | {
        CLASS: classify_question(one.title, one.words, one.labels),
        "language": str(said["language"] or NONE),
    }


def _wanted(name: str, label: dict[str, str]) -> str:
    if name in FLAGS:
        return YES if label[name] == "1" else NO
    return label["question_class" if name == CLASS else name] or NONE


def text_table(items: Sequence[Case], twice: Sequence[Case]) -> list[dict[str, str]]:
    """A row a feature, class and scope; `twice`: the items of both halves, of which those that two readers read give
    κ."""
    result = []
    for name in FEATURES:
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
    """Everything; each part and kind of channel that occur together; each language."""
    if not items:
        return []
    seen = {one.scope for one in items}
    parts = sorted({one.part for one in seen})
    found = [Scope(), *(Scope(part) for part in parts if len(parts) > 1)]
    found += sorted({Scope(one.part, one.channel_kind) for one in seen}, key=lambda one: (one.part, one.channel_kind))
    return found + [Scope(ALL, ALL, language) for language in sorted({one.language for one in seen})]


def _classes(name: str, items: Iterable[Case]) -> list[tuple[str, set[str]]]:
    if name not in OPEN_ENDED:
        return [(YES, {YES})]
    names = sorted({one.wanted for one in items} | {one.found for one in items})
    return [*((one, {one}) for one in names), (OPEN_ENDED[name], set(names) - {NONE})]
