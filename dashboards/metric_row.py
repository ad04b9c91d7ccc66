"""The rows that pages read: those of published metrics, whose columns have the same names in every table and export,
and those of any other kind."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from typing_extensions import ReadOnly

Row = Mapping[str, Any]
"""A row of any kind, for reading only."""
DictRow = dict[str, Any]
"""A row of any kind that a page has built, or may extend."""


class MetricRow(TypedDict):
    """A published figure with all that qualifies it. All readers share the rows: never change them."""

    family_id: str
    side: str
    channel_kind: str
    channel_role: str
    segment: str
    statistic: str
    window: str
    value: "ReadOnly[float | None]"
    """None if there is no figure, or only a range."""
    low: float | None
    high: float | None
    unit: str
    n: int
    n_events: int
    n_censored: int
    coverage_share: float | None
    as_of_at: datetime | None
    method_version: int
    state: str
    note: str | None


class MeasuredRow(MetricRow):
    """A published figure that has a number."""

    value: "ReadOnly[float]"
