"""Heartbeat's collectors: the catalog, the sources, the flows and the command line."""

VERSION = "0.1.0"


def user_agent(contact: str) -> str:
    """Returns the User-Agent sent to every upstream, with a contact if there is one."""
    return f"heartbeat/{VERSION} (+{contact})" if contact else f"heartbeat/{VERSION}"
