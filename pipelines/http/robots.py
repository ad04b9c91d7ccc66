"""Rules of a host's robots.txt, by RFC 9309.

The standard library only groups the lines: it applies the first matching rule and ignores `*` and `$` in paths, while
RFC 9309 applies the longest one and most forums use both.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote
from urllib.robotparser import RobotFileParser

LONGEST_DELAY_SECONDS = 60.0
"""Upper bound on the honoured crawl delay: with a longer one, a visit would take days."""


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """The rules of one robots.txt that apply to Heartbeat."""

    lines: tuple[tuple[str, bool], ...] = ()
    """Path patterns, each with True if allowed."""
    delay_seconds: float = 0.0
    """The requested pause between two requests."""

    def allows(self, path: str) -> bool:
        """True if a path (with its query) may be read: the longest pattern decides; of equals, the one that allows."""
        fitting = [(len(pattern), is_allowed) for pattern, is_allowed in self.lines if _matches_path(pattern, path)]
        return max(fitting)[1] if fitting else True

    def select_for(self, *beginnings: str) -> "RobotsRules":
        """Selects the rules relevant to paths with these prefixes, to be kept between visits."""
        lines = tuple(line for line in self.lines if any(_may_concern(line[0], beginning) for beginning in beginnings))
        return RobotsRules(lines, self.delay_seconds)


def read_robots(content: bytes, agent: str) -> RobotsRules:
    """Reads the rules for an agent (`heartbeat/1.0 …`): those that name it, else the default ones."""
    parser = RobotFileParser()
    text = content[:500_000].decode("utf-8-sig", "replace")
    parser.parse([line for line in text.splitlines() if _is_readable(line)])
    own = [entry for entry in getattr(parser, "entries", []) if entry.applies_to(agent)]
    default = getattr(parser, "default_entry", None)
    entries = own or ([default] if default else [])
    lines = tuple((unquote(rule.path), bool(rule.allowance)) for entry in entries for rule in entry.rulelines)
    # Limited before it becomes a float, which cannot hold every whole number.
    delay = max((float(min(entry.delay, LONGEST_DELAY_SECONDS)) for entry in entries if entry.delay), default=0.0)
    return RobotsRules(lines, delay)


def _is_readable(line: str) -> bool:
    # The standard library gives up the whole file for one path like `//[` or a delay of `²`.
    try:
        RobotFileParser().parse(["User-agent: *", line])
    except ValueError:
        return False
    return True


def _matches_path(pattern: str, path: str) -> bool:
    if not pattern:
        return False
    first, *parts = pattern.removesuffix("$").split("*")
    path, ends_there = unquote(path), pattern.endswith("$")
    if not path.startswith(first):
        return False
    # Each part is looked for once, from left to right: a regular expression would try all ways to place the parts,
    # which takes for ever with a dozen of `*`.
    place, last = len(first), parts.pop() if parts and ends_there else ""
    for part in parts:
        found = path.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    if not ends_there:
        return True
    return len(path) - len(last) >= place and path.endswith(last) if "*" in pattern else place == len(path)


def _may_concern(pattern: str, beginning: str) -> bool:
    literal = re.split(r"[*$]", pattern, maxsplit=1)[0]
    return bool(pattern) and (literal.startswith(beginning) or beginning.startswith(literal))
