"""What a question is about: the class that its asker mainly wants, by cues, terms, labels and headings."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.text.question_terms import (
    FALLBACKS,
    OPENINGS,
    TYPES,
    find_topic,
    normalize_words,
)  # fmt: skip
from pipelines.text.question_types import (
    ACCOUNT,
    BROKE,
    CLASSES,
    OTHER,
    RUNNING,
    USING,
    WEIGHTS,
    classify_question,
    read_signs,
)  # fmt: skip
from pipelines.text.word_signs import IN_TEXT, IN_TITLE, find_words, split_into_words
from tests.tools.labelled_threads import list_absent_sources
from tests.tools.train_questions import Example, fit, train

TITLES = {
    "Can't compile on Windows": RUNNING,
    "pip install fails with ModuleNotFoundError": RUNNING,
    "安装失败": RUNNING,
    "Build fails on ARM": RUNNING,
    "CUDA out of memory on two cards": RUNNING,
    "How much memory does the large one need?": RUNNING,
    "Which model is best for coding?": USING,
    "How do I fine-tune it with LoRA?": USING,
    "Typo in the README": USING,
    "How does the cache work?": USING,
    "Request returns status code 500": BROKE,
    "[Bug] server crashes when two requests come in": BROKE,
    "Tool call without arguments": BROKE,
    "It repeats itself": BROKE,
    "It refuses harmless questions": BROKE,
    "429: quota exceeded although I have credits": ACCOUNT,
    "Rate limit too low": ACCOUNT,
    "Is commercial use allowed?": ACCOUNT,
    "Feature request: a dark theme": OTHER,
    "Beam search support": OTHER,
    "Introducing our new release": OTHER,
    "Hello everybody": OTHER,
    "": OTHER,
}


@pytest.mark.parametrize(("title", "kind"), TITLES.items())
def test_a_title_has_its_class(title: str, kind: str) -> None:
    assert classify_question(title, "") == kind


def test_labels_and_headings_of_forms_decide_if_the_title_does_not() -> None:
    assert classify_question("Nothing", "", ["enhancement"]) == OTHER
    assert classify_question("Nothing", "### What happened?\n\nIt stops with an error.", ["bug"]) == BROKE


def test_what_the_author_did_not_write_does_not_count() -> None:
    """Logs, quotations and comments of a template are full of terms."""
    for aside in ("> the build fails, out of memory on my gpu", "<!-- the build fails, out of memory on my gpu -->"):
        assert classify_question("Please add a dark theme", aside) == OTHER


@given(
    st.one_of(st.none(), st.text(max_size=100)),
    st.one_of(st.none(), st.text(max_size=400)),
    st.lists(st.text(max_size=20), max_size=3),
)
@settings(max_examples=150)
def test_whatever_is_given_the_class_is_one_of_the_five(title: str | None, body: str | None, labels: list[str]) -> None:
    assert classify_question(title, body, labels) in CLASSES


@given(st.sampled_from(sorted(TITLES)), st.sampled_from(["  ", "\r\n", "\t"]))
def test_case_and_white_space_around_do_not_change_the_class(title: str, space: str) -> None:
    assert classify_question(space + title.upper() + space, "") == classify_question(title, "")


def test_the_weights_are_of_these_classes_and_small() -> None:
    """A sign has a weight for each class; the file is read at every start."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    assert data["classes"] == list(CLASSES) and len(data["bias"]) == len(CLASSES)
    assert all(len(row) == len(CLASSES) for row in data["weights"].values()) and len(data["weights"]) > 100
    assert WEIGHTS.stat().st_size < 300_000


@pytest.mark.skipif(bool(list_absent_sources()), reason="the texts of some labels are not here")
def test_the_weights_are_those_that_training_makes() -> None:
    assert train() == WEIGHTS.read_text(encoding="utf-8")


def test_training_weighs_the_signs_that_tell_classes_apart() -> None:
    """Words of one class have a weight; a word of both has none."""
    titles = {BROKE: "Crash in the parser", OTHER: "Wish for a parser"}
    examples = [
        Example(read_signs(title, ""), CLASSES.index(kind), 1.0) for kind, title in titles.items() for _ in range(9)
    ]
    fitted = fit(examples)
    assert [CLASSES[place] for place in fitted.score(examples).argmax(axis=1)] == [BROKE] * 9 + [OTHER] * 9
    rows = {name: fitted.weights[place] for name, place in fitted.places.items()}
    assert rows["title: crash"][CLASSES.index(BROKE)] > 0 > rows["title: wish"][CLASSES.index(BROKE)]
    assert "title: parser" not in rows and "title: in the" in rows, "a word of both classes has no weight"


def test_words_are_listed_alone_and_in_pairs_and_a_number_is_a_number() -> None:
    """One function lists the words for training and for reading, and each name says where the word stands."""
    assert split_into_words("Run it on 2x RTX 3090? 显存") == ["run", "it", "on", "0", "x", "rtx", "0", "?", "显", "存"]
    found = find_words("Error 500", "It isn't up")
    assert found == {
        **dict.fromkeys(("title: error", "title: 0", "title: error 0"), IN_TITLE),
        **dict.fromkeys(("text: it", "text: isn't", "text: up", "text: it isn't", "text: isn't up"), IN_TEXT),
    }
    assert found.items() <= read_signs("Error 500", "It isn't up").items()


@pytest.mark.parametrize("piece", ["a b ", "\ud800", "` ", "```", "$ a", "0" * 50 + " ", "=-/", "\n>", "<pre>", "如何"])
def test_a_huge_text_costs_no_more_than_its_beginning(piece: str) -> None:
    """Only the beginning is read, whatever follows; broken characters are skipped."""
    started = time.process_time()
    assert classify_question(piece * 100_000, piece * 500_000) in CLASSES
    assert time.process_time() - started < 1


def test_the_title_goes_before_labels_and_labels_before_the_text() -> None:
    """A text names many things in passing; the title says what it is about."""
    text = normalize_words("It says out of memory on my GPU; I have an RTX 4090 and a driver from May.")
    labels, odd = normalize_words("documentation"), normalize_words("Something odd")
    assert find_topic(normalize_words("Wrong licence in the header"), text, labels) == "licence"
    assert find_topic(odd, text, labels) == "docs"
    assert find_topic(odd, text, "") == "hardware"
    assert find_topic(odd, normalize_words("The quota, once"), "") == "other", "one term in a text is too little"


def test_the_tables_name_topics_and_no_term_twice_within_one() -> None:
    """A term that stands twice counts twice."""
    assert {*OPENINGS, *FALLBACKS} <= set(TYPES)
    for kind, terms in TYPES.items():
        listed = [term.strip() for term in f"{terms.sure},{terms.likely}".split(",") if term.strip()]
        assert sorted(listed) == sorted(set(listed)), kind
