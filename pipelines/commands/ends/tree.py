"""Lists the files of a project: what git knows and does not ignore, or everything but well-known folders of others'
files."""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from warehouse.faults import WarehouseError

PASSED_OVER = {
    ".git", ".hg", ".svn", ".venv", "venv", "env", ".tox", ".nox", "node_modules", "bower_components", "vendor",
    "site-packages", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".cache", ".heartbeat", "dist",
    "build", "target", ".next", ".terraform", ".gradle", ".eggs",
}  # fmt: skip
"""Folders that hold what others wrote or what a tool made; skipped if git does not say what is ignored."""
MAY_BE_OWN = {"vendor", "env", "dist", "build", "target"}
"""Of these the ones that projects keep in git; they are read if git refuses to say."""
GROUPS = {
    "tests": re.compile(
        r"(?i:(^|/)(tests?|e2e|testdata|fixtures|cassettes|__\w+__)/|(^|/)(test_|conftest\.)[^/]*$"
        r"|[._-](tests?|spec)\.(?!(ya?ml|json[5cl]?|toml|ini|cfg|conf|env|properties|tf|tfvars|hcl|xml)$)[^/.]+$)"
        r"|[a-z](Tests?|Spec)\.[a-z]+$"
    ),
    "docs": re.compile(
        r"(?i:(^|/)(docs?|documentation)/|\.(mdx?|markdown|rst|adoc|org|tex)$"
        r"|(^|/)((changelog|changes|history|news|readme|licen[cs]e)(\.(txt|html))?|changelog\.json)$)"
    ),
    "locks": re.compile(r"\.(lock|lockb|sum)$|(^|/)(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml)$"),
}
"""Files in which an id breaks nothing: skipped unless they are asked for."""
REASONS = (*GROUPS, "links", "repositories", "folders", "too_large", "binary")
"""Why files are skipped: also as repositories within the project, or folders of others' files."""
GIT_SECONDS = 120
GIT = ("git", "-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit")
NO_FETCH = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
"""A repository's own settings must start no program: no monitor of files, and none that fetches what a partial clone
lacks; nor may a folder of the project pose as a repository."""


@dataclass(slots=True)
class SkippedFiles:
    """The files that were not read, with the reasons."""

    counts: Counter[str] = field(default_factory=Counter)
    """By the group that was not asked for, or by what they are."""
    unreadable: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Folders of repositories whose files git did not list."""


def name_group(path: str) -> str:
    """Returns the group of files that a path within a project belongs to; empty for code and settings."""
    return next((group for group, pattern in GROUPS.items() if pattern.search(path)), "")


def list_files(
    paths: Sequence[Path],
    skipped: SkippedFiles,
    include: Collection[str] = (),
    since: str = "",
    without: Collection[Path] = (),
) -> Iterator[Path]:
    """Lists each file once, in the order of the paths, `without` some; the groups not included only if a path names
    them; with `since` only what changed after that commit.

    Raises WarehouseError for a path that does not exist, or a commit that git does not know.
    """
    for path in paths:
        if not path.exists():
            raise WarehouseError(f"{path}: no such file or folder, and no id as makers write theirs")
    seen = {path.absolute() for path in without}
    changed = {file for path in paths for file in _list_changed(path, since)} if since else None
    for path in paths:
        for file in _list_folder(path, skipped, include) if path.is_dir() else [path]:
            place = file.absolute()
            if place not in seen and (changed is None or file.resolve() in changed):
                seen.add(place)
                yield file


def _list_folder(folder: Path, skipped: SkippedFiles, include: Collection[str]) -> Iterator[Path]:
    """Lists the regular files of a folder, links excluded: what a link leads to is listed itself, or lies outside."""
    root = folder.resolve()
    repository = next((parent for parent in (root, *root.parents) if os.path.lexists(parent / ".git")), None)
    names = _list_by_git(folder)
    if is_refused := names is None and repository is not None:
        skipped.refused.append(str(folder))
    # Who names a folder within tests wants them read.
    named = f"{(root.relative_to(repository) if repository else root).as_posix()}/"
    wanted = {"", *include, *(group for group, pattern in GROUPS.items() if pattern.search(named))}
    # A folder that is named is read, though git ignores it.
    for name in names or sorted(_walk(folder, skipped, PASSED_OVER - MAY_BE_OWN if is_refused else PASSED_OVER)):
        path, group = folder / name, name_group(name.replace(os.sep, "/"))
        try:
            other = _name_other(path, root)
        except OSError:
            skipped.unreadable.append(str(path))
            continue
        if other:
            skipped.counts[other] += 1
        elif path.is_file() and group in wanted:
            yield path
        elif path.is_file():
            skipped.counts[group] += 1


def _name_other(path: Path, root: Path) -> str:
    """Names what is listed and lies elsewhere; a folder on the way may be a link as well."""
    if path.is_symlink() or (path.exists() and not path.resolve().is_relative_to(root)):
        return "links"
    return "repositories" if path.is_dir() else ""


def _list_by_git(folder: Path) -> list[str] | None:
    """Lists what git tracks or would track; None outside of a repository or without git."""
    try:
        listed = _run_git(folder, ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
    except (OSError, subprocess.SubprocessError):
        return None
    return sorted({os.fsdecode(name) for name in listed.split(b"\0") if name})


def _list_changed(path: Path, since: str) -> set[Path]:
    """Lists the files of the repository of a path that are new, or differ in its index from where its branch left a
    commit."""
    folder = path if path.is_dir() else path.parent
    # What is not staged is not compared, for which git would start the repository's filters. A name that begins with a
    # hyphen would be an option.
    names = ["diff-index", "--cached", "--name-only", "-z", "--diff-filter=d", "--merge-base", "--end-of-options"]
    names += [since, "--"]
    try:
        top = Path(os.fsdecode(_run_git(folder, ["rev-parse", "--show-toplevel"])).removesuffix("\n"))
        listed = _run_git(top, names) + _run_git(top, ["ls-files", "-z", "--others", "--exclude-standard"])
    except (OSError, subprocess.SubprocessError):
        raise WarehouseError(f"--changed {since}: git finds no such commit for {folder}") from None
    return {(top / os.fsdecode(name)).resolve() for name in listed.split(b"\0") if name}


def _run_git(folder: Path, words: Sequence[str]) -> bytes:
    command, environment = [*GIT, "-C", str(folder), *words], os.environ | NO_FETCH
    return subprocess.run(command, capture_output=True, timeout=GIT_SECONDS, check=True, env=environment).stdout


def _walk(folder: Path, skipped: SkippedFiles, passed_over: Collection[str]) -> Iterator[str]:
    def note(error: OSError) -> None:
        skipped.unreadable.append(str(error.filename))

    for parent, folders, files in os.walk(folder, onerror=note):
        skipped.counts.update("folders" for name in folders if name in passed_over and name != ".git")
        folders[:] = [name for name in folders if name not in passed_over]
        links = [name for name in folders if Path(parent, name).is_symlink()]
        yield from (os.path.relpath(Path(parent, name), folder) for name in [*files, *links])
