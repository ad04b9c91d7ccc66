"""What a question is about, by its title, its labels and its text, in that order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.text.question_types import FALLBACKS, OPENINGS, OTHER, TYPES, classify_question

KINDS = {
    "set-up",
    "hardware",
    "licence",
    "api-error",
    "billing",
    "quality",
    "fine-tuning",
    "refusal",
    "docs",
    "feature",
    "other",
}
TITLES = {
    "Can't compile on Windows": "set-up",
    "pip install fails with ModuleNotFoundError": "set-up",
    "安装失败": "set-up",
    "Build fails on ARM": "set-up",
    "CUDA out of memory on two cards": "hardware",
    "显存不足": "hardware",
    "Is commercial use allowed?": "licence",
    "这个模型可以商用吗": "licence",
    "429: quota exceeded although I have credits": "billing",
    "Rate limit too low": "billing",
    "Request returns status code 500": "api-error",
    "[Bug] server crashes when two requests come in": "api-error",
    "Tool call without arguments": "api-error",
    "Model hallucinates file names": "quality",
    "输出乱码": "quality",
    "How do I fine-tune it with LoRA?": "fine-tuning",
    "微调需要多少数据": "fine-tuning",
    "It refuses harmless questions": "refusal",
    "Content policy violation for a recipe": "refusal",
    "Typo in the README": "docs",
    "How does the cache work?": "docs",
    "[Feature] Add docs for quantization": "docs",
    "Feature request: a dark theme": "feature",
    "Beam search support": "feature",
    "请求支持新模型": "feature",
    "Introducing our new release": "other",
    "Hello everybody": "other",
    "": "other",
}


@pytest.mark.parametrize(("title", "kind"), TITLES.items())
def test_a_title_tells_the_type(title: str, kind: str) -> None:
    """Each type in words that people use for it, in English and in Chinese where they ask in it."""
    assert classify_question(title, "") == kind


def test_the_title_goes_before_labels_and_labels_before_the_text() -> None:
    """A text names many things in passing; the title says what it is about."""
    text = "It says out of memory on my GPU; I have an RTX 4090 and a driver from May."
    assert classify_question("Wrong licence in the header", text, ["documentation"]) == "licence"
    assert classify_question("Something odd", text, ["documentation"]) == "docs"
    assert classify_question("Something odd", text) == "hardware"
    assert classify_question("Something odd", "The quota, once") == OTHER, "one term in a text is too little"


def test_what_the_author_did_not_write_does_not_count() -> None:
    """Logs, quotations, headings and comments of a template are full of terms."""
    for aside in (
        "```\nCUDA error: out of memory on gpu\n```",
        "> out of memory on my gpu",
        "<!-- out of memory on gpu -->",
        "## GPU, out of memory",
    ):
        assert classify_question("Something odd", aside) == OTHER


@given(
    st.one_of(st.none(), st.text(max_size=100)),
    st.one_of(st.none(), st.text(max_size=400)),
    st.lists(st.text(max_size=20), max_size=3),
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_given_the_type_is_one_of_the_eleven(
    title: str | None, body: str | None, labels: list[str]
) -> None:
    """Titles and texts may be absent, labels may hold anything."""
    assert classify_question(title, body, labels) in KINDS


@given(st.sampled_from(sorted(TITLES)), st.sampled_from(["  ", "\r\n", "\t"]))
def test_case_and_white_space_do_not_change_the_type(title: str, space: str) -> None:
    """Who shouts asks the same."""
    assert classify_question(space + title.upper().replace(" ", space + " ") + space, "") == classify_question(
        title, ""
    )


def test_the_tables_name_types_and_no_term_twice_within_one() -> None:
    """A term that stands twice counts twice."""
    assert {*TYPES, *OPENINGS, *FALLBACKS} <= KINDS
    for kind, terms in TYPES.items():
        listed = [term.strip() for term in f"{terms.sure},{terms.likely}".split(",") if term.strip()]
        assert sorted(listed) == sorted(set(listed)), kind
