"""huggingface_hub, whose requests go through the guarded client of the current visit.

It takes long to import, and who reads the catalog only asks for STREAMS: so this is imported where a visit begins.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from json import JSONDecodeError

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # the library reads it on import

import httpx2
from huggingface_hub import HfApi, ModelInfo, set_client_factory
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils._validators import validate_repo_id  # re-exported by the library, but not declared so

from pipelines.contract import Visit
from pipelines.http.answers import redact_url
from pipelines.http.client import Http
from pipelines.http.errors import Fatal, Retriable, TokenRefused
from pipelines.http.keys import KeyWatch
from pipelines.http.swarms import refuse_swarm
from pipelines.sources.huggingface.keys import DETAILS, MODELS
from pipelines.sources.huggingface.limits import BASE_URL
from pipelines.text import values
from warehouse.faults import Fault

LONGEST_NAME = 200
_current_visit: ContextVar["_CurrentVisit"] = ContextVar("current_visit")


@dataclass(slots=True)
class _CurrentVisit:
    """What the library's requests need of the visit that makes them."""

    http: Http
    keys: KeyWatch
    broken: list[str] = field(default_factory=list)
    """Names of the listed models that the library cannot read."""


class _Transport(httpx2.BaseTransport):
    """Sends the library's requests through the guarded client of the current visit."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        visit = _current_visit.get()
        sent = {name: request.headers[name] for name in ("authorization", "user-agent") if name in request.headers}
        answer = visit.http.get(str(request.url), headers=sent)
        refuse_swarm(answer.content, redact_url(answer.url))
        received = {name: answer.headers[name] for name in ("content-type", "link") if name in answer.headers}
        is_list = request.url.path.endswith("/api/models")
        content = visit.keys.check_content(answer.content, MODELS if is_list else DETAILS)
        content = _drop_broken_models(content, visit.broken) if is_list else content
        return httpx2.Response(answer.status, headers=received, content=content, request=request)


def _drop_broken_models(content: bytes, broken: list[str]) -> bytes:
    """Drops the models from a list that would end the library's reading of it, and adds their names to `broken`."""
    try:
        listed = json.loads(content)
    except (ValueError, RecursionError):
        listed = None
    if not isinstance(listed, list):
        return content  # the library says what is wrong
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


def make_api(visit: Visit) -> HfApi:
    """Makes the library's client for the channel of a visit."""
    return HfApi(endpoint=(visit.channel.base_url or BASE_URL).rstrip("/"), token=visit.tokens.get("HF_TOKEN") or False)


@contextmanager
def use_client(visit: Visit) -> Iterator[list[str]]:
    """Sends the library's requests through a client, and translates its errors; yields the broken models' names."""
    current = _CurrentVisit(visit.http, visit.keys)
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


def check_name(visit: Visit, model: str) -> None:
    """Refuses what is no name of a model. Raises Fatal."""
    try:
        validate_repo_id(model)
    except HFValidationError as error:
        reason = f"{visit.channel.target}: {model!r} is not a valid model name: {values.clean_line(error)}"
        raise Fatal(reason, Fault.MISCONFIGURED) from None
