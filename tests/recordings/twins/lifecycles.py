"""Twins of pages of deprecations in HTML: tables by announcement, state and maker, and a page of prices."""

HEADING = (
    '<div class="anchor-heading-wrapper"><h{level} id="{anchor}" class="anchor-heading" data-name="{anchor}">'
    '{text}<svg width="15"></svg></h{level}></div>'
)


def _heading(level: int, anchor: str, text: str) -> str:
    return HEADING.format(level=level, anchor=anchor, text=text)


OPENAI = f"""<!doctype html><html><head><title>Deprecations</title></head><body>
<h1 id="page-top" class="docs-markdown-page-title">Deprecations</h1>
{_heading(2, "overview", "Overview")} <p>Models end. Here is when.</p>
{_heading(2, "deprecation-history", "Deprecation history")}
{_heading(3, "2026-09-10-lantern-snapshots", "2026-09-10: Lantern snapshots")}
<p>On September 10th, 2026, we notified developers.</p>
<table><thead><tr><th>Shutdown date</th><th>Model / system</th><th>Recommended replacement</th></tr></thead><tbody>
<tr><td>2027‑03‑10</td><td><code>lantern-3-0310</code></td><td><code>lantern-5</code> or <code>lantern-4.1*</code></td></tr>
<tr><td>2027-03-10</td><td><code>lantern-3-1106</code> (including <code>lantern-3-latest</code>, which points to it)</td>
<td><code>lantern-5</code></td></tr>
</tbody></table> <p>*Where answers must come fast</p>
{_heading(3, "2026-03-15-sessions-api", "2026-03-15: Sessions API")}
<table><thead><tr><th>Shutdown date</th><th>System</th><th>Recommended replacement</th></tr></thead><tbody>
<tr><td>2026-09-15</td><td><code>/v1/sessions</code></td><td><code>/v1/turns</code></td></tr></tbody></table>
</body></html>
"""
BEDROCK = """<html><body><h1 class="topictitle" id="model-lifecycle">Model lifecycle</h1>
<p>Active models and their launch dates:</p>
<div class="table-container"><div class="table-contents"><table id="w1"><thead>
<tr> <th>Provider</th> <th>Model name</th> <th>Model ID</th> <th>Regions supported</th> <th>Launch date</th> <th>Input modalities</th>
<th>Output modalities</th> </tr> </thead>
<tr> <td tabindex="-1">Lamp</td> <td tabindex="-1">Lamp Large</td> <td tabindex="-1">lamp.large-v2:0</td> <td tabindex="-1">us-east-1</td>
<td tabindex="-1">9/23/2026</td> <td tabindex="-1">No sooner than 9/23/2027</td> <td tabindex="-1">Text</td> <td tabindex="-1">Text, Chat</td> </tr>
</table></div></div>
<h2 id="versions-legacy">Legacy versions</h2>
<div class="table-container"><div class="table-contents"><table id="w2"><thead> <tr> <th>Model version</th> <th>Legacy date</th>
<th>Public extended access date</th> <th>EOL date</th> <th>Recommended model version replacement</th> <th>Recommended model ID</th> </tr> </thead>
<tr> <td tabindex="-1">Lamp 1.5</td> <td tabindex="-1">August 18, 2026 (us-east-1 and us-west-2)</td> <td tabindex="-1">NA</td>
<td tabindex="-1">March 2, 2027 (us-east-1 and us-west-2)</td> <td tabindex="-1">Lamp Large</td>
<td tabindex="-1">lamp.large-v2:0, and lamp.small-v2:0</td> </tr>
</table></div></div>
<h2 id="versions-eol">End-of-life versions</h2>
<div class="table-container"><div class="table-contents"><table id="w3"><thead> <tr> <th>Model version</th> <th>Legacy date</th> <th>EOL date</th>
<th>Recommended model version replacement</th> <th>Recommended model ID</th> </tr> </thead>
<tr> <td tabindex="-1">Lamp 0.8</td> <td tabindex="-1">February 3, 2026</td> <td tabindex="-1">August 4, 2026</td> <td tabindex="-1">Lamp 1.x</td>
<td tabindex="-1">lamp.v1</td> </tr>
</table></div></div></body></html>
"""
AZURE = """<html><body><h1 id="model-retirement">Model deprecation and retirement</h1>
<div id="article-metadata" hidden data-hide><h4>Feedback</h4></div>
<h2 id="timelines">Timelines for models</h2> <p>The specified dates are in UTC time.</p>
<h4 id="lamp">Lamp</h4>
<table> <thead> <tr> <th>Model</th> <th>Legacy date (UTC)</th> <th>Deprecation date (UTC)</th> <th>Retirement date (UTC)</th>
<th>Suggested replacement model</th> </tr> </thead> <tbody>
<tr> <td>Lamp Instruct</td> <td>February 4, 2026</td> <td>March 5, 2026</td> <td>April 6, 2026</td> <td>N/A</td> </tr>
<tr> <td><a href="https://models.example/Lamp-1.5/version/1" data-linktype="external">Lamp-1.5</a></td> <td>N/A</td> <td>August 31, 2026</td>
<td>October 31, 2026</td> <td><a href="https://models.example/Lamp-2" data-linktype="external">Lamp-2</a></td> </tr>
</tbody> </table>
<h4 id="quill">Quill</h4>
<table> <thead> <tr> <th>Model</th> <th>Legacy date (UTC)</th> <th>Deprecation date (UTC)</th> <th>Retirement date (UTC)</th>
<th>Suggested replacement model</th> </tr> </thead> <tbody>
<tr> <td>Quill-Large</td> <td>N/A</td> <td>May 1, 2026</td> <td>June 1, 2026</td> <td>Quill-Large-2</td> </tr> </tbody> </table>
</body></html>
"""
PRICES = """<!doctype html><html><body><span><h1 id="models-and-pricing" class="scroll-mt-24">
<a class="not-prose" href="#models-and-pricing" target="_self">Models
and Pricing</a></h1></span>
<span><h2 id="model-pricing"><a href="#model-pricing" target="_self">Model Pricing</a></h2></span>
<div class="overflow-x-auto"><table class="w-full [&amp;&gt;thead&gt;tr]:bg-surface"><thead><tr><th><div class="flex">Model</div></th>
<th><div class="flex">Modalities<button data-state="closed" type="button"></button></div></th><th>Context</th><th>Rate limits</th></tr></thead>
<tbody><tr><td><div>ember-2</div></td><td><svg></svg></td><td>128,000</td><td>480 rpm</td></tr></tbody></table></div></body></html>
"""
FILES = {
    "changelogs/openai_deprecations.html": OPENAI,
    "changelogs/aws_bedrock_lifecycle.html": BEDROCK,
    "changelogs/azure_foundry_lifecycle.html": AZURE,
    "changelogs/xai_models.html": PRICES,
}
