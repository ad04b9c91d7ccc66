"""The hub of models: listing by cursor, single models by name, quotas in its own headers."""

import base64
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule

from tests.upstream.messages import EXPIRED, Request, Response, conditional, json_answer
from tests.upstream.quota import Quota
from tests.upstream.sites.hub_datasets import Datasets
from tests.upstream.sites.hub_talks import Talks
from tests.upstream.world.clock import iso_millis
from tests.upstream.world.draws import number
from tests.upstream.world.models import Model
from tests.upstream.world.world import World

ROUTES = Map(
    [
        Rule("/api/models", endpoint="listing"),
        Rule("/api/models/<string:owner>/<string:name>", endpoint="single"),
        Rule("/api/models/<string:owner>/<string:name>/discussions", endpoint="talks"),
        Rule("/api/models/<string:owner>/<string:name>/discussions/<int:num>", endpoint="talk"),
    ]
)
ONLY_SINGLE = frozenset({"baseModels", "childrenModelCount", "usedStorage"})
MOST_AT_ONCE = 1000


@dataclass(slots=True)
class Hub:
    """Answers as the hub does."""

    world: World
    quota: Quota
    datasets: Datasets = field(default_factory=Datasets)

    def answer(self, request: Request) -> Response:
        """Answers within the client's quota: models are only read, data sets are also written."""
        if self.datasets.takes(request):
            return self.datasets.answer(request)
        if request.token == EXPIRED:
            return json_answer({"error": "Invalid credentials in Authorization header"}, 401)
        if not self.quota.spend(request.token):
            body = {"error": "We had to rate limit you, you hit the quota of 'api' requests per 5 minutes."}
            return json_answer(body, 429, **self._headers(request))
        try:
            endpoint, values = ROUTES.bind("hub").match(request.path, method="GET")
        except NotFound:
            return json_answer({"error": "Sorry, we can't find the page you are looking for."}, 404)
        response: Response = getattr(self, f"_{endpoint}")(request, **values)
        return response.plus(**self._headers(request), x_request_id="Root=1-0")

    def _headers(self, request: Request) -> dict[str, str]:
        quota, seconds = self.quota, self.quota.resets() - self.quota.now()
        policy = f'"fixed window";"api";q={quota.of(request.token)};w={quota.window_seconds}'
        return {"ratelimit": f'"api";r={quota.remaining(request.token)};t={seconds}', "ratelimit_policy": policy}

    def _listing(self, request: Request) -> Response:
        query = request.query
        expand = _read_expand(request)
        if wrong := [one for one in expand if one in ONLY_SINGLE]:
            return json_answer({"error": f"Invalid expand parameter: {', '.join(wrong)}"}, 400)
        limit = min(int(query.get("limit", MOST_AT_ONCE)), MOST_AT_ONCE)
        start = int(base64.urlsafe_b64decode(query["cursor"]).split(b":")[1]) if "cursor" in query else 0
        found = [one for one in self.world.models() if one.is_visible and not one.gone and not one.is_private]
        found = [one for one in found if one.name.partition("/")[0].lower() == query["author"].lower()]
        found.sort(key=lambda one: (-one.likes, one.name))
        response = json_answer([shown(one, expand, is_listed=True) for one in found[start : start + limit]])
        if start + limit >= len(found):
            return response
        cursor = base64.urlsafe_b64encode(b"after:%d" % (start + limit)).decode()
        pairs = [(name, value) for name, value in query.items(multi=True) if name != "cursor"]
        return response.plus(
            link=f'<{request.base}{request.path}?{urlencode([*pairs, ("cursor", cursor)])}>; rel="next"'
        )

    def _find(self, request: Request, owner: str, name: str) -> Model | Response:
        """The model that is asked for, or the answer in its place."""
        model = self.world.find_model(f"{owner}/{name}")
        if model is None or not model.is_visible or model.gone == 404 or (model.is_private and not request.token):
            # A nameless client cannot say what is missing from what is private.
            return json_answer(
                {"error": "Repository not found"}, 404 if request.token else 401, x_error_code="RepoNotFound"
            )
        if model.gone:
            return json_answer({"error": "Access to this model is disabled"}, model.gone)
        if model.name.lower() != f"{owner}/{name}".lower():
            where = request.target.replace(f"/{owner}/{name}", f"/{model.name}", 1)
            return Response(
                307,
                f"Temporary Redirect. Redirecting to {where}".encode(),
                {"location": where, "content-type": "text/plain"},
            )
        return model

    def _talks(self, request: Request, owner: str, name: str) -> Response:
        found = self._open_board(request, owner, name)
        return found if isinstance(found, Response) else found.listing(request)

    def _talk(self, request: Request, owner: str, name: str, num: int) -> Response:
        found = self._open_board(request, owner, name)
        return found if isinstance(found, Response) else found.single(request, num)

    def _open_board(self, request: Request, owner: str, name: str) -> Talks | Response:
        model = self._find(request, owner, name)
        if isinstance(model, Response):
            return model
        if model.board.refusal:
            return json_answer({"error": "Discussions are disabled for this repo"}, model.board.refusal)
        return Talks(model.board, self.world.people, model.name, self.world.manner)

    def _single(self, request: Request, owner: str, name: str) -> Response:
        model = self._find(request, owner, name)
        if isinstance(model, Response):
            return model
        response = json_answer(shown(model, _read_expand(request), is_listed=False))
        return conditional(request, response, f"{number(response.body):x}")


def _read_expand(request: Request) -> list[str]:
    return request.query.getlist("expand") + request.query.getlist("expand[]")


def tags(model: Model) -> list[str]:
    """A model's tags."""
    base = [f"base_model:{model.base}", f"base_model:{model.relation}:{model.base}"] if model.base else []
    return ["transformers", "safetensors", "text-generation", *base, f"license:{model.life.licence}", "region:us"]


def shown(model: Model, wanted: list[str], *, is_listed: bool) -> dict[str, Any]:
    """A model with the fields wanted; the mapping of providers is a list in listings and an object elsewhere."""
    life = model.life
    base = (
        {"relation": model.relation, "models": [{"_id": f"{number(model.base):024x}", "id": model.base}]}
        if model.base
        else None
    )
    mapping = {
        name: {"status": state, "providerId": model.name.lower(), "task": "conversational"}
        for name, state in model.providers.items()
    }
    providers: Any = [{"provider": name, **one} for name, one in mapping.items()] if is_listed else mapping
    own = {"license_name": "house-licence", "license_link": "LICENSE"} if life.licence == "other" else {}
    fields: dict[str, Any] = {
        "_id": model.object_id, "id": model.name,
        "createdAt": iso_millis(life.created), "lastModified": iso_millis(model.modified), "private": model.is_private,
        "disabled": False,
        "gated": False if life.gated == "no" else life.gated, "downloads": model.downloads,
        "downloadsAllTime": model.downloads_all_time,
        "likes": model.likes, "pipeline_tag": "text-generation",
        "library_name": "transformers",
        "tags": tags(model),
        "safetensors": {"parameters": {life.precision: life.parameters}, "total": life.parameters},
        "spaces": model.spaces,
        "cardData": {"license": life.licence, **own},
        "inferenceProviderMapping": providers,
        "usedStorage": life.parameters * 2,
        "gguf": {"total": life.parameters, "architecture": "llama"} if model.relation == "quantized" else None,
        "baseModels": base, "childrenModelCount": model.children,
    }  # fmt: skip
    return {name: fields[name] for name in ("_id", "id", *wanted) if fields[name] is not None}
