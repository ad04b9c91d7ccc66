"""Twins of changelogs: two dialects of release-please, headings of days in HTML, and a file of MDX a day."""

from datetime import date, timedelta

LINKED = """# Changelog

## [2.1.0](https://github.com/kit-ai/kit-python/compare/v2.0.1...v2.1.0) (2026-10-20)


### Features

* **api:** let a stream end early ([#31](https://github.com/kit-ai/kit-python/issues/31)) ([0a1b2c3](https://github.com/kit-ai/kit-python/commit/0a1b2c3))


### Bug Fixes

* keep the last chunk ([4d5e6f7](https://github.com/kit-ai/kit-python/commit/4d5e6f7))

## [2.0.1](https://github.com/kit-ai/kit-python/compare/v2.0.0...v2.0.1) (2026-10-05)


### Chores

* pin the linter ([8a9b0c1](https://github.com/kit-ai/kit-python/commit/8a9b0c1))

## [2.0.0](https://github.com/kit-ai/kit-python/compare/v2.0.0-beta.1...v2.0.0) (2026-09-24)


### ⚠ BREAKING CHANGES

* a client is closed by `with` alone

### Features

* a client is closed by `with` alone ([2d3e4f5](https://github.com/kit-ai/kit-python/commit/2d3e4f5))

## [2.0.0-beta.1](https://github.com/kit-ai/kit-python/compare/v1.9.0...v2.0.0-beta.1) (2026-09-20)


### Features

* try the new client ([6a7b8c9](https://github.com/kit-ai/kit-python/commit/6a7b8c9))

## [1.9.0](https://github.com/kit-ai/kit-python/compare/v1.8.0...v1.9.0) (2026-09-01)


### Bug Fixes

* read an empty answer ([0d1e2f3](https://github.com/kit-ai/kit-python/commit/0d1e2f3))
"""
PLAIN = """# Changelog

## 0.4.0 (2026-10-18)

Full Changelog: [v0.3.1...v0.4.0](https://github.com/lamp-ai/lamp-python/compare/v0.3.1...v0.4.0)

### Features

* **api:** add batches ([1c2d3e4](https://github.com/lamp-ai/lamp-python/commit/1c2d3e4))

## 0.3.1 (2026-10-01)

Full Changelog: [v0.3.0...v0.3.1](https://github.com/lamp-ai/lamp-python/compare/v0.3.0...v0.3.1)

### Bug Fixes

* **client:** wait as long as the header says ([5f6a7b8](https://github.com/lamp-ai/lamp-python/commit/5f6a7b8))


### Chores

* **internal:** sort imports ([9c0d1e2](https://github.com/lamp-ai/lamp-python/commit/9c0d1e2))

## 0.3.0 (2026-09-14)

Full Changelog: [v0.2.0...v0.3.0](https://github.com/lamp-ai/lamp-python/compare/v0.2.0...v0.3.0)

### Features

* lists are read page by page ([3f4a5b6](https://github.com/lamp-ai/lamp-python/commit/3f4a5b6))
"""
DAYS = """<!doctype html>
<html lang="en"><head><title>Release notes</title><script>var h2 = "<h2>January 1, 2020</h2>";</script></head><body>
<devsite-header><h2>Search</h2></devsite-header>
<h1 class="devsite-page-title" tabindex="-1">
  Release notes<devsite-actions hidden data-nosnippet> <devsite-llm-tools></devsite-llm-tools></devsite-actions>
</h1>
<div class="devsite-article-body clearfix ">
<p>This page lists what is new in the Kit API.</p>

<h2 id="10-21-2026" data-text="October 21, 2026" tabindex="-1">October 21, 2026</h2>

<ul>
<li><p>The following models will be switched off:</p>

<ul>
<li><p>November 30:</p>

<ul>
<li><code translate="no" dir="ltr">kit-1-preview</code></li>
</ul></li>
</ul></li>
</ul>

<h2 id="10-07-2026" data-text="October 7, 2026" tabindex="-1">October 7, 2026</h2>

<ul>
<li><p>Released <code translate="no" dir="ltr">kit-2</code>. See the
<a href="/kit-api/docs/models">models</a>.</p></li>
</ul>

<h2 id="09-30-2026" data-text="September 30, 2026" tabindex="-1">September 30, 2026</h2>

<p>Longer prompts are cheaper.</p>
</div></body></html>
"""
MDX = """---
id: 2026-10-09
date: 2026-10-09
---

- We released `quill-small-2610`. <Tag models/>
- Answers in JSON can be streamed. <Tag api/>
"""


def _every(days: int, before: date, *versions: str) -> dict[str, date]:
    """Further releases, so many days apart, enough for a median of the days between them."""
    return {version: before - timedelta(days=days * place) for place, version in enumerate(versions, 1)}


OLDER = _every(15, date(2026, 9, 1), *(f"1.8.{patch}" for patch in range(16, -1, -1)))
OLDER_PLAIN = _every(17, date(2026, 9, 14), *(f"0.2.{patch}" for patch in range(17, -1, -1)))
LINK = "https://github.com/kit-ai/kit-python/compare/v0...v"
FILES = {
    "changelogs/openai-python__CHANGELOG.md": LINKED
    + "".join(f"\n## [{name}]({LINK}{name}) ({day})\n\n\n### Chores\n\n* release\n" for name, day in OLDER.items()),
    "changelogs/anthropic-sdk-python__CHANGELOG.md": PLAIN
    + "".join(f"\n## {name} ({day})\n\n### Chores\n\n* release\n" for name, day in OLDER_PLAIN.items()),
    "changelogs/google_changelog.html": DAYS,
    "changelogs/mistral-platform-docs/2026-10-09.mdx": MDX,
}
