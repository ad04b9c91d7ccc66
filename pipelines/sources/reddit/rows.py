"""Reddit's posts and comments as rows: counts and times, never a title, a text or a name.

Whoever collects from Reddit must delete what its authors delete. So nothing is kept that could be read again, links
lead by number
and not by the words of the title, and a post that is gone leaves a row that says so in place of everything else.
"""

from collections.abc import Mapping
from typing import Any

from pipelines.contract import Row, Visit
from pipelines.text import features, values
from pipelines.text.question_types import classify_question

WEB = "https://www.reddit.com"
OWN_PROGRAM = "automoderator"
"""Reddit's own program, which posts by the rules of a subreddit."""
BY_AUTHOR = {"deleted", "author"}
Fields = Mapping[str, Any]


def ending(fields: Fields) -> str | None:
    """deleted (by its author) or removed (by anybody else); None while it stands."""
    by, body = fields.get("removed_by_category"), fields.get("selftext", fields.get("body"))
    if by:
        return "deleted" if by in BY_AUTHOR else "removed"
    if body == "[deleted]" or fields.get("title") == "[deleted by user]":
        return "deleted"
    return "removed" if body in ("[removed]", "[ Removed by Reddit ]") else None


def figures(fields: Fields) -> str:
    """What tells that a post moved."""
    marks = "".join(
        letter for letter, name in (("l", "locked"), ("a", "archived"), ("e", "edited")) if fields.get(name)
    )
    return f"{int(fields['num_comments'])}{marks}"


def post_row(visit: Visit, fields: Fields) -> Row:
    """A post that stands."""
    title, body = str(fields.get("title") or ""), str(fields.get("selftext") or "")
    label = values.clean_line(fields.get("link_flair_text"), 50) or None
    is_closed = bool(fields.get("locked") or fields.get("archived"))
    kept = {
        "post_id": str(fields["id"]),
        "url": f"{WEB}/comments/{fields['id']}/",
        "created_at": _instant(fields["created_utc"]),
        "edited_at": values.format_instant(fields.get("edited") or None),
        "state": "closed" if is_closed else "open",
        "is_locked": bool(fields.get("locked")),
        "comments": int(fields["num_comments"]),
        "label": label,
        "question_type": classify_question(title, body, [label] if label else []),
        "mentions": visit.mentions(f"{title}\n{body}"),
        **_actor(visit, fields),
        **features.count_features(body),
    }
    return Row(str(fields["id"]), None, kept)


def gone_row(post_id: str, created: int, state: str) -> Row:
    """What stays of a post that is deleted, removed or expired (not checked any more): that there was one, and when."""
    return Row(post_id, None, {"post_id": post_id, "created_at": _instant(created), "state": state})


def comment_row(visit: Visit, post_id: str, fields: Fields) -> Row:
    """A comment; of one that is gone only its place."""
    gone = ending(fields)
    kept: dict[str, Any] = {
        "comment_id": str(fields["id"]),
        "post_id": post_id,
        "created_at": _instant(fields["created_utc"]),
        "state": gone or "open",
    }
    if not gone:
        kept |= {
            "url": f"{WEB}/comments/{post_id}/_/{fields['id']}/",
            "is_edited": bool(fields.get("edited")),
            **_actor(visit, fields, is_asker=bool(fields.get("is_submitter"))),
            **features.count_features(fields.get("body")),
        }
    return Row(str(fields["id"]), None, kept, "comments")


def tree_row(visit: Visit, post_id: str, said: int, read: int, is_complete: bool) -> Row:
    """One reading of a post's comments: how many Reddit said there are, how many it showed, and whether those are
    all."""
    body = {
        "post_id": post_id,
        "read_at": values.format_instant(visit.now),
        "said": said,
        "read": read,
        "is_complete": is_complete,
    }
    return Row(post_id, None, body, "trees")


def _actor(visit: Visit, fields: Fields, is_asker: bool = False) -> dict[str, Any]:
    """Who it is. A moderator's mark counts only on what was posted as one; a flair counts only where the catalog trusts
    it."""
    name = getattr(fields.get("author"), "name", None)
    is_marked = fields.get("distinguished") in ("moderator", "admin")
    flair = f" {values.clean_line(fields.get('author_flair_text'), 100).lower()} "
    is_staff = any(f" {group.lower()} " in flair for group in visit.channel.groups)
    role = visit.people.determine_role(
        name,
        typename="Bot" if str(name).lower() == OWN_PROGRAM else "User",
        association="COLLABORATOR" if is_marked else "NONE",
        is_official=visit.channel.official,
        staff=[*visit.channel.staff, *([name] if is_staff and name else [])],
        asker=name if is_asker else None,
    )
    return {
        "actor": visit.people.make_pseudonym("reddit", name),
        "role": role,
        "association": "MODERATOR" if is_marked else None,
    }


def _instant(value: object) -> str:
    found = values.format_instant(value)
    if found is None:
        raise ValueError(f"{value!r} is no instant")
    return found
