"""What people answered in whole threads of the half held out: by labels and by the rules, as the figures ask it.

A figure of depth asks a thread for any of its answers, or for its first one, so that what is misread in one answer may
be right in another: each thread is one case. Verified is an answer that its site marks, or after which the asker says
that it works, as in `answer_depth`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.markup.html_text import read_html
from pipelines.text.features import Features, count_features
from tests.tools.accuracy_rows import Case, Scope
from tests.tools.accuracy_texts import NO, NONE, OF_ANSWERS, THREAD, YES, read
from tests.tools.labelled import rows
from tests.tools.labelled_threads import Post, threads
from tests.tools.whole.threads import Judged, Pair

GATED = dict(zip(OF_ANSWERS, ("any", "any", "at_least_3", "first"), strict=True))
"""The features that have a gate, with the statistic that it is about."""
POINTS = range(1, 5)
LAST = "2"
"""The round of threads that were read when the rules were done."""
SECOND = "answers_second"
"""A second, blind reading of some of that round."""
Labels = Mapping[tuple[str, str, str], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, as labelled or as read: what it holds, and whether it only sends elsewhere."""

    has_code: bool
    shows_source: bool
    has_version: bool
    is_verified: bool
    is_deflection: bool

    @property
    def points(self) -> int:
        """Its points of depth."""
        return sum((self.has_code, self.shows_source, self.has_version, self.is_verified))


def judge_answers(last_only: bool = True) -> Iterator[Judged]:
    """Judges the drawn threads in which the rules find an answer; facts are named `feature=statistic`.

    The threads of the first round were read before the rules were mended for the last time: they count only where the
    kind of channel has no later ones, and never for a gate.
    """
    labels = _key(rows("answers"))
    known, solved, drawn_threads = threads(), _read_solved(), rows("answer_threads")
    later = {one["channel_kind"] for one in drawn_threads if one["round"] == LAST}
    for drawn in drawn_threads:
        if drawn["round"] != LAST and (last_only or drawn["channel_kind"] in later):
            continue
        posts = [post for post in known.get((drawn["source"], drawn["thread"]), []) if post.n]
        by_rule = list_answers_read([post for post in posts if post.by_asker or post.key in labels])
        if by_rule:
            pairs = zip(_state(list_answers_labelled(posts, labels, solved)), _state(by_rule), strict=True)
            facts: dict[str, Pair] = {name: (wanted, found) for (name, wanted), (_, found) in pairs}
            where = (drawn["channel_kind"], drawn["side"], float(drawn["weight"]))
            language = read(known[drawn["source"], drawn["thread"]][0])["language"]
            yield Judged(f"{drawn['source']}/{drawn['thread']}", *where, language, facts)


def answer_cases() -> list[Case]:
    """Lists these threads as cases of each feature that has a gate, for the table of accuracy; some were read twice."""
    found, seconds = [], judge_second_readings()
    for one in judge_answers():
        scope = Scope(THREAD, one.channel_kind, one.language or NONE)
        for feature, statistic in GATED.items():
            fact = f"{feature}={statistic}"
            wanted, said = (YES if is_so else NO for is_so in one.facts[fact])
            second = (YES if seconds[one.key][fact] else NO) if one.key in seconds else None
            found.append(Case(feature, wanted, said, THREAD, one.channel_kind, scope, second))
    return found


def judge_second_readings() -> dict[str, dict[str, bool]]:
    """Judges the threads whose answers a second reader read, by that reader's labels alone."""
    labels = _key(rows(SECOND))
    solved = {key: one for key, one in labels.items() if one["by"] != "other"}
    known = threads()
    return {
        f"{source}/{thread}": dict(_state(list_answers_labelled(known.get((source, thread), []), labels, solved)))
        for source, thread in {key[:2] for key in labels}
    }


def _state(answers: Sequence[Answer]) -> list[tuple[str, bool]]:
    """States what a thread's answers hold together, by feature and statistic."""
    deepest = max((one.points for one in answers), default=0)
    return [
        ("code_in_answers=any", any(one.has_code for one in answers)),
        ("source_in_answers=any", any(one.shows_source for one in answers)),
        *((f"depth_of_answers=at_least_{points}", deepest >= points) for points in POINTS),
        ("sending_elsewhere=first", bool(answers) and answers[0].is_deflection),
        ("sending_elsewhere=every", bool(answers) and all(one.is_deflection for one in answers)),
    ]


def list_answers_labelled(posts: Sequence[Post], labels: Labels, solved: Labels) -> list[Answer]:
    """Lists the answers as they were read by hand, without those that only join in."""
    said = {post.key: labels[post.key] for post in posts if not post.by_asker and post.key in labels}
    kept = [post for post in posts if post.key in said and said[post.key]["is_me_too"] != "1"]
    confirmations = [post for post in posts if post.by_asker and solved.get(post.key, {}).get("has_solved") == "1"]
    verified = _list_verified(kept, confirmations)
    return [
        Answer(
            said[post.key]["gives_code"] == "1", said[post.key]["shows_source"] == "1",
            said[post.key]["has_version"] == "1", post.key in verified, said[post.key]["is_deflection"] == "1",
        )
        for post in kept
    ]  # fmt: skip


def list_answers_read(posts: Sequence[Post]) -> list[Answer]:
    """Lists the answers as the rules read them."""
    said = {post.key: _count(post) for post in posts}
    kept = [post for post in posts if not post.by_asker and not said[post.key]["is_me_too"]]
    verified = _list_verified(kept, [post for post in posts if post.by_asker and said[post.key]["has_solved"]])
    found = []
    for post in kept:
        one = said[post.key]
        code = any(one[name] for name in ("has_code", "has_patch", "has_command"))
        source = any(one[name] for name in ("source_links", "change_links", "source_paths"))
        found.append(Answer(code, source, bool(one["has_version"]), post.key in verified, bool(one["is_deflection"])))
    return found


def _list_verified(answers: Sequence[Post], confirmations: Sequence[Post]) -> set[tuple[str, str, str]]:
    """Lists the answers that their site marks, and the last one before each confirmation."""
    last = [[one.key for one in answers if one.n < said.n][-1:] for said in confirmations]
    return {one.key for one in answers if one.is_accepted} | {key for keys in last for key in keys}


def _count(post: Post) -> Features:
    return read_html(post.text).count_features() if post.channel_kind == "forum" else count_features(post.words)


def _read_solved() -> Labels:
    """What askers say: of threads drawn for them in their own file, of others beside the answers."""
    return _key(one for name in ("replies", "answers") for one in rows(name) if one.get("by") != "other")


def _key(labels: Iterable[dict[str, str]]) -> Labels:
    return {(one["source"], one["thread"], one["n"]): one for one in labels}
