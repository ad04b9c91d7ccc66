"""The commands that show published data, as a user types them: a summary first, in the width and colours of the
terminal, and an answer to every slip of the keyboard."""

import csv
import fcntl
import os
import pty
import re
import struct
import sys
import termios
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from pipelines import cli
from pipelines.commands.terminal import say
from tests.worlds.news.homes import make_item, publish_items
from tests.worlds.page_worlds import NOW

FIGURE = ("answered_share", "family=qwen", "kind=tracker", "segment=anyone", "statistic=within_24h")
COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-9](?:;[0-9]+)*m")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Done:
    """What a command printed and returned."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on the sample world, into a pipe."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "exit_now", sys.exit)
    monkeypatch.setenv("HEARTBEAT_HOME", str(sample_home))

    def run_command(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["heartbeat", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.run()
        assert isinstance(end.value.code, int)
        return Done(end.value.code, *capsys.readouterr())

    return run_command


def run_in_terminal(home: Path, width: int, *words: str, **environment: str) -> str:
    """Runs a command in a terminal of its own, and returns everything that it shows."""
    variables = {**os.environ, "HEARTBEAT_HOME": str(home), "HEARTBEAT_NOW": NOW.isoformat(), "TERM": "xterm-256color"}
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        variables.pop(name, None)
    child, terminal = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, "-m", "pipelines", *words], variables | environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    shown = b""
    # On Linux the terminal of a process that has ended gives an error instead of an end.
    while part := _read(terminal):
        shown += part
    os.close(terminal)
    os.waitpid(child, 0)
    return shown.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "first", "most_lines"),
    [
        (("status",), f"snapshot version 1 (sample world), published {NOW:%Y-%m-%d %H:%M} UTC", 40),
        (("claims",), "sample world: simulated, not measured", 70),
        (("receipt", *FIGURE), "answered_share: What share of askers", 70),
        (("doctor",), "checks: ", 70),
    ],
)
def test_a_terminal_shows_a_summary_in_its_own_width(
    words: tuple[str, ...], first: str, most_lines: int, sample_home: Path
) -> None:
    """What matters is at the top, nothing is cut at the edge, and `--all` is named."""
    shown = run_in_terminal(sample_home, 80, *words)
    lines = ESCAPE.sub("", shown).strip().splitlines()

    # Above it stands only what is wrong: old facts, in four lines.
    above = 4 if words[0] in ("status", "doctor") else 0
    assert first in lines[above] and all("old facts" in line or line.startswith("  ") for line in lines[:above]), shown
    assert len(lines) <= most_lines
    assert [line for line in lines if len(line) > 80 and "://" not in line and " " in line] == []
    assert any("--all" in line or "--json" in line for line in lines[-3:])


@pytest.mark.slow
def test_colours_are_for_terminals_whose_reader_wants_them(sample_home: Path) -> None:
    """`NO_COLOR` is respected."""
    assert COLOUR.search(run_in_terminal(sample_home, 100, "claims"))
    assert not COLOUR.search(run_in_terminal(sample_home, 100, "claims", NO_COLOR="1"))


def test_a_pipe_gets_whole_lines_without_colours(run: Run) -> None:
    """So that they can be searched and cut."""
    claims, status = run("claims"), run("status", "--all")

    assert "\x1b" not in claims.out + status.out
    assert any(
        line.startswith("all claims and the rule: sha256") and "--registered" in line
        for line in claims.out.splitlines()
    )
    assert status.code == 0, "the sample world stands still at its own instant, as on the pages"
    assert len(status.out.splitlines()) > 400 > 40 > len(run("status").out.splitlines())


def test_the_summary_of_status_counts_states_and_names_what_needs_attention(run: Run) -> None:
    """All is fresh in the sample world, so there is one line a source."""
    said = run("status").out

    assert re.search(r"(\d+) collections: \d+ fresh", said.replace(",", ""))
    assert "  github: " in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "answerd_share"), "unknown metric 'answerd_share': did you mean answered_share?"),
        (("export", "zzz"), "unknown metric 'zzz': `heartbeat metrics` lists all 43"),
        (("receipt", "zzz"), "unknown metric 'zzz': `heartbeat metrics` lists all 43"),
        (("export", "answered_share", "--family", "qwn"), "unknown family 'qwn': did you mean qwen?"),
        (("export", "answered_share", "--format", "cvs"), "unknown format 'cvs': did you mean csv?"),
        (("export", "all", "--window", "2y"), "unknown window '2y': use one of 30d, 365d, 90d, all"),
        (
            ("export", "price_usd", "--window", "365d"),
            "price_usd has no row for the window 365d; windows that exist: all",
        ),
        (("metrics", "answerd_share"), "unknown metric 'answerd_share': did you mean answered_share?"),
        (("receipt", "answered_share", "famly=qwen"), "unknown key 'famly': did you mean family?"),
        (("receipt", "answerd_share"), "unknown metric 'answerd_share': did you mean answered_share?"),
        (("collect", "--family", "lama"), "no such family in the catalog; did you mean llama?"),
        (("collect", "--source", "gihub"), "no such source in the catalog; did you mean github?"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(words: tuple[str, ...], said: str, run: Run, tmp_path: Path) -> None:
    """One short line, exit code 2, and nothing written."""
    done = run(*words)

    assert done.code == 2 and done.out == ""
    assert said in done.err and done.err.count("\n") == 1 and len(done.err) < 200
    assert list(tmp_path.iterdir()) == []


def test_an_export_tells_by_name_what_lacks_the_window(run: Run, tmp_path: Path) -> None:
    """The others are written, and no file is empty; the exit code says that something is missing."""
    done = run("export", "all", "--window", "365d", "--family", "qwen", "--out", "new/folder")
    files = [tmp_path / line for line in done.out.splitlines()]

    assert done.code == 1 and "metrics have no row for the family qwen and the window 365d: " in done.err
    assert "price_usd" in done.err and not (tmp_path / "new/folder/price_usd.csv").exists()
    assert len(files) > 20
    assert all(len(list(csv.DictReader(file.open(newline="")))) > 0 for file in files)


def test_an_answer_from_a_former_version_says_so(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which version, and why, in one line beside the output, which stays what it was."""
    monkeypatch.setenv("HEARTBEAT_HOME", str(tmp_path))
    publish_items(tmp_path, make_item(1))
    former = run("news")
    newest = publish_items(tmp_path, make_item(1), make_item(2)).path
    newest.write_bytes(newest.read_bytes()[:-4096])
    why = f"{newest.name} is damaged: it is no longer what was published"

    assert former.err == "" and run("news") == Done(
        0, former.out, f"heartbeat: {why}. Version 1 is shown instead; run `heartbeat publish`\n"
    )


def test_a_metric_is_told_whole_by_its_name(run: Run) -> None:
    """Its tests read as sentences."""
    said = run("metrics", "answered_share").out.splitlines()

    assert said[0].startswith("answered_share: ")
    assert (
        said[1].startswith("    one row per figure; unit share;") and "tested by: leaving out the unanswered" in said[2]
    )
    assert len(said) == 3


def test_the_queries_of_a_receipt_are_printed_on_request_and_never_wrapped(run: Run) -> None:
    short, whole = run("receipt", *FIGURE).out, run("receipt", *FIGURE, "--all").out

    assert "queries:" not in short and short.count("item_id=") == 5 and "5 shown" in short
    assert "queries:" in whole and "from metrics.answered_share" in whole and whole.count("item_id=") == 20


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_the_help_of_a_command_ends_with_examples(name: str, run: Run) -> None:
    """On lines of their own, to be copied, and within the usual width."""
    said = run(*name.split(), "--help").out

    # A home may be named before the command.
    assert re.search(rf"Examples:\n    (HEARTBEAT_HOME=\S+ )?heartbeat {name}", said)
    assert max(map(len, said.splitlines())) <= 80
    assert "list[" not in said and "--end-with-parent" not in said


def test_text_from_elsewhere_cannot_steer_the_terminal() -> None:
    """An error of a source may hold escape sequences, and words are never read as markup."""
    file = StringIO()
    console = Console(file=file, force_terminal=True, width=60, color_system="standard")
    say(console, "\x1b[2J\u202e[red]x[/red] " + "word " * 20 + "https://example.org/" + "a" * 80, "green")
    said = file.getvalue()

    assert "\x1b[2J" not in said and "\u202e" not in said and "[red]x[/red]" in said
    assert "https://example.org/" + "a" * 80 in said, "an address stays whole, to be followed"
