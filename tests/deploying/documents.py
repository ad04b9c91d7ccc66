"""The blocks of commands in the documents, for tests that run them as written."""

import re

from tests.paths import ROOT

MANUALS = ("README.md", "OPERATIONS.md", "pipelines/commands/ends/README.md")
"""Documents with commands to copy."""
BLOCKS: list[str] = [
    block for name in MANUALS for block in re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
]
SCRIPTS = [block for block in BLOCKS if not all(line.startswith("heartbeat ") for line in block.splitlines())]
"""Blocks that run as a whole."""
COMMANDS = [
    command
    for block in BLOCKS
    if block not in SCRIPTS
    for command in re.findall(r"^heartbeat (.*?)(?: +#.*)?$", block, re.MULTILINE)
]
"""Commands that run by themselves, in any order, without the name of the program."""
