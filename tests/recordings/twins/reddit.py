"""Twins of Reddit: a list of posts as served, and exchanges in the form in which PRAW records them."""

import json
from typing import Any

Body = dict[str, Any]
NEWEST = 1_790_000_000


def _post(code: str, hours: int, author: str = "ann_asks", **more: Any) -> Body:
    at = NEWEST - hours * 3600
    data = {
        "approved_at_utc": None, "archived": False, "author": author, "author_flair_text": None, "banned_at_utc": None,
        "created": at,
        "created_utc": at, "distinguished": None, "domain": "self.KitTalk", "downs": 0, "edited": False, "gilded": 0,
        "hidden": False, "id": code,
        "is_self": True, "is_video": False, "likes": None, "link_flair_text": "Question | Help", "locked": False,
        "name": f"t3_{code}",
        "num_comments": 2, "over_18": False, "permalink": f"/r/KitTalk/comments/{code}/x/", "score": 5,
        "selftext": "How is a key changed?",
        "stickied": False, "subreddit": "KitTalk", "subreddit_name_prefixed": "r/KitTalk", "title": "Keys &amp; bills",
        "ups": 5,
        "upvote_ratio": 0.9, "url": f"https://www.reddit.com/r/KitTalk/comments/{code}/x/",
    }  # fmt: skip
    return {"kind": "t3", "data": data | more}


def _comment(code: str, post: str, author: str, replies: Any = "") -> Body:
    data = {
        "archived": False, "author": author, "author_flair_text": None, "body": "Under settings.",
        "created_utc": NEWEST - 1800,
        "distinguished": None, "edited": NEWEST - 900, "id": code, "is_submitter": False, "link_id": f"t3_{post}",
        "name": f"t1_{code}", "parent_id": f"t3_{post}", "replies": replies, "score": 1, "stickied": False,
        "subreddit": "KitTalk",
    }  # fmt: skip
    return {"kind": "t1", "data": data}


def _listing(*children: Body) -> Body:
    data = {
        "after": None,
        "before": None,
        "children": list(children),
        "dist": len(children),
        "geo_filter": "",
        "modhash": "",
    }
    return {"kind": "Listing", "data": data}


NEWER = ("upvote_ratio", "is_video", "geo_filter")
"""What answers had not when PRAW's exchanges were recorded."""


def _as_then(listing: Body) -> Body:
    """A list as it was when PRAW's exchanges were recorded."""
    children = [one | {"data": _without_newer(one["data"])} for one in listing["data"]["children"]]
    return listing | {"data": _without_newer(listing["data"]) | {"children": children}}


def _without_newer(data: Body) -> Body:
    return {name: value for name, value in data.items() if name not in NEWER}


LINKED: Body = {"is_self": False, "selftext": "", "url": "https://elsewhere.example/a", "domain": "elsewhere.example"}
NEW = _listing(
    _post("aa3", 1, edited=NEWEST - 1200), _post("aa2", 5, **LINKED), _post("aa1", 9, "[deleted]"), _post("aa0", 20,
    "bob_asks"),
)  # fmt: skip
"""One was edited, one only links elsewhere, one's author is gone."""
MORE = {
    "kind": "more",
    "data": {"children": [], "count": 0, "depth": 1, "id": "_", "name": "t1__", "parent_id": "t1_cc1"},
}
TREE = [
    _as_then(_listing(_post("bb1", 2))),
    _as_then(_listing(_comment("cc1", "bb1", "carol_helps", _as_then(_listing(_comment("cc2", "bb1", "[deleted]"),
    MORE))))),
]  # fmt: skip
MIXED = _as_then(_listing(_post("dd2", 1), _post("dd1", 2, subreddit="OtherTalk")))
"""As `r/all` lists posts of several subreddits."""


def _cassette(*asked: tuple[str, str, int, Any]) -> str:
    """PRAW's form: each request with its answer, whose body is a string."""
    granted = {"access_token": "<ACCESS_TOKEN>", "expires_in": 3600, "scope": "*", "token_type": "bearer"}
    all_asked = [("POST", "https://www.reddit.com/api/v1/access_token", 200, granted)]
    all_asked += [(method, f"https://oauth.reddit.com{path}", code, body) for method, path, code, body in asked]
    interactions = [
        {
            "recorded_at": "2026-10-01T00:00:00",
            "request": {"body": "raw_json=1", "headers": {"Accept": ["*/*"]}, "method": method, "uri": uri},
            "response": {
                "body": {"string": json.dumps(body)},
                "headers": {"content-type": ["application/json; charset=UTF-8"]}, "status": {"code": code,
                "message": "x"}, "url": uri,
            },
        }
        for method, uri, code, body in all_asked
    ]  # fmt: skip
    return json.dumps({"interactions": interactions, "recorded_at": "2026-10-01T00:00:00", "version": "1.0"})


FILES = {
    "reddit/LocalLLaMA_new.json": json.dumps(NEW),
    "reddit/praw_cassettes/Twin.test_new.json": _cassette(("GET", "/r/KitTalk/new?limit=100&raw_json=1", 200,
    _as_then(NEW))),
    "reddit/praw_cassettes/Twin.test_comments.json": _cassette(("GET", "/comments/bb1/?limit=2048&raw_json=1", 200,
    TREE)),
    "reddit/praw_cassettes/Twin.test_all.json": _cassette(("GET", "/r/all/new?raw_json=1", 200, MIXED)),
    "reddit/praw_cassettes/Twin.test_vote.json": _cassette(("POST", "/api/vote/?raw_json=1", 200, {}), ("GET",
    "/api/info/?id=t3_a", 403, {})),
}  # fmt: skip
