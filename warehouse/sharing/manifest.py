"""The manifest of a published snapshot: whose it is, how old it is, and the digest and size that its file must have."""

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from warehouse.database import WarehouseError

NAME = "heartbeat.json"
"""Its name in the published folder; it is written last, so that anyone who reads it finds the file that it names."""
FILE = r"heartbeat-[0-9a-f]{16}\.duckdb"
"""Name of a published snapshot: its digest, so that a file of this name never changes; never a path."""
MOST_MANIFEST_BYTES = 64 * 1024
MOST_SNAPSHOT_BYTES = 4 * 1024**3
"""No published snapshot may be larger, whatever its manifest says."""
LICENCE = "CC-BY-4.0"
"""Default licence of a published snapshot."""

_SHOWN = r"^[^\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+$"
"""What a terminal shows as it is: no control or direction characters."""
_Line = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=_SHOWN)]
_Sentence = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=_SHOWN)]


class SnapshotRefused(WarehouseError):
    """A published snapshot that is not what its manifest says, or not fit to be opened; the message says why."""


class PublishedManifest(BaseModel):
    """The content of `heartbeat.json`; strict, since strangers write it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    format: Literal[1] = 1
    file: str = Field(pattern=f"^{FILE}$")
    size: int = Field(gt=0, le=MOST_SNAPSHOT_BYTES)
    """Bytes of the file."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    version: int = Field(ge=1)
    build: int = Field(ge=0)
    published_at: AwareDatetime
    data_as_of: AwareDatetime | None = None
    """When the newest of its data were collected; None if nothing was."""
    is_sample: bool
    publisher: _Line
    licence: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.+-]{0,63}$")
    """SPDX identifier."""
    left_out: tuple[_Sentence, ...] = Field(default=(), max_length=20)
    """What the publisher's own snapshot holds and this copy does not."""
    code_version: _Line
    """The Heartbeat that published it."""

    @model_validator(mode="after")
    def _is_named_by_digest(self) -> Self:
        if self.file != name_file(self.sha256):
            raise ValueError(f"the file must be named {name_file(self.sha256)}, by its digest")
        return self


def name_file(sha256: str) -> str:
    """Returns the name of a published file."""
    return f"heartbeat-{sha256[:16]}.duckdb"


def parse_manifest(content: bytes, source: str) -> PublishedManifest:
    """Reads a manifest. Raises SnapshotRefused, which names the source and every wrong field."""
    try:
        return PublishedManifest.model_validate_json(content)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        # A stranger's own names of fields are among them.
        faults = "".join(filter(str.isprintable, faults))
        advice = " (a newer Heartbeat may have written it: update yours)" if "format" in faults else ""
        raise SnapshotRefused(f"{source}: {NAME} is not usable: {faults[:600]}{advice}") from None


def render_manifest(manifest: PublishedManifest) -> bytes:
    """Renders a manifest as JSON."""
    return (manifest.model_dump_json(indent=1) + "\n").encode()
