"""Reads the files of a project as text, and says of each what counts as an id in it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pipelines.commands.ends.tree import SkippedFiles, list_files

MOST_BYTES = 4 * 1024 * 1024
"""Files above this are data or made by a tool, and are skipped by count."""
HEAD_BYTES = 8192
"""A zero byte in the head of a file makes it binary, as git judges."""
BINARY_STARTS = (b"%PDF-", b"\x1f\x8b", b"BZh91AY&SY", b"\x28\xb5\x2f\xfd", b"GIF87a", b"GIF89a", b"\xff\xd8\xff")
"""How binary files begin that need hold no zero byte there: PDF, gzip, bzip2, Zstandard, GIF and JPEG."""


class FileKind(Enum):
    """The kind of a file, which decides what counts as an id in it."""

    CODE = "code"
    CONFIG = "config"
    """A value may stand without quotes."""
    PROSE = "prose"
    """Only known ids count: documents, and lists of packages, whose names begin as those of models do."""


NAMES = {
    FileKind.PROSE: ".adoc .css .csv .htm .html .lock .lockb .md .mdx .markdown .org .po .rst .scss .sum .svg .tex "
    ".tsv .txt package.json package-lock.json npm-shrinkwrap.json pnpm-lock.yaml go.mod",
    FileKind.CONFIG: ".bash .bat .cfg .conf .dockerfile .env .envrc .fish .hcl .ini .json .json5 .jsonc .jsonl .mk "
    ".ps1 .properties .sh .tf .tfvars .toml .yaml .yml .zsh "
    "dockerfile containerfile makefile gnumakefile justfile procfile",
}
"""Suffixes and whole names of each kind."""
KIND_BY_NAME = {name: kind for kind, names in NAMES.items() for name in names.split()}


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """A file of a project as text."""

    path: Path
    kind: FileKind
    text: str


def read_files(
    paths: Sequence[Path],
    skipped: SkippedFiles,
    include: Collection[str] = (),
    since: str = "",
    without: Collection[Path] = (),
) -> Iterator[ProjectFile]:
    """Reads the files one at a time; what is not read is noted in `skipped`."""
    for path in list_files(paths, skipped, include, since, without):
        try:
            # A pipe or a device may never end.
            text = _read_text(path, skipped) if path.is_file() else None
        except OSError:
            skipped.unreadable.append(str(path))
            continue
        if text is not None:
            yield ProjectFile(path, classify_file(path.name), text)


def classify_file(name: str) -> FileKind:
    """Returns the kind of a file by its name."""
    lower = name.lower()
    if lower.startswith((".env.", "dockerfile.", "containerfile.")):
        return FileKind.CONFIG
    return KIND_BY_NAME.get(lower) or KIND_BY_NAME.get(Path(lower).suffix, FileKind.CODE)


def _read_text(path: Path, skipped: SkippedFiles) -> str | None:
    with path.open("rb") as file:
        # One byte more than is allowed shows that there is more, whatever the size is said to be.
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        skipped.counts["too_large"] += 1
        return None
    for mark, encoding in ((b"\xff\xfe\0\0", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if b"\0" in content[:HEAD_BYTES] or content.startswith(BINARY_STARTS):
        skipped.counts["binary"] += 1
        return None
    return content.decode("utf-8-sig", errors="replace")
