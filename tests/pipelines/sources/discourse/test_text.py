"""What is read of a post's HTML, and of a robots.txt."""

import pytest

from pipelines.http.answers import Answer, find_refusal_word
from pipelines.http.robots import LONGEST_DELAY_SECONDS, RobotsRules, read_robots
from pipelines.markup.html_text import read_html
from pipelines.text.features import count_features

CODE = '<pre data-code-wrap="python"><code class="lang-python">import this\n\nprint(1 &lt; 2)\n</code></pre>'
QUOTE = (
    '<aside class="quote no-group"><div class="title">ann:</div><blockquote><p>many quoted words '
    "<code>x</code></p></blockquote></aside>"
)
ONEBOX = (
    '<aside class="onebox allowlistedgeneric" data-onebox-src="https://docs.example.com/guide/x"><article><h3><a '
    'href="https://a.b/c">T</a>'
    "</h3></article></aside>"
)
PICTURE = (
    '<div class="lightbox-wrapper"><a class="lightbox" href="https://cdn.example.org/a.png"><div '
    'class="meta">a.png 9 KB</div></a></div>'
)


def test_a_post_counts_as_its_markdown_would() -> None:
    """Two readers, one meaning: words, lines of code and links of both agree."""
    html = (
        f'<p>Run <code>pip install x</code> and see <a href="https://docs.example.com/guide/y">the guide</a>.</p>{CODE}'
    )
    markdown = (
        "Run `pip install x` and see [the guide](https://docs.example.com/guide/y).\n\n```python\nimport "
        "this\n\nprint(1 < 2)\n```"
    )
    assert read_html(html).count_features() == count_features(markdown)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        (f"<p>my own words</p>{QUOTE}", 3),
        (f"<p>see</p>{ONEBOX}", 1),
        (f"<p>look</p>{PICTURE}", 1),
        ('<p><a class="mention" href="/u/ann">@ann</a> hello</p>', 2),
        ('<p><a href="https://docs.x.org/a">https://docs.x.org/a</a></p>', 0),
        ('<p>one<br>two</p><ul><li>three</li></ul><p><img class="emoji" title=":smile:" alt=":smile:"></p>', 3),
        ("<p>never <b>closed <i>at", 3),
        ("</div></p>stray", 1),
        ("<script>alert(1)</script><p>x</p>", 1),
        ("<div>" * 3_000 + "x", 0),
        ("<div>" * 60_000 + "x", 0),
        ("", 0),
        (None, 0),
        (7, 0),
    ],
)
def test_only_the_author_s_own_words_are_counted(html: object, words: int) -> None:
    """Quotations, previews, pictures and buttons are the forum's."""
    assert read_html(html).count_features()["words"] == words


def test_code_keeps_its_language_and_whatever_is_left_open_ends_with_the_text() -> None:
    """Automatic highlighting names no language."""
    assert read_html(CODE).code == [("python", "import this\n\nprint(1 < 2)\n")]
    assert read_html('<pre><code class="lang-auto">x</code></pre>').code == [("", "x")]
    assert read_html("<pre><code>x").code == [("", "x")]
    assert read_html('<pre><code class="lang-diff">-a\n+b</code></pre>').count_features()["has_patch"] is True


ROBOTS = b"""User-agent: badbot
Disallow: /

User-agent: *
Crawl-delay: 5
Disallow: /t/
Allow: /t/1
Disallow: /*?*api_key*
Disallow: /private$
Disallow:
"""


@pytest.mark.parametrize(
    ("path", "is_allowed"),
    [
        ("/latest.json", True),
        ("/t/2.json", False),
        ("/t/1.json", True),
        ("/x?a=1&api_key=2", False),
        ("/private", False),
        ("/private/x", True),
    ],
)
def test_the_longest_rule_of_robots_txt_decides(path: str, is_allowed: bool) -> None:
    """As RFC 9309 has it, with `*` and `$`; not the first that fits."""
    assert read_robots(ROBOTS, "heartbeat/1.0").allows(path) is is_allowed


def test_rules_for_us_by_name_go_before_those_for_everybody() -> None:
    """And what a host asks to wait is kept within reason."""
    named = read_robots(
        b"User-agent: *\nDisallow: /\n\nUser-agent: Heartbeat\nAllow: /\nCrawl-delay: 900\n", "heartbeat/1.0 (+x)"
    )
    assert (named.allows("/latest.json"), named.delay_seconds) == (True, LONGEST_DELAY_SECONDS)
    assert read_robots(ROBOTS, "heartbeat/1.0").delay_seconds == 5
    assert not read_robots(ROBOTS, "badbot").allows("/latest.json")
    assert read_robots(b"<html>\xff not a robots file", "heartbeat").allows("/anything")
    assert RobotsRules().allows("/")


@pytest.mark.parametrize(
    "line", ["Allow: //[", "Crawl-delay: ²", f"Crawl-delay: {'9' * 5_000}", "Disallow: http://[x/"]
)
def test_a_line_of_robots_txt_that_cannot_be_read_costs_no_other(line: str) -> None:
    """It ended the forum's channel; the rules around it hold."""
    rules = read_robots(f"User-agent: *\nDisallow: /a/\n{line}\nDisallow: /b/\n".encode(), "heartbeat")
    assert rules.lines == (("/a/", False), ("/b/", False)) and rules.delay_seconds == 0


def test_only_rules_that_may_concern_us_are_kept() -> None:
    """A cursor need not hold a forum's whole robots.txt."""
    kept = read_robots(ROBOTS + b"Disallow: /admin/\nDisallow: /u/\n", "heartbeat").select_for("/latest", "/t/")
    assert [pattern for pattern, _ in kept.lines] == ["/t/", "/t/1", "/*?*api_key*"]
    assert not kept.allows("/t/2.json")


def _answer(body: bytes, kind: str = "application/json") -> Answer:
    return Answer(403, {"content-type": kind}, body, "https://x", None, None)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (_answer(b'{"errors": ["x"], "error_type": "not_logged_in"}'), "not_logged_in"),
        (_answer(b'{"error_id": 400, "error_name": "bad_parameter"}'), "bad_parameter"),
        (_answer(b"<!DOCTYPE html><p>no</p>", "text/html; charset=utf-8"), "html"),
        (_answer(b"  <html>", "text/plain"), "html"),
        (_answer(b'{"error_type": "Your token ghp_1 is wrong"}'), ""),
        (_answer(b'{"error_type": 7}'), ""),
        (_answer(b"[1]"), ""),
        (_answer(b"{"), ""),
    ],
)
def test_a_refusal_is_named_by_one_word_or_not_at_all(answer: Answer, word: str) -> None:
    """A sentence of theirs might repeat a secret of ours."""
    assert find_refusal_word(answer) == word
