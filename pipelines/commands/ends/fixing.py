"""Renames ids whose page names one replacement that takes the same parameters, as far as is known, and has no end."""

import re
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

from pipelines.commands.ends.project import JudgedId, ProjectReport
from pipelines.text.values import clean_line

_NAME = re.compile(r"[\w.:/@+-]+", re.ASCII)


def write_diff(report: ProjectReport) -> str:
    """Returns what renaming would change, as a patch."""
    return "".join(
        line
        for path, old, new in _rename(report)
        for line in unified_diff(_split(old), _split(new), f"a/{_name(path)}", f"b/{_name(path)}")
    )


def _split(text: str) -> list[str]:
    """Splits a text into lines as patches know them."""
    lines = re.split(r"(?<=\n)", text)
    return [*lines[:-1], *([f"{lines[-1]}\n\\ No newline at end of file\n"] if lines[-1] else [])]


def fix_files(report: ProjectReport) -> None:
    """Writes the renamed files."""
    for path, _, new in _rename(report):
        path.write_bytes(new.encode())


def _rename(report: ProjectReport) -> Iterator[tuple[Path, str, str]]:
    """Yields each file that changes, with its old and its new text; what is not UTF-8 stays as it is."""
    places: dict[Path, list[tuple[int, int, str, str]]] = {}
    for found in report.ids:
        if new := choose_name(found):
            for place in found.places:
                places.setdefault(place.path, []).append((place.line, place.column, found.id, new))
    for path, changes in sorted(places.items()):
        try:
            old = path.read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            continue
        # Columns count from behind the mark of the order of bytes.
        mark = "\ufeff" * old.startswith("\ufeff")
        lines = old.removeprefix(mark).split("\n")
        for number, column, asked, new in sorted(changes, reverse=True):
            line = lines[number - 1]
            if line[column - 1 :].startswith(asked):
                lines[number - 1] = line[: column - 1] + new + line[column - 1 + len(asked) :]
        yield path, old, mark + "\n".join(lines)


def choose_name(found: JudgedId) -> str:
    """Chooses the new name of an id that ended or ends in the window; empty if the rename is not a plain one."""
    word = found.fate.word
    is_plain = len(word.replacement) == 1 and not word.lacks and not found.fate.replacement_ends
    # What a page names becomes code.
    if word.urgency not in ("ended", "soon") or not is_plain or not _NAME.fullmatch(word.replacement[0]):
        return ""
    maker, slash, name = found.id.rpartition("/")
    return f"{maker}{slash}{word.replacement[0]}" if name == word.name else ""


def _name(path: Path) -> str:
    return clean_line(path.as_posix(), 300)
