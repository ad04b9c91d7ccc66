"""What a host's robots.txt lets us read, by the rules of RFC 9309.

The standard library groups the lines; it takes the first rule that fits and knows no `*` and `$` within a path, where
the longest rule counts and most forums use both.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote
from urllib.robotparser import RobotFileParser

LONGEST_DELAY_SECONDS = 60.0
"""A longer pause is not kept: such a host would take days, so its visits end by their budget instead."""


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """The rules of one robots.txt for us."""

    lines: tuple[tuple[str, bool], ...] = ()
    """Pattern of a path, and whether it is allowed."""
    delay_seconds: float = 0.0
    """The pause that it asks for between two requests."""

    def allows(self, path: str) -> bool:
        """Tells whether a path (with its query) may be read: the longest pattern decides, then the allowing one."""
        fitting = [(len(pattern), is_allowed) for pattern, is_allowed in self.lines if _matches(pattern, path)]
        return max(fitting)[1] if fitting else True

    def select_for(self, *beginnings: str) -> "RobotsRules":
        """Selects the rules that may decide about paths that begin so: what need be kept from one visit to the next."""
        lines = tuple(line for line in self.lines if any(_may_concern(line[0], beginning) for beginning in beginnings))
        return RobotsRules(lines, self.delay_seconds)


def read_robots(content: bytes, agent: str) -> RobotsRules:
    """Reads the rules for an agent (`heartbeat/1.0 …`): those that name it, else those for everybody."""
    parser = RobotFileParser()
    parser.parse(content[:500_000].decode("utf-8-sig", "replace").splitlines())
    own = [entry for entry in getattr(parser, "entries", []) if entry.applies_to(agent)]
    default = getattr(parser, "default_entry", None)
    entries = own or ([default] if default else [])
    lines = tuple((unquote(rule.path), bool(rule.allowance)) for entry in entries for rule in entry.rulelines)
    delay = max((float(entry.delay) for entry in entries if entry.delay), default=0.0)
    return RobotsRules(lines, min(delay, LONGEST_DELAY_SECONDS))


def _matches(pattern: str, path: str) -> bool:
    if not pattern:
        return False
    parts = [re.escape(part) for part in pattern.removesuffix("$").split("*")]
    return re.match(".*".join(parts) + ("$" if pattern.endswith("$") else ""), unquote(path), re.DOTALL) is not None


def _may_concern(pattern: str, beginning: str) -> bool:
    literal = re.split(r"[*$]", pattern, maxsplit=1)[0]
    return bool(pattern) and (literal.startswith(beginning) or beginning.startswith(literal))
