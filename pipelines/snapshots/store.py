"""A published set in a folder of this machine or of an object store."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pyarrow as pa
from pyarrow import fs

from pipelines.http.download import PIECE_BYTES, Keep
from pipelines.http.errors import Gone, Retriable
from warehouse.settings import SettingsError
from warehouse.sharing.followed import label_source

READ_BYTES = 8 * PIECE_BYTES
"""An object store is asked anew for each of these."""
_CREDENTIALS = {
    "s3": (
        "AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ),
    "gs": ("GOOGLE_APPLICATION_CREDENTIALS",),
}  # fmt: skip
_OPTIONS = frozenset({"region", "scheme", "endpoint_override"})


class StorePlace:
    """Reads and writes the files of one folder."""

    def __init__(self, label: str, files: fs.FileSystem, root: str) -> None:
        self._label, self._files, self._root = label, files, root

    def fetch(self, name: str, keep: Keep) -> None:
        """Reads one file of the set. Raises SourceError."""
        try:
            with self._files.open_input_stream(f"{self._root}/{name}", compression=None) as stream:
                while piece := stream.read(READ_BYTES):
                    keep(piece)
        except FileNotFoundError:
            raise Gone(f"{self._label}: there is no {name}") from None
        except (OSError, pa.ArrowException) as error:
            raise Retriable(f"{self._label}: {name} cannot be read: {_shorten(error)}") from None

    def put_set(self, files: Sequence[Path], manifest: Path, kept: frozenset[str]) -> None:
        """Puts the files, then the manifest, then removes snapshots not named in `kept`. Raises SourceError."""
        try:
            self._files.create_dir(self._root, recursive=True)
            for path in (*files, manifest):
                self._put(path)
            for info in self._files.get_file_info(fs.FileSelector(self._root)):
                if info.base_name.startswith("heartbeat-") and info.base_name not in kept:
                    self._files.delete_file(info.path)
        except (OSError, pa.ArrowException) as error:
            raise Retriable(f"{self._label}: cannot be written to: {_shorten(error)}") from None

    def _put(self, path: Path) -> None:
        is_local = isinstance(self._files, fs.LocalFileSystem)
        # An object store shows a file only once it is complete; a folder needs a rename for that.
        aside = f"{self._root}/.{path.name}.{os.getpid()}" if is_local else f"{self._root}/{path.name}"
        with path.open("rb") as source, self._files.open_output_stream(aside, compression=None) as sink:
            shutil.copyfileobj(source, sink, PIECE_BYTES)
        if is_local:
            os.replace(aside, f"{self._root}/{path.name}")


def open_store(word: str, is_writing: bool) -> StorePlace:
    """Opens a path or the URL of an object store. Raises SettingsError."""
    label = label_source(word)
    try:
        files, root = _open_files(word, label, is_writing)
    except (OSError, ValueError, pa.ArrowException) as error:
        # The library's own message repeats the URL, which may carry a key.
        raise SettingsError(f"{label}: not usable as an object store ({type(error).__name__})") from None
    return StorePlace(label, files, root.rstrip("/"))


def _open_files(word: str, label: str, is_writing: bool) -> tuple[fs.FileSystem, str]:
    if "://" not in word:
        return fs.LocalFileSystem(), label
    parts = urlsplit(word)
    path = urlsplit(label).path
    if is_writing or "@" in parts.netloc or _has_credentials(parts.scheme):
        files, _ = fs.FileSystem.from_uri(word)
    # Without credentials the libraries would look for those of a cloud machine for seconds, and then fail.
    elif parts.scheme == "s3":
        options = dict(parse_qsl(parts.query))
        files = fs.S3FileSystem(anonymous=True, **{name: options[name] for name in _OPTIONS & options.keys()})
    elif parts.scheme in ("gs", "gcs"):
        files = fs.GcsFileSystem(anonymous=True)
    else:
        files, _ = fs.FileSystem.from_uri(word)
    return files, path if parts.scheme == "file" else f"{urlsplit(label).netloc}{path}"


def _has_credentials(scheme: str) -> bool:
    folder = {"s3": "~/.aws", "gs": "~/.config/gcloud"}.get(scheme, "")
    names = _CREDENTIALS.get(scheme, ())
    return any(os.environ.get(name) for name in names) or bool(folder and Path(folder).expanduser().is_dir())


def _shorten(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
