"""Links are one whichever way they are written, and lie below what is above them."""

import pytest

from warehouse.forgetting.links import list_ancestors, normalize_link


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("HTTP://www.GitHub.com/O/R/pull/12/files?w=1", "github.com/o/r/issues/12"),
        ("https://github.com/o/r/issues/12#issuecomment-5", "github.com/o/r/issues/12#issuecomment-5"),
        ("https://github.com/o/r/discussions/12/", "github.com/o/r/issues/12"),
        ("https://hf.co/org/Model", "huggingface.co/org/model"),
        ("https://forum.example/t/a-slug/12", "forum.example/t/12"),
        ("https://forum.example/t/a-slug/12/3", "forum.example/t/12/3"),
        ("https://forum.example/t/12/3", "forum.example/t/12/3"),
        ("https://stackoverflow.com/questions/12/a-slug/34#34", "stackoverflow.com/a/34"),
        ("https://stackoverflow.com/questions/12/a-slug#34", "stackoverflow.com/a/34"),
        ("https://stackoverflow.com/q/12/99", "stackoverflow.com/questions/12"),
        ("https://old.reddit.com/r/x/comments/ab1/a_slug/cd2/", "reddit.com/comments/ab1/_/cd2"),
        ("https://www.reddit.com/comments/ab1/_/cd2/", "reddit.com/comments/ab1/_/cd2"),
        ("http://127.0.0.1:81/forum/t/x/7", "127.0.0.1:81/forum/t/7"),
        ("https://github.com", "github.com"),
        ("octocat", ""),
        ("ftp://a.example/b", ""),
        ("https://[", ""),
    ],
)
def test_a_link_has_one_form(written: str, normal: str) -> None:
    """Case, schemes, slugs, views and short names of hosts do not matter."""
    assert normalize_link(written) == normal


def test_what_lies_above_a_link_is_listed_but_for_the_host() -> None:
    """A comment lies below its thread, that below its repository, that below its owner."""
    assert list_ancestors(normalize_link("https://github.com/o/r/issues/12#issuecomment-5")) == [
        "github.com/o/r/issues/12#issuecomment-5",
        "github.com/o/r/issues/12",
        "github.com/o/r/issues",
        "github.com/o/r",
        "github.com/o",
    ]
    assert list_ancestors("github.com") == []
