"""A published set in a folder of this machine or of an object store."""

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pyarrow as pa
from pyarrow import fs

from pipelines.http.download import PIECE_BYTES, Keep
from pipelines.http.errors import Gone, Retriable
from pipelines.snapshots.superseding import Superseded, digest_manifest
from warehouse.durable import STALE_SECONDS, replace_file, sync
from warehouse.settings import SettingsError
from warehouse.sharing.followed import label_source

READ_BYTES = 8 * PIECE_BYTES
"""An object store is asked anew for each of these."""
_PROFILE = "AWS_PROFILE"
_CREDENTIALS = {
    "s3": (
        "AWS_ACCESS_KEY_ID", _PROFILE, "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
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
        # What `keep` raises is not the place's fault.
        for piece in self._read_pieces(name):
            keep(piece)

    def _read_pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self._files.open_input_stream(f"{self._root}/{name}", compression=None) as stream:
                while piece := stream.read(READ_BYTES):
                    yield piece
        except FileNotFoundError:
            raise Gone(f"{self._label}: there is no {name}") from None
        except (OSError, pa.ArrowException) as error:
            raise Retriable(f"{self._label}: {name} cannot be read: {shorten_error(error)}") from None

    def put_set(
        self, files: Sequence[Path], manifest: Path, kept: frozenset[str], seen: str, gone: frozenset[str] = frozenset()
    ) -> None:
        """Puts the snapshot, then the manifest, then the others, and removes snapshots not named in `kept`; one
        publisher of a folder at a time. Raises SourceError and Superseded."""
        try:
            self._files.create_dir(self._root, recursive=True)
            with self._hold_folder():
                self._put(files[0])
                if digest_manifest(self.fetch) != seen:
                    raise Superseded(self._label)
                for path in (manifest, *files[1:]):
                    self._put(path)
                self._remove_old(kept)
        except (OSError, pa.ArrowException) as error:
            raise Retriable(f"{self._label}: cannot be written to: {shorten_error(error)}") from None

    @contextmanager
    def _hold_folder(self) -> Iterator[None]:
        """Waits until no other process of this machine publishes into the folder; leaves no file there."""
        if not isinstance(self._files, fs.LocalFileSystem):
            yield
            return
        descriptor = os.open(self._root, os.O_RDONLY)
        try:
            with suppress(OSError):  # a network file system may know no locks
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _remove_old(self, kept: frozenset[str]) -> None:
        for info in self._files.get_file_info(fs.FileSelector(self._root)):
            is_old = info.base_name.startswith("heartbeat-") and info.base_name not in kept
            if is_old or _is_stale(info):
                self._files.delete_file(info.path)

    def _put(self, path: Path) -> None:
        if isinstance(self._files, fs.LocalFileSystem):
            _replace_whole(path, Path(self._root, path.name))
            return
        # An object store shows a file only once it is complete.
        with (
            path.open("rb") as source,
            self._files.open_output_stream(f"{self._root}/{path.name}", compression=None) as sink,
        ):
            shutil.copyfileobj(source, sink, PIECE_BYTES)


def _replace_whole(source: Path, target: Path) -> None:
    """Copies a file whole or not at all, also where the power is cut."""
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        shutil.copyfile(source, aside)
        sync(aside)
        replace_file(aside, target)
    finally:
        aside.unlink(missing_ok=True)


def _is_stale(info: fs.FileInfo) -> bool:
    """Tells whether a file was left aside by a process that was killed, a day ago or longer."""
    is_aside = re.fullmatch(r"\.heartbeat[-.].*\.\d+", info.base_name)
    return bool(is_aside) and time.time() - info.mtime_ns / 1e9 > STALE_SECONDS


def open_store(word: str, is_writing: bool) -> StorePlace:
    """Opens a path or the URL of an object store. Raises SettingsError."""
    return StorePlace(*locate_store(word, is_writing))


def locate_store(word: str, is_writing: bool) -> tuple[str, fs.FileSystem, str]:
    """Returns the label of a path or URL, its file system and its root there. Raises SettingsError."""
    label = label_source(word)
    try:
        files, root = _open_files(word, label, is_writing)
    except (OSError, ValueError, pa.ArrowException) as error:
        # The library's own message repeats the URL, which may carry a key.
        raise SettingsError(f"{label}: not usable as an object store ({type(error).__name__})") from None
    return label, files, root.rstrip("/")


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


def rests_on_profile(word: str) -> bool:
    """Tells whether keys of S3 can only be in a profile, which the client that knows conditions does not read."""
    parts = urlsplit(word)
    is_named = "@" in parts.netloc or any(os.environ.get(name) for name in _CREDENTIALS["s3"] if name != _PROFILE)
    return parts.scheme == "s3" and not is_named and _has_credentials("s3")


def shorten_error(error: Exception) -> str:
    """Returns the first line of an error's message, or its kind."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
