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

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from pipelines.text.question_types import CLASSES, WEIGHTS, read_signs
from tests.tools.labelled import rows
from tests.tools.labelled_texts import texts
from tests.tools.labelled_threads import labelled_posts

RIDGE = 1.0
LEAST_OFTEN = 3
"""A sign that fewer openers have is not weighed."""
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
    """An opener: its signs, its class, how much it counts, and the stratum's weight where it may be tested on."""

    signs: dict[str, float]
    place: int
    counts: float
    weight: float = 0.0


def read_examples() -> list[Example]:
    """Reads all openers that may be learned from: the half tuned on, further ones read for training, an earlier set."""
    found = []
    for name, split in (("openers", "tune"), ("openers_training", None)):
        for post, label in labelled_posts(name, split):
            signs = read_signs(post.title, post.words, post.labels)
            place = CLASSES.index(label["question_class"])
            found.append(Example(signs, place, 1.0, float(label.get("weight") or 0)))
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


def fit(examples: Sequence[Example]) -> tuple[list[str], Numbers, Numbers]:
    """Fits names of signs, their weights by class, and the classes' biases."""
    often = Counter(name for one in examples for name, value in one.signs.items() if value)
    names = sorted(name for name, count in often.items() if count >= LEAST_OFTEN)
    x, places = _matrix(examples, names), np.array([one.place for one in examples])
    counts, wanted = np.array([one.counts for one in examples]), np.eye(len(CLASSES))[places]

    def loss(flat: Numbers) -> tuple[float, Numbers]:
        weights, bias = _unflatten(flat, len(names))
        scores = x @ weights + bias
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        sums = chances.sum(axis=1, keepdims=True)
        error = (chances / sums - wanted) * counts[:, None]
        likelihood = float((counts * ((scores * wanted).sum(axis=1) - np.log(sums[:, 0]))).sum())
        slope = np.concatenate([(x.T @ error + RIDGE * weights).ravel(), error.sum(axis=0)])
        return RIDGE / 2 * float((weights**2).sum()) - likelihood, slope

    start = np.zeros((len(names) + 1) * len(CLASSES))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return names, *_unflatten(found.x, len(names))


def _unflatten(flat: Numbers, rows: int) -> tuple[Numbers, Numbers]:
    width = len(CLASSES)
    return flat[: rows * width].reshape(rows, width), flat[rows * width :]


def _matrix(examples: Sequence[Example], names: Sequence[str]) -> Numbers:
    return np.array([[one.signs.get(name, 0.0) for name in names] for one in examples])


def cross_validate(examples: Sequence[Example]) -> float:
    """Computes the weighted share of openers of the tuned half whose class is right when they were not learned from."""
    folds = np.random.default_rng(SEED).integers(0, FOLDS, len(examples))
    right = total = 0.0
    for fold in range(FOLDS):
        names, weights, bias = fit(
            [one for one, of in zip(examples, folds, strict=True) if not one.weight or of != fold]
        )
        for one, of in zip(examples, folds, strict=True):
            if one.weight and of == fold:
                place = int((_matrix([one], names) @ weights + bias).argmax())
                right, total = right + one.weight * (place == one.place), total + one.weight
    return right / total


def _round(numbers: Numbers) -> list[float]:
    return [round(float(one), 3) for one in numbers]


def main(words: list[str]) -> None:
    """Prints, and writes where asked to."""
    examples = read_examples()
    print(f"{len(examples)} openers, right in cross-validation: {cross_validate(examples):.3f}")
    if "--write" in words:
        names, weights, bias = fit(examples)
        found = {name: _round(row) for name, row in zip(names, weights, strict=True)}
        lines = ",\n".join(f"  {json.dumps(name, ensure_ascii=False)}: {row}" for name, row in found.items())
        head = json.dumps({"classes": CLASSES, "bias": _round(bias)})
        WEIGHTS.write_text(f'{head[:-1]}, "weights": {{\n{lines}\n}}}}\n', encoding="utf-8")
        print(f"{len(found)} signs written to {WEIGHTS.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
