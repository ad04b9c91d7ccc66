"""Heartbeat's collectors: the catalog, the sources, the flows and the command line."""

VERSION = "0.1.0"


def user_agent(contact: str) -> str:
    """How we name ourselves to every upstream: one descriptive word, and who may be asked about it."""
    return f"heartbeat/{VERSION} (+{contact})" if contact else f"heartbeat/{VERSION}"
