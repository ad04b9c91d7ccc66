"""Whole threads whose answers were read: which ones, and what answers come to by labels and by rules."""

from collections import Counter

import pytest

from tests.tools.labelled import rows
from tests.tools.labelled_threads import Post, list_absent_sources, threads
from tests.tools.whole.answers import (
    LAST,
    SECOND,
    judge_answers,
    list_answers_labelled,
    list_answers_read,
)

ABSENT = list_absent_sources()
ASKER_UNKNOWN = "gemini_cli"
"""Its export does not say who asked: replies that read like the asker's were excluded by hand."""
CODE, UPDATE = "Run this:\n```sh\npip install kit\n```", "Please update to the latest version."


def _write(*said: tuple[str, bool]) -> list[Post]:
    return [
        Post("ramalama", "1", n, "tracker", "open", "", text, "", by_asker)
        for n, (text, by_asker) in enumerate(said, 1)
    ]


def test_threads_of_both_sides_were_read_after_the_rules_were_done() -> None:
    """None of them was read before, or learned from; and no reply is labelled twice."""
    drawn = {(one["source"], one["thread"]): one for one in rows("answer_threads")}
    last = {thread for thread, one in drawn.items() if one["round"] == LAST}
    sides = Counter(drawn[thread]["side"] for thread in last)
    learned = {(one["source"], one["thread"]) for one in rows("replies_training")}
    tuned = {(one["source"], one["thread"]) for one in rows("replies") if one["split"] == "tune"}
    keys = [(one["source"], one["thread"], one["n"]) for one in rows("answers")]

    assert len(drawn) == len(rows("answer_threads")) and sides["open"] >= 180 and sides["proprietary"] >= 75
    assert not set(drawn) & (learned | tuned)
    assert len(keys) == len(set(keys)) and {key[:2] for key in keys} == set(drawn)


@pytest.mark.skipif(bool(ABSENT), reason=f"the texts of {', '.join(ABSENT)} are not here")
def test_no_answer_of_a_drawn_thread_was_left_unread() -> None:
    """An answer without a label would count as saying nothing."""
    read = {(one["source"], one["thread"], one["n"]) for one in rows("answers") if one["by"] == "other"}
    for drawn in rows("answer_threads"):
        posts = threads()[drawn["source"], drawn["thread"]]
        said = {post.key for post in posts if post.n and not post.by_asker}
        assert said & read and (drawn["source"] == ASKER_UNKNOWN or said <= read), drawn
    assert 0 < len(list(judge_answers())) < len(list(judge_answers(last_only=False))) < len(rows("answer_threads"))


def test_some_threads_are_read_twice_with_all_their_answers() -> None:
    """A second reader who skipped answers would seem to disagree; only threads that count for the gates are read."""
    second = {(one["source"], one["thread"], one["n"]) for one in rows(SECOND) if one["by"] == "other"}
    read_twice = {key[:2] for key in second}
    last = {(one["source"], one["thread"]) for one in rows("answer_threads") if one["round"] == LAST}
    first = {(one["source"], one["thread"], one["n"]) for one in rows("answers") if one["by"] == "other"}
    assert len(read_twice) == 90 and read_twice <= last
    assert second == {key for key in first if key[:2] in read_twice}


def test_code_is_read_in_all_answers_but_those_that_join_in() -> None:
    """The asker's own words are no answer."""
    said = _write(("Same here.", False), (UPDATE, False), (CODE, True), (CODE, False), ("It works now.", True))

    assert list_answers_read(said) == [False, True]


def test_labels_say_who_joins_in() -> None:
    """A reply that was not read is no answer, here as for the rules."""
    posts = _write(("Hm.", False), ("Try it.", False), ("Ah!", True), ("Not read.", False))
    labels = {
        posts[0].key: {"gives_code": "0", "is_me_too": "1"}, posts[1].key: {"gives_code": "1", "is_me_too": "0"},
    }  # fmt: skip

    assert list_answers_labelled(posts, labels) == [True]
