"""Whole threads, drawn at random from the half held out: whether their askers were helped, by labels and by the rules.

A thread's verdict rests on each of the asker's replies that follows one by somebody else, as `threads`
has it, and on the mark of an accepted answer, which no rule reads. What a merged change says is not
in the texts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tests.tools.accuracy_rows import Case, Scope
from tests.tools.accuracy_texts import HELPED, NO, NONE, THREAD, YES, read
from tests.tools.labelled import rows
from tests.tools.labelled_threads import OPENER, Post, threads

Pair = tuple[bool, bool]
CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Judged:
    """A thread: for each statistic of `helped_share` that rests on words, what labels and what rules come to."""

    key: str
    channel_kind: str
    side: str
    weight: float
    language: str
    facts: Mapping[str, Pair]


def judge_threads() -> Iterator[Judged]:
    """Judges the drawn threads whose texts are here."""
    labels = {(one["source"], one["thread"], one["n"]): one for one in rows("replies")}
    known = threads()
    for drawn in rows("threads"):
        posts = known.get((drawn["source"], drawn["thread"]), [])
        said = [(labels[post.key], read(post)) for post in list_confirmations(posts) if post.key in labels]
        accepted = any(post.is_accepted and not post.by_asker for post in posts)
        solved, thanked = (_find(said, flag) for flag in ("has_solved", "has_thanks"))
        helped = (accepted or solved[0], accepted or solved[1])
        facts = {
            CONFIRMED: solved,
            "any": helped,
            "any_or_thanked": (helped[0] or thanked[0], helped[1] or thanked[1]),
        }
        if posts:
            key, language = f"{drawn['source']}/{drawn['thread']}", read(posts[0])["language"]
            yield Judged(key, drawn["channel_kind"], drawn["side"], float(drawn["weight"]), language, facts)


def _find(said: Iterable[tuple[Mapping[str, str], Mapping[str, str]]], flag: str) -> Pair:
    pairs = [(label[flag] == "1", rule[flag] == YES) for label, rule in said]
    return any(label for label, _ in pairs), any(rule for _, rule in pairs)


def list_confirmations(posts: Iterable[Post]) -> list[Post]:
    """Lists the asker's replies after one by somebody else who does not only join in."""
    found, is_answered = [], False
    for post in posts:
        if post.kind == OPENER:
            continue
        if not post.by_asker:
            is_answered = is_answered or read(post)["is_me_too"] != YES
        elif is_answered:
            found.append(post)
    return found


def thread_cases() -> list[Case]:
    """Lists all drawn threads as cases of whether the asker's words confirm help, for the table of accuracy; those in
    which there are such words were read twice."""
    found, seconds = [], {f"{one['source']}/{one['thread']}": one["confirmed"] for one in rows("threads_second")}
    for one in judge_threads():
        wanted, said = (YES if fact else NO for fact in one.facts[CONFIRMED])
        scope = Scope(THREAD, one.channel_kind, one.language or NONE)
        second = {"1": YES, "0": NO}.get(seconds.get(one.key, ""))
        found.append(Case(HELPED, wanted, said, THREAD, scope, second))
    return found
