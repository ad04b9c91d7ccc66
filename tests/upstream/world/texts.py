"""Titles, bodies and answers of stock phrases, drawn for each item; nothing is anybody's real text."""

from collections.abc import Sequence

from tests.upstream.world.draws import mixed

_PROBLEMS = """\
Streaming stops early
Memory grows without end
Wrong token count
Timeout after 600 seconds
Empty answer
Tool call arguments are not valid JSON
Segmentation fault
Throughput drops by half
Structured output ignores the schema
Is commercial use allowed
Fine-tuning job never finishes
Connection is not reused
Retry ignores the header
It refuses harmless questions
Import fails
Build fails
Tokenizer mismatch
Quantized weights give nonsense
Chat template is applied twice
Documentation is out of date
Feature request: seed parameter
How to set a proxy
How to count tokens before sending
Question about rate limits
Cannot load the checkpoint
""".splitlines()
_ACTIONS = """\
when tools are used
with async client
on Windows
on two GPUs
after the upgrade
with long context
behind a proxy
with Python 3.13
in Docker
under load
with images
when the answer is cut
with a custom base URL
on Apple silicon
for Japanese text
with logprobs
in the example of the docs
""".splitlines()
_SENTENCES = """\
I followed the guide step by step.
It worked in the release before this one.
The log shows nothing unusual.
It happens about once in ten calls.
I expected the same result as with the web page.
Happy to send a fix if somebody tells me where to look.
This blocks our deployment.
It fails because the connection is closed too early.
The same input works with another model.
I searched the open issues and found nothing like it.
Could you share the full trace and the version?
Thanks for the report, I can reproduce it.
Please try the newest version.
This is expected: the limit counts input and output together.
A fix is on its way.
Same here.
Any news on this?
Setting max_retries to 3 solved it, it works now.
That was it, thank you!
I do not think this is a bug.
This is caused by the new default of version 2.1.0.
We will look at it next week.
Duplicate of an older report.
Works for me on the main branch.
You can pass your own client instead.
これは仕様です。
Merci, ça marche.
""".splitlines()
_CODE = (
    '```python\nclient = Client(timeout=30)\nanswer = client.create(model="{word}", '
    "messages=messages)\nprint(answer.usage)\n```",
    "```bash\npip install -U {word}\npython -m {word}.serve --port 8000\n```",
    '```json\n{{"model": "{word}", "stream": true, "max_tokens": 256}}\n```',
    '```\nTraceback (most recent call last):\n  File "app.py", line 12, in <module>\nRuntimeError: {word}\n```',
    "```diff\n--- a/src/{word}.py\n+++ b/src/{word}.py\n@@ -10,3 +10,3 @@\n-    retries = 0\n+    retries = 2\n```",
    "Run `{word} --version` first.",
)
_LINKS = (
    "See https://github.com/{repo}/blob/main/src/{word}.py#L42",
    "Fixed in https://github.com/{repo}/pull/{number}",
    "Introduced by https://github.com/{repo}/commit/0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
    "It is described at https://docs.example.com/guide/{word}",
    "I wrote it down here: https://blog.example.org/{word}",
    "Perhaps related to #{number}",
)
_WORDS = [
    "client",
    "stream",
    "tokens",
    "cache",
    "batch",
    "proxy",
    "schema",
    "tools",
    "vision",
    "audio",
    "embed",
    "rerank",
    "server",
    "worker",
    "loader",
    "sampler",
]


def title(draw: int, mentions: Sequence[str], mention_share: float) -> str:
    """A title; a share of them name something out of `mentions`."""
    text = f"{_PROBLEMS[draw % len(_PROBLEMS)]} {_ACTIONS[draw // 31 % len(_ACTIONS)]}"
    named = mixed(draw, 5)
    if mentions and named % 1000 < mention_share * 1000:
        text = f"{text} ({mentions[named // 1000 % len(mentions)]})"
    return f"[Bug]: {text}" if draw // 1009 % 4 == 0 else text


def body(
    draw: int, repo: str, number: int, mentions: Sequence[str] = (), code_share: float = 0.5, link_share: float = 0.2
) -> str:
    """A question or an answer in Markdown: prose, at times code, a patch or links."""
    parts = [" ".join(_SENTENCES[mixed(draw, n) % len(_SENTENCES)] for n in range(1 + draw % 5))]
    word = _WORDS[draw // 7 % len(_WORDS)]
    if draw // 13 % 1000 < code_share * 1000:
        parts.append(_CODE[draw // 17 % len(_CODE)].format(word=word))
    if draw // 19 % 1000 < link_share * 1000:
        parts.append(
            _LINKS[draw // 23 % len(_LINKS)].format(repo=repo, word=word, number=1 + draw // 29 % max(number, 1))
        )
    if mentions and draw // 37 % 10 == 0:
        parts.append(f"We use {mentions[draw // 41 % len(mentions)]} here.")
    if draw // 43 % 50 == 0:
        parts.insert(0, "> " + _SENTENCES[draw // 47 % len(_SENTENCES)])
    return "\n\n".join(parts)


def phrase(draw: int) -> str:
    """A few words for a line of a changelog or the title of an incident's update."""
    return (
        f"{_WORDS[draw % len(_WORDS)]}: {_PROBLEMS[draw // 16 % len(_PROBLEMS)].lower()} "
        f"{_ACTIONS[draw // 401 % len(_ACTIONS)]}"
    )
