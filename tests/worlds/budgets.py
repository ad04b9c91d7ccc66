"""Budgets that no run of a test reaches."""

from pipelines.collecting.limits import PERIODS
from pipelines.sources import list_sources
from warehouse.attempts.amounts import UNITS

ENDLESS = " ".join(f"{name}.{period}.{unit}=1e9" for name in list_sources() for period in PERIODS for unit in UNITS)
"""A value of HEARTBEAT_BUDGETS."""
