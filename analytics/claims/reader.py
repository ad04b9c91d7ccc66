"""The essay's claims as files, each with its tests and what would refute it."""

import math
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from analytics.engine.items import read_share_items
from warehouse.faults import WarehouseError

FOLDER = Path(__file__).parent
RULE = tomllib.loads((FOLDER / "rule.toml").read_text(encoding="utf-8"))
"""How tests and claims are judged: the `level`, the chance of even one false finding on the board; the `power`, the
chance with which a detectable effect is found; and words."""
Verdict = Literal[
    "holds", "mixed", "refuted", "too close to call", "too few data", "cannot be read", "cannot be observed"
]
RuleName = Literal["most", "all"]
Likeness = Literal["question_type", "language", "age_group"]


class MetricStatistic(BaseModel, extra="forbid", frozen=True):
    """One statistic of one public metric: of a test, or by which families are ranked."""

    metric: str
    statistic: str
    segment: str = "all"
    matched_by: tuple[Likeness, ...] = ("question_type", "language", "age_group")
    """In what the items of two families must be alike, beside the kind of channel. A share about the question cannot be
    matched by it."""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.metric, self.segment, self.statistic


class Test(MetricStatistic):
    """One test of a claim."""

    window: Literal["30d", "90d", "365d", "all"] = "365d"
    says: Literal["open higher", "open lower", "above", "below"]
    """The claimed direction: open families higher or lower than proprietary ones, or above or below `level`."""
    level: float = 0
    scale: Literal["difference", "ratio"] = "difference"
    """Comparison of two families: by their difference, or by the ratio of figures that are never 0."""
    least_effect: float = Field(gt=0)
    """The smallest effect that matters to somebody who must choose."""
    why: str = Field(min_length=20)

    @property
    def has_level(self) -> bool:
        """Returns whether the open families are compared with a level, and not with the other side."""
        return self.says in ("above", "below")

    @property
    def least_on_scale(self) -> float:
        """Returns the smallest effect that matters on the scale on which effects are kept: ratios are logarithms."""
        return math.log(self.least_effect) if self.scale == "ratio" else self.least_effect


class Claim(BaseModel, extra="forbid", frozen=True):
    """One claim of the essay, in our words."""

    id: str
    version: int
    registered_on: date
    title: str
    sentence: str
    why_it_matters: str
    refuted_by: str
    not_compared: str = Field(min_length=20)
    """What the verdict does not compare: its first sentence, whatever the word."""
    rule: RuleName
    """How many tests must support it, or be ruled out: see `rule.toml`."""
    wording: dict[Verdict, str] = Field(min_length=len(get_args(Verdict)))
    tests: tuple[Test, ...] = Field(alias="test", default=())
    """None if nothing that is collected tests it: then it cannot be observed."""


def read_claims(folder: Path = FOLDER) -> tuple[Claim, ...]:
    """Reads all claims of a folder in the order of their files. Raises WarehouseError."""
    paths = sorted(folder.glob("h[0-9]*.toml"))
    return tuple(_read_toml(path, Claim, id=path.stem.partition("_")[0]) for path in paths)


def read_headlines() -> tuple[MetricStatistic, ...]:
    """Reads the statistics by which families are ranked. Raises WarehouseError."""
    kind = dict[Literal["headline"], tuple[MetricStatistic, ...]]
    named: tuple[MetricStatistic, ...] = _read_toml(FOLDER / "headlines.toml", kind)["headline"]
    return named


def list_item_figures() -> list[MetricStatistic]:
    """Lists the shares of items that a headline or a claim names, each once."""
    named = [*read_headlines(), *(test for claim in read_claims() for test in claim.tests)]
    figures = {figure.key: figure for figure in named if read_share_items(figure.metric)}
    return [figures[key] for key in sorted(figures)]


def _read_toml(path: Path, kind: Any, **more: str) -> Any:
    try:
        return TypeAdapter(kind).validate_python(tomllib.loads(path.read_text(encoding="utf-8")) | more)
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise WarehouseError(f"{path}: {error}") from None
