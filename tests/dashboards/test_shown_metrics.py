"""Every public metric is on a page, or it is declared here as one that only exports have, with the reason."""

import ast
import re
from pathlib import Path

from analytics.engine.models import read_models
from tests.paths import ROOT

PUBLIC = {model.path.stem for model in read_models() if model.layer == "metrics" and model.is_public}
EXPORT_ONLY: dict[str, str] = {
    "relative_adoption_ratio": "It needs ten models of a size that were observed at the same age, which takes months.",
    "bot_share": "One of CHAOSS's core metrics; the page of support shows how often an AI agent answers first.",
    "change_closure_ratio": "One of CHAOSS's core metrics; the page of support shows outsiders' changes merged.",
    "new_people_rate": "One of CHAOSS's core metrics; the page of support shows whether newcomers are worse off.",
    "open_age_days": "One of CHAOSS's core metrics; the page of support shows the waits of open questions as curves.",
    "resolution_hours": "One of CHAOSS's core metrics; resolved is not helped, which the page of support shows.",
    "resolved_share": "One of CHAOSS's core metrics; resolved is not helped, which the page of support shows.",
    "staff_answer_share": "A share of all answers; the page of support shows how often staff answer first.",
    "gated_share": "The freedoms of the weights count whether they can be downloaded without asking.",
    "model_derivatives": "Counts of derived models; the page shows which share of them is changed.",
}
"""Public metrics that no page shows, each with the reason why a reader misses nothing."""


def _find_strings(path: Path) -> str:
    """Everything between quotes that is no docstring: what a page can ask a snapshot for."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    stated = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in stated)
    return "\n".join(node.value for node in strings if isinstance(node.value, str))


def find_named() -> set[str]:
    """The public metrics that pages name; reports, briefs and the server's own figures are no pages."""
    folder = ROOT / "dashboards"
    pages = [path for path in folder.rglob("*.py") if path.parent not in (folder, folder / "report")]
    words = set(re.findall(r"\w+", "\n".join(map(_find_strings, pages))))
    return PUBLIC & words


def test_every_public_metric_is_on_a_page_or_declared_with_a_reason() -> None:
    """A figure that is measured and never shown helps nobody."""
    assert sorted(PUBLIC - find_named() - EXPORT_ONLY.keys()) == []


def test_what_is_declared_is_public_is_shown_nowhere_and_has_a_reason() -> None:
    """A list of exceptions that nobody fixes grows."""
    assert EXPORT_ONLY.keys() <= PUBLIC - find_named()
    assert all(len(reason) >= 30 and reason.endswith(".") for reason in EXPORT_ONLY.values())
