"""Detects shell commands and patches, which the asker can apply unchanged."""

import re
from collections.abc import Iterable

from pipelines.text.code_blocks import is_code
from pipelines.text.phrases import Phrases

SHELLS = {"bash", "sh", "shell", "zsh", "console", "shell-session", "powershell", "ps1", "cmd", "bat"}
"""Languages of code blocks that hold commands."""
TOOLS = (
    r"(?:pip3?|uv|uvx|npm|npx|pnpm|yarn|conda|brew|apt(?:-get)?|docker|kubectl|git|curl|wget|cmake|make|cargo|"
    r"python3?|node|export|ollama|vllm|llama-[a-z]+|huggingface-cli|hf|torchrun|accelerate) +[\w./=:@-]"
)
RUN = r"\.{1,2}[\\/]\S+ +-"
"""Execution of a local file, with a flag."""
SPOKEN = Phrases(
    {
        "install ": r"\b(?:pip3?|uv pip|conda|brew|apt(?:-get)?|npm|cargo) install [\w./-]",
        "git ": r"\bgit (?:clone|pull|checkout|fetch) \S",
        "docker ": r"\bdocker (?:run|pull|build|compose) \S",
        "python": r"\bpython3? (?:-m \w|[\w./-]+\.py\b)",
        "ollama ": r"\bollama (?:run|pull|serve)\b",
        "./": r"(?<!\S)\./[\w./-]+ --?\w",
        ".exe": r"\w\.exe --?\w",
    }
)
"""Commands in prose; without code formatting they need a subcommand or a flag."""
_COMMAND = re.compile(
    rf"^[ \t]*(?:(?:sudo )?{TOOLS}|[A-Z][A-Z0-9_]+=\S+ +[\w./]|{RUN}|\S+\.exe +-)|[$>%#] ?(?:{TOOLS}|{RUN})",
    re.MULTILINE,
)
_FLAGGED = re.compile(r"^(?:sudo )?[a-z][\w.-]* +(?:[\w./:@-]+ +)*--?[a-z]")
"""Inline code that is a programme with a flag, whatever its name."""
_PATCH = re.compile(r"^(?:diff --git |@@ -\d+(?:,\d+)? \+\d+|--- a/.*\n\+\+\+ b/)", re.MULTILINE)


def has_command(code: Iterable[tuple[str, str]], inline: Iterable[str], prose: str) -> bool:
    """True if a text holds a command; `code` holds the code blocks with their language."""
    blocks = list(code)
    if any(kind in SHELLS and is_code(kind, text) for kind, text in blocks) or SPOKEN.are_in(prose):
        return True
    if any(_FLAGGED.match(text) for text in inline):
        return True
    return any(_COMMAND.search(text) for text in (*(text for _, text in blocks), *inline))


def has_patch(code: Iterable[tuple[str, str]]) -> bool:
    """True if a text holds a patch, with marks of added and removed lines."""
    return any(kind in ("diff", "patch") or _PATCH.search(text) is not None for kind, text in code)
