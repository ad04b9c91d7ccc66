"""A complete family, as somebody would add it: one file, and nothing to be asked for by `heartbeat catalog check`."""

COMPLETE = """# Yi: open weights by 01.AI. Repositories from github.com/01-ai, model names from huggingface.co/01-ai.
title = "Yi"
side = "open"
vendor = "01.AI"
mentions = ["yi-34b", "01-ai"]
checked_on = 2026-11-24
hosts = ["together"]

[[channel]]
source = "github"
target = "01-ai/Yi"
role = "model"

[[channel]]
source = "huggingface"
target = "01-ai"
role = "hub"

[[absent]]
kind = "subreddit"
state = "not applicable"
why = "Nobody keeps a subreddit for it."

[[absent]]
kind = "tag"
state = "not applicable"
why = "There is no tag for it on Stack Overflow."

[[absent]]
kind = "status"
state = "not observable"
why = "Open weights run on other people's machines."

[[absent]]
kind = "changelog"
state = "not applicable"
why = "Its releases are stated in its repository."

[[absent]]
kind = "deprecations"
state = "not applicable"
why = "Weights that are out do not end."

[[absent]]
kind = "prices"
state = "not collected"
why = "Each host has its own price for it."

[[absent]]
kind = "packages"
state = "not applicable"
why = "It is run by packages that many families share."

[[fact]]
kind = "licence"
value = "Apache-2.0"
url = "https://github.com/01-ai/Yi/blob/main/LICENSE"
as_of_on = 2026-11-24

[[fact]]
kind = "fine-tuning"
value = "weights may be tuned by anybody"
method = "weights"
url = "https://github.com/01-ai/Yi"
as_of_on = 2026-11-24
"""
