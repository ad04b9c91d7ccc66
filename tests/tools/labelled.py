"""Labels made by hand, joined with the recordings that they speak of; texts and names stay in the recordings.

`labels/attribution.csv` was made before any rule was tuned on it, by one reader. Read were the title, the beginning of
the text, and the
names of models and files found anywhere in it, not every word. A family is concerned where the asker runs, wants to run
or asks about a
model of it, named or unmistakable from the layout of its files; a comparison made in passing does not count, and a
derivative with a name
of its own only where its base is named. `sample` says whether an item was drawn by its place in the recording or sought
for a rare
family; `trap` what makes it hard. Three labels (llama.cpp 6426 and sglang 1240 of the half tuned on, sglang 3743 of the
half held out)
were corrected afterwards: the rules had found a model far down in the text that the reader had missed. As only
disagreements were read
again, this can only have helped the rules.

`labels/accounts.csv` names people by the first digits of a SHA-256 of their login. Staff of a forum are those whom the
forum marks, which
is also what the rule goes by; who is a person on GitHub was judged by name and place, on Reddit for most by a comment
of theirs. The bots
and AI agents of `public lists` are in clear, as several projects listed them for themselves (read on 2026-11-24);
nothing but the name is
known of them here, so the platform's own mark, which finds most bots in practice, is not tried on them.

In both files every second item of a label is held out while rules are tuned: `split` is `tune` or `test`.
"""

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.paths import RECORDINGS

LABELS = Path(__file__).parents[1] / "labels"
_INSIDE = ("OWNER", "MEMBER", "COLLABORATOR")


@dataclass(frozen=True, slots=True)
class Thread:
    """A labelled thread: its families (none, one or several), and what it says."""

    item: str
    families: frozenset[str]
    trap: str
    sample: str
    split: str
    title: str
    text: str


@dataclass(slots=True)
class Account:
    """A labelled account (bot, agent, staff or human) and what its platform says of it."""

    login: str
    label: str = ""
    trap: str = ""
    split: str = ""
    typename: str = "User"
    association: str = ""


def rows(name: str) -> list[dict[str, str]]:
    """The labels as they are written."""
    with (LABELS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def threads() -> list[Thread]:
    """All labelled threads with their texts."""
    texts = {file: _items(RECORDINGS / file) for file in {row["file"] for row in rows("attribution")}}
    found = []
    for row in rows("attribution"):
        families = frozenset(row["families"].split("|")) - {"none"}
        title, text = texts[row["file"]][row["item"]]
        found.append(Thread(row["item"], families, row["trap"], row["sample"], row["split"], title, text))
    return found


def accounts() -> list[Account]:
    """All labelled accounts with what their platforms say."""
    known = {"github/pygithub_replay": _github(), "discourse": _discourse(), "reddit/praw_cassettes": _reddit()}
    found = []
    for row in rows("accounts"):
        account = (
            known[row["file"]][row["account"]] if row["file"] in known else Account(row["account"], association="NONE")
        )
        account.label, account.trap, account.split = row["label"], row["trap"], row["split"]
        found.append(account)
    return found


def _items(path: Path) -> dict[str, tuple[str, str]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        issues = [json.loads(line) for line in text.splitlines()]
        return {str(issue["number"]): (issue["title"], issue["body"] or "") for issue in issues}
    posts = [child["data"] for child in json.loads(text)["data"]["children"]]
    return {post["id"]: (post["title"], post.get("selftext") or "") for post in posts}


def dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from dicts(inner)


def _by_digits(found: dict[str, Account]) -> dict[str, Account]:
    return {hashlib.sha256(login.lower().encode()).hexdigest()[:12]: account for login, account in found.items()}


def _github() -> dict[str, Account]:
    found: dict[str, Account] = {}
    for path in sorted((RECORDINGS / "github" / "pygithub_replay").glob("*.txt")):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            for one in dicts(parsed(line)):
                if isinstance(one.get("login"), str):
                    account = found.setdefault(one["login"], Account(one["login"]))
                    account.typename = one.get("type") or account.typename
                if one.get("author_association") and isinstance(one.get("user"), dict):
                    account = found.setdefault(one["user"]["login"], Account(one["user"]["login"]))
                    account.association = (
                        account.association if account.association in _INSIDE else one["author_association"]
                    )
    return _by_digits(found)


def parsed(line: str) -> Any:
    try:
        return json.loads(line) if line.strip()[:1] in ("{", "[") else None
    except ValueError:
        return None


def _discourse() -> dict[str, Account]:
    found: dict[str, Account] = defaultdict(lambda: Account(""))
    for path in sorted((RECORDINGS / "discourse").glob("*.json")):
        for post in dicts(json.loads(path.read_text(encoding="utf-8"))):
            if post.get("username") and "post_type" in post:
                account = found[post["username"]]
                account.login = post["username"]
                account.typename = "Bot" if int(post.get("user_id") or 0) < 0 else account.typename
                is_inside = account.association == "MEMBER" or any(
                    post.get(flag) for flag in ("admin", "moderator", "staff")
                )
                account.association = "MEMBER" if is_inside else "NONE"
    return _by_digits(dict(found))


def _reddit() -> dict[str, Account]:
    found: dict[str, Account] = {}
    for path in sorted((RECORDINGS / "reddit" / "praw_cassettes").glob("*.json")):
        for exchange in json.loads(path.read_text(encoding="utf-8"))["interactions"]:
            body = exchange["response"]["body"]
            for one in dicts(parsed(body["string"] if isinstance(body, dict) else body)):
                if isinstance(one.get("author"), str):
                    found[one["author"]] = Account(one["author"], association="NONE")
    return _by_digits(found)
