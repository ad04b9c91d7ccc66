"""A published set at an https address: of any web server, of a release's files, or of the Hugging Face Hub."""

import os
from urllib.parse import urlsplit

from pipelines.http.answers import redact_url
from pipelines.http.connections import Resolve, resolve_host
from pipelines.http.download import Keep, download, open_client
from warehouse.settings import SettingsError
from warehouse.sharing.followed import label_source

HUB = "https://huggingface.co"


class WebSource:
    """Reads the files beside a manifest."""

    def __init__(
        self, address: str, private_hosts: frozenset[str], user_agent: str, resolve: Resolve = resolve_host
    ) -> None:
        parts = urlsplit(address)
        if parts.query or parts.fragment or "@" in parts.netloc or not parts.hostname:
            raise SettingsError(
                f"{redact_url(address)}: give the folder's address, or that of its heartbeat.json, without a password,"
                " a query or a fragment"
            )
        self._base = label_source(address)
        self._private_hosts, self._user_agent, self._resolve = private_hosts, user_agent, resolve

    def fetch(self, name: str, keep: Keep) -> None:
        """Reads one file of the set. Raises SourceError."""
        with open_client(self._private_hosts, self._resolve) as client:
            download(client, f"{self._base}/{name}", keep, {"user-agent": self._user_agent})


def locate_hub(repository: str) -> str:
    """Returns the address of the files of a data set on the Hub, which anybody may read."""
    return f"{os.environ.get('HF_ENDPOINT') or HUB}/datasets/{repository}/resolve/main"
