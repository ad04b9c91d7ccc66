"""The supply chain: locked by digest, pinned by commit, listed in a bill, compared with advisories, and no secret."""

import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from tests.paths import ROOT
from tests.supply.audit import FOUND, NONE, NOT_AUDITED, audit, fetch_advisories
from tests.supply.bill import make_bill
from tests.supply.locked import LockedPackage, read_lock

SECRETS = re.compile(
    r"gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,}|hf_[A-Za-z0-9]{30,}|AKIA[A-Z0-9]{16}|AIza[\w-]{35}"
    r"|sk-(?:proj-|ant-)?[A-Za-z0-9_-]{32,}|xox[abp]-[\w-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}"
)
"""Shapes of tokens and keys."""
VARIED = 14
"""Different signs that a drawn token has at least; canaries of tests repeat theirs."""
NOW = datetime(2026, 11, 24, tzinfo=UTC)
LOCKED = "acme==1.4.0 \\\n    --hash=sha256:" + "ab" * 32 + "\n    # via\n    #   heartbeat (pyproject.toml)\n"
ACME = {"name": "Acme", "ecosystem": "PyPI"}
REPAIRED: list[object] = [
    {"package": ACME, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.4.0"}]}]}
]
AFFECTED: list[object] = [
    {"package": ACME, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.5"}]}]}
]
ADVISORY: dict[str, object] = {"id": "PYSEC-1", "aliases": ["CVE-1"], "details": "Reads files.", "affected": AFFECTED}


def find_secrets(text: str) -> list[str]:
    """Finds what looks like a drawn token or key."""
    return [match[0][:12] for match in SECRETS.finditer(text) if len(set(match[0])) >= VARIED]


def test_no_tracked_file_holds_a_token_or_a_private_key() -> None:
    """As scanners of public repositories look for them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    paths = [ROOT / name for name in listed.decode().split("\0") if name]
    assert len(paths) > 500
    found = {
        str(path.relative_to(ROOT)): secrets
        for path in paths
        if path.is_file() and (secrets := find_secrets(path.read_bytes().decode("utf-8", "replace")))
    }
    assert found == {}


def test_what_a_token_looks_like_is_known() -> None:
    """A scan that finds nothing proves something only if it would."""
    drawn = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6"
    for shape in (f"ghp_{drawn}", f"hf_{drawn}", f"sk-ant-{drawn}", f"github_pat_{drawn * 2}"):
        assert find_secrets(f"token = '{shape}'"), shape
    assert find_secrets("ghp_CANARY0000000000000000000000000000") == []


def test_every_action_is_pinned_by_its_commit() -> None:
    """A tag may be moved to other code; the comment tells people which version the commit is."""
    files = [*(ROOT / ".github" / "workflows").glob("*.yml"), ROOT / "action.yml"]
    used = [line for path in files for line in path.read_text().splitlines() if re.search(r"\buses:", line)]
    assert len(used) >= 4
    for line in used:
        assert re.search(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+$", line), line


LOCKS = [*ROOT.glob("requirements*.lock"), *(ROOT / "tests" / "benchmarks" / "peers").glob("*.lock")]


@pytest.mark.parametrize("name", sorted(str(path.relative_to(ROOT)) for path in LOCKS))
def test_every_locked_package_has_its_digests(name: str) -> None:
    """Nothing else than what was locked can be installed."""
    text = (ROOT / name).read_text(encoding="utf-8")
    packages = read_lock(ROOT / name)
    assert len(packages) == len(re.findall(r"(?m)^[A-Za-z0-9][\w.-]*==", text)) > 0
    assert "://" not in text


def test_the_bill_lists_what_is_locked_and_who_needs_it() -> None:
    """Each package once, with its digests; every dependency leads to a package of the bill; the same lock gives the
    same bytes."""
    packages = read_lock()
    bill = make_bill(packages)
    refs = [component["bom-ref"] for component in bill["components"]]
    known = {*refs, bill["metadata"]["component"]["bom-ref"]}

    assert refs == [package.ref for package in packages]
    assert len(set(refs)) == len(refs) and all(component["hashes"] for component in bill["components"])
    assert {entry["ref"] for entry in bill["dependencies"]} == known
    needed = {ref for entry in bill["dependencies"] for ref in entry["dependsOn"]}
    assert needed == set(refs), "each package is there because something asked for it"
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", bill["serialNumber"])
    assert json.dumps(make_bill(read_lock())) == json.dumps(bill)
    assert make_bill(packages[1:])["serialNumber"] != bill["serialNumber"]


def _write_advisories(tmp_path: Path, **changed: object) -> tuple[Path, Path]:
    """Writes a lock file, and advisories of which one concerns it."""
    lock, folder = tmp_path / "lock", tmp_path / "advisories"
    lock.write_text(LOCKED)
    (folder / "vulns" / "acme").mkdir(parents=True)
    (folder / "vulns" / "acme" / "PYSEC-1.yaml").write_text(yaml.safe_dump(ADVISORY | changed))
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@s.example", "-C", str(folder)]
    dated = {"GIT_COMMITTER_DATE": "2026-11-20T00:00:00Z", "PATH": "/usr/bin:/bin"}
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run([*command, *words], check=True, env=dated)
    return lock, folder


def test_an_advisory_of_a_locked_version_fails_the_audit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Named with its id and what it is about."""
    lock, folder = _write_advisories(tmp_path)
    assert audit(folder, NOW, lock) == FOUND
    assert "acme 1.4.0: PYSEC-1 (CVE-1): Reads files." in capsys.readouterr().out


@pytest.mark.parametrize("changed", [{"withdrawn": "2026-01-01T00:00:00Z"}, {"affected": REPAIRED}])
def test_an_advisory_that_is_withdrawn_or_fixed_does_not(tmp_path: Path, changed: dict[str, object]) -> None:
    """Of fresh advisories none that concerns a locked version is a pass."""
    lock, folder = _write_advisories(tmp_path, **changed)
    assert audit(folder, NOW, lock) == NONE


def test_an_audit_without_todays_advisories_never_passes(tmp_path: Path) -> None:
    """None at all, none to be had, or old ones."""
    lock, folder = _write_advisories(tmp_path, withdrawn="2026-01-01T00:00:00Z")
    assert audit(tmp_path / "nowhere", NOW, lock) == NOT_AUDITED
    assert audit(folder, datetime(2027, 3, 1, tzinfo=UTC), lock) == NOT_AUDITED
    assert fetch_advisories(tmp_path / "new", str(tmp_path / "no repository")) != ""


def test_a_lock_without_digests_is_refused(tmp_path: Path) -> None:
    """It would install whatever is served."""
    (tmp_path / "lock").write_text("acme==1.4.0\n")
    with pytest.raises(ValueError, match="no digest of acme"):
        read_lock(tmp_path / "lock")
    assert LockedPackage("a", "1").digests == []
