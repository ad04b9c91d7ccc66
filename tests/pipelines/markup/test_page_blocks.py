"""Pages cut into blocks: Markdown and HTML give the same headings, texts and tables; what is struck out or hidden is
not read."""

import time

import pytest

from pipelines.http.errors import Fatal
from pipelines.markup import page_blocks
from pipelines.markup.page_blocks import PageBlock

MARKDOWN = """---
title: no heading
---
# One & two

Some `code` and [a link](https://h.example), **bold**.

* an item
  with more

### [Sep 1, 2026: a/b](#sep-1-2026-ab)

| **A** | B |
|---|---|
| `a` \\| `b` | x<sup>1</sup> ~~old~~ new<br>line |

```text
| no | table |
|---|---|
```
"""
HTML = """<!DOCTYPE html><html><head><title>no text</title><style>h1 {}</style></head><body><script>"<h1>no</h1>"</script>
<h1>One &amp; two<svg><text>icon</text></svg></h1>
<div>Some <code>code</code> and <a href="https://h.example">a link</a>, <b>bold</b>.</div>
<ul><li><p>an item
with more</p></li></ul>
<h3><a id="sep-1-2026-ab"></a>Sep 1, 2026: a/b</h3>
<table><thead><tr><th>A</th><th>B</th></tr></thead>
<tr><td><code>a</code> | <code>b</code></td><td>x<sup>1</sup> <del>old</del> new<br>line</td></tr></table></body></html>"""
EXPECTED = [
    PageBlock("heading", "One & two", 1, "one-two"),
    PageBlock("text", "Some `code` and a link, bold."),
    PageBlock("text", "an item with more", 1),
    PageBlock("heading", "Sep 1, 2026: a/b", 3, "sep-1-2026-ab"),
    PageBlock("table", header=("A", "B"), rows=(("`a` | `b`", "x new line"),)),
]


def test_markdown_and_html_give_the_same_blocks() -> None:
    """Escaped pipes, anchors, footnotes, struck out words, breaks; no front matter, no script, no fenced code."""
    assert page_blocks.read_markdown_blocks(MARKDOWN) == EXPECTED == page_blocks.read_html_blocks(HTML)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<tr><th colspan=2>A<th>B<tr><td>1<td>2<td>3", [("A", "A", "B"), ("1", "2", "3")]),
        (
            "<tr><th>A<th>B<tr><td rowspan=2>x<td>1<tr><td>2<tr><td>y<td>3",
            [("A", "B"), ("x", "1"), ("x", "2"), ("y", "3")],
        ),
        ("<tr><th>A<th>B<tr><td>1<td rowspan=3>z<tr><td>2<tr><td>3", [("A", "B"), ("1", "z"), ("2", "z"), ("3", "z")]),
        ("<tr><th>A<tr><td><p>1</p><ul><li>2<li>3</ul>", [("A",), ("1 2 3",)]),
        ("<tr><th>A<tr><td>out <table><tr><td>in</table>", [("A",), ("out in",)]),
        ("<tr><th>A<tr><td colspan=99999>x", [("A",), ("x",) * page_blocks.WIDEST_SPAN]),
        ("", [()]),
    ],
)
def test_cells_stand_in_their_columns_whatever_they_span(rows: str, expected: list[tuple[str, ...]]) -> None:
    """Also where tags are left open, as they may be, and where somebody claims a width to fill the memory."""
    (table,) = [
        block for block in page_blocks.read_html_blocks(f"<p>a<table>{rows}</table><p>b") if block.kind == "table"
    ]
    assert [table.header, *table.rows] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!doctype HTML>", True), ("\n <html lang=en>", True), ("<!-- built --><!DOCTYPE html><p>", True),
        ("<head>", True),
        ("# Title\n<html>", False), ("<p>some Markdown begins so", False), ("", False), ("<header>", False),
    ],
)  # fmt: skip
def test_a_whole_page_of_html_is_told_from_markdown(text: str, expected: bool) -> None:
    """Markdown may hold HTML, but does not begin as a document."""
    assert page_blocks.is_html(text) is expected


@pytest.mark.parametrize("part", ["<a ", "<!-- ", '<a "', "<a href='", "</", "<!", "<?", "&"])
def test_a_page_of_nothing_but_beginnings_is_read_in_time(part: str) -> None:
    """A page without ends must not take minutes."""
    began = time.process_time()
    for text in (part * 20_000, "<p>x" + part * 20_000 + ">"):
        page_blocks.read_html_blocks(text)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "text", ["<!---->" * 500 + "x", "<!-- " * 700, '<Update label=""\n' * 5000, '<Update label="" ' * 5000]
)
def test_a_page_that_begins_in_many_ways_is_read_in_time(text: str) -> None:
    """Comments alone can be split in as many ways as there are subsets of them, tags without an end at each label."""
    began = time.process_time()
    page_blocks.is_html(text)
    page_blocks.read_markdown_blocks(text)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("times", [2_000, 1_000_000])
def test_a_page_nested_deeper_than_any_is_refused_in_time(times: int) -> None:
    """The parser takes quadratic time for it, and its reader a level of the stack for each."""
    began = time.process_time()
    with pytest.raises(Fatal):
        page_blocks.read_html_blocks("<div>" * times)
    assert time.process_time() - began < 5
