"""How far what is read in texts is off on average: label minus rule on the half that is held out, by kind of channel
and side, for estimates that are put right by it.

The class of a question is labelled in all held-out texts. Texts of one thread count as one draw in its variance.
Whether an asker was helped, and whether answers hold code, is judged for whole threads, drawn at random: by the label
of each reply, and by the rule.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from pipelines.text.features import READER_VERSION
from pipelines.text.question_types import CLASSES
from tests.tools.accuracy_rows import ALL
from tests.tools.accuracy_texts import CLASS, CLASSES_ONLY, HELPED, read
from tests.tools.labelled_threads import labelled_posts
from tests.tools.whole.answers import judge_answers
from tests.tools.whole.threads import judge_threads

COLUMNS = (
    "feature", "part", "channel_kind", "side", "n", "label_share", "rule_share", "shift", "shift_variance",
    "sensitivity", "specificity", "method_version",
)  # fmt: skip
LEAST = 20
"""Minimum number of labels of a row."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that is read in one text: what is true, what the rule says, and for how many texts it stands."""

    feature: str
    part: str
    channel_kind: str
    side: str
    thread: str
    weight: float
    label: bool
    rule: bool


def read_held_out() -> list[Reading]:
    """Reads all held-out openers, and whole threads; a class of questions is a feature of its own."""
    judged = [(one, f"{HELPED}={name}", pair) for one in judge_threads() for name, pair in one.facts.items()]
    judged += [(one, name, pair) for one in judge_answers(last_only=False) for name, pair in one.facts.items()]
    return [*_read_classes()] + [
        Reading(name, "thread", one.channel_kind, one.side, one.key, one.weight, *pair) for one, name, pair in judged
    ]


def _read_classes() -> Iterator[Reading]:
    """Reads the class of every held-out question: none is excluded, so each has the weight 1."""
    for post, label in [*labelled_posts("openers", "test"), *labelled_posts(CLASSES_ONLY)]:
        where = (post.kind, post.channel_kind, post.side, f"{post.source}/{post.thread}", 1.0)
        wanted, said = label["question_class"], read(post)[CLASS]
        for one in CLASSES:
            yield Reading(f"{CLASS}={one}", *where, wanted == one, said == one)


def error_table(readings: Iterable[Reading]) -> list[dict[str, str]]:
    """A row a feature, part, kind of channel and side, each also together with the others."""
    readings = list(readings)
    lines = []
    for feature, part in dict.fromkeys((one.feature, one.part) for one in readings):
        of = [one for one in readings if (one.feature, one.part) == (feature, part)]
        kinds, sides = sorted({one.channel_kind for one in of}), sorted({one.side for one in of})
        for kind, side in product((ALL, *kinds), (ALL, *sides)):
            covered = [one for one in of if kind in (ALL, one.channel_kind) and side in (ALL, one.side)]
            if len(covered) >= LEAST:
                numbers = _measure(covered)
                written = ["" if one is None else f"{one:.6f}" for one in numbers]
                cells = [feature, part, kind, side, len(covered), *written, READER_VERSION]
                lines.append(dict(zip(COLUMNS, map(str, cells), strict=True)))
    return lines


def _measure(readings: list[Reading]) -> Iterator[float | None]:
    """Share by label and by rule, mean error and its variance, sensitivity and specificity, all weighted."""
    total = sum(one.weight for one in readings)
    yield _share([one for one in readings if one.label], total)
    yield _share([one for one in readings if one.rule], total)
    shift = sum(one.weight * (one.label - one.rule) for one in readings) / total
    yield shift
    yield max(_variance(readings, shift, total), _least_variance(readings, total))
    hits = [one for one in readings if one.label]
    yield _share([one for one in hits if one.rule], sum(one.weight for one in hits))
    others = [one for one in readings if not one.label]
    yield _share([one for one in others if not one.rule], sum(one.weight for one in others))


def _share(readings: list[Reading], total: float) -> float | None:
    return sum(one.weight for one in readings) / total if total else None


def _variance(readings: list[Reading], shift: float, total: float) -> float:
    """The sandwich variance of a weighted mean, a thread a cluster."""
    sums: defaultdict[str, float] = defaultdict(float)
    for one in readings:
        sums[one.thread] += one.weight * (one.label - one.rule - shift)
    return len(sums) / max(len(sums) - 1, 1) * sum(value**2 for value in sums.values()) / total**2


def _least_variance(readings: list[Reading], total: float) -> float:
    """The variance of half a mistake among as many texts as these are worth: no mistake seen is not none."""
    worth = total**2 / sum(one.weight**2 for one in readings)
    share = 0.5 / worth
    return share * (1 - share) / worth
