"""PyGithub's recorded exchanges: one field a line (scheme, method, host, port, path, headers, body, status, answer's
headers, answer)."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

FIELDS = 10


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer."""

    method: str
    path: str
    """Without its query."""
    status: int
    headers: dict[str, str]
    content: str


def exchanges(path: Path) -> list[Exchange]:
    """The exchanges of a recording, in order."""
    lines, found, place = path.read_text(encoding="utf-8", errors="replace").split("\n"), [], 0
    while place + FIELDS <= len(lines):
        if lines[place] not in ("http", "https"):
            place += 1
            continue
        _, method, _, _, target, _, _, status, headers, content = lines[place : place + FIELDS]
        pairs = {name.lower(): value for name, value in ast.literal_eval(headers)}
        found.append(Exchange(method, re.sub(r"\?.*", "", target), int(status), pairs, content))
        place += FIELDS
    return found


RULES: tuple[tuple[str, str, str], ...] = (
    ("GET", r"/repos/[^/]+/[^/]+", "repositories"),
    ("GET", r"/repos/[^/]+/[^/]+/releases/(?:\d+|latest|tags/.+)", "releases"),
    ("GET", r"/(?:repos/[^/]+/[^/]+|repositories/\d+)/issues", "the probe of issues and changes"),
    ("POST", r"/graphql", "an answer to another question than ours"),
    ("GET", r".+/(?:issues/\d+|issues/comments|issues/events|comments|pulls/.+|stargazers|contributors|reactions|"
            r"labels|events).*",
     "never asked: threads, replies and changes are read in GraphQL"),
    ("GET", r".+/(?:contents|git|commits|releases/(?:assets/\d+|\d+/assets)|milestones/\d+|assignees/.+|"
            r"collaborators.*)(?:/.*)?",
     "never asked: nothing is measured of it"),
    ("GET", r"/(?:user|users|teams|authorizations|rate_limit|repositories|search/issues|some/prefix|"
            r"github-production-release-asset)\b.*",
     "never asked: nothing is measured of it"),
    ("(?:POST|PUT|PATCH|DELETE)", r"/(?!graphql$).*", "never asked: it changes something there"),
)  # fmt: skip
"""What our source makes of each exchange, by method and path; the first rule that fits."""


def met_by(exchange: Exchange) -> list[str]:
    """All rules that fit an exchange, by what they say."""
    return [
        says
        for method, path, says in RULES
        if re.fullmatch(method, exchange.method) and re.fullmatch(path, exchange.path)
    ]
