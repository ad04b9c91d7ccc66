"""Proofs that stand: only what passed on the same bytes, and only of tests that name all that they read."""

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.gate import digests, proofs
from tests.gate.proofs import Proofs
from tests.paths import ROOT

pytest_plugins = ["pytester"]
FOLDERS = ("analytics", "dashboards", "pipelines", "tests", "warehouse")
TOY = """
import pytest
from pathlib import Path

@pytest.fixture
def costly():
    with Path(".cache/made").open("a") as made:
        made.write("x")

@pytest.mark.rests_on("rules")
def test_toy(costly):
    with Path(".cache/runs").open("a") as runs:
        runs.write("x")
    assert Path("rules/first.sql").read_text() != "wrong"
    {more}
"""


@pytest.fixture
def checkout(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A checkout with a toy test that rests on one file."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # they take seconds to load
    pytester.makeini("[pytest]\nmarkers = rests_on(names)\n")
    pytester.mkdir(".cache")
    pytester.mkdir("rules").joinpath("first.sql").write_text("select 1")
    pytester.makepyfile(test_toy=TOY.format(more="pass"))
    monkeypatch.setattr(digests, "ROOT", pytester.path)
    return pytester


def _run(checkout: pytest.Pytester) -> tuple[dict[str, int], int, int]:
    """The outcomes of one run, how often the test ran in all runs, and how often its fixture was made."""
    digests.forget_digests()
    result = checkout.inline_run("-q", "-p", "no:cacheprovider", plugins=[Proofs(checkout.path / ".cache" / "kept")])
    passed, skipped, failed = result.listoutcomes()
    counts = [
        len(path.read_text()) if (path := checkout.path / ".cache" / name).exists() else 0 for name in ("runs", "made")
    ]
    return {"passed": len(passed), "skipped": len(skipped), "failed": len(failed)}, counts[0], counts[1]


PASSED = {"passed": 1, "skipped": 0, "failed": 0}
FAILED = {"passed": 0, "skipped": 0, "failed": 1}


def test_what_passed_passes_again_without_running_until_a_file_changes(checkout: pytest.Pytester) -> None:
    """Neither the test nor its fixtures; then both."""
    assert _run(checkout) == (PASSED, 1, 1)
    assert _run(checkout) == (PASSED, 1, 1)
    (checkout.path / "rules" / "first.sql").write_text("select 2")

    assert _run(checkout) == (PASSED, 2, 2)


def test_a_failure_is_never_kept(checkout: pytest.Pytester) -> None:
    """It fails as often as it is run."""
    (checkout.path / "rules" / "first.sql").write_text("wrong")

    assert [_run(checkout) for _ in range(2)] == [(FAILED, 1, 1), (FAILED, 2, 2)]


@pytest.mark.parametrize("more", ["pytest.skip('not here')", "pytest.xfail('not yet')"])
def test_a_test_that_proved_nothing_is_not_kept(checkout: pytest.Pytester, more: str) -> None:
    """A skip here would hide the test where it could run."""
    checkout.makepyfile(test_toy=TOY.format(more=more))

    assert [_run(checkout)[1] for _ in range(2)] == [1, 2]


def test_a_changed_test_is_run(checkout: pytest.Pytester) -> None:
    """Its own file is among what it rests on."""
    _run(checkout)
    checkout.makepyfile(test_toy=TOY.format(more="assert False"))

    assert _run(checkout) == (FAILED, 2, 2)


def test_what_changes_while_a_test_runs_proves_nothing(checkout: pytest.Pytester) -> None:
    """Nobody knows which bytes it read."""
    checkout.makepyfile(
        test_toy=TOY.format(more='Path("rules/first.sql").write_text(f"select {Path().stat().st_mtime_ns}")')
    )

    assert [_run(checkout)[1] for _ in range(2)] == [1, 2]


def test_what_names_nothing_rests_on_every_file_of_the_checkout_and_on_the_day(
    checkout: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that nobody thought of may be what it reads; a cache is none: the toy writes into one."""
    checkout.makepyfile(test_toy=TOY.format(more="pass").replace('@pytest.mark.rests_on("rules")\n', ""))
    assert [_run(checkout)[1] for _ in range(2)] == [1, 1]
    (checkout.path / ".hidden").write_text("x")
    assert _run(checkout) == (PASSED, 2, 2)
    monkeypatch.setattr(digests, "read_day", lambda: "2099-01-01")

    assert _run(checkout) == (PASSED, 3, 3)


def test_the_recordings_beside_the_checkout_belong_to_it(tmp_path: Path) -> None:
    """Tests read them."""
    (tmp_path / "recordings").mkdir()
    (tmp_path / "checkout").mkdir()
    before = digests.digest_everything(tmp_path / "checkout", tmp_path / "recordings")
    (tmp_path / "recordings" / "answer.json").write_text("{}")

    assert digests.digest_everything(tmp_path / "checkout", tmp_path / "recordings") != before


def test_the_oldest_lists_of_proofs_are_removed(checkout: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each change of a file begins new ones."""
    monkeypatch.setattr(proofs, "MOST", 2)
    for number in range(4):
        (checkout.path / "rules" / "first.sql").write_text(f"select {number}")
        _run(checkout)

    assert len(list((checkout.path / ".cache" / "kept").iterdir())) == 2
    assert _run(checkout)[1] == 4


def _resting() -> list[Path]:
    marked = (
        path for path in (ROOT / "tests").rglob("test_*.py") if "mark.rests_on(" in path.read_text(encoding="utf-8")
    )
    return sorted(path for path in marked if path.parent != Path(__file__).parent)


@pytest.mark.parametrize("path", _resting(), ids=lambda path: path.stem)
def test_what_a_kept_proof_rests_on_is_named_whole(path: Path) -> None:
    """A file that a test reads through its imports and does not name could break it unseen."""
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    shared = _marked(getattr(module, "pytestmark", []))
    resting = [
        names for value in vars(module).values() if (names := shared | _marked(getattr(value, "pytestmark", [])))
    ]

    assert resting
    for names in resting:
        unnamed = {file for file in _imported(path) if not any(_lies_in(file, name) for name in names)}
        assert unnamed == set()


def _marked(marks: object) -> set[str]:
    listed = marks if isinstance(marks, list) else [marks]
    marked = (getattr(one, "mark", one) for one in listed)
    return {name for one in marked if isinstance(one, pytest.Mark) and one.name == "rests_on" for name in one.args}


def _lies_in(file: str, name: str) -> bool:
    return file == name or file.startswith(f"{name}/")


def _imported(path: Path) -> set[str]:
    """Our files that a file imports, and what these import in turn; empty ones say nothing."""
    seen, waiting = {path}, [path]
    while waiting:
        new = set(_modules(waiting.pop())) - seen
        seen |= new
        waiting += new
    return {one.relative_to(ROOT).as_posix() for one in seen - {path} if one.stat().st_size}


@cache
def _modules(path: Path) -> tuple[Path, ...]:
    return tuple(_named_modules(path))


def _named_modules(path: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{name}" for name in names)]
        for name in names:
            if name.split(".")[0] in FOLDERS:
                file = ROOT.joinpath(*name.split("."))
                yield from (one for one in (file.with_suffix(".py"), file / "__init__.py") if one.is_file())
