"""Trains the weights of `pipelines/text/question_types.py` on labelled openers, and never on those that are held out.

`python -m tests.tools.train_questions` prints how often the class is right in six-fold cross-validation over the half
that may be tuned on; with `--write` it renews `pipelines/text/question_weights.json`. A multinomial logistic regression
with a ridge, by scipy's L-BFGS; openers of an earlier set, of eleven classes, count half where their class names one
of the five.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from pipelines.text.question_types import CLASSES, WEIGHTS, read_signs
from tests.tools.labelled import rows
from tests.tools.labelled_texts import texts
from tests.tools.labelled_threads import labelled_posts

RIDGE = 1.0
LEAST_OFTEN = 5
"""A sign that fewer openers have is not weighed."""
LEAST_WEIGHT = 0.06
"""A sign that weighs less for every class is not in the file."""
HUNDREDTHS = 100
"""Weights are written as whole hundredths."""
FOLDS, SEED = 6, 5
RUNNING, USING, BROKE, ACCOUNT, OTHER = CLASSES
EARLIER = {
    "set-up": RUNNING, "hardware": RUNNING, "docs": USING, "fine-tuning": USING, "api-error": BROKE,
    "billing": ACCOUNT, "licence": ACCOUNT, "feature": OTHER, "other": OTHER,
}  # fmt: skip
"""Classes of an earlier set of labels by today's; its `quality` and `refusal` hold several of them."""
HALF = 0.5
ANCHORED = 0.5
SAYS_NOTHING = (
    "It has been like this since last week, and nothing else was changed on our side. The same thing goes well with "
    "another input. I have searched the open questions and found nothing like it. Thanks for any hint."
)
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """An opener: its signs, its class, how much it counts, and its weight if it may be tested on."""

    signs: dict[str, float]
    place: int
    counts: float
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """Signs by place, their weights by class, and the classes' biases."""

    places: dict[str, int]
    weights: Numbers
    bias: Numbers

    def score(self, examples: Sequence[Example]) -> Numbers:
        """Scores each example for each class."""
        scores: Numbers = _matrix(examples, self.places) @ self.weights + self.bias
        return scores


def read_examples() -> list[Example]:
    """Reads all openers that may be learned from: the half tuned on, further ones read for training, an earlier set.

    Those of sources that labels are held out of are weighed as the held-out ones are mixed.
    """
    mixed = Counter(one["source"] for one in rows("openers") if one["split"] == "test" and one["sample"] == "random")
    labelled = [*labelled_posts("openers", "tune"), *labelled_posts("openers_training")]
    read = Counter(post.source for post, _ in labelled)
    found = []
    for post, label in labelled:
        signs = read_signs(post.title, post.words, post.labels)
        place = CLASSES.index(label["question_class"])
        found.append(Example(signs, place, 1.0, mixed[post.source] / read[post.source]))
    return found + list(_read_earlier()) + list(_read_anchors())


def _read_anchors() -> Iterator[Example]:
    """Titles that we wrote, alone and above a text that says nothing: what real ones are too few to teach."""
    for label in rows("question_anchors"):
        for text in ("", SAYS_NOTHING):
            place = CLASSES.index(label["question_class"])
            yield Example(read_signs(label["title"], text), place, ANCHORED)


def _read_earlier() -> Iterator[Example]:
    known = texts()
    for label in rows("openers_earlier"):
        if label["question_type"] in EARLIER:
            text = known[label["file"], label["item"]]
            place = CLASSES.index(EARLIER[label["question_type"]])
            yield Example(read_signs(text.title, text.text, text.labels), place, HALF)


def fit(examples: Sequence[Example]) -> Fitted:
    """Fits the weights of all signs that are frequent enough."""
    often = Counter(name for one in examples for name, value in one.signs.items() if value)
    places = {name: place for place, name in enumerate(sorted(name for name, n in often.items() if n >= LEAST_OFTEN))}
    x, wanted = _matrix(examples, places), np.eye(len(CLASSES))[[one.place for one in examples]]
    counts = np.array([one.counts for one in examples])

    def loss(flat: Numbers) -> tuple[float, Numbers]:
        weights, bias = _unflatten(flat, len(places))
        scores = x @ weights + bias
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        sums = chances.sum(axis=1, keepdims=True)
        error = (chances / sums - wanted) * counts[:, None]
        likelihood = float((counts * ((scores * wanted).sum(axis=1) - np.log(sums[:, 0]))).sum())
        slope = np.concatenate([(x.T @ error + RIDGE * weights).ravel(), error.sum(axis=0)])
        return RIDGE / 2 * float((weights**2).sum()) - likelihood, slope

    start = np.zeros((len(places) + 1) * len(CLASSES))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return _shorten(places, *_unflatten(found.x, len(places)))


def _shorten(places: dict[str, int], weights: Numbers, bias: Numbers) -> Fitted:
    """Leaves out the signs that hardly weigh, and rounds the others as they are written."""
    kept = [name for name, place in places.items() if np.abs(weights[place]).max() >= LEAST_WEIGHT]
    rounded = np.round(weights[[places[name] for name in kept]] * HUNDREDTHS)
    return Fitted({name: place for place, name in enumerate(kept)}, rounded, np.round(bias * HUNDREDTHS))


def _unflatten(flat: Numbers, rows: int) -> tuple[Numbers, Numbers]:
    width = len(CLASSES)
    return flat[: rows * width].reshape(rows, width), flat[rows * width :]


def _matrix(examples: Sequence[Example], places: dict[str, int]) -> csr_matrix:
    cells = [
        (row, places[name], value)
        for row, one in enumerate(examples)
        for name, value in one.signs.items()
        if name in places
    ]
    down, across, values = zip(*cells, strict=True) if cells else ((), (), ())
    return csr_matrix((values, (down, across)), shape=(len(examples), len(places)))


def cross_validate(examples: Sequence[Example]) -> float:
    """Computes the weighted share of openers whose class is right when they were not learned from."""
    folds = np.random.default_rng(SEED).integers(0, FOLDS, len(examples))
    right = total = 0.0
    for fold in range(FOLDS):
        learned = [one for one, of in zip(examples, folds, strict=True) if not one.weight or of != fold]
        tried = [one for one, of in zip(examples, folds, strict=True) if one.weight and of == fold]
        for one, place in zip(tried, fit(learned).score(tried).argmax(axis=1), strict=True):
            right, total = right + one.weight * (place == one.place), total + one.weight
    return right / total


@cache
def train() -> str:
    """Trains on all that may be learned from; returns the text of the file of weights."""
    fitted = fit(read_examples())
    lines = (
        f"{json.dumps(name, ensure_ascii=False)}:{_write_row(fitted.weights[place])}"
        for name, place in fitted.places.items()
    )
    head = json.dumps({"classes": CLASSES})[:-1]
    return f'{head}, "bias": {_write_row(fitted.bias)}, "weights": {{\n' + ",\n".join(lines) + "\n}}\n"


def _write_row(numbers: Numbers) -> str:
    return f"[{','.join(str(int(one)) for one in numbers)}]"


def main(words: list[str]) -> None:
    """Prints, and writes where asked to."""
    examples = read_examples()
    print(f"{len(examples)} openers, right in cross-validation: {cross_validate(examples):.3f}")
    if "--write" in words:
        WEIGHTS.write_text(train(), encoding="utf-8")
        print(f"{len(json.loads(train())['weights'])} signs written to {WEIGHTS.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
