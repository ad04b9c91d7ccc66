"""What all forms of a status page have in common: the word for the whole, and the lists that each shows."""

from typing import Any

from tests.upstream.world.incidents import WORDS, Incident, Page

Body = dict[str, Any]
NEWEST = 50
INDICATORS = {
    "operational": "none",
    "degraded_performance": "minor",
    "partial_outage": "major",
    "major_outage": "critical",
    "under_maintenance": "maintenance",
}
TOLD = {
    "none": "All Systems Operational",
    "minor": "Partial System Degradation",
    "major": "Partial System Outage",
    "critical": "Major Service Outage",
}


def state(page: Page) -> Body:
    order = list(WORDS.values())
    worst = max((page.word(one) for one in page.components), key=order.index)
    indicator = INDICATORS[worst]
    return {"indicator": indicator, "description": TOLD.get(indicator, "Service Under Maintenance")}


def listed(page: Page, *, maintenance: bool = False, is_open: bool = False) -> list[Incident]:
    now = page.clock.now
    found = [one for one in page.until() if one.is_maintenance == maintenance]
    return [one for one in found if one.resolved(now) is None] if is_open else found
