"""Identities without names: a keyed pseudonym per account, and the account's role when it was seen."""

import hashlib
import hmac
import tomllib
from collections.abc import Collection
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

Role = Literal["asker", "staff", "maintainer", "outsider", "bot", "agent", "unknown"]

RULES_VERSION = 2
"""Raised whenever the rules would assign the same account another role; changes to lists of names do not count."""

CURATED = Path(__file__).parent / "bots.toml"
_GONE = {"", "ghost", "[deleted]", "deleted"}
_INSIDE = {"OWNER", "MEMBER"}
MARK, SUFFIX = "[bot]", "-bot"
_OUTSIDE = {"CONTRIBUTOR", "NONE", "FIRST_TIME_CONTRIBUTOR", "FIRST_TIMER"}


LEAST_KEY_BYTES = 16


class People:
    """Turns accounts into pseudonyms, with a key kept outside the warehouse."""

    def __init__(self, key: bytes) -> None:
        if len(key) < LEAST_KEY_BYTES:
            raise ValueError(f"a key of pseudonyms must have at least {LEAST_KEY_BYTES} bytes")
        self.key = key
        """Secret: with it, anybody finds out whose pseudonym is whose."""
        self.key_id = hmac.new(key, b"id of the key", hashlib.sha256).hexdigest()[:8]
        """Tells two keys apart, and nothing about either."""
        # Few accounts write most of what there is.
        self._digest = lru_cache(maxsize=4096)(self._compute_digest)

    def make_pseudonym(self, source: str, user: str | int | None) -> str | None:
        """Returns an account's pseudonym of 16 hexadecimal digits; None for a deleted account."""
        name = _normalize_login(user)
        if name in _GONE:
            return None
        # The source is part of the input, so that one login on two sources yields two pseudonyms.
        return self._digest(f"{source}\x00{name}")

    def _compute_digest(self, account: str) -> str:
        return hmac.new(self.key, account.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:16]


def determine_role(
    user: str | None,
    typename: str = "User",
    association: str | None = None,
    is_official: bool = True,
    staff: Collection[str] = (),
    asker: str | None = None,
) -> Role:
    """Determines an account's role: a declared agent or bot, else the asker, the catalog's staff, or the association.

    `association` is the forge's own term; `asker` is the login that opened the thread, if any.
    """
    association = (association or "").upper()
    name = _normalize_login(user)
    if name in _GONE or typename == "Mannequin":
        return "unknown"
    is_marked = str(user).strip().lower().endswith(MARK)
    if name in _load_curated("agents") or (
        (is_marked or typename == "Bot") and f"{name}{MARK}" in _load_curated("agents")
    ):
        return "agent"
    if typename == "Bot" or is_marked or name in _load_curated("bots"):
        return "bot"
    # Strangers may pick any name; only an account that the project has let in is trusted to be the bot it claims to be.
    if name.endswith(SUFFIX) and association in _INSIDE | {"COLLABORATOR"}:
        return "bot"
    if asker is not None and name == _normalize_login(asker):
        return "asker"
    if name in {_normalize_login(login) for login in staff}:
        return "staff"
    return _determine_by_association(association, is_official)


def _normalize_login(user: str | int | None) -> str:
    return "" if user is None else str(user).strip().lower().removesuffix(MARK)


def _determine_by_association(association: str, is_official: bool) -> Role:
    if association in _INSIDE:
        return "staff" if is_official else "maintainer"
    if association == "COLLABORATOR":
        return "maintainer"
    return "outsider" if association in _OUTSIDE else "unknown"


@cache
def _load_curated(kind: Literal["bots", "agents"]) -> frozenset[str]:
    return frozenset(tomllib.loads(CURATED.read_text(encoding="utf-8"))[kind])
