"""The sample world: a snapshot of data from an emulator, which comes with Heartbeat ready to be read."""

import shutil
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from warehouse.durable import explain_storage_faults, make_private_folder
from warehouse.settings import Settings
from warehouse.snapshot import SAMPLE, published_folder, read_sound_pointer

PACKED = Path(__file__).parents[2] / "warehouse" / "sample.tar.xz"
"""The published files of the sample world; `make sample` writes them."""


def open_sample(settings: Settings) -> None:
    """Unpacks the sample world into the home; a second call changes nothing. Raises WarehouseError."""
    home = settings.home / SAMPLE
    pointer = read_sound_pointer(published_folder(home))
    with explain_storage_faults("open the sample world", settings.home), tarfile.open(PACKED) as archive:
        if pointer and pointer.file in archive.getnames():
            return
        make_private_folder(settings.home)
        with TemporaryDirectory(dir=settings.home) as aside:
            archive.extractall(published_folder(Path(aside, SAMPLE)), filter="data")
            # Earlier versions of Heartbeat built a warehouse there.
            shutil.rmtree(home, ignore_errors=True)
            Path(aside, SAMPLE).rename(home)
