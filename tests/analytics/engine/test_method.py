"""The method is whole: each of its questions has a metric or a reason, each metric a question and tests that exist."""

import ast
import re
import tomllib

import pytest

from analytics.engine.models import read_models
from analytics.intermediate.coverage.method_questions import FILE, method_questions
from tests.paths import ROOT
from tests.worlds.warehouse_rows import empty_warehouse

TESTS = ROOT / "tests"
MODELS = {model.path.stem: model for model in read_models() if model.layer == "metrics"}
PUBLIC = sorted(name for name, model in MODELS.items() if model.is_public)
QUESTIONS = tomllib.loads(FILE.read_text(encoding="utf-8"))
ANSWERED = {row["metric_name"] for row in method_questions(empty_warehouse()).to_pylist()}
LISTED = {"R": 7, "S": 7, "D": 5, "C": 8, "N": 5, "B": 4, "L": 6, "A": 8, "U": 6, "X": 7, "T": 9, "Q": 5}
"""How many questions the method has, by the first letter of their codes."""


def test_every_question_of_the_method_is_there() -> None:
    """What is not answered must say so, and may not be forgotten."""
    assert QUESTIONS.keys() == {
        f"{letter}-{number}" for letter, count in LISTED.items() for number in range(1, count + 1)
    }


def test_every_question_has_a_metric_or_a_reason() -> None:
    """A metric that is named exists."""
    assert [code for code, question in QUESTIONS.items() if not question.keys() & {"metrics", "left_out"}] == []
    assert sorted(ANSWERED - MODELS.keys()) == []


@pytest.mark.parametrize(
    ("code", "feature"),
    [
        ("R-1", "by weekday and hour"), ("R-6", "before and after a new price or licence, an incident or a retirement"),
        ("R-6", "after a retirement beside that after a release"), ("C-2", "reuse of a stranger's fix"),
        ("T-3", "Incidents on several pages at once"), ("Q-4", "a chat by a language model"),
    ],
)  # fmt: skip
def test_what_others_show_and_this_does_not_is_declared_with_its_reason(code: str, feature: str) -> None:
    """Who looks for it learns that it is missing, and why, and does not go on looking."""
    _, said, why = QUESTIONS[code]["left_out"].partition(feature)
    assert said and re.match(r"[^.]*: \w[^.]{30,}\.", why)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_metric_answers_a_question_and_names_the_tests_that_would_fail(name: str) -> None:
    """A figure of which nobody can say when it would be wrong is not worth showing."""
    proofs = re.findall(r"([\w/]*test_\w+\.py)::(test_\w+)", MODELS[name].header.proof)

    assert name in ANSWERED
    assert proofs, "its header lacks `proof:`"
    for file, test in proofs:
        tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
        assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, (
            f"{file} has no {test}"
        )


@pytest.mark.parametrize("name", PUBLIC)
def test_a_metric_has_its_title_its_unit_and_its_better_end(name: str) -> None:
    """Titles of single figures name a statistic that there is, and a segment if only some have the title."""
    header = MODELS[name].header
    keys = [key.partition("/") for key in header.titles]

    assert header.title and header.unit and header.better in ("high", "low", "none")
    assert {statistic for statistic, _, _ in keys} <= set(header.statistics)
    assert {segment for _, _, segment in keys} - {""} <= set(header.segments)
    for title in (header.title, *header.titles.values()):
        assert title == title.strip(" .") and not title[:2].istitle() and len(title) <= 60


def test_titles_stand_in_headers_and_in_no_other_table() -> None:
    """A second table of titles would soon say other things. What a figure finds may use the same words."""
    headers = [MODELS[name].header for name in PUBLIC]
    titles = {title for header in headers for title in (header.title, *header.titles.values()) if title.count(" ") > 1}
    copies = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value}"
        for folder in ("dashboards", "analytics", "warehouse", "pipelines")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for table in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(table, ast.Assign | ast.AnnAssign)
        for node in ast.walk(table)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip(" ↓").lower() in titles
    ]

    assert copies == []
