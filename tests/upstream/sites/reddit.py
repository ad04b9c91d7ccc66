"""Reddit: tokens for an app, lists of a hundred up to a thousand, trees of comments that are cut, and its limits by the
minute."""

import base64
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from tests.upstream.messages import Request, Response, json_answer
from tests.upstream.quota import Quota
from tests.upstream.sites.reddit_posts import Comment, Post, Subreddit
from tests.upstream.world.clock import Clock
from tests.upstream.world.draws import token
from tests.upstream.world.manner import NEUTRAL, Manner
from tests.upstream.world.people import People

ROUTES = Map(
    [
        Rule("/api/v1/access_token", endpoint="token", methods=["POST"]),
        Rule("/r/<string:name>/new", endpoint="new", methods=["GET"]),
        Rule("/comments/<string:name>/", endpoint="tree", methods=["GET"]),
        Rule("/comments/<string:name>/_/<string:comment>", endpoint="tree", methods=["GET"]),
        Rule("/api/info/", endpoint="info", methods=["GET"]),
        Rule("/api/morechildren/", endpoint="more", methods=["POST"]),
    ],
    strict_slashes=False,
)
MOST_AT_ONCE = 100
SECONDS = 600


@dataclass(slots=True)
class Reddit:
    """Answers as Reddit does, tokens and interface from one address."""

    seed: int
    names: list[str]
    clock: Clock
    people: People
    quota: Quota
    app: tuple[str, str] = ("app", "secret")
    longest: int = 1000
    """Where a list ends."""
    shown: int = 200
    """Comments that one page of a tree shows."""
    manner: Manner = NEUTRAL
    subreddits: dict[str, Subreddit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.subreddits = {
            name.lower(): Subreddit(self.seed, place, name, self.clock) for place, name in enumerate(self.names)
        }

    def subreddit(self, name: str) -> Subreddit:
        """One of them by name."""
        return self.subreddits[name.lower()]

    def answer(self, request: Request) -> Response:
        """Answers one request."""
        try:
            endpoint, values = ROUTES.bind("reddit").match(request.path, method=request.method)
        except (NotFound, MethodNotAllowed):
            return json_answer({"message": "Not Found", "error": 404}, 404)
        if endpoint == "token":
            return self._token(request)
        if request.headers.get("authorization") != f"bearer {self._bearer()}":
            return json_answer({"message": "Unauthorized", "error": 401}, 401)
        is_granted = self.quota.spend("app")
        left, seconds = self.quota.remaining("app"), self.quota.resets() - self.quota.now()
        limits = {
            "x_ratelimit_used": str(self.quota.used("app")),
            "x_ratelimit_remaining": f"{left}.0",
            "x_ratelimit_reset": str(seconds),
        }
        if not is_granted:
            return json_answer({"message": "Too Many Requests", "error": 429}, 429, **limits)
        response: Response = getattr(self, f"_{endpoint}")(request, **values)
        return response.plus(**limits)

    def _bearer(self) -> str:
        return token(24, self.seed, "bearer", *self.app)

    def _token(self, request: Request) -> Response:
        wanted = "Basic " + base64.b64encode(":".join(self.app).encode()).decode()
        if request.headers.get("authorization") != wanted:
            return json_answer({"message": "Unauthorized", "error": 401}, 401)
        if parse_qs(request.body.decode()).get("grant_type") != ["client_credentials"]:
            return json_answer({"error": "unsupported_grant_type"})
        return json_answer({"access_token": self._bearer(), "token_type": "bearer", "expires_in": 86400, "scope": "*"})

    def _new(self, request: Request, name: str) -> Response:
        found = self.subreddits.get(name.lower())
        if found is None:
            return Response(302, b"", {"location": f"{request.base}/subreddits/search?q={name}"})
        if found.refusal:
            return json_answer({"message": "Forbidden", "error": found.refusal}, found.refusal)
        posts = [post for post in found.posts() if not post.gone][: self.longest]
        after, limit = request.query.get("after", ""), min(int(request.query.get("limit", 25)), MOST_AT_ONCE)
        start = next((place + 1 for place, post in enumerate(posts) if f"t3_{post.id}" == after), 0)
        page = posts[start : start + limit]
        onward = f"t3_{page[-1].id}" if page and start + limit < len(posts) else None
        return json_answer(_listing([self._post(found, post) for post in page], onward))

    def _info(self, request: Request) -> Response:
        wanted = [name.removeprefix("t3_") for name in request.query.get("id", "").split(",")][:MOST_AT_ONCE]
        found = [(one, one.find(name)) for name in wanted for one in self.subreddits.values()]
        return json_answer(_listing([self._post(one, post) for one, post in found if post], None))

    def _tree(self, request: Request, name: str, comment: str = "") -> Response:
        for one in self.subreddits.values():
            if post := one.find(name):
                roots = [each for each in self._told(post) if (each.id == comment if comment else not each.parent)]
                budget = [self.shown]
                tree = self._branch(post, roots, budget, "" if comment else f"t3_{post.id}")
                return json_answer([_listing([self._post(one, post)], None), _listing(tree, None)])
        return json_answer({"message": "Not Found", "error": 404}, 404)

    def _more(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        name, wanted = form["link_id"].removeprefix("t3_"), form["children"].split(",")
        post = next(post for one in self.subreddits.values() if (post := one.find(name)))
        things = [
            {"kind": "t1", "data": self._comment(post, each) | {"replies": ""}}
            for each in self._told(post)
            if each.id in wanted
        ]
        return json_answer({"json": {"errors": [], "data": {"things": things[: self.shown]}}})

    def _told(self, post: Post) -> list[Comment]:
        """What is shown: a deleted comment only where somebody answered it."""
        there = [one for one in post.comments if one.at <= self.clock.now]
        answered = {one.parent for one in there}
        return [one for one in there if not one.gone or one.id in answered]

    def _branch(self, post: Post, level: list[Comment], budget: list[int], parent: str) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        for place, one in enumerate(level):
            if budget[0] <= 0:
                rest = [each for top in level[place:] for each in self._below(post, top)]
                more = {
                    "count": len(rest),
                    "name": f"t1_{rest[0]}",
                    "id": rest[0],
                    "parent_id": parent,
                    "depth": 0,
                    "children": rest,
                }
                return [*made, {"kind": "more", "data": more}]
            budget[0] -= 1
            below = self._branch(
                post, [each for each in self._told(post) if each.parent == one.id], budget, f"t1_{one.id}"
            )
            replies = _listing(below, None) if below else ""
            made.append({"kind": "t1", "data": self._comment(post, one) | {"replies": replies}})
        return made

    def _below(self, post: Post, top: Comment) -> list[str]:
        return [
            top.id,
            *(name for each in self._told(post) if each.parent == top.id for name in self._below(post, each)),
        ]

    def _author(self, who: int, gone: str) -> str:
        person = None if gone == "deleted" else self.people.person(who)
        return person.login if person else "[deleted]"

    def _post(self, one: Subreddit, post: Post) -> dict[str, Any]:
        words = f"[{post.gone}]" if post.gone else post.text or self.manner.write_question(post.draw, "x/y", 1)
        data = {
            "id": post.id, "name": f"t3_{post.id}", "subreddit": one.name, "created_utc": float(post.at),
            "is_self": post.is_text, "domain": f"self.{one.name}" if post.is_text else "pictures.example.org",
            "title": post.title or self.manner.write_title(post.draw, (), 0), "selftext": words if post.is_text else "",
            "author": self._author(post.who, post.gone), "num_comments": len(self._told(post)), "score": 1,
            "upvote_ratio": 0.9,
            "edited": False, "locked": post.is_locked, "archived": False, "distinguished": None,
            "link_flair_text": "Question | Help",
            "author_flair_text": None, "permalink": f"/r/{one.name}/comments/{post.id}/words_of_the_title/",
            "removed_by_category": {"deleted": "deleted", "removed": "moderator"}.get(post.gone),
        }  # fmt: skip
        return {"kind": "t3", "data": data}

    def _comment(self, post: Post, one: Comment) -> dict[str, Any]:
        parent = f"t1_{one.parent}" if one.parent else f"t3_{post.id}"
        return {
            "id": one.id, "name": f"t1_{one.id}", "parent_id": parent, "link_id": f"t3_{post.id}",
            "created_utc": float(one.at),
            "body": f"[{one.gone}]" if one.gone else one.text or self.manner.write_answer(
                one.draw, "x/y", 1, is_asker=one.who == post.who),
            "author": self._author(one.who, one.gone), "is_submitter": one.who == post.who, "score": 1,
            "edited": one.edited or False,
            "distinguished": "moderator" if one.is_marked else None, "author_flair_text": one.flair or None, "depth": 0,
        }  # fmt: skip


def _listing(children: list[dict[str, Any]], after: str | None) -> dict[str, Any]:
    return {
        "kind": "Listing",
        "data": {"after": after, "before": None, "dist": len(children), "children": children, "modhash": None},
    }
