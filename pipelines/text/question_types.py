"""Classifies what the writer of a question mainly wants, into the five classes that the claims need.

A logistic regression weighs what can be read in title, labels and text: cues, headings of issue forms, labels, the
topic that the tables of terms find, and words. Its coefficients are data (`question_weights.json`), trained by
`python -m tests.tools.train_questions` on labels that the published accuracy is not measured on.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from math import log1p
from pathlib import Path

from pipelines.text.patterns import fold_case
from pipelines.text.question_cues import find_cues
from pipelines.text.question_terms import count_points, find_topic, normalize_words
from pipelines.text.word_signs import find_words

RUNNING, USING, BROKE, ACCOUNT, OTHER = CLASSES = (
    "getting it to run", "using it", "something broke", "account and money", "other"
)  # fmt: skip
"""Building, installing, starting, loading, hardware, memory, speed; how to, which model, tuning, documentation; what
should work fails in use; price, quota, billing, licence, access; wishes, news, own work."""
WEIGHTS = Path(__file__).with_name("question_weights.json")
TITLE_READ = 500
"""Maximum number of characters read of a title."""
TEXT_READ = 2_000
"""Maximum number of characters read of a text: the subject comes at the beginning."""
WHOLE_READ = 6_000
"""Maximum number of characters searched for the headings of a form."""
_ASIDE = re.compile(
    r"```.*?(?:```|\Z)|<!--.*?(?:-->|\Z)|<pre\b.*?(?:</pre>|\Z)|`[^`\n]*`|https?://\S+|^[ \t]*(?:#{1,6} |> ?)[^\n]*"
    r"|^[ \t]*(?:[-*+] )?\[[ xX]\] [^\n]*|</?[a-zA-Z][^>\n]{0,200}>",
    re.DOTALL | re.MULTILINE,
)
"""Code, template comments, addresses, headings, quotations, checkboxes and tags, which are not the author's words."""
_HEADING = re.compile(r"^[ \t]*#{1,6} ([^\n]+)|^[ \t]*\*\*([^*\n]{3,60})\*\*:?[ \t]*$", re.MULTILINE)
_TRACES = ("traceback", "error:", "panic:", "exception")


def classify_question(title: object, body: object, labels: Iterable[object] = ()) -> str:
    """Classifies a question as one of `CLASSES`. `body` is Markdown or plain text; title and body may be absent."""
    bias, weights = _read_weights()
    signs = read_signs(title, body, labels)
    known = [(weights[name], value) for name, value in signs.items() if name in weights]
    scores = [start + sum(row[place] * value for row, value in known) for place, start in enumerate(bias)]
    return CLASSES[scores.index(max(scores))]


def read_signs(title: object, body: object, labels: Iterable[object] = ()) -> dict[str, float]:
    """Reads what speaks for one class or another: the name of each sign, and how strongly it is there."""
    head = title[:TITLE_READ] if isinstance(title, str) else ""
    whole = body[:WHOLE_READ] if isinstance(body, str) else ""
    text, names = _ASIDE.sub(" ", whole[: 2 * TEXT_READ])[:TEXT_READ].strip(), [str(label).lower() for label in labels]
    return {
        **find_cues(head, text, whole),
        **{f"heading {(first or second).strip().lower()[:40]}": 1.0 for first, second in _HEADING.findall(whole)},
        **{f"label {name}": 1.0 for name in names},
        **_weigh_terms(head, text, names),
        **find_words(head, text),
        "has code": float("```" in whole or "<pre" in whole),
        "has trace": float(any(map(fold_case(whole).__contains__, _TRACES))),
        "is asked": float("?" in head or "？" in head),
    }


def _weigh_terms(title: str, text: str, labels: list[str]) -> dict[str, float]:
    """Weighs what the tables of terms say of title and text, and the topic that they settle on."""
    in_title, in_text = normalize_words(title), normalize_words(text)
    topic = find_topic(in_title, in_text, normalize_words(" · ".join(labels)))
    return {
        f"topic {topic}": 1.5,
        **{f"terms in title {kind}": min(points, 6) / 3 for kind, points in count_points(in_title).items() if points},
        **{f"terms in text {kind}": log1p(points) / 2 for kind, points in count_points(in_text).items() if points},
    }


@cache
def _read_weights() -> tuple[list[float], Mapping[str, list[float]]]:
    """Reads the classes' biases, and the weights of each sign by class; both are written in hundredths."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return data["bias"], data["weights"]
