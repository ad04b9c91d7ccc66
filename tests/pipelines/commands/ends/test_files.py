"""Which files of a project are read: what git does not ignore, no tests or documents unless they are asked for, no
links out of it, nothing binary, large or locked."""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Collection
from pathlib import Path

import pytest
import yaml

from pipelines.commands.ends import files
from pipelines.commands.ends.files import MOST_BYTES, read_files
from pipelines.commands.ends.tree import SkippedFiles, name_group
from tests.paths import ROOT


def _write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("gpt-4o")


def _read(*paths: Path, include: Collection[str] = ()) -> tuple[list[str], SkippedFiles]:
    skipped = SkippedFiles()
    return [file.path.name for file in read_files(paths, skipped, include)], skipped


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


def test_what_git_ignores_is_not_read(tmp_path: Path) -> None:
    """New and tracked files are read, nested repositories are not; a named file always is."""
    _write(tmp_path, "new.py", "dist/kept.js", "out/ignored.py", "deep/x.log", "deep/y.py", "inner/b.py")
    for folder in (tmp_path, tmp_path / "inner"):
        _git(folder, "init", "-q")
    (tmp_path / ".gitignore").write_text("out/\n*.log\n")
    _git(tmp_path, "add", "-f", "dist/kept.js")
    names, skipped = _read(tmp_path)
    assert names == [".gitignore", "y.py", "kept.js", "new.py"] and skipped.counts == {"repositories": 1}
    assert _read(tmp_path / "deep")[0] == ["y.py"]
    for named in (tmp_path / "out", tmp_path / "out" / "ignored.py"):
        assert _read(named)[0] == ["ignored.py"]


def test_where_git_refuses_its_folders_are_read_and_named(tmp_path: Path) -> None:
    """In a container the repository is often another user's; a project may track `build`."""
    _git(tmp_path, "init", "-q")
    _write(tmp_path, "build/a.py", "node_modules/b.js")
    (tmp_path / ".git" / "config").write_text("[")
    names, skipped = _read(tmp_path)
    assert names == ["a.py"] and skipped.counts == {"folders": 1} and skipped.refused == [str(tmp_path)]


def test_a_repository_cannot_have_a_program_started(tmp_path: Path) -> None:
    """Its settings are part of what is checked."""
    _git(tmp_path, "init", "-q")
    _write(tmp_path, "a.py")
    _git(tmp_path, "config", "core.fsmonitor", f"touch {tmp_path / 'started'}; true")
    assert _read(tmp_path)[0] == ["a.py"]
    assert not (tmp_path / "started").exists()


def test_a_repository_cannot_have_one_started_that_fetches_what_it_lacks(tmp_path: Path) -> None:
    """A partial clone names a program that fetches; listing its sparse index needs a folder that is not there."""
    _git(tmp_path, "init", "-q")
    _write(tmp_path, "a.py", "deep/b.py")
    _git(tmp_path, "add", "-A")
    _git(tmp_path, "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "a")
    _git(tmp_path, "sparse-checkout", "set", "--cone", "--sparse-index")
    tree = subprocess.check_output(["git", "-C", str(tmp_path), "rev-parse", "HEAD:deep"], text=True).strip()
    (tmp_path / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    for name, value in {
        "core.repositoryformatversion": "1", "extensions.partialclone": "origin", "remote.origin.promisor": "true",
        "remote.origin.url": "ssh://host/x", "core.sshCommand": f"touch {tmp_path / 'started'}; false",
    }.items():  # fmt: skip
        _git(tmp_path, "config", name, value)
    assert "a.py" in _read(tmp_path)[0]
    assert not (tmp_path / "started").exists()


def test_outside_of_git_well_known_folders_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And so they are where git is not installed."""
    monkeypatch.setenv("PATH", "")
    _write(tmp_path, "b.py", "a/c.py", "node_modules/x.js", ".venv/lib/y.py", "a/__pycache__/z.py", "a/dist/w.js")
    names, skipped = _read(tmp_path)
    assert names == ["c.py", "b.py"] and skipped.counts == {"folders": 4} and not skipped.refused


GROUPED = {
    "tests": (
        "tests/a.py", "src/test/java/A.java", "web/__tests__/a.js", "test_a.py", "a_test.go", "b.test.ts", "c.spec.tsx",
        "lib/UserTest.kt", "conftest.py", "fixtures/a.json", "x/cassettes/a.yaml", "a-spec.js",
    ),
    "docs": ("docs/a.ts", "README.md", "guide.rst", "CHANGELOG", "HISTORY.txt", "LICENSE", "changelog.json"),
    "locks": ("uv.lock", "go.sum", "web/package-lock.json", "pnpm-lock.yaml"),
    "": (
        "app.py", "latest.py", "testing.py", "contest/a.py", "history.py", "changelog/a.ts", "docs.py", "package.json",
        "prompts.txt", "spec/a.yaml", ".env.test", "Greatest.kt", "k/model-spec.yaml", "k8s/news.json",
    ),
}  # fmt: skip
"""Files by the group that they belong to; those of none are read."""


@pytest.mark.parametrize(("group", "path"), [(group, path) for group, paths in GROUPED.items() for path in paths])
def test_a_file_belongs_to_a_group_by_its_path(group: str, path: str) -> None:
    """The hook of pre-commit, which names each file, leaves the same ones out."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert name_group(path) == group
    assert bool(re.search(hook["exclude"], path)) == bool(group)


def test_tests_documents_and_locks_are_read_where_they_are_asked_for(tmp_path: Path) -> None:
    """Of 645 places of a real project 438 were in tests and one changelog; what a path names is read anyway."""
    _write(tmp_path, "a.py", "tests/b.py", "docs/c.md", "CHANGELOG.md", "uv.lock", "tests/unit/test_d.py")
    names, skipped = _read(tmp_path)
    assert names == ["a.py"] and skipped.counts == {"tests": 2, "docs": 2, "locks": 1}
    assert _read(tmp_path, include=("tests",))[0] == ["a.py", "b.py", "test_d.py"]
    assert _read(tmp_path / "tests" / "unit")[0] == ["test_d.py"]
    assert _read(tmp_path, include=("docs", "locks"))[0] == ["CHANGELOG.md", "a.py", "c.md", "uv.lock"]
    assert _read(tmp_path / "tests", tmp_path / "docs" / "c.md")[0] == ["b.py", "test_d.py", "c.md"]


def test_links_lead_nowhere_and_no_file_is_read_twice(tmp_path: Path) -> None:
    """Nor is a tracked file whose folder became a link, which git still lists; a circle ends."""
    _write(tmp_path, "outside/secret.py", "tree/a.py", "tree/moved/b.py")
    tree = tmp_path / "tree"
    (tree / "file.py").symlink_to(tmp_path / "outside" / "secret.py")
    (tree / "folder").symlink_to(tmp_path / "outside")
    (tree / "circle").symlink_to(tree)
    assert _read(tree, tree / "a.py")[0] == ["a.py", "b.py"]
    assert _read(tree)[1].counts["links"] == 3
    _git(tree, "init", "-q")
    _git(tree, "add", "-A")
    (tree / "moved").rename(tmp_path / "moved")
    (tree / "moved").symlink_to(tmp_path / "moved")
    assert _read(tree)[0] == ["a.py"]


def test_what_cannot_be_read_is_counted_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report must not look complete if it is not."""
    _write(tmp_path, "a.py", "locked.py")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\0gpt-4o")
    (tmp_path / "large.json").write_bytes(b"x" * (MOST_BYTES + 1))
    (tmp_path / "utf16.txt").write_text("gpt-4o", encoding="utf-16")
    (tmp_path / "utf32.txt").write_text("gpt-4o", encoding="utf-32")
    assert next(read_files([tmp_path / "utf32.txt"], SkippedFiles())).text == "gpt-4o"
    os.mkfifo(tmp_path / "pipe")
    locked, read = tmp_path / "locked.py", files._read_text

    def read_unlocked(path: Path, skipped: SkippedFiles) -> str | None:
        if path == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path, skipped)

    monkeypatch.setattr(files, "_read_text", read_unlocked)
    names, skipped = _read(tmp_path, tmp_path / "pipe")
    assert names == ["a.py", "utf16.txt", "utf32.txt"]
    assert skipped == SkippedFiles(Counter(too_large=1, binary=1), [str(locked)])


@pytest.mark.parametrize("start", files.BINARY_STARTS)
def test_a_binary_file_without_a_zero_byte_is_not_read(tmp_path: Path, start: bytes) -> None:
    """A report that Heartbeat itself wrote as a PDF was read as text, and its fonts held ids."""
    (tmp_path / "report").write_bytes(start + b"1.7 gpt-4o")
    assert _read(tmp_path) == ([], SkippedFiles(Counter(binary=1)))
