"""A backup as one file that only a secret opens: an archive in the format of age, encrypted with a passphrase."""

import io
import tarfile
from pathlib import Path

import pyrage

from warehouse.database import WarehouseError
from warehouse.durable import explain_storage_faults, make_private_folder, replace_file, sync
from warehouse.faults import Fault
from warehouse.settings import STATE_KEY

WRONG_SECRET = "Decryption failed"  # noqa: S105 (what the library says of a passphrase that does not fit)
QUICK = 1
"""The level of gzip: an eighth of a warehouse's size, in a third of the time of the next better."""


def seal_folder(folder: Path, path: Path, secret: str) -> int:
    """Writes all of a folder into one encrypted file, whole or not at all; returns its size. Raises WarehouseError."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz", compresslevel=QUICK) as tar:
        tar.add(folder, arcname=".")
    with explain_storage_faults("save the state", path):
        make_private_folder(path.absolute().parent)
        staging_path = path.with_name(f"{path.name}.tmp")
        staging_path.write_bytes(pyrage.passphrase.encrypt(archive.getvalue(), secret))
        sync(staging_path)
        replace_file(staging_path, path)
    return path.stat().st_size


def open_sealed(path: Path, folder: Path, secret: str) -> None:
    """Unpacks an encrypted file into a folder. Raises WarehouseError."""
    try:
        content = pyrage.passphrase.decrypt(path.read_bytes(), secret)
    except pyrage.DecryptError as error:
        if str(error) == WRONG_SECRET:
            why = f"{STATE_KEY} does not open it; set the secret with which it was written"
            raise WarehouseError(f"{path}: {why}", Fault.MISCONFIGURED) from None
        said = str(error).splitlines()[0]
        why = f"damaged ({said}); use another copy, or remove it to begin again without what was collected"
        raise WarehouseError(f"{path}: {why}", Fault.DAMAGED) from None
    with explain_storage_faults("open the state", folder), tarfile.open(fileobj=io.BytesIO(content)) as tar:
        tar.extractall(folder, filter="data")
