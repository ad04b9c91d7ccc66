"""What many tests rest on alike, for their mark `rests_on(*…)`."""

SAMPLE_GROUNDS = (
    "analytics",
    "dashboards",
    "pipelines",
    "tests/conftest.py",
    "tests/gate",
    "tests/paths.py",
    "tests/worlds",
    "warehouse",
)
"""Tests that show or report the sample world."""
PAGE_GROUNDS = (*SAMPLE_GROUNDS, "tests/dashboards/test_pages.py")
"""Tests that open a page of it."""
