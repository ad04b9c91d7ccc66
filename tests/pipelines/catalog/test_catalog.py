"""The catalog: what ships is complete and honest; what a user mistypes is refused by file, line and word."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines import sources
from pipelines.catalog.faults import CatalogError
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.commands.progress import describe_pairs

VALID = """title = "X"
side = "open"
vendor = "V"
mentions = ["x"]
checked_on = 2026-11-24

[[channel]]
source = "github"
target = "o/r"
role = "sdk"
cadence_hours = 6

[[channel]]
source = "status"
target = "status.x.example"
role = "status"
format = "statuspage"
things = ["incidents"]
base_url = "https://status.x.example"

[[absent]]
kind = "forum"
state = "not observable"
why = "There is no public forum."
"""


def _read(folder: Path, text: str, name: str = "x", **options: frozenset[str]) -> None:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    read_catalog([folder], **options)


def test_the_valid_entry_of_these_tests_is_valid(tmp_path: Path) -> None:
    """Else every refusal below would prove nothing."""
    _read(tmp_path, VALID)


def _swap(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert text.count(old) >= 1, old
        return text.replace(old, new, 1)

    return change


TYPOS: list[tuple[Callable[[str], str], int, str]] = [
    # keys
    (_swap("title =", "titel ="), 1, "titel: unknown key (did you mean 'title'?)"),
    (_swap("side =", "sides ="), 2, "unknown key (did you mean 'side'?)"),
    (_swap("vendor =", "vender ="), 3, "unknown key (did you mean 'vendor'?)"),
    (_swap("mentions =", "mention ="), 4, "unknown key (did you mean 'mentions'?)"),
    (_swap("checked_on =", "checked ="), 5, "unknown key (did you mean 'checked_on'?)"),
    (_swap("source =", "sorce ="), 8, "unknown key (did you mean 'source'?)"),
    (_swap("target =", "traget ="), 9, "unknown key (did you mean 'target'?)"),
    (_swap("role =", "roll ="), 10, "unknown key (did you mean 'role'?)"),
    (_swap("cadence_hours", "cadence_hour"), 11, "unknown key (did you mean 'cadence_hours'?)"),
    (_swap("format =", "fromat ="), 17, "unknown key (did you mean 'format'?)"),
    (_swap("things =", "thing ="), 18, "unknown key (did you mean 'things'?)"),
    (_swap("base_url =", "baseurl ="), 19, "unknown key (did you mean 'base_url'?)"),
    (_swap("kind =", "kin ="), 22, "unknown key (did you mean 'kind'?)"),
    (_swap("[[absent]]", "[[absence]]"), 21, "unknown key (did you mean 'absent'?)"),
    (_swap("[[channel]]", "[[chanel]]"), 7, "unknown key (did you mean 'channel'?)"),
    # words
    (_swap('"open"', '"opne"'), 2, "(did you mean 'open'?)"),
    (_swap('"open"', '"closed"'), 2, "'open', 'proprietary' or 'host'"),
    (_swap('"sdk"', '"skd"'), 10, "(did you mean 'sdk'?)"),
    (_swap('role = "status"', 'role = "statsu"'), 16, "(did you mean 'status'?)"),
    (_swap('"github"', '"gihub"'), 8, "unknown source 'gihub' (did you mean 'github'?)"),
    (_swap('"statuspage"', '"statuspages"'), 17, "unknown format 'statuspages' (did you mean 'statuspage'?)"),
    (_swap('format = "statuspage"\n', ""), 13, "status has atom, aws"),
    (_swap('["incidents"]', '["incident"]'), 18, "status has no 'incident' (did you mean 'incidents'?)"),
    (_swap('"forum"', '"forums"'), 22, "(did you mean 'forum'?)"),
    (_swap('"not observable"', '"not observed"'), 23, "(did you mean 'not observable'?)"),
    # values
    (_swap('"There is no public forum."', '"none"'), 24, "at least 10 characters"),
    (_swap("= 6", "= 0"), 11, "greater than 0"),
    (_swap("= 6", '= "often"'), 11, "valid number"),
    (_swap('"o/r"', '"../r"'), 9, "use letters, digits"),
    (_swap('"o/r"', '""'), 9, "at least 1 character"),
    (_swap('["x"]', "[]"), 4, "at least one name"),
    (_swap('["x"]', '"x"'), 4, "valid tuple"),
    (_swap("2026-11-24", '"soon"'), 5, "valid date"),
    (_swap('"https://status.x.example"', '"http://status.x.example"'), 19, "must be an https URL"),
    (_swap('"https://status.x.example"', '"https://u:p@status.x.example"'), 19, "without credentials"),
    (_swap('"https://status.x.example"', '"https://10.0.0.1"'), 19, "names a private host"),
    (_swap('"https://status.x.example"', '"https://[::ffff:10.0.0.1]"'), 19, "names a private host"),
    (_swap('"https://status.x.example"', '"https://localhost"'), 19, "HEARTBEAT_ALLOW_PRIVATE_HOSTS"),
    # missing
    (_swap('title = "X"\n', ""), 1, "title: Field required"),
    (_swap('target = "o/r"\n', ""), 7, "target: Field required"),
    (_swap('state = "not observable"\n', ""), 21, "state: Field required"),
    # not TOML
    (_swap('"X"', '"X'), 1, "not valid TOML"),
]


@pytest.mark.parametrize(("typo", "line", "reason"), TYPOS, ids=[reason for _, _, reason in TYPOS])
def test_a_typo_is_refused_by_file_line_and_nearest_word(
    tmp_path: Path, typo: Callable[[str], str], line: int, reason: str
) -> None:
    """A user adds families without reading our code: the message must be enough."""
    with pytest.raises(CatalogError) as caught:
        _read(tmp_path, typo(VALID))
    message = str(caught.value)
    first = next(one for one in message.splitlines() if reason in one)
    assert str(tmp_path / "x.toml") in first
    named = re.search(r"x\.toml:(\d+)|line (\d+)", first)
    assert named and int(named[1] or named[2]) == line, first


def test_all_faults_of_channels_are_told_at_once(tmp_path: Path) -> None:
    """Even those that only the sources know, of every channel, and of every file."""
    (tmp_path / "other.toml").write_text(
        VALID.replace("https://status.x.example", "https://10.0.0.1"), encoding="utf-8"
    )
    text = VALID.replace('"github"', '"gihub"').replace('["incidents"]', '["incident", "dais"]')
    with pytest.raises(CatalogError) as caught:
        _read(tmp_path, text.replace('"statuspage"', '"statuspages"'))
    lines = str(caught.value).splitlines()
    assert [re.findall(r"(\w+\.toml):(\d+)", line) for line in lines] == [
        [("other.toml", "19")], [("x.toml", "8")], [("x.toml", "18")], [("x.toml", "18")], [("x.toml", "17")],
    ]  # fmt: skip


def test_components_name_what_counts_or_what_does_not(tmp_path: Path) -> None:
    """Of both together nobody could say whether a component that neither names counts."""
    where = 'things = ["incidents"]'
    with pytest.raises(CatalogError, match="not both"):
        _read(tmp_path, VALID.replace(where, where + '\ncomponents = ["API", "!Website"]'))
    _read(tmp_path, VALID.replace(where, where + '\ncomponents = ["!Playground", "!Website"]'))


def test_a_fault_in_the_second_channel_names_its_own_line(tmp_path: Path) -> None:
    with pytest.raises(CatalogError) as caught:
        _read(tmp_path, VALID.replace('"sdk"', '"cly"').replace('role = "status"', 'role = "cly"'))
    assert re.findall(r"x\.toml:(\d+): channel\.\d\.role", str(caught.value)) == ["10", "16"]


@pytest.mark.parametrize("name", ["X", "my family", "é", "a.b", "-x"])
def test_a_file_name_is_the_familys_name(tmp_path: Path, name: str) -> None:
    """It becomes part of folder names and of links."""
    with pytest.raises(CatalogError, match="use only lower-case letters"):
        _read(tmp_path, VALID, name)


def test_the_same_place_twice_is_refused(tmp_path: Path) -> None:
    """C7: it would be counted twice."""
    with pytest.raises(CatalogError, match="duplicate channel 'O/R' of github"):
        _read(tmp_path, VALID + '\n[[channel]]\nsource = "github"\ntarget = "O/R"\nrole = "cli"\n')


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A mistyped HEARTBEAT_CATALOG must not mean an empty comparison."""
    with pytest.raises(CatalogError, match="HEARTBEAT_CATALOG"):
        read_catalog([tmp_path / "nowhere"])


def test_a_private_host_may_be_meant(tmp_path: Path) -> None:
    """A mirror inside a company, also without https."""
    text = VALID.replace("https://status.x.example", "http://10.0.0.1:8080")
    _read(tmp_path, text, private_hosts=frozenset({"10.0.0.1"}))


def test_a_users_family_replaces_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    """Families are added and changed without touching the code."""
    (tmp_path / "llama.toml").write_text(VALID, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(VALID, encoding="utf-8")
    families = {family.id: family.title for family in read_catalog([SHIPPED, tmp_path]).families}
    assert families["llama"] == families["mine"] == "X" and families["claude"] == "Claude"


def test_the_shipped_catalog_has_families_enough_for_a_claim_to_be_supported() -> None:
    """With fewer than seven families a side no comparison of the board can come out significant."""
    sides = Counter(family.side for family in read_catalog([SHIPPED]).families)
    assert min(sides["open"], sides["proprietary"]) >= 7 and sides["host"] > 0


def test_a_host_that_is_not_there_is_refused_by_line_and_nearest_word(tmp_path: Path) -> None:
    """A family file of one's own may name a host that no file describes."""
    text = (SHIPPED / "olmo.toml").read_text(encoding="utf-8").replace('"hugging-face"', '"huging-face"')
    (tmp_path / "olmo.toml").write_text(text, encoding="utf-8")
    with pytest.raises(
        CatalogError,
        match=r"olmo.toml:\d+: hosts: no host 'huging-face' in the catalog \(did you mean 'hugging-face'\?\)",
    ):
        read_catalog([SHIPPED, tmp_path])


def test_the_check_says_each_half_of_a_pair_or_why_it_is_missing() -> None:
    """Anyone who adds a family sees at once what it can be compared by."""
    families = {family.id: family for family in read_catalog([SHIPPED]).families}

    assert "questions: not observable" in describe_pairs(families["claude"])
    assert "code: not applicable; questions: CohereLabs" in describe_pairs(families["command-r"])
    assert "code: QwenLM/Qwen3, QwenLM/Qwen3-VL, QwenLM/Qwen-Agent and 1 more" in describe_pairs(families["qwen"])


def test_every_source_is_in_the_shipped_catalog() -> None:
    """A source that nothing uses is never tried."""
    assert {channel.source for channel in read_catalog([SHIPPED]).channels} == set(sources.list_sources())
