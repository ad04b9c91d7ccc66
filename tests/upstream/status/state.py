"""What all forms of a status page have in common: the lists that each shows."""

from typing import Any

from tests.upstream.world.incidents import Incident, Page

Body = dict[str, Any]
NEWEST = 50


def listed(page: Page, *, maintenance: bool = False, is_open: bool = False) -> list[Incident]:
    """Lists incidents, or maintenance, newest first; only open ones if that is asked for."""
    now = page.clock.now
    found = [one for one in page.until() if one.is_maintenance == maintenance]
    return [one for one in found if one.resolved(now) is None] if is_open else found
