"""`heartbeat-ends.pyz`: one file for Python alone, whose data renew themselves and say how old they are."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
from pytest_httpserver import HTTPServer

from warehouse.ends import evidence as ends
from warehouse.ends.archive import write_program
from warehouse.ends.evidence import DIGEST, NAME, SCHEMA, Evidence
from warehouse.faults import WarehouseError
from warehouse.notices import make_evidence
from warehouse.snapshot import read_current

Ask = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def evidence(sample_home: Path) -> Evidence:
    """The evidence of the sample world."""
    snapshot = read_current(sample_home)
    assert snapshot is not None
    return make_evidence(snapshot)


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Runs a program with nothing but Python's own library, and returns its exit code and all that it printed."""

    def run(program: Path, *words: str) -> tuple[int, str]:
        command = [sys.executable, "-I", "-S", str(program), *words]
        environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        return done.returncode, done.stdout + done.stderr

    return run


def _serve(server: HTTPServer, folder: Path) -> None:
    server.clear()
    for name in (NAME, DIGEST):
        server.expect_request(f"/{name}").respond_with_data((folder / name).read_bytes())


def test_the_published_file_is_as_its_schema_describes(evidence: Evidence, tmp_path: Path) -> None:
    """Whoever builds on it reads only that."""
    ends.write_evidence(evidence, tmp_path)
    schema, content = json.loads((tmp_path / SCHEMA).read_text()), (tmp_path / NAME).read_bytes()
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(json.loads(content))
    again = ends.parse_evidence(content, "here")
    assert json.loads(ends.render_evidence(again)) == json.loads(content) and len(again.notices) > 100


@pytest.mark.parametrize("python", [sys.executable, "/usr/bin/python3"])
def test_the_program_runs_on_each_python_alone(evidence: Evidence, python: str, tmp_path: Path) -> None:
    """With no library, and nothing installed."""
    if not shutil.which(python):
        pytest.skip(f"{python} is not here")
    write_program(evidence, tmp_path / "heartbeat-ends.pyz")
    command = [python, "-I", "-S", str(tmp_path / "heartbeat-ends.pyz"), "gpt-4-turbo", "--allow-sample"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and "gpt-4-turbo: ended in 2026-11" in done.stdout, done.stderr


def test_the_program_answers_of_files_and_of_single_ids(evidence: Evidence, ask: Ask, tmp_path: Path) -> None:
    """With the maker's record and the successor beside the day."""
    program = tmp_path / "heartbeat-ends.pyz"
    write_program(evidence, program)
    (tmp_path / "app.py").write_text('model = "gpt-4-turbo"\n')
    code, said = ask(program, "app.py", "--allow-sample")
    assert code == 1 and "gpt-4-turbo: ended in 2026-11, according to GPT; use gpt-5 or gpt-5-mini instead" in said
    assert "; its maker kept its promised notice in 17 of 25 ends; gpt-5 has 0.3 × the price, 2 × the context" in said
    code, said = ask(program, "claude-3-haiku-20240307", "no-such-id", "--allow-sample")
    assert code == 2 and "no-such-id: no such file or folder" in said
    code, said = ask(program, "claude-3-haiku-20240307", "gpt-99-new", "--allow-sample")
    assert code == 1 and said.startswith("MADE-UP DATA") and "2 ids: 1 ended, 1 unknown" in said
    assert "its maker kept its 60 days in 21 of 24 ends" in said and "gpt-99-new: unknown" in said
    assert ask(program, "app.py")[0] == 2


def test_data_renew_themselves_and_say_their_age_without_a_network(
    evidence: Evidence, ask: Ask, httpserver: HTTPServer, tmp_path: Path
) -> None:
    """Fetched once for each version; what is damaged on its way is not used; offline the newest that is held is."""
    address = httpserver.url_for("").rstrip("/")
    old = replace(evidence, is_sample=False, address=address, published_at=datetime.now(UTC) - timedelta(days=9))
    new = replace(old, version=old.version + 1, published_at=datetime.now(UTC) - timedelta(hours=1))
    program, served = tmp_path / "heartbeat-ends.pyz", tmp_path / "served"
    write_program(old, program)
    served.mkdir()
    ends.write_evidence(new, served)
    (served / NAME).write_bytes(b"{" + (served / NAME).read_bytes())
    _serve(httpserver, served)
    code, said = ask(program, "gpt-4-turbo")
    assert code == 1 and f"gave nothing newer ({NAME} is not what {DIGEST} says)" in said
    assert "The data are 9 days old" in said and f"(version {old.version} of {address})" in said

    ends.write_evidence(new, served)
    _serve(httpserver, served)
    assert f"(version {new.version} of {address})" in ask(program, "gpt-4-turbo")[1]
    asked = len(httpserver.log)
    assert f"(version {new.version} of {address})" in ask(program, "gpt-4-turbo")[1]
    assert [request.path for request, _ in httpserver.log[asked:]] == [f"/{DIGEST}"]

    httpserver.clear()
    code, said = ask(program, "gpt-4-turbo")
    assert code == 1 and "gave nothing newer (HTTP Error 500" in said and f"(version {new.version} of" in said


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[", "JSONDecodeError"),
        ('{"format": 2}', "format 2 is not 1; use the Heartbeat that wrote it"),
        ('{"format": 1, "published_at": "2026-12-01T00:00:00Z"}', "KeyError: 'version'"),
        ('{"format": 1, "published_at": "2026-12-01T00:00:00"}', "2026-12-01T00:00:00 has no offset"),
        ("[" * 100_000, "RecursionError"),
        ('{"model": 1}', "a row has no title"),
        ('{"model": "a", "title": "b", "side": "", "shutdown_on": "soon"}', "ValueError: Invalid isoformat"),
        ('{"model": "a", "shutdown_on": "9999-12-01"}', "9999-12-01 is out of range"),
    ],
)
def test_a_strangers_file_is_refused_in_one_line(content: str, reason: str, evidence: Evidence, tmp_path: Path) -> None:
    """It names the file and what is wrong with it."""
    if content.startswith('{"model"'):
        given = json.loads(ends.render_evidence(replace(evidence, notices=[], listed=[])))
        content = json.dumps({**given, "notices": [json.loads(content)]})
    with pytest.raises(WarehouseError, match=NAME) as refused:
        ends.parse_evidence(content.encode(), f"{tmp_path}")
    assert reason in str(refused.value) and "\n" not in str(refused.value)


@pytest.fixture
def project(evidence: Evidence, ask: Ask, tmp_path: Path) -> Callable[..., str]:
    """A repository whose one commit uses a model that ended, and a program that checks it."""
    write_program(evidence, tmp_path / "heartbeat-ends.pyz")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a.py").write_text('model = "gpt-4-turbo"\n')
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run([*git, *words], check=True)
    return lambda *words: ask(tmp_path / "heartbeat-ends.pyz", str(folder), "--allow-sample", *words)[1]


def test_a_comment_accepts_an_end_for_a_while_and_with_a_reason(project: Callable[..., str], tmp_path: Path) -> None:
    """What it lacks, or that its day has passed, is said; the comment itself is no use of the model."""
    file = tmp_path / "project" / "a.py"
    for comment, said in (
        ("ignore gpt-4-turbo until 2027-03-31: under way", "Ignored: 1 place."),
        ("ignore gpt-4-turbo until 2026-03-31: late", "a.py:1: the ignore of gpt-4-turbo ended on 2026-03-31."),
        ("ignore gpt-4-turbo until 2027-03-31:", "a.py:1: an ignore needs an id, a last day and a reason"),
        ("ignore", "a.py:1: an ignore needs an id, a last day and a reason"),
        ("ignore gpt-4 until 2027-03-31: another id", "1 id at 1 place in 1 file: 1 ended."),
        ('ignore"; model = "gpt-4-turbo"', "gpt-4-turbo: ended in"),
    ):
        file.write_text(f'# heartbeat: {comment}\nmodel = "gpt-4-turbo"\n')
        assert said in project(), comment
        file.write_text(f'model = "gpt-4-turbo"  # heartbeat: {comment}\n')
        assert said in project(), comment


def test_an_old_project_begins_with_what_is_new(project: Callable[..., str], tmp_path: Path) -> None:
    """A baseline accepts what is there; `--changed` reads only what a branch adds."""
    folder = tmp_path / "project"
    project("--format", "baseline", "--output", str(tmp_path / "known"))
    assert (tmp_path / "known").read_text() == "gpt-4-turbo project/a.py\n"
    (tmp_path / "known").rename(folder / "known")
    assert "nothing found" in project("--baseline", str(folder / "known"))
    (folder / "known").rename(tmp_path / "known")
    # Git would run a filter of the repository to see what changed.
    started = tmp_path / "started"
    subprocess.run(["git", "-C", str(folder), "config", "filter.x.clean", f"touch {started}; cat"], check=True)
    (folder / ".gitattributes").write_text("*.py filter=x\n")
    assert "nothing found" in project("--changed", "HEAD")
    (folder / "a.py").touch()
    assert "nothing found" in project("--changed", "HEAD") and not started.exists()
    (folder / "b.py").write_text('model = "gpt-4-turbo"\n')
    assert "1 place in 2 files" in project("--changed", "HEAD")
    assert "1 place in 3 files" in project("--baseline", str(tmp_path / "known"))
    assert "git finds no such commit" in project("--changed", "--output=x") + project("--changed", "none")


def test_plain_renames_are_shown_as_a_patch_before_they_are_written(
    evidence: Evidence, ask: Ask, tmp_path: Path
) -> None:
    """Not if there are two replacements, or if one ends or refuses a parameter; and no other letter of the file."""
    base = dict(next(row for row in evidence.notices if row["model"] == "claude-3-haiku-20240307"))
    lacking: dict[str, object] = {"price_ratio": 1.0, "context_ratio": 1.0, "lacks": ["temperature"]}
    rows = [
        base | {"model": "acme-1", "replacement": ["acme-2"]}, base | {"model": "acme-3", "replacement": ["a", "b"]},
        base | {"model": "acme-4", "replacement": ["acme-1"]},
        base | {"model": "acme-5", "replacement": ["b"]} | lacking,
        base | {"model": "acme-6", "replacement": ['b");evil()#']},
    ]  # fmt: skip
    write_program(replace(evidence, notices=rows, listed=[]), tmp_path / "heartbeat-ends.pyz")
    old = b'a = "acme-1", "acme/acme-1", "acme-3", "acme-4", "acme-5", "acme-6", "acme-10"\r\nb = "acme-1"'
    (tmp_path / "a.py").write_bytes(old)
    (tmp_path / "latin.py").write_bytes(b'a = "acme-1" # \xe9\n')
    words = (tmp_path / "heartbeat-ends.pyz", "a.py", "latin.py", "--allow-sample", "--format", "diff")
    shown = ask(*words)[1]
    assert '\n-a = "acme-1", "acme/acme-1",' in shown and '\n+a = "acme-2", "acme/acme-2",' in shown
    assert (tmp_path / "a.py").read_bytes() == old
    ask(*words, "--output", "ends.patch")
    subprocess.run(["git", "apply", "--check", "ends.patch"], cwd=tmp_path, check=True)
    ask(*words, "--fix")
    new = old.replace(b'"acme-1"', b'"acme-2"').replace(b'acme/acme-1"', b'acme/acme-2"')
    assert (tmp_path / "a.py").read_bytes() == new and b"acme-1" in (tmp_path / "latin.py").read_bytes()


def test_a_list_of_ids_costs_no_more_than_its_beginning(project: Callable[..., str], tmp_path: Path) -> None:
    """Millions of made-up ids would take hours; what is left out is said."""
    ids = "\n".join(f'"gpt-4-{number}a"' for number in range(5_002))
    (tmp_path / "project" / "a.py").write_text(f'model = "gpt-4-turbo"\n{ids}\n')
    said = project()
    assert "More than 5,000 ids: 3 places were not judged." in said and "5,000 ids at 5,000 places" in said


def test_a_calendar_and_a_badge_say_when(project: Callable[..., str]) -> None:
    """In the forms of RFC 5545 and shields.io."""
    lines = project("--format", "ics").replace("\n ", "").splitlines()
    assert {"BEGIN:VCALENDAR", "SUMMARY:gpt-4-turbo ends", "DTSTART;VALUE=DATE:20261101"} <= set(lines)
    assert max(len(line) for line in project("--format", "ics").splitlines() if "MADE-UP" not in line) <= 75
    badge = json.loads(project("--format", "badge").splitlines()[0])
    assert badge == {"schemaVersion": 1, "label": "models", "message": "1 ended", "color": "red"}
