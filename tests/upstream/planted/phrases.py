"""Stock phrases of the sample world, by what a reader of texts finds in them; nothing is anybody's real text."""

QUESTIONS = {
    "set-up": """\
Install fails
Docker image does not start
How to run it
Cannot load the weights
ImportError on the first line
Build from source stops half-way
No module named in the fresh environment
How to deploy it
CMake does not find the compiler
Conversion of the weights breaks off
Getting started guide stops at step three""",
    "hardware": """\
Out of memory
CUDA error
Multi GPU run hangs
GPU memory is never freed
Which GPU is needed
VRAM grows with every request
How much memory does it take
NCCL error
Hardware requirements are unclear""",
    "api-error": """\
Timeout
Connection reset
Error 500
Error 529, overloaded
Tool call arguments are not valid JSON
Bad request
Streaming response ends early
Structured output ignores the schema
Internal server error
API key is refused
Status code 403""",
    "quality": """\
Gibberish
Wrong answer
It repeats itself
Hallucinated file names
Ignores instructions
Quality got worse
Garbled characters
Different output for the same input""",
    "fine-tuning": """\
Fine-tuning job never ends
LoRA training diverges
Finetuned weights are not found
Training loss jumps""",
    "billing": """\
Rate limit is reached too early
Quota does not reset
Charged twice
Credits vanish
Invoice lacks the tax number""",
    "licence": """\
Is commercial use allowed
Licence of the outputs
May I redistribute the weights""",
    "refusal": """\
Refuses harmless questions
Content filter stops the answer
Moderation blocks a recipe""",
    "docs": """\
Typo in the docs
Documentation is out of date
Broken link in the readme
Tutorial uses an old name""",
    "feature": """\
Feature request: seed parameter
Please add an async client
Add logprobs to the answer
Support for video input
Feature request: batch deletion""",
}
OTHER_SHARES = {
    "api-error": 32, "quality": 16, "feature": 16, "billing": 10, "docs": 10, "fine-tuning": 7, "refusal": 5,
    "licence": 4,
}  # fmt: skip
"""In a hundred of those that are neither set-up nor hardware."""
SETTINGS = """\
when tools are used
with the async client
on Windows 11
on two cards
since the upgrade
with long context
behind a company proxy
with Python 3.13
under load
with images
when the answer is cut
with a custom base address
on a laptop
for Japanese text
in the example of the docs
in the nightly job
from a notebook
with the batch endpoint
after a restart
on a fresh machine
with cached prompts
for the second user
in continuous integration
with retries switched off
over a slow line
on ARM
with two workers
when the prompt is empty
in production only
with the smallest model""".splitlines()
SIGNS = """\
exit code 1
after {n} seconds
{n} requests in a row
since build {n}
one call in {n}
with {n}k tokens
batch of {n}
{n} threads""".splitlines()
ASKED = """\
I followed the guide step by step and it still does not do what it says.
The log shows nothing unusual, and the same input works with another model.
It happens about once in ten calls, at all hours.
I expected the same result as on the web page.
Happy to send a change if somebody tells me where to look.
This holds up our deployment, any hint is welcome.
I searched the open questions and found nothing like it.
It began last week, nothing else was changed on our side.
Attached are the settings that we use.
We run it for about forty people.""".splitlines()
CHATTER = """\
I can reproduce it here.
Could you share the full trace?
We look at it next week.
Same here, on another machine.
That depends on your settings, in my view.
Which system do you use?
It is on our list.
I do not think that anything is broken here.
A colleague saw this too.
Let me ask the others.""".splitlines()
CAUSED = """\
The root cause is a stale entry in the cache.
This happens because the connection is closed before the error is read.
It is caused by the order in which the two options are read.
The problem is that the limit counts input and output together.
This is caused by a missing header.""".splitlines()
VERSIONED = """\
It is in version 2.4.1 and later.
Please set max_retries=3 and timeout=30.
It holds from v1.18.0 on.
With temperature=0 it goes away on 3.2.0.""".splitlines()
DOCUMENTED = """\
It is described at https://docs.example.com/guide/{word}
The manual has a page on this: https://docs.example.com/reference/{word}""".splitlines()
SOURCED = """\
See https://github.com/{repo}/blob/main/src/{word}.py#L42
The place is https://github.com/{repo}/blob/main/lib/{word}.ts#L108
It came with https://github.com/{repo}/commit/0a1b2c3d4e5f60718293a4b5c6d7e8f901234567
Look at src/{word}/client.py, the second function.""".splitlines()
CODED = (
    "```python\nclient = Client(timeout=30)\nanswer = client.create(messages=messages)\nprint(answer.usage)\n```",
    "```bash\npip install -U {word}\npython -m {word}.serve --port 8000\ncurl localhost:8000/health\n```",
    "```python\nwith {word}.open() as stream:\n    for part in stream:\n        print(part)\n```",
    "```diff\n--- a/src/{word}.py\n+++ b/src/{word}.py\n@@ -10,3 +10,3 @@\n-    retries = 0\n+    retries = 2\n```",
)
DEFLECTIONS = """\
Please update to the latest version.
Please contact support.
Closing as duplicate.
Please open a ticket.
This is the wrong place, please ask in Discord.
Closing this for lack of activity.""".splitlines()
CONFIRMED = """\
That solved it, thank you!
It works now, thanks.
This fixed it for me.
Yes, that worked for me. Thank you.
The problem is gone, thanks a lot.""".splitlines()
UNMOVED = """\
Still the same here.
Any news on this?
I have tried that already, to no avail.
Here is the trace that you asked for.
I do not see how this would help.
Then I shall wait.""".splitlines()
WORDS = (
    "client", "stream", "tokens", "cache", "batch", "proxy", "schema", "tools", "vision", "audio", "embed", "rerank",
    "server", "worker", "loader", "sampler",
)  # fmt: skip
STARS = (
    "Aster", "Borealis", "Cinder", "Dune", "Ember", "Fjord", "Glade", "Heron", "Indigo", "Juniper", "Kestrel", "Larch",
    "Meridian", "Nimbus", "Osprey", "Petrel", "Quill", "Rowan", "Sable", "Tarn", "Umbra", "Vesper", "Willow", "Zephyr",
)  # fmt: skip
"""What models are called; no maker's model bore these names with these numbers when they were chosen."""
KINDS = ("Instruct", "Chat", "Base", "Reasoning", "Vision", "Coder", "Guard", "Embedding")
CONTROLS = (
    "temperature", "max_tokens", "top_p", "stop", "seed", "tools", "response_format", "tool_choice", "top_k", "min_p",
    "frequency_penalty", "presence_penalty", "repetition_penalty", "logit_bias", "logprobs", "top_logprobs",
)  # fmt: skip
"""Controls of a request, the most common first."""
