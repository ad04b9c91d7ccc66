"""The essay's claims as files, each with its tests and what would refute it; a file that names nothing valid is
refused."""

import difflib
import math
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from analytics.engine.items import list_metrics, read_metric_header, read_share_items
from warehouse.database import WarehouseError

FOLDER = Path(__file__).parent
HEADLINES = Path(__file__).parent / "headlines.toml"
RULE_FILE = Path(__file__).parent / "rule.toml"
VERDICTS = (
    "holds", "mixed", "refuted", "too close to call", "too few data", "cannot be read", "cannot be observed",
)  # fmt: skip
RuleName = Literal["most", "all"]
Says = Literal["open higher", "open lower", "above", "below"]
Likeness = Literal["question_type", "language", "age_group"]
Scale = Literal["difference", "ratio"]


class ClaimError(WarehouseError):
    """Error for a claim that cannot be tested as written; the message names the file and the nearest valid word."""


class _ClaimModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MetricStatistic(_ClaimModel):
    """One statistic of one public metric."""

    metric: str
    statistic: str
    segment: str = "all"
    matched_by: tuple[Likeness, ...] = ("question_type", "language", "age_group")
    """In what the items of two families must be alike, beside the kind of channel. A share about the question cannot be
    matched by it."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Returns its metric, segment and statistic."""
        return self.metric, self.segment, self.statistic


class Headline(MetricStatistic):
    """A statistic by which families are ranked."""

    @property
    def is_high_better(self) -> bool:
        """Returns whether the family with the highest figure ranks first."""
        return read_metric_header(self.metric).better == "high"


class Test(MetricStatistic):
    """One test of a claim."""

    window: Literal["30d", "90d", "365d", "all"] = "365d"
    says: Says
    """The claimed direction: open families higher or lower than proprietary ones, or above or below `level`."""
    level: float = 0
    scale: Scale = "difference"
    """Comparison of two families: by their difference, or by the ratio of figures that are never 0."""
    least_effect: float = Field(gt=0)
    """The smallest effect that matters to somebody who must choose."""
    why: str = Field(min_length=20)

    @property
    def has_level(self) -> bool:
        """Returns whether the open families are compared with a level, and not with the other side."""
        return self.says in ("above", "below")

    @property
    def sides(self) -> list[str]:
        """Returns the sides that it compares."""
        return ["open"] if self.has_level else ["open", "proprietary"]

    @property
    def least_on_scale(self) -> float:
        """Returns the smallest effect that matters on the scale on which effects are kept: ratios are logarithms."""
        return math.log(self.least_effect) if self.scale == "ratio" else self.least_effect

    @property
    def direction(self) -> int:
        """Returns 1 if it says higher, and -1 if it says lower."""
        return 1 if self.says in ("open higher", "above") else -1

    def list_readers(self) -> list[str]:
        """Lists the readers of texts that it rests on: of its statistic and its class, or of its metric if no statistic
        has its own, and of questions if it is about a type of them."""
        header = read_metric_header(self.metric)
        own = header.readings.get(self.statistic)
        readers = [own.partition("=")[0], own] if own else [] if header.readings else list(header.features)
        return [*readers, "question_type"] if self.segment.startswith("type:") else readers


class Claim(_ClaimModel):
    """One claim of the essay, in our words."""

    id: str = ""
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
    wording: dict[str, str]
    tests: tuple[Test, ...] = Field(alias="test", default=())
    """None if nothing that is collected tests it: then it cannot be observed."""

    @field_validator("wording")
    @classmethod
    def _is_whole(cls, wording: dict[str, str]) -> dict[str, str]:
        if set(wording) != set(VERDICTS):
            raise ValueError(f"word every verdict, and no other: {', '.join(VERDICTS)}")
        return wording


class BoardRule(BaseModel):
    """How tests and claims are judged, in numbers and words; the other words of the file are for its readers."""

    registered_on: date
    level: float = Field(gt=0, lt=1)
    """Chance of even one false finding on the board."""
    power: float = Field(gt=0.5, lt=1)
    """Chance with which a detectable effect is found."""
    rules: dict[RuleName, str]
    words: dict[str, str]


class _Headlines(_ClaimModel):
    headlines: tuple[Headline, ...] = Field(alias="headline")


def read_claims(folder: Path = FOLDER) -> tuple[Claim, ...]:
    """Reads all claims of a folder in the order of their files. Raises ClaimError."""
    claims = []
    for path in sorted(folder.glob("h[0-9]*.toml")):
        claim: Claim = _read_toml(path, Claim).model_copy(update={"id": path.stem.split("_")[0]})
        _check_names(path, claim.tests)
        claims.append(claim)
    return tuple(claims)


def read_headlines() -> tuple[Headline, ...]:
    """Reads the statistics by which families are ranked. Raises ClaimError."""
    document: _Headlines = _read_toml(HEADLINES, _Headlines)
    _check_names(HEADLINES, document.headlines)
    for headline in document.headlines:
        if read_metric_header(headline.metric).better not in ("high", "low"):
            raise ClaimError(f"{HEADLINES}: {headline.metric} has no better end, so nobody can be ranked by it")
    return document.headlines


def _read_toml(path: Path, kind: type[Any]) -> Any:
    try:
        return kind.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise ClaimError(f"{path}: not valid TOML: {error}") from None
    except ValidationError as error:
        raise ClaimError(f"{path}: {error}") from None


def _check_names(path: Path, figures: Iterable[MetricStatistic]) -> None:
    """Refuses names that match no public metric, statistic or segment."""
    # Only tables of figures by family can be tested.
    public = [name for name in list_metrics() if {"family_id", "statistic"} <= set(read_metric_header(name).grain)]
    for figure in figures:
        if isinstance(figure, Test) and figure.metric in public and not _is_like(figure):
            raise ClaimError(f"{path}: figures of {figure.metric} would be compared between unlike places")
        valid = {"metric": public}
        if figure.metric in public:
            header = read_metric_header(figure.metric)
            valid |= {"statistic": list(header.statistics), "segment": list(header.segments)}
        for key, words in valid.items():
            word = getattr(figure, key)
            if words and word not in words and not word.startswith("type:"):
                near = difflib.get_close_matches(word, words, 1, 0.5)
                hint = f" (did you mean {near[0]!r}?)" if near else ""
                raise ClaimError(f"{path}: no {key} {word!r}{hint}")


def _is_like(test: Test) -> bool:
    """Returns whether a test compares like with like: with a level, item by item, or what is of no place."""
    is_together = read_metric_header(test.metric).roles == "together"
    return test.has_level or is_together or read_share_items(test.metric) is not None


RULE: BoardRule = _read_toml(RULE_FILE, BoardRule)
