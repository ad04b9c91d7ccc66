"""The class of every held-out question is labelled, so that none was chosen, and is measured on all of them alike."""

import re

import pytest

from pipelines.text.question_types import CLASSES
from tests.tools.accuracy_texts import CLASS, CLASSES_ONLY, text_cases
from tests.tools.labelled import rows
from tests.tools.labelled_threads import OPENER, labelled_posts, list_absent_sources, posts
from tests.tools.reading_errors import read_held_out

ABSENT = list_absent_sources()
all_texts = pytest.mark.skipif(bool(ABSENT), reason=f"the texts of {', '.join(ABSENT)} are not here")


def _keys(name: str, split: str | None = None) -> list[tuple[str, str]]:
    return [(one["source"], one["thread"]) for one in rows(name) if split in (None, one.get("split"))]


def test_classes_are_labels_of_their_own_and_hold_no_text() -> None:
    """None has a label elsewhere; 110 are read twice."""
    keys, seconds = _keys(CLASSES_ONLY), _keys(f"{CLASSES_ONLY}_second")
    assert len(keys) == len(set(keys)) >= 490 and len(seconds) == 110 and set(seconds) <= set(keys)
    assert not set(keys) & {*_keys("openers"), *_keys("openers_training"), *_keys("replies_training")}
    for one in (*rows(CLASSES_ONLY), *rows(f"{CLASSES_ONLY}_second")):
        assert one["question_class"] in CLASSES and one["n"] == "0"
        assert re.fullmatch("[0-9a-z]{1,10}", one["thread"]) and all(len(cell) < 25 for cell in one.values())


@all_texts
def test_no_held_out_question_is_left_out() -> None:
    """Of each place that questions are held out of, whatever is not learned from is labelled."""
    places = {source for source, _ in _keys("openers", "test")}
    known = {(one.source, one.thread) for one in posts().values() if one.kind == OPENER and one.source in places}
    learned = {*_keys("openers", "tune"), *_keys("openers_training")}
    assert known - learned == {*_keys("openers", "test"), *_keys(CLASSES_ONLY)}
    for post, label in labelled_posts(CLASSES_ONLY):
        assert (post.channel_kind, post.side) == (label["channel_kind"], label["side"])


@all_texts
def test_classes_count_alike_however_a_question_was_drawn() -> None:
    """Those in which two readers disagreed, too: with all others read, they are as many as there are."""
    count = len(_keys("openers", "test")) + len(_keys(CLASSES_ONLY))
    cases = text_cases("test")
    assert sum(one.feature == CLASS for one in cases) == count

    classes = [one for one in read_held_out() if one.feature == f"{CLASS}={CLASSES[0]}"]
    assert len(classes) == count and {one.weight for one in classes} == {1.0}
