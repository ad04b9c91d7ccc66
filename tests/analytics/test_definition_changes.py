"""The reasons of changed definitions: every version of every public measure says what changed, and why."""

from pathlib import Path

import pytest

from analytics.engine import restating
from tests.worlds.warehouse_rows import MODELS

CHANGES = """
[[change]]
changed_on = 2027-01-31
why = "An offer that has ended counts as open nowhere."
versions = { helped_share = 2 }
removed = ["naive_share"]

[[change]]
changed_on = 2027-02-01
why = "Thanks alone count as help nowhere."
versions = { helped_share = 3 }
"""


def test_each_version_of_a_public_measure_has_a_reason() -> None:
    """Without it readers of the log see two numbers and no cause."""
    versions = {model.path.stem: model.header.version for model in MODELS if model.is_public}
    changes = restating.read_changes()

    assert {item for change in changes for item in change.get("versions", {}).items()} == {
        (name, version) for name, newest in versions.items() for version in range(2, newest + 1)
    }
    assert not {name for change in changes for name in change.get("removed", ())} & versions.keys()


def test_a_change_is_explained_by_all_versions_on_its_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those before and after are no cause of it; a removal has its own."""
    monkeypatch.setattr(restating, "CHANGES", tmp_path / "changes.toml")
    restating.CHANGES.write_text(CHANGES)

    first, second = "An offer that has ended counts as open nowhere.", "Thanks alone count as help nowhere."
    assert restating.explain_change("helped_share", 1, 3) == f"{first} {second}"
    assert restating.explain_change("helped_share", 2, 3) == second
    assert restating.explain_change("helped_share", 2, 2) == "A step that it rests on changed."
    assert restating.explain_change("naive_share", 4, None) == first
