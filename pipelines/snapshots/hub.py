"""A published set as a data set of the Hugging Face Hub: read without a token, written in one commit."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import PRECONDITION_FAILED
from pathlib import Path

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # the library reads it when it is imported

import httpx2
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, constants, hf_hub_url, set_client_factory
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import _http as library_http
from huggingface_hub.utils._headers import build_hf_headers
from huggingface_hub.utils.tqdm import disable_progress_bars

import pipelines
from pipelines.http.connections import limit_time
from pipelines.http.download import DOWNLOAD_SECONDS, PIECE_BYTES, Keep, open_client
from pipelines.http.errors import Denied, Fatal, Gone, Retriable
from pipelines.snapshots.superseding import Superseded, digest_manifest
from warehouse.settings import Settings

REPO_TYPE = "dataset"
LIBRARY = "heartbeat"
"""How the library names us to the Hub."""


class HubPlace:
    """Reads and writes the main branch of one data set."""

    def __init__(self, repository: str, settings: Settings) -> None:
        self._repository, self._settings = repository, settings
        self._label = f"hf://datasets/{repository}"
        self._endpoint = os.environ.get("HF_ENDPOINT") or constants.ENDPOINT
        self._contact = settings.contact or None

    def fetch(self, name: str, keep: Keep) -> None:
        """Reads one file of the set, without a token. Raises SourceError."""
        url = hf_hub_url(self._repository, name, repo_type=REPO_TYPE, endpoint=self._endpoint)
        headers = build_hf_headers(
            token=False, library_name=LIBRARY, library_version=pipelines.VERSION, user_agent=self._contact
        ) | {"accept-encoding": "identity"}
        with (
            self._speak(),
            library_http.http_stream_backoff("GET", url, headers=headers, max_retries=1) as response,
        ):
            library_http.hf_raise_for_status(response)
            for piece in response.iter_bytes(PIECE_BYTES):
                keep(piece)

    def put_set(
        self, files: Sequence[Path], manifest: Path, kept: frozenset[str], seen: str, gone: frozenset[str] = frozenset()
    ) -> None:
        """Commits the files, the manifest and the removal of old snapshots at once, if nobody else has committed
        meanwhile. Raises SourceError and Superseded."""
        token = self._settings.hf_token.get_secret_value()
        if not token:
            raise Denied(f"{self._label}: set HF_TOKEN to a token that may write to this data set")
        with self._speak():
            api = HfApi(
                endpoint=self._endpoint,
                token=token,
                library_name=LIBRARY,
                library_version=pipelines.VERSION,
                user_agent=self._contact,
            )
            api.create_repo(self._repository, repo_type=REPO_TYPE, exist_ok=True)
            head = api.repo_info(self._repository, repo_type=REPO_TYPE).sha
        if digest_manifest(self.fetch) != seen:
            raise Superseded(self._label)
        with self._speak():
            self._commit(api, [*files, manifest], kept, head)

    def _commit(self, api: HfApi, files: Sequence[Path], kept: frozenset[str], head: str | None) -> None:
        there = api.list_repo_files(self._repository, repo_type=REPO_TYPE)
        old = [name for name in there if name.startswith("heartbeat-") and name not in kept]
        api.create_commit(
            self._repository,
            [*(CommitOperationAdd(path.name, str(path)) for path in files), *map(CommitOperationDelete, old)],
            repo_type=REPO_TYPE,
            commit_message="Publish a snapshot",
            parent_commit=head,
        )

    @contextmanager
    def _speak(self) -> Iterator[None]:
        """Carries the library's requests on pinned connections, and its errors as ours."""
        # Its second protocol (Xet) connects by itself, past the pinned addresses; both sides also speak the first.
        constants.HF_HUB_DISABLE_XET = True
        disable_progress_bars()
        former = library_http._GLOBAL_CLIENT_FACTORY
        set_client_factory(lambda: open_client(self._settings.private_hosts))
        try:
            with limit_time(DOWNLOAD_SECONDS):
                yield
        except HfHubHTTPError as error:
            if error.response.status_code == PRECONDITION_FAILED:  # somebody has committed since
                raise Superseded(self._label) from None
            raise self._explain(error.response.status_code) from None
        except httpx2.TransportError as error:
            raise Retriable(f"{self._label}: connection failed ({type(error).__name__})") from None
        except (httpx2.HTTPError, ValueError, RuntimeError) as error:
            raise Fatal(f"{self._label}: {type(error).__name__}: {str(error).splitlines()[0][:200]}") from None
        finally:
            set_client_factory(former)

    def _explain(self, status: int) -> Gone | Denied | Fatal | Retriable:
        if status == 404:
            return Gone(f"{self._label}: 404: there is no such data set, or nothing is published in it")
        if status in (401, 403):
            # The Hub answers so to whoever must not know whether it exists.
            return Denied(f"{self._label}: {status}: it does not exist, is private, or the token may not write to it")
        return (Retriable if status >= 500 or status == 429 else Fatal)(f"{self._label}: {status}")
