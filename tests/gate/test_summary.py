"""The last line of a run: what passed, and what the skipped tests wanted."""

import pytest

from tests.gate.proofs import Proofs
from tests.gate.summary import Summary, last_line

pytest_plugins = ["pytester"]
TOY = """
import pytest

@pytest.mark.parametrize("number", range(3))
def test_passes(number): pass

@pytest.mark.skipif(True, reason="../shared/recordings is not here")
def test_wants_recordings(): pass

def test_wants_a_browser():
    pytest.skip("no Chromium on this machine")
"""


@pytest.fixture(autouse=True)
def _is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other people's plugins take seconds to load."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


@pytest.mark.parametrize(
    ("passed", "failed", "reasons", "line"),
    [
        (6013, 0, [], "6013 passed"),
        (3, 2, [], "3 passed, 2 FAILED"),
        (
            9, 0,
            [(
                "no Chromium on this "
                "machine"
            ), "the shared recordings are not here", "../shared/recordings/status is not here"],
            "9 passed; skipped: 2 for want of ../shared/recordings, 1 for want of Chromium",
        ),
        (1, 0, ["only Linux tells"], "1 passed; skipped: 1 as only Linux tells"),
    ],
)  # fmt: skip
def test_the_last_line_groups_what_was_skipped_by_what_it_wanted(
    passed: int, failed: int, reasons: list[str], line: str
) -> None:
    """Different words of one want are one want."""
    assert last_line(passed, failed, reasons) == line


def test_a_run_ends_with_its_line(pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]) -> None:
    """After all that pytest says itself."""
    pytester.makepyfile(TOY)
    pytester.inline_run("-p", "no:cacheprovider", plugins=[Summary()])
    *_, slowest, last = capsys.readouterr().out.splitlines()

    assert last == "3 passed; skipped: 1 for want of ../shared/recordings, 1 for want of Chromium"
    assert slowest.startswith("slowest files: ")


def test_a_proof_that_stands_counts_and_is_told(pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever reads the line must know that these tests did not run now."""
    pytester.makeini("[pytest]\nmarkers = rests_on(names)\n")
    pytester.makepyfile(TOY.replace("@pytest.mark.param", '@pytest.mark.rests_on("README.md")\n@pytest.mark.param'))
    for _ in range(2):
        pytester.inline_run("-p", "no:cacheprovider", plugins=[Summary(), Proofs(pytester.path / "kept")])
    *_, told, last = capsys.readouterr().out.splitlines()

    assert told == "proved before, nothing they read changed: 3 tests"
    assert last.startswith("3 passed; ")
