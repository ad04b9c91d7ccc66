"""Commands to type into a shell, and patches: what whoever asked can apply as it stands."""

import re
from collections.abc import Iterable

from pipelines.text.phrases import Phrases

SHELLS = {"bash", "sh", "shell", "zsh", "console", "shell-session", "powershell", "ps1", "cmd", "bat"}
"""Languages of blocks that hold commands."""
TOOLS = (
    r"(?:pip3?|uv|uvx|npm|npx|pnpm|yarn|conda|brew|apt(?:-get)?|docker|kubectl|git|curl|wget|cmake|make|cargo|"
    r"python3?|node|export|ollama|vllm|llama-[a-z]+|huggingface-cli|hf|torchrun|accelerate) +[\w./=:@-]"
)
RUN = r"\.{1,2}[\\/]\S+ +-"
"""A file that is run, with a flag."""
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
"""Commands within prose, which nobody set out as code: only a subcommand or a flag makes them sure."""
_COMMAND = re.compile(
    rf"^[ \t]*(?:[$>] +\S|(?:sudo )?{TOOLS}|[A-Z][A-Z0-9_]+=\S+ +[\w./]|{RUN}|\S+\.exe +-)|[$>%#] ?(?:{TOOLS}|{RUN})",
    re.MULTILINE,
)
_PATCH = re.compile(r"^(?:diff --git |@@ -\d+(?:,\d+)? \+\d+|--- a/.*\n\+\+\+ b/)", re.MULTILINE)


def has_command(code: Iterable[tuple[str, str]], inline: Iterable[str], prose: str) -> bool:
    """Tells whether a text holds a command: `code` are blocks with their language, `inline` is code within lines."""
    blocks = list(code)
    if any(kind in SHELLS for kind, _ in blocks) or SPOKEN.are_in(prose):
        return True
    return any(_COMMAND.search(text) for text in (*(text for _, text in blocks), *inline))


def has_patch(code: Iterable[tuple[str, str]]) -> bool:
    """Tells whether a text holds a change to code, with marks of what comes and goes."""
    return any(kind in ("diff", "patch") or _PATCH.search(text) is not None for kind, text in code)
