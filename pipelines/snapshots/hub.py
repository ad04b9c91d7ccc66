"""A published set as a data set of the Hugging Face Hub, written in one commit."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # the library reads it when it is imported

import httpx2
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, constants, set_client_factory
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import _http as library_http
from huggingface_hub.utils.tqdm import disable_progress_bars

import pipelines
from pipelines.http.connections import limit_time
from pipelines.http.download import DOWNLOAD_SECONDS, open_client
from pipelines.http.errors import Denied, Fatal, Retriable
from pipelines.snapshots.web import WebSource, locate_hub
from warehouse.settings import Settings
from warehouse.sharing.manifest import FILE

REPO_TYPE = "dataset"
LIBRARY = "heartbeat"
"""How the library names us to the Hub."""


class HubPlace(WebSource):
    """Reads and writes the main branch of one data set."""

    def __init__(self, repository: str, settings: Settings) -> None:
        super().__init__(locate_hub(repository), settings.private_hosts, pipelines.user_agent(settings.contact))
        self._repository, self._settings = repository, settings
        self._label = f"hf://datasets/{repository}"

    def put_set(self, files: Sequence[Path], kept: frozenset[str]) -> None:
        """Commits the files and the removal of old snapshots at once. Raises SourceError."""
        token = self._settings.hf_token.get_secret_value()
        if not token:
            raise Denied(f"{self._label}: set HF_TOKEN to a token that may write to this data set")
        with self._speak():
            api = HfApi(
                endpoint=os.environ.get("HF_ENDPOINT") or constants.ENDPOINT,
                token=token,
                library_name=LIBRARY,
                library_version=pipelines.VERSION,
                user_agent=self._settings.contact or None,
            )
            api.create_repo(self._repository, repo_type=REPO_TYPE, exist_ok=True)
            there = api.list_repo_files(self._repository, repo_type=REPO_TYPE)
            old = [name for name in there if re.fullmatch(FILE, name) and name not in kept]
            api.create_commit(
                self._repository,
                [*(CommitOperationAdd(path.name, str(path)) for path in files), *map(CommitOperationDelete, old)],
                repo_type=REPO_TYPE,
                commit_message="Publish a snapshot",
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
            raise self._explain(error.response.status_code) from None
        except httpx2.TransportError as error:
            raise Retriable(f"{self._label}: connection failed ({type(error).__name__})") from None
        except (httpx2.HTTPError, ValueError, RuntimeError) as error:
            raise Fatal(f"{self._label}: {type(error).__name__}: {str(error).splitlines()[0][:200]}") from None
        finally:
            set_client_factory(former)

    def _explain(self, status: int) -> Denied | Fatal | Retriable:
        if status in (401, 403, 404):
            # The Hub answers so to anyone who must not know whether it exists.
            return Denied(f"{self._label}: {status}: it does not exist, is private, or the token may not write to it")
        return (Retriable if status >= 500 or status == 429 else Fatal)(f"{self._label}: {status}")
