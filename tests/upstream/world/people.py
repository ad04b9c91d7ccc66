"""Who takes part: askers, staff, maintainers, bots, AI agents, and accounts that are gone. A person is a whole number
until shown."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tests.upstream.world.draws import mixed

GONE = -1
STAFF, MAINTAINERS, BOTS, AGENTS, HINTED = 1 << 26, 2 << 26, 3 << 26, 4 << 26, 5 << 26
"""Where each sort of person begins; outsiders begin at 0."""
EACH = 4096
"""The most staff of an owner, or maintainers of a repository."""
FIRST_ID = 9_000_000
GONE_IN_10000 = 90

BOT_ACCOUNTS = (
    ("dependabot", "Bot"),
    ("github-actions", "Bot"),
    ("stale", "Bot"),
    ("codecov-commenter", "User"),
    ("pytorch-bot", "Bot"),
    ("google-cla", "Bot"),
    ("renovate", "Bot"),
    ("cla-assistant", "User"),
    ("maria-h", "User"),
)
STALE, HELLO, DEPENDENCIES, PROMPT_BOT = BOTS + 2, BOTS + 1, BOTS + 0, BOTS + 8
AGENT_ACCOUNTS = (
    ("dosubot", "Bot"),
    ("copilot-swe-agent", "Bot"),
    ("claude", "Bot"),
    ("gemini-code-assist", "Bot"),
    ("devin-ai-integration", "Bot"),
)
CODER = AGENTS + 1
"""The agent that opens pull requests."""

_FIRST = [
    "amber",
    "brisk",
    "calm",
    "deep",
    "eager",
    "fair",
    "glad",
    "hazel",
    "iron",
    "jolly",
    "keen",
    "lunar",
    "mellow",
    "noble",
    "opal",
    "prime",
    "quiet",
    "rapid",
    "silent",
    "tidy",
    "umber",
    "vivid",
]
_LAST = [
    "ant",
    "bear",
    "crane",
    "deer",
    "eagle",
    "finch",
    "gull",
    "hare",
    "ibis",
    "jay",
    "kite",
    "lynx",
    "mole",
    "newt",
    "owl",
    "pike",
    "quail",
    "raven",
    "seal",
    "toad",
    "vole",
    "wren",
    "yak",
    "zebra",
]

Association = Literal["OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR", "FIRST_TIME_CONTRIBUTOR", "NONE"]


@dataclass(frozen=True, slots=True)
class Person:
    """An account as the forge shows it."""

    code: int
    login: str
    """As GraphQL shows it: a bot's without `[bot]`."""
    typename: Literal["User", "Bot"]

    @property
    def id(self) -> int:
        """The account's number."""
        return FIRST_ID + self.code

    @property
    def rest_login(self) -> str:
        """As REST shows it."""
        return f"{self.login}[bot]" if self.typename == "Bot" else self.login


class People:
    """Everybody of one world."""

    def __init__(self, seed: int, outsiders: int, hinted: tuple[str, ...] = ()) -> None:
        self.seed, self.outsiders = seed, outsiders
        self._hinted = hinted
        self._gone: set[int] = set()
        self.person = lru_cache(200_000)(self._person)
        self.association = lru_cache(400_000)(self._association)

    def leave(self, code: int) -> None:
        """The account is deleted: from now on its posts have no author."""
        self._gone.add(code)
        self.person.cache_clear()

    def is_gone(self, code: int) -> bool:
        """Whether the account was deleted."""
        return (
            code == GONE or code in self._gone or (code < STAFF and mixed(self.seed, code, 1) % 10_000 < GONE_IN_10000)
        )

    def find(self, login: str) -> Person | None:
        """A bot, agent or hinted member of staff by the login."""
        tables = (
            (BOTS, [one for one, _ in BOT_ACCOUNTS]),
            (AGENTS, [one for one, _ in AGENT_ACCOUNTS]),
            (HINTED, list(self._hinted)),
        )
        return next((self._person(start + names.index(login)) for start, names in tables if login in names), None)

    def hinted(self, login: str) -> int:
        """The number of a login that the catalog names as staff."""
        return HINTED + self._hinted.index(login)

    def _person(self, code: int) -> Person | None:
        if self.is_gone(code):
            return None
        if code >= HINTED:
            return Person(code, self._hinted[code - HINTED], "User")
        if code >= BOTS:
            login, typename = AGENT_ACCOUNTS[code - AGENTS] if code >= AGENTS else BOT_ACCOUNTS[code - BOTS]
            return Person(code, login, "Bot" if typename == "Bot" else "User")
        draw = mixed(self.seed, code, 2)
        return Person(code, f"{_FIRST[draw % len(_FIRST)]}-{_LAST[draw // 97 % len(_LAST)]}-{code:x}", "User")

    def _association(self, code: int, is_official: bool, repository_id: int, is_pull: bool) -> Association:
        """The forge's word for what an account is to a repository. A few of the staff keep their membership private."""
        draw = mixed(self.seed, code, repository_id, 3) % 100
        if code >= BOTS:
            return "NONE" if code >= HINTED and draw < 50 else "CONTRIBUTOR"
        if code >= MAINTAINERS:
            return "COLLABORATOR" if is_official or draw < 60 else ("OWNER" if draw < 70 else "MEMBER")
        if code >= STAFF:
            return "MEMBER" if draw < 92 else "CONTRIBUTOR"
        if is_pull:
            return "FIRST_TIME_CONTRIBUTOR" if draw < 35 else "CONTRIBUTOR"
        return "CONTRIBUTOR" if draw < 15 else "NONE"
