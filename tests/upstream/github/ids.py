"""Opaque ids and cursors as GitHub writes them: nobody is meant to read them, and they are read only here."""

import base64
import json

PREFIXES = {
    "Repository": "R_kgDO",
    "Issue": "I_kwDO",
    "PullRequest": "PR_kwDO",
    "IssueComment": "IC_kwDO",
    "Discussion": "D_kwDO",
    "DiscussionComment": "DC_kwDO",
    "User": "U_kgDO",
    "Bot": "BOT_kgDO",
}


def node_id(typename: str, *numbers: int) -> str:
    """The global id of a node."""
    prefix = PREFIXES.get(typename, f"{typename[:2].upper()}_kwDO")
    return prefix + base64.urlsafe_b64encode(".".join(map(str, numbers)).encode()).decode().rstrip("=")


def read_node_id(text: str) -> tuple[str, list[int]] | None:
    """Type and numbers of a global id; None if it is none of ours."""
    for typename, prefix in sorted(PREFIXES.items(), key=lambda item: -len(item[1])):
        if text.startswith(prefix):
            try:
                rest = text[len(prefix) :]
                return typename, [
                    int(part) for part in base64.urlsafe_b64decode(rest + "=" * (-len(rest) % 4)).split(b".")
                ]
            except ValueError:
                return None
    return None


def cursor(*place: int) -> str:
    """The cursor after a place in an order."""
    return base64.b64encode(b"cursor:v2:" + json.dumps(place).encode()).decode()


def read_cursor(text: str) -> list[int]:
    """The place. Raises ValueError for what is not a cursor."""
    raw = base64.b64decode(text, validate=True)
    if not raw.startswith(b"cursor:v2:"):
        raise ValueError("not a cursor")
    place = json.loads(raw.removeprefix(b"cursor:v2:"))
    if not isinstance(place, list) or not all(isinstance(part, int) for part in place):
        raise ValueError("not a cursor")
    return place
