"""GitHub's REST: repositories, issues, comments, releases, limits, with its headers, its paging and its conditional
requests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule

from tests.upstream.github import bodies
from tests.upstream.github.ids import cursor, read_cursor
from tests.upstream.github.web import Folders
from tests.upstream.messages import EXPIRED, Request, Response, conditional, json_answer
from tests.upstream.quota import Quota
from tests.upstream.sites.folders import folder
from tests.upstream.world.clock import seconds
from tests.upstream.world.draws import number
from tests.upstream.world.repositories import FIRST_REPOSITORY_ID, Repository
from tests.upstream.world.threads import Thread
from tests.upstream.world.tracker import Kind
from tests.upstream.world.world import World

_REPO = "/repos/<string:owner>/<string:name>"
ROUTES = Map(
    [
        Rule("/rate_limit", endpoint="limits"),
        Rule("/repositories/<int:id>", endpoint="by_id"),
        Rule("/repositories/<int:id>/<path:rest>", endpoint="by_id"),
        Rule(_REPO, endpoint="repository"),
        Rule(f"{_REPO}/issues", endpoint="issues"),
        Rule(f"{_REPO}/pulls", endpoint="pulls"),
        Rule(f"{_REPO}/issues/<int:issue>", endpoint="issue"),
        Rule(f"{_REPO}/issues/<int:issue>/comments", endpoint="issue_comments"),
        Rule(f"{_REPO}/issues/comments", endpoint="comments"),
        Rule(f"{_REPO}/releases", endpoint="releases"),
        Rule(f"{_REPO}/releases/<int:release>", endpoint="release"),
        Rule(f"{_REPO}/contents/<path:inside>", endpoint="contents"),
        Rule(f"{_REPO}/git/blobs/<string:sha>", endpoint="blob"),
    ]
)
DOCS = "https://docs.github.com/rest"


@dataclass(slots=True)
class Rest:
    """Answers as the real one does. Without a token 60 requests an hour; a 304 is free for who has one."""

    world: World
    quota: Quota
    graphql_quota: Quota
    folders: Folders = field(default_factory=dict)

    def answer(self, request: Request) -> Response:
        """Answers a GET, within the client's quota."""
        if request.token == EXPIRED:
            return json_answer({"message": "Bad credentials", "documentation_url": DOCS, "status": "401"}, 401)
        if not request.headers.get("user-agent"):
            return json_answer(
                {
                    "message": (
                        "Request forbidden by administrative rules. Please make sure your request has a "
                        "User-Agent header"
                    )
                },
                403,
            )
        try:
            endpoint, values = ROUTES.bind("github").match(request.path, method="GET")
        except NotFound:
            return self._missing().plus(**self._headers(request))
        if endpoint != "limits" and not self.quota.remaining(request.token):
            message = f"API rate limit exceeded for {'user ID 1' if request.token else '127.0.0.1'}."
            return json_answer(
                {"message": message, "documentation_url": f"{DOCS}/overview/rate-limits-for-the-rest-api"},
                403,
                **self._headers(request),
            )
        response = self._show(request, endpoint, values)
        response = conditional(request, response, f"{number(response.body, *sorted(response.headers.items())):016x}")
        if endpoint != "limits" and not (response.status == 304 and request.token):
            self.quota.spend(request.token)
        return response.plus(**self._headers(request))

    def _headers(self, request: Request) -> dict[str, str]:
        quota, token = self.quota, request.token
        numbers = {
            "limit": quota.of(token),
            "remaining": quota.remaining(token),
            "used": quota.used(token),
            "reset": quota.resets(),
        }
        stated = {f"x_ratelimit_{name}": str(value) for name, value in numbers.items()}
        return {**stated, "x_ratelimit_resource": "core"}

    @staticmethod
    def _missing(code: int = 404) -> Response:
        if code == 451:
            block = {
                "reason": "dmca",
                "created_at": "2026-01-01T00:00:00Z",
                "html_url": "https://github.com/github/dmca",
            }
            return json_answer({"message": "Repository access blocked", "block": block}, 451)
        message = {404: "Not Found", 403: "Repository access blocked", 410: "Issues are disabled for this repo"}[code]
        return json_answer({"message": message, "documentation_url": DOCS, "status": str(code)}, code)

    def _found(self, request: Request, owner: str, name: str) -> Repository | Response:
        """The repository; or that it is gone, or that it has moved: then by its number, as the real one says it."""
        repo = self.world.find(f"{owner}/{name}")
        if repo is None or repo.gone:
            return self._missing(repo.gone if repo else 404)
        if repo.name.lower() == f"{owner}/{name}".lower():
            return repo
        where = request.base + request.target.replace(f"/repos/{owner}/{name}", f"/repositories/{repo.id}", 1)
        return json_answer(
            {"message": "Moved Permanently", "url": where, "documentation_url": DOCS}, 301, location=where
        )

    def _show(self, request: Request, endpoint: str, values: Mapping[str, Any]) -> Response:
        """Answers by the endpoint's own method, which is given the repository."""
        handle: Callable[..., Response] = getattr(self, f"_{endpoint}")
        if "owner" not in values or endpoint in ("contents", "blob"):
            return handle(request, **values)
        repo = self._found(request, values["owner"], values["name"])
        rest = {name: value for name, value in values.items() if name not in ("owner", "name")}
        return repo if isinstance(repo, Response) else handle(request, repo, **rest)

    def _by_id(self, request: Request, id: int, rest: str = "") -> Response:
        place = id - FIRST_REPOSITORY_ID
        if not 0 <= place < len(self.world.repositories):
            return self._missing()
        owner, name = self.world.repositories[place].name.split("/")
        endpoint, values = ROUTES.bind("github").match(f"/repos/{owner}/{name}/{rest}".rstrip("/"), method="GET")
        return self._show(request, endpoint, values)

    def _limits(self, request: Request) -> Response:
        resources = {}
        for name, quota in (("core", self.quota), ("graphql", self.graphql_quota), ("search", self.quota)):
            limit = quota.of(request.token) if name != "search" else 30
            used = quota.used(request.token) if name != "search" else 0
            resources[name] = {"limit": limit, "used": used, "remaining": limit - used, "reset": quota.resets()}
        return json_answer({"resources": resources, "rate": resources["core"]})

    def _repository(self, request: Request, repo: Repository) -> Response:
        return json_answer(bodies.repository_body(repo, repo.tracker.count_open()))

    def _issues(self, request: Request, repo: Repository) -> Response:
        return self._listed(request, repo, "both") if repo.has_issues else self._missing(410)

    def _pulls(self, request: Request, repo: Repository) -> Response:
        return self._listed(request, repo, "pull")

    def _listed(self, request: Request, repo: Repository, kind: Kind) -> Response:
        query = request.query
        place = read_cursor(query["after"]) if query.get("after") else None
        found, more, _ = repo.tracker.page(
            kind, "updated" if query.get("sort") == "updated" else "created", descending=query.get("direction", "desc") == "desc",
            since=_since(request) or None,
            after=(place[0], place[1]) if place else None, limit=_size(query.get("per_page")),
        )  # fmt: skip
        response = json_answer([bodies.issue_body(request.base, Thread(repo, index)) for _, index in found])
        return response.plus(link=_link(request, after=cursor(*found[-1]))) if more else response

    def _issue(self, request: Request, repo: Repository, issue: int) -> Response:
        if issue - 1 in repo.tracker.deleted:
            return json_answer({"message": "This issue was deleted", "documentation_url": DOCS}, 410)
        is_there = 0 < issue <= repo.tracker.size
        return json_answer(bodies.issue_body(request.base, Thread(repo, issue - 1))) if is_there else self._missing()

    def _issue_comments(self, request: Request, repo: Repository, issue: int) -> Response:
        replies = Thread(repo, issue - 1).replies() if 0 < issue <= repo.tracker.size else []
        return _numbered(request, replies, lambda reply: bodies.comment_body(request.base, reply))

    def _comments(self, request: Request, repo: Repository) -> Response:
        # Without a sort the direction is ignored, as in the real one.
        descending = request.query.get("direction") == "desc" and "sort" in request.query
        places = repo.tracker.all_comments(_since(request), by_update=request.query.get("sort") == "updated")
        return _numbered(
            request, places[::-1] if descending else places, lambda place: self._comment(request, repo, *place)
        )

    @staticmethod
    def _comment(request: Request, repo: Repository, index: int, at: int, comment_id: int) -> dict[str, Any]:
        return bodies.comment_body(request.base, Thread(repo, index).reply(at, comment_id))

    def _releases(self, request: Request, repo: Repository) -> Response:
        return _numbered(request, repo.releases.until(self.world.clock.now), lambda one: bodies.release_body(repo, one))

    def _release(self, request: Request, repo: Repository, release: int) -> Response:
        made = (bodies.release_body(repo, one) for one in repo.releases.until(self.world.clock.now))
        return next((json_answer(body) for body in made if body["id"] == release), self._missing())

    def _contents(self, request: Request, owner: str, name: str, inside: str) -> Response:
        files = self.folders.get(f"{owner}/{name}/{inside}")
        return folder(request, f"/repos/{owner}/{name}/contents/{inside}", files()) if files else self._missing()

    def _blob(self, request: Request, owner: str, name: str, sha: str) -> Response:
        own = [path for path in self.folders if path.startswith(f"{owner}/{name}/")]
        for path in own:
            _, _, inside = path.removeprefix(f"{owner}/").partition("/")
            answer = folder(request, f"/repos/{owner}/{name}/contents/{inside}", self.folders[path]())
            if answer.status == 200:
                return answer
        return self._missing()


def _since(request: Request) -> int:
    return seconds(request.query["since"]) if request.query.get("since") else 0


def _size(text: str | None) -> int:
    return max(1, min(100, int(text or 30)))


def _numbered(request: Request, items: list[Any], show: Any) -> Response:
    """A page by number, with first, prev, next and last."""
    size, page = _size(request.query.get("per_page")), int(request.query.get("page", 1))
    last = max(1, -(-len(items) // size))
    response = json_answer([show(one) for one in items[(page - 1) * size : page * size]])
    links = [_link(request, name, page=str(to)) for name, to in (("next", page + 1), ("last", last)) if page < last]
    links += [_link(request, name, page=str(to)) for name, to in (("first", 1), ("prev", page - 1)) if page > 1]
    return response.plus(link=", ".join(links)) if links else response


def _link(request: Request, name: str = "next", **changed: str) -> str:
    pairs = [(word, value) for word, value in request.query.items(multi=True) if word not in changed]
    return f'<{request.base}{request.path}?{urlencode([*pairs, *changed.items()])}>; rel="{name}"'
