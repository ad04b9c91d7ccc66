"""GitHub's search, as far as it counts: `repo:owner/name is:issue created:>=2026-01-01T00:00:00Z`."""

import re

import numpy as np
from graphql import GraphQLError

from tests.upstream.github.nodes import Shape
from tests.upstream.world.clock import seconds
from tests.upstream.world.world import World

_WORDS = {"repo", "is", "created"}


def search(world: World, query: str) -> Shape:
    """How many threads fit. A repository under a former name is not found, as with the real one."""
    words = dict(word.split(":", 1) for word in query.split())
    if set(words) != _WORDS or words["is"] not in ("issue", "pr") or not re.match(r">=\d", words["created"]):
        raise GraphQLError(f"the emulator's search knows {sorted(_WORDS)}, each once")
    found = world.find(words["repo"])
    if found is None or found.gone or found.name.lower() != words["repo"].lower():
        return Shape("SearchResultItemConnection", {"issue_count": 0})
    size, since = found.tracker.size, seconds(words["created"][2:])
    chosen = (found.tracker.threads["created"][:size] >= since) & (
        found.tracker.threads["is_pull"][:size] == (words["is"] == "pr")
    )
    chosen[[one for one in found.tracker.deleted if one < size]] = False
    return Shape("SearchResultItemConnection", {"issue_count": int(np.count_nonzero(chosen))})
