"""The Hugging Face Hub: a daily list of an organisation's models, details of the tracked ones, and their discussions.

`downloads` is the Hub's rolling 30-day count: one snapshot per day, never to be summed. The details include the number
of derivatives by relation at no extra cost; listing them would take four requests per model and day.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC
from json import JSONDecodeError
from typing import Any

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # the library reads it on import

import httpx2
from huggingface_hub import HfApi, ModelInfo, set_client_factory
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils._validators import validate_repo_id  # re-exported by the library, but not declared so

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.answers import Answer, to_web_link
from pipelines.http.client import Http
from pipelines.http.errors import Denied, Fatal, Gone, Retriable, TokenRefused
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.passed_over import PassedOver
from pipelines.sources.huggingface.discussion_reader import read_boards
from pipelines.sources.huggingface.limits import explain_limit
from pipelines.text import values
from warehouse.faults import Fault

BASE_URL = "https://huggingface.co"
OPTIONAL_TOKENS = ("HF_TOKEN",)
STREAMS = {
    "models": Stream("whole"),
    "details": Stream("whole", resumable=True, also=("providers",), empty_is_normal=True),
    "discussions": Stream("newest-first", resumable=True, also=("discussion_events", "boards"), empty_is_normal=True),
}
CURSOR = 1
LONGEST_NAME = 200
LISTED: list[Any] = [
    "createdAt", "downloads", "downloadsAllTime", "gated", "lastModified", "likes", "pipeline_tag", "private",
    "safetensors", "tags",
]  # fmt: skip
DETAILED: list[Any] = [
    *LISTED, "baseModels", "cardData", "childrenModelCount", "disabled", "gguf", "inferenceProviderMapping",
    "library_name", "spaces",
    "usedStorage",
]  # fmt: skip
"""Fields of a single model; the Hub never lists lineage and storage."""
MOST_SPACES = 100
"""Number of spaces after which the Hub cuts a model's list, so that the true number is unknown."""
PROVIDER_STATES = ("live", "staging", "error")
RELATIONS = {"finetune": "finetunes", "adapter": "adapters", "quantized": "quantized", "merge": "merges"}
_current_visit: ContextVar["_CurrentVisit"] = ContextVar("current_visit")


@dataclass(slots=True)
class _CurrentVisit:
    """What the library's requests need of the visit that makes them."""

    http: Http
    broken: list[str] = field(default_factory=list)
    """Names of the listed models that the library cannot read."""


class _Transport(httpx2.BaseTransport):
    """Sends the library's requests through the guarded client of the current visit."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        visit = _current_visit.get()
        sent = {name: request.headers[name] for name in ("authorization", "user-agent") if name in request.headers}
        answer = visit.http.get(str(request.url), headers=sent)
        received = {name: answer.headers[name] for name in ("content-type", "link") if name in answer.headers}
        is_list = request.url.path.endswith("/api/models")
        content = _drop_broken_models(answer, visit.broken) if is_list else answer.content
        return httpx2.Response(answer.status, headers=received, content=content, request=request)


def _drop_broken_models(answer: Answer, broken: list[str]) -> bytes:
    """Drops the models from a list that would end the library's reading of it, and adds their names to `broken`."""
    try:
        listed = json.loads(answer.content)
    except (ValueError, RecursionError):
        listed = None
    if not isinstance(listed, list):
        return answer.content  # the library says what is wrong
    kept = []
    for index, item in enumerate(listed):
        try:
            ModelInfo(**item)  # type: ignore[no-untyped-call]
            if not isinstance(item["id"], str) or not 0 < len(item["id"]) <= LONGEST_NAME:
                raise TypeError("a model without a name")
        except Exception:  # whatever the library makes of a broken item, its neighbours are read
            name = item.get("id") if isinstance(item, dict) else None
            broken.append(values.clean_line(name, 120) if isinstance(name, str) else f"entry {index + 1} of the list")
        else:
            kept.append(item)
    return json.dumps(kept).encode()


# The library has one client per process, by default without a timeout.
set_client_factory(lambda: httpx2.Client(transport=_Transport(), trust_env=False))


def models(visit: Visit) -> Iterator[Page]:
    """Yields all public models of the organisation, once a day."""
    day = _format_day(visit)
    if _list_done(visit, day):
        known = PassedOver.load(visit.cursor, visit.now, "model")
        yield Page([], visit.cursor, passed_over=known, is_unchanged=True)
        return
    passed = PassedOver(visit.now, "model")
    try:
        with explain_limit(visit), _use_client(visit.http) as broken:
            infos = list(_make_api(visit).list_models(author=visit.channel.target, expand=LISTED))
    except TokenRefused:
        raise
    except Denied as error:
        raise Denied(f"{error} (HF_TOKEN)") from None
    if not infos and broken:
        raise Fatal("the Hub's list of models has an unexpected shape: no entry of it can be read")
    if not infos:
        reason = f"{visit.channel.target}: the Hub lists no models; check the organisation's name in the catalog"
        raise Fatal(reason, Fault.EMPTY)
    for name in broken:
        passed.add(name, Fatal("a model in the Hub's list has an unexpected shape"))
    rows: list[Row] = []
    for model in infos:
        with passed.attempt(model.id, is_asked=False):
            rows += [] if model.private else [Row(f"{model.id}:{day}", None, _model_body(model, day))]
    cursor = {"v": CURSOR, "day": day, "done": ["*"], **passed.to_cursor()}
    yield Page(rows, cursor, len(rows) + len(passed), passed_over=passed)


def details(visit: Visit) -> Iterator[Page]:
    """Yields the details of each tracked model, once a day; a model that cannot be read gets a row with its state."""
    day = _format_day(visit)
    done = _list_done(visit, day)
    passed = PassedOver.load(visit.cursor, visit.now, "model")
    passed.keep_only(visit.channel.models)
    todo = [model for model in visit.channel.models if model not in done and not passed.is_paused(model)]

    def make_page(rows: list[Row], is_unchanged: bool = False) -> Page:
        cursor = {"v": CURSOR, "day": day, "done": done, **passed.to_cursor()}
        return Page(rows, cursor, len(todo), passed_over=passed, is_unchanged=is_unchanged)

    if not todo:
        yield make_page([], is_unchanged=bool(done or passed))
        passed.check_any_left(visit.channel.models)
        return
    refused = 0
    for model in todo:
        rows: list[Row] = []
        with passed.attempt(model):
            body, providers = _read_details(visit, model, day)
            rows = [Row(f"{model}:{day}", None, body), *providers]
            refused += body["state"] == "denied"
            done = done if body["state"] == "denied" else [*done, model]
        yield make_page(rows)
    passed.check_any_left(visit.channel.models)
    if refused == len(todo) and "HF_TOKEN" in visit.tokens:
        raise Denied(f"{visit.channel.target}: the Hub denies access to every tracked model; check HF_TOKEN")


def discussions(visit: Visit) -> Iterator[Page]:
    """Yields the discussions of the tracked models."""
    yield from read_boards(visit, (visit.channel.base_url or BASE_URL).rstrip("/"), _check_name)


def _check_name(visit: Visit, model: str) -> None:
    try:
        validate_repo_id(model)
    except HFValidationError as error:
        reason = f"{visit.channel.target}: {model!r} is not a valid model name: {values.clean_line(error)}"
        raise Fatal(reason, Fault.MISCONFIGURED) from None


def _read_details(visit: Visit, model: str, day: str) -> tuple[dict[str, Any], list[Row]]:
    _check_name(visit, model)
    try:
        with explain_limit(visit), _use_client(visit.http):
            info = _make_api(visit).model_info(model, expand=DETAILED)
    except TokenRefused:
        raise
    except (Gone, Denied) as error:
        state = "gone" if isinstance(error, Gone) else "denied"
        return {"model_id": model, "asked_id": model, "day_on": day, "state": state}, []
    asked = {"asked_id": model, "state": "disabled" if info.disabled else "public"}
    return _model_body(info, day) | _count_derivatives(info) | _describe_offer(info) | asked, _provider_rows(info, day)


@raises_on_unexpected_shape("a model of the Hub")
def _model_body(model: ModelInfo, day: str) -> dict[str, Any]:
    tags = [tag for tag in model.tags or [] if isinstance(tag, str)]
    return {
        "model_id": values.clean_line(model.id, 120),
        "day_on": day,
        "created_at": values.format_instant(model.created_at),
        "last_modified_at": values.format_instant(model.last_modified),
        "downloads": _to_count(model.downloads),
        "downloads_all_time": _to_count(model.downloads_all_time),
        "likes": _to_count(model.likes),
        "gated": {False: "no", "auto": "auto", "manual": "manual"}.get(model.gated)
        if model.gated is not None
        else None,
        "licence": next(
            (values.clean_line(tag.removeprefix("license:"), 60) for tag in tags if tag.startswith("license:")), None
        ),
        "parameters": _to_count(model.safetensors.total) if model.safetensors else None,
        "pipeline": values.clean_line(model.pipeline_tag, 60) or None,
        "base_models": [
            values.clean_line(tag.removeprefix("base_model:"), 140) for tag in tags if tag.startswith("base_model:")
        ][:20],
    }


def _count_derivatives(model: ModelInfo) -> dict[str, Any]:
    """Counts a model's derivatives by relation; the Hub omits a relation without any."""
    counts = model.children_model_count
    if not isinstance(counts, Mapping):
        return dict.fromkeys(RELATIONS.values())
    return {ours: _to_count(counts.get(theirs, 0)) for theirs, ours in RELATIONS.items()}


@raises_on_unexpected_shape("a model of the Hub")
def _describe_offer(model: ModelInfo) -> dict[str, Any]:
    """Describes a model's custom licence, library, sizes, spaces and number of providers."""
    card = model.card_data
    spaces = len(model.spaces) if isinstance(model.spaces, list) else None
    return {
        "licence_name": values.clean_line(getattr(card, "license_name", None), 100) or None,
        "licence_link": to_web_link(getattr(card, "license_link", None), f"{BASE_URL}/{model.id}/blob/main/"),
        "library": values.clean_line(model.library_name, 60) or None,
        "spaces": spaces,
        "has_more_spaces": None if spaces is None else spaces >= MOST_SPACES,
        "gguf_parameters": _to_count(model.gguf.get("total")) if isinstance(model.gguf, Mapping) else None,
        "storage_bytes": _to_count(model.used_storage),
        "providers": None if model.inference_provider_mapping is None else len(model.inference_provider_mapping),
    }


@raises_on_unexpected_shape("a model of the Hub")
def _provider_rows(model: ModelInfo, day: str) -> list[Row]:
    """Makes one row per provider that serves the model through the Hub; an unknown state goes to `drift`."""
    rows = []
    for provider in model.inference_provider_mapping or []:
        name, status = values.clean_line(provider.provider, 60), values.clean_line(provider.status, 40)
        is_known = status in PROVIDER_STATES
        body = {
            "model_id": values.clean_line(model.id, 120),
            "provider": name,
            "day_on": day,
            "task": values.clean_line(provider.task, 60) or None,
            "state": status if is_known else "unknown",
            "drift": [] if is_known else [status],
        }
        rows.append(Row(f"{model.id}:{name}:{day}", None, body, "providers"))
    return rows


def _to_count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None


def _format_day(visit: Visit) -> str:
    return visit.now.astimezone(UTC).date().isoformat()


def _list_done(visit: Visit, day: str) -> list[str]:
    """Lists the models that today's earlier visits have read."""
    cursor = visit.cursor
    done = cursor.get("done") if cursor.get("v") == CURSOR and cursor.get("day") == day else []
    return [model for model in done if isinstance(model, str)] if isinstance(done, list) else []


def _make_api(visit: Visit) -> HfApi:
    return HfApi(endpoint=(visit.channel.base_url or BASE_URL).rstrip("/"), token=visit.tokens.get("HF_TOKEN") or False)


@contextmanager
def _use_client(http: Http) -> Iterator[list[str]]:
    """Sends the library's requests through a client, and translates its errors; yields the broken models' names."""
    current = _CurrentVisit(http)
    token = _current_visit.set(current)
    try:
        yield current.broken
    except TokenRefused as error:
        raise TokenRefused(f"{error} (HF_TOKEN)") from None
    except JSONDecodeError:
        raise Retriable("the Hub's answer is incomplete JSON") from None
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, RecursionError) as error:
        if isinstance(error, HFValidationError):
            raise
        raise Fatal(f"the Hub's answer has a shape that huggingface_hub does not know: {error!r}") from None
    finally:
        _current_visit.reset(token)
