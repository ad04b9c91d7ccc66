"""Reddit's posts and comments as rows: counts and times, never a title, a text or a name.

Reddit's terms require that whatever an author deletes is deleted here as well. So no row holds readable text, links
use the post's ID rather than its title, and a deleted post leaves one row that replaces all its others.
"""

import re
from collections.abc import Mapping
from typing import Any

from pipelines.contract import Row, Visit
from pipelines.people import determine_role
from pipelines.text import features, values
from pipelines.text.question_types import classify_question

WEB = "https://www.reddit.com"
OWN_PROGRAM = "automoderator"
"""Reddit's own bot, which posts by the rules of a subreddit."""
BY_AUTHOR = {"deleted", "author"}
FOUNDED = 1_117_584_000
"""June 2005, when Reddit was founded: no post is older."""
CLOCK_SKEW_SECONDS = 2 * 3600
Fields = Mapping[str, Any]


def find_removal(fields: Fields) -> str | None:
    """Returns `deleted` (by the author) or `removed` (by anybody else); None while the post or comment is up."""
    by, body = fields.get("removed_by_category"), fields.get("selftext", fields.get("body"))
    if by and not (isinstance(by, str) and re.fullmatch(r"[a-z_]{3,40}", by)):
        raise ValueError("not a word for who removed it")
    if by:
        return "deleted" if by in BY_AUTHOR else "removed"
    if body == "[deleted]" or fields.get("title") == "[deleted by user]":
        return "deleted"
    return "removed" if body in ("[removed]", "[ Removed by Reddit ]") else None


def is_question(fields: Fields) -> bool:
    """Returns whether a post has a text of its own: one that links elsewhere, or repeats another post, asks nothing."""
    is_text, parent = fields["is_self"], fields.get("crosspost_parent")
    if not isinstance(is_text, bool):
        raise TypeError("neither a text post nor a link post")
    if parent:
        _check_parent(parent)
        return False
    # Believed alone, a false flag would leave the post out for good; of a post with a text the domain says so, too.
    domain = fields.get("domain")
    if isinstance(domain, str) and domain and domain.startswith("self.") != is_text:
        raise ValueError("a text post by its flag or by its domain, but not by both")
    return is_text


def _check_parent(parent: object) -> None:
    """Raises ValueError for what is no post that another one may repeat."""
    if not (isinstance(parent, str) and re.fullmatch("t3_[a-z0-9]{1,20}", parent)):
        raise ValueError("not the name of a post that it repeats")


def read_created(visit: Visit, fields: Fields) -> int:
    """Reads when a post was created (epoch seconds). Raises ValueError for a time at which no post was made."""
    created = int(fields["created_utc"])
    # A time from the future would hide whatever comes before it from all later visits.
    if not FOUNDED <= created <= visit.now.timestamp() + CLOCK_SKEW_SECONDS:
        raise ValueError("not the time of a post")
    return created


def read_comment_count(fields: Fields) -> int:
    """Reads the number of comments that Reddit states. Raises ValueError if it states none."""
    return values.read_number(fields["num_comments"], least=0)


def make_stamp(fields: Fields) -> str:
    """Makes a stamp that changes whenever a post does: its comment count, and a letter per flag."""
    marks = "".join(
        letter for letter, name in (("l", "locked"), ("a", "archived"), ("e", "edited")) if fields.get(name)
    )
    return f"{read_comment_count(fields)}{marks}"


def make_post_row(visit: Visit, fields: Fields) -> Row:
    """Makes the row of a post that is still up."""
    title, body = str(fields.get("title") or ""), str(fields.get("selftext") or "")
    label = values.clean_line(fields.get("link_flair_text"), 50) or None
    is_closed = bool(fields.get("locked") or fields.get("archived"))
    row_body = {
        "post_id": str(fields["id"]),
        "url": f"{WEB}/comments/{fields['id']}/",
        "created_at": values.require_instant(read_created(visit, fields)),
        "state": "closed" if is_closed else "open",
        "comments": read_comment_count(fields),
        "question_type": classify_question(title, body, [label] if label else []),
        "mentions": visit.mentions(f"{title}\n{body}"),
        **_describe_actor(visit, fields),
        **features.count_features(body),
    }
    return Row(str(fields["id"]), None, row_body)


def make_gone_row(post_id: str, created: int, state: str) -> Row:
    """Makes the row of a deleted, removed or expired (no longer checked) post, which records only its creation time."""
    return Row(post_id, None, {"post_id": post_id, "created_at": values.require_instant(created), "state": state})


def make_comment_row(visit: Visit, post_id: str, fields: Fields) -> Row:
    """Makes the row of a comment; of a deleted one only its position and state."""
    gone = find_removal(fields)
    if not (isinstance(fields["id"], str) and re.fullmatch("[a-z0-9]{1,20}", fields["id"])):
        raise ValueError("a comment without an ID")
    body: dict[str, Any] = {
        "comment_id": str(fields["id"]),
        "post_id": post_id,
        "created_at": values.require_instant(fields["created_utc"]),
        "state": gone or "open",
    }
    if not gone:
        body |= {
            "url": f"{WEB}/comments/{post_id}/_/{fields['id']}/",
            **_describe_actor(visit, fields, is_asker=bool(fields.get("is_submitter"))),
            **features.count_features(fields.get("body")),
        }
    return Row(str(fields["id"]), None, body, "comments")


def make_tree_row(visit: Visit, post_id: str, stated_count: int, read_count: int, is_complete: bool) -> Row:
    """Makes the row of one reading of a post's comments: the count Reddit states, and how many it returned."""
    body = {
        "post_id": post_id,
        "read_at": values.format_instant(visit.now),
        "said": stated_count,
        "read": read_count,
        "is_complete": is_complete,
    }
    return Row(post_id, None, body, "trees")


def _describe_actor(visit: Visit, fields: Fields, is_asker: bool = False) -> dict[str, Any]:
    """Describes the author: pseudonym and role."""
    # Moderators may also post as private persons, and only flairs that the catalog names are reserved for staff.
    name = getattr(fields.get("author"), "name", None)
    is_marked = fields.get("distinguished") in ("moderator", "admin")
    flair = f" {values.clean_line(fields.get('author_flair_text'), 100).lower()} "
    is_staff = any(f" {group.lower()} " in flair for group in visit.channel.groups)
    role = determine_role(
        name,
        typename="Bot" if str(name).lower() == OWN_PROGRAM else "User",
        association="COLLABORATOR" if is_marked else "NONE",
        is_official=visit.channel.official,
        staff=[*visit.channel.staff, *([name] if is_staff and name else [])],
        asker=name if is_asker else None,
    )
    return {"actor": visit.people.make_pseudonym("reddit", name), "role": role}
