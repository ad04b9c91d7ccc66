"""What people answered in whole threads of the half held out: by labels and by the rules, as the figures ask it.

A figure asks a thread for code in any of its answers, so that what is misread in one may be right in another: each
thread is one case.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipelines.markup.html_text import read_html
from pipelines.text.features import Features, count_features
from tests.tools.accuracy_rows import Case, Scope
from tests.tools.accuracy_texts import CODE_IN_ANSWERS, NO, NONE, THREAD, YES, read
from tests.tools.labelled import rows
from tests.tools.labelled_threads import Post, threads
from tests.tools.whole.threads import Judged, Pair

FACT = f"{CODE_IN_ANSWERS}=any"
"""What a share of answered askers is about."""
LAST = "2"
"""The round of threads that were read when the rules were done."""
SECOND = "answers_second"
"""A second, blind reading of some of that round."""
Labels = Mapping[tuple[str, str, str], dict[str, str]]


def judge_answers(last_only: bool = True) -> Iterator[Judged]:
    """Judges the drawn threads in which the rules find an answer; facts are named `feature=statistic`.

    The threads of the first round were read before the rules were fixed for the last time: they count only where the
    kind of channel has no later ones, and never for a gate.
    """
    labels = _key(rows("answers"))
    known, drawn_threads = threads(), rows("answer_threads")
    later = {one["channel_kind"] for one in drawn_threads if one["round"] == LAST}
    for drawn in drawn_threads:
        if drawn["round"] != LAST and (last_only or drawn["channel_kind"] in later):
            continue
        posts = [post for post in known.get((drawn["source"], drawn["thread"]), []) if post.n]
        by_rule = list_answers_read([post for post in posts if post.by_asker or post.key in labels])
        if by_rule:
            facts: dict[str, Pair] = {FACT: (any(list_answers_labelled(posts, labels)), any(by_rule))}
            where = (drawn["channel_kind"], drawn["side"], float(drawn["weight"]))
            language = read(known[drawn["source"], drawn["thread"]][0])["language"]
            yield Judged(f"{drawn['source']}/{drawn['thread']}", *where, language, facts)


def answer_cases() -> list[Case]:
    """Lists these threads as cases of each feature that has a gate, for the table of accuracy; some were read twice."""
    found, seconds = [], judge_second_readings()
    for one in judge_answers():
        scope = Scope(THREAD, one.channel_kind, one.language or NONE)
        wanted, said = (YES if is_so else NO for is_so in one.facts[FACT])
        second = (YES if seconds[one.key] else NO) if one.key in seconds else None
        found.append(Case(CODE_IN_ANSWERS, wanted, said, THREAD, scope, second))
    return found


def judge_second_readings() -> dict[str, bool]:
    """Judges the threads whose answers a second reader read, by that reader's labels alone."""
    labels, known = _key(rows(SECOND)), threads()
    return {
        f"{source}/{thread}": any(list_answers_labelled(known.get((source, thread), []), labels))
        for source, thread in {key[:2] for key in labels}
    }


def list_answers_labelled(posts: Sequence[Post], labels: Labels) -> list[bool]:
    """Lists by the labels whether each answer gives code, without those that only join in."""
    said = [labels[post.key] for post in posts if not post.by_asker and post.key in labels]
    return [one["gives_code"] == "1" for one in said if one["is_me_too"] != "1"]


def list_answers_read(posts: Sequence[Post]) -> list[bool]:
    """Lists whether each answer holds code, as the rules read them."""
    said = [_count(post) for post in posts if not post.by_asker]
    return [any(one[name] for name in ("has_code", "has_patch", "has_command")) for one in said if not one["is_me_too"]]


def _count(post: Post) -> Features:
    return read_html(post.text).count_features() if post.channel_kind == "forum" else count_features(post.words)


def _key(labels: Iterable[dict[str, str]]) -> Labels:
    return {(one["source"], one["thread"], one["n"]): one for one in labels}
