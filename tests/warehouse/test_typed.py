"""Values that do not fit are typed as nothing, and named beside their rows without what a person wrote."""

import json
from typing import Any

import pytest

from warehouse.typed import type_rows


@pytest.mark.parametrize("value", [[{"user": "octo-cat"}], "octo-cat wrote: my key is secret", {"octo-cat": 1}])
def test_a_value_that_does_not_fit_is_kept_without_names_and_texts(value: Any) -> None:
    """A count that became a list of people was landed, loaded and published with their names."""
    (row,) = type_rows(
        "github", [("issues", "1", None, None, json.dumps({"number": 1, "comments": value}))]
    ).to_pylist()

    length = len(value) if isinstance(value, str) else len(json.dumps(value, separators=(",", ":")))
    assert row["misfit"]["value"] == f"something of {length} characters"
    assert "octo-cat" not in str(row)


def test_a_column_holds_no_value_that_does_not_fit() -> None:
    """Forgetting anybody failed on an instant that Python cannot hold."""
    (row,) = type_rows(
        "github", [("issues", "1", None, None, json.dumps({"number": 2**60, "created_at": "290000-01-01"}))]
    ).to_pylist()

    assert (row["number"], row["created_at"], row["misfit"]["field"]) == (None, None, "number")
