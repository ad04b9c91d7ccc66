"""`heartbeat ends` on the sample world: exit codes, each format, and whatever hostile projects hold."""

import json
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines import cli
from tests.worlds.page_worlds import NOW
from warehouse.ends import states
from warehouse.ends.fates import PageWord
from warehouse.notices import load_notices
from warehouse.snapshot import POINTER, published_folder, read_current

Home = Callable[[str], Path]
TODAY = NOW.date()
UNKNOWN = "gpt-99-new"
"""An id that no page names, begun as a known one is."""
NOT_NAMED = "unknown: no maker's page that is read names it; not known to be safe"


@dataclass(frozen=True)
class Done:
    """What a run left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output as JSON."""
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture
def run(sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in an empty project, by default on the sample world; other homes are named."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "exit_now", sys.exit)
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())

    def run_command(*words: str, home: Path | None = None) -> Done:
        monkeypatch.setenv("HEARTBEAT_HOME", str(home or sample_home))
        sample = [] if home else ["--allow-sample"]
        monkeypatch.setattr(sys, "argv", ["heartbeat", "ends", *words, *sample])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.run()
        assert isinstance(end.value.code, int)
        return Done(end.value.code, *capsys.readouterr())

    return run_command


@pytest.fixture
def models(sample_home: Path) -> dict[str, str]:
    """A model of the sample world in each state, that one maker alone names."""
    snapshot = read_current(sample_home)
    assert snapshot is not None
    rows = [row for row in load_notices(snapshot) if row["subject_kind"] == "model"]
    names = [row["model"] for row in rows]
    found: dict[str, str] = {}
    for row in rows:
        if names.count(row["model"]) == 1 and row["side"] == "proprietary" and row["family_id"]:
            state = states.judge_state(row, TODAY)
            if state == states.AHEAD and row["shutdown_kind"] == "exact":
                state = "soon" if row["shutdown_on"] <= TODAY + timedelta(days=180) else "later"
            found.setdefault(state, row["model"])
    return found


def test_exit_codes_say_what_was_found(run: Run, models: dict[str, str], tmp_path: Path) -> None:
    """0: nothing ends within the window; 1: something ended or does."""
    file = tmp_path / "app.py"
    for state, code in ((states.PAST, 1), ("soon", 1), (states.OPEN, 0)):
        file.write_text(f'MODEL = "{models[state]}"\n')
        assert run().code == code, state
    assert run("--fail-on", "undated").code == 1
    file.write_text(f'MODEL = "{UNKNOWN}"\n')
    assert run("--fail-on", "undated").code == 0
    assert run("--fail-on", "undated", "--fail-on", "unknown").code == 1
    file.write_text(f'MODEL = "{models["soon"]}"\n')
    (found,) = run("--format", "json").json["ids"]
    assert run("--within", f"{found['days_left']}d").code == 1
    assert run("--within", f"{found['days_left'] - 1}d").code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["empty"], "no file was read, so nothing was judged"),
        (["missing.py"], "missing.py: no such file or folder"),
        (["--from", "nowhere"], "--from nowhere: neither a home"),
        (["--within", "soon"], "--within: 'soon' is not a window; use"),
        (["--format", "xml"], "argument --format: invalid choice: 'xml'"),
        (["--fail-on", "ended"], "argument --fail-on: invalid choice: 'ended'"),
        (["--include", "tests,all"], "'all' is none of tests, docs, locks"),
        (["--output", "gone/x.json"], "No such file or directory"),
    ],
)
def test_a_wrong_word_is_refused_in_one_line(run: Run, words: list[str], message: str, tmp_path: Path) -> None:
    """With exit code 2, so that no workflow takes it for good or bad news."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.py").touch()
    refused = run(*words)
    assert refused.code == 2 and message in refused.err and "Traceback" not in refused.err


def test_made_up_data_are_refused_and_marked(
    run: Run, models: dict[str, str], sample_home: Path, tmp_path: Path
) -> None:
    """Nobody may take the sample world for the truth."""
    (tmp_path / "app.py").write_text(f'MODEL = "{models["soon"]}"\n')
    refused = run(home=sample_home)
    assert refused.code == 2 and refused.out == "" and "whose ends are made up; run `heartbeat up`" in refused.err
    stated = run()
    assert stated.out.startswith("MADE-UP DATA: this is the sample world") and ", made-up data)." in stated.out
    sarif = run("--format", "sarif")
    assert all(result["message"]["text"].startswith("Made-up data: ") for result in sarif.json["runs"][0]["results"])
    assert run("--format", "json").json["evidence"]["is_sample"] is True


def test_nothing_is_judged_without_notices(run: Run, state_home: Home, tmp_path: Path) -> None:
    """All ids would be unknown, which would look like an answer."""
    refused = run(home=tmp_path / "home")
    assert refused.code == 2 and "nothing is published yet; run `heartbeat up`" in refused.err
    refused = run(home=state_home("no rows"))
    assert refused.code == 2 and "holds no deprecation notice" in refused.err


def test_an_old_snapshot_is_told_by_its_age(
    run: Run, state_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was announced since is not in it."""
    home = state_home("live")
    (tmp_path / "a.py").touch()
    assert "days old" not in run(home=home).out
    monkeypatch.setenv("HEARTBEAT_NOW", (NOW + timedelta(days=8)).isoformat())
    assert run(home=home).out.startswith("The data are 8 days old; what was announced since is not in them.")
    sarif = run("--format", "sarif", home=home)
    assert "8 days old" in sarif.err and "8 days old" in json.dumps(sarif.json["runs"][0]["invocations"])
    assert f"of {published_folder(home)}).\n" in run("--from", str(published_folder(home)), home=tmp_path).out


def test_a_former_version_is_said_with_the_reason(run: Run, state_home: Home, tmp_path: Path) -> None:
    """The newest could not be read, and a former one knows less."""
    (tmp_path / "a.py").touch()
    folder = published_folder(tmp_path / "home")
    shutil.copytree(published_folder(state_home("live")), folder)
    (folder / POINTER).unlink()
    assert run(home=tmp_path / "home").out.startswith(f"{POINTER} is missing. Version ")


def test_text_has_one_entry_for_each_id_the_soonest_first(run: Run, models: dict[str, str], tmp_path: Path) -> None:
    """A real project printed 530 lines; each id says what happens, when, what to use instead, and its first places."""
    past, soon = models[states.PAST], models["soon"]
    (tmp_path / "b.py").write_text(f'\nx = "{soon}", "acme"\n' + f'"{past}"\n' * 4)
    (tmp_path / "a.yaml").write_text(f"model: gpt-99\nother: {past}\n")
    (tmp_path / "c.py").write_text('"gpt-4o-mnii" "gpt-98"\n')
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "d.py").write_text(f'"{past}"\n')
    lines = run("--within", "180d").out.splitlines()[1:]
    ended, ends = lines.pop(5), lines.pop(8)
    assert ended.startswith(f"{past}: ended 20") and ", according to " in ended
    assert ends.startswith(f"{soon}: ends 202") and "; use " in ends
    assert lines[3:] == [
        "", "Replace now:", "    5 places: a.yaml:2:8, b.py:3:2, b.py:4:2, …",
        "", "Replace by the day given:", "    1 place: b.py:2:6",
        "", "Look up:",
        f"gpt-4o-mnii: {NOT_NAMED}; closest known name: gpt-4o-mini", "    1 place: c.py:1:2",
        f"{NOT_NAMED}:", "    gpt-98, gpt-99",
        "", "--all lists every id, with the page that decides.",
    ]  # fmt: skip
    assert lines[0] == (
        "5 ids at 9 places in 3 files: 1 ended, 1 with an end by 2027-05-30, 3 unknown (not known to be safe)."
    )
    assert lines[1] == "Files skipped: tests 1; read more with --include tests."
    assert lines[2].startswith("Checked against the data of 2026-12-01 06:00 UTC (version 1 of ")
    assert "    6 places: " in run("--include", "tests,docs").out
    assert "gpt-99: unknown: " in run("--fail-on", "unknown").out, "what fails has an entry of its own"


def test_what_needs_nothing_now_is_counted_and_listed_on_request(
    run: Run, models: dict[str, str], tmp_path: Path
) -> None:
    """Of a hundred ids those count on which somebody has to act."""
    calm = models[states.SILENT]
    (tmp_path / "a.py").write_text(f'"{models["soon"]}"\n"{calm}"\n')
    short, whole = run("--within", "180d").out, run("--within", "180d", "--all").out
    assert f"{calm}: " not in short and "1 with nothing to do by 2027-05-30." in short and "http" not in short
    assert f"{calm}: " in whole and "--all" not in whole and "\n    http" in whole


def test_markdown_has_a_row_for_each_id(run: Run, models: dict[str, str], tmp_path: Path) -> None:
    """For a pull request: nothing in a cell ends it, and no path mentions a person."""
    folder = tmp_path / "@types|x"
    folder.mkdir()
    (folder / "a.py").write_text(f'"{models["soon"]}" "gpt-98" "gpt-99"\n')
    text = run("--format", "markdown").out
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("|")]
    assert [len(row) for row in rows] == [4] * 4
    model, happens, instead, places = (cell.strip() for cell in rows[2])
    assert model == f"`{models['soon']}`" and happens.startswith("[ends 202") and "](http" in happens
    assert re.fullmatch("(`[^`]+`(, )?)+", instead) and places == "1: `@types\\|x/a.py:1:2`"
    assert rows[3][0] == " `gpt-98`, `gpt-99` " and "not known to be safe" in rows[3][1]


def test_json_holds_what_its_description_lists(run: Run, models: dict[str, str], tmp_path: Path) -> None:
    """Every field of every state, for anyone who builds on it."""
    ended = models[states.PAST]
    listed = [ended, *(model for model in models.values() if model != ended), UNKNOWN, ended]
    (tmp_path / "a.py").write_text("\n".join(f'"{model}"' for model in listed))
    (tmp_path / "README.md").write_text(ended)
    (tmp_path / "b.bin").write_bytes(b"\0")
    report = run("--format", "json").json
    assert set(report) == {"evidence", "today", "until", "exit_code", "warnings", "ignored", "ids", "files"}
    others = {"too_large", "unreadable", "tests", "locks", "links", "repositories", "folders"}
    assert report["files"].keys() == {"read", "binary", "docs"} | others
    assert not any(report["files"][name] for name in others)
    assert (report["today"], report["until"], report["exit_code"]) == ("2026-12-01", "2027-05-30", 1)
    page = {field.name for field in fields(PageWord)}
    for found in report["ids"]:
        assert set(found) == page | {"id", "urgency", "message", "nearest", "elsewhere", "places"}
        assert all(set(other) == page for other in found["elsewhere"]) and "" not in found.values()
    assert [place["line"] for place in report["ids"][0]["places"]] == [1, len(models) + 2]
    assert {"ended", "soon", "unknown"} <= {found["urgency"] for found in report["ids"]}


def test_sarif_has_what_the_standard_requires(run: Run, models: dict[str, str], tmp_path: Path) -> None:
    """What nobody has to act on is no result. The report goes to a file, its summary to the log of a workflow."""
    (tmp_path / "my code").mkdir()
    (tmp_path / "my code" / "ä.py").write_text("\n".join(f'"{model}"' for model in [*models.values(), UNKNOWN]))
    assert "model-unknown" not in str(run("--format", "sarif").json["runs"][0]["results"])
    done = run("--format", "sarif", "--fail-on", "unknown", "--output", "ends.sarif")
    assert done.code == 1 and done.err == "" and " at " in done.out and "runs" not in done.out
    log = json.loads((tmp_path / "ends.sarif").read_text())
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
    (job,) = log["runs"]
    rules = [rule["id"] for rule in job["tool"]["driver"]["rules"]]
    assert job["tool"]["driver"]["name"] == "Heartbeat" and job["columnKind"] == "unicodeCodePoints"
    levels = {(result["ruleId"], result["level"]) for result in job["results"]}
    assert {("model-ended", "error"), ("model-ends-soon", "warning"), ("model-unknown", "note")} <= levels
    for result in job["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"] and result["message"]["text"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["artifactLocation"] == {"uri": "my%20code/%C3%A4.py", "uriBaseId": "%SRCROOT%"}
        assert place["region"]["startColumn"] == 2 and place["region"]["endColumn"] > 2


def test_a_fingerprint_outlives_moved_lines(run: Run, models: dict[str, str], tmp_path: Path) -> None:
    """A code host knows a result again by it, and tells two of one file apart."""
    prints = []
    for head in ("", "\n\n# more\n"):
        (tmp_path / "a.py").write_text(head + f'"{models["soon"]}"\n' * 2)
        results = run("--format", "sarif").json["runs"][0]["results"]
        prints.append([result["partialFingerprints"]["modelId/v1"] for result in results])
    assert prints[0] == prints[1] and len(set(prints[0])) == 2


HOSTILE_NAMES = ("\x1b[2Jclear.py", "a\nb.py", "\u202egpj.py", "<b>.py", "--within.py", "%25.py", "\udcff.py")


def test_names_and_ids_cannot_steer_a_terminal(run: Run, models: dict[str, str], tmp_path: Path) -> None:
    """Control signs, directions and broken bytes in names of files are taken away, in each format."""
    for number, name in enumerate(HOSTILE_NAMES):
        (tmp_path / name).write_text(
            f'"{models["soon"]}" "gpt-99-{number}"\nmodel="gpt-9\x1b[31m\u202e"\n"gpt\u202e-9-x" "gpt-9-\u200bx"\n'
        )
    for form in ("text", "json", "sarif", "markdown"):
        done = run("--format", form, "--fail-on", "unknown")
        assert done.code == 1 and not {"\x1b", "\u200b", "\u202e", "\udcff"} & set(done.out)
        assert done.out.count("gpt-99-") >= len(HOSTILE_NAMES)
    results = run("--format", "sarif").json["runs"][0]["results"]
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results]
    assert len(set(places)) == len(HOSTILE_NAMES) and all(place.isascii() for place in places)
