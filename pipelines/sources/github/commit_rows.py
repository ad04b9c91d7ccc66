"""Makes rows of GitHub's commits: authors and times, without names, addresses or messages."""

import re
from typing import Any

from pipelines.contract import Row, Visit
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.people import Role
from pipelines.sources.github.nodes import Node
from pipelines.text import values

COAUTHORS = 50
AGENT_ADDRESSES = frozenset(
    {
        "aider@aider.chat",
        "amp@ampcode.com",
        "codex@openai.com",
        "cursoragent@cursor.com",
        "noreply@aider.chat",
        "noreply@anthropic.com",
        "noreply@cursor.com",
        "noreply@openai.com",
        "openhands@all-hands.dev",
        "qwen-coder@alibabacloud.com",
        "vibe@mistral.ai",
    }
)
"""Addresses under which coding agents sign as co-authors, as of November 2026; most agents do not sign."""
BOT_ADDRESSES = frozenset(
    {
        "action@github.com",
        "actions@github.com",
        "bot@speakeasyapi.dev",
        "gemini-cli-robot@google.com",
        "genai-sdk-bot@google.com",
        "noreply@github.com",
    }
)
"""Addresses under which programs commit: generators of SDKs, GitHub's actions, and GitHub for merges on its website."""
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NOREPLY = re.compile(r"(?:\d+\+)?([^@+]+)@users\.noreply\.github\.com")
_TRAILER = re.compile(r"^[ \t]*co-authored-by:[^<\n]*<([^<>\s]+)>[ \t]*$", re.IGNORECASE | re.MULTILINE)
Identity = tuple[str | None, Role]


@raises_on_unexpected_shape("a commit of GitHub")
def make_commit_row(visit: Visit, node: Node, is_dropped: bool = False) -> Row:
    """Makes the row of a commit of the default branch; `is_dropped` if the branch was rewritten without it."""
    commit, account = node["commit"], node.get("author") or {}
    signed, committed = commit.get("author") or {}, commit.get("committer") or {}
    author = _identify_author(visit, account.get("login"), signed.get("email"), str(account.get("type") or "User"))
    others = [
        _identify_author(visit, None, address)
        for address in _TRAILER.findall(str(commit.get("message") or ""))[:COAUTHORS]
    ]
    people = {name for name, role in others if name and name != author[0] and role not in ("bot", "agent")}
    body: dict[str, Any] = {
        "sha": _check_sha(node["sha"]),
        "url": _get_page_url(node),
        "authored_at": values.format_instant(signed.get("date")),
        "committed_at": values.format_instant(committed.get("date")) or values.format_instant(signed.get("date")),
        "is_merge": len(node["parents"]) > 1,
        "is_linked": bool(account.get("login")),
        "is_dropped": is_dropped,
        "actor": author[0],
        "role": author[1],
        "coauthors": sorted(people),
        "has_agent": any(role == "agent" for _, role in [author, *others]),
    }
    return Row(body["sha"], values.parse_instant(body["committed_at"]), body)


def _identify_author(visit: Visit, login: str | None, address: object, typename: str = "User") -> Identity:
    """Identifies an author by account (also one in GitHub's no-reply address), or else by the pseudonymous address."""
    email = values.clean_line(address, 320).lower()
    noreply = _NOREPLY.fullmatch(email)
    login = login or (noreply[1] if noreply else None)
    if login:
        role = visit.people.determine_role(
            login, typename=typename, is_official=visit.channel.official, staff=visit.channel.staff
        )
        return visit.people.make_pseudonym("github", login), role
    if email in AGENT_ADDRESSES or email in BOT_ADDRESSES:
        return visit.people.make_pseudonym("github e-mail", email), "bot" if email in BOT_ADDRESSES else "agent"
    return visit.people.make_pseudonym("github e-mail", email), "unknown"


def _check_sha(value: object) -> str:
    if not isinstance(value, str) or not _SHA.fullmatch(value):
        raise ValueError("sha is not a hash")
    return value


def _get_page_url(node: Node) -> str | None:
    url = values.clean_line(node.get("html_url"), 500)
    return url if url.startswith(("https://", "http://")) else None
