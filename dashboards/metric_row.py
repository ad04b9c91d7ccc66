"""The row types of published metrics, with the columns that all metrics share under the same names in every table and
export."""

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from typing_extensions import ReadOnly


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
    """None where there is no figure, or only a range."""
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
