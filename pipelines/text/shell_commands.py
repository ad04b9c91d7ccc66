"""Detects shell commands and patches, which the asker can apply unchanged."""

import re
from collections.abc import Iterable

from pipelines.text.code_blocks import PATCH, is_code
from pipelines.text.patterns import LinePattern
from pipelines.text.phrases import Phrases

SHELLS = {"bash", "sh", "shell", "zsh", "console", "shell-session", "powershell", "ps1", "cmd", "bat"}
"""Languages of code blocks that hold commands."""
TOOLS = (
    r"(?:pip3?|pipx|uv|uvx|npm|npx|pnpm|yarn|bun|conda|brew|winget|choco|apt(?:-get)?|dnf|yum|pacman|docker|podman|kubectl|"
    r"helm|git|gh|curl|wget|cmake|cargo|bazel|python3?|node|ollama|ramalama|gemini(?! /)|vllm|sglang|llama-[a-z-]+|"
    r"huggingface-cli|hf|torchrun|accelerate|nvidia-smi|xpu-smi|rocm-smi|sycl-ls|dpkg|rpm|modinfo|modprobe|lspci|clinfo|"
    r"systemctl|sysctl|journalctl|uname|chmod|chown|mkdir|rm|cp|mv|cd|ls|cat|grep|tar|unzip|ssh|scp|source|numactl|time|"
    r"call|whereis|bash|sh|export \w+=|setx?(?= \w+=)|\$env:\w+ ?=|make(?= (?:-|\w+=))|gcc|g\+\+|clang(?:\+\+)?"
    r"|dmesg|lsmod|groups|pwsh|powershell|tee|head|tail|sed|awk|find|ps|p?kill|killall|taskkill|ln|lsof|wsl|gcloud|gsutil"
    r"|aws|az|dotnet|poetry|pixi|mamba|deno|nvm|netsh|ng|flutter|dart|mvn|gradle|tsc|scoop)"
)
"""Programmes that an argument follows."""
ARGUMENT = r" *(?<=[= ])[\w./\\~=:@\"'$<{*|-]"
RUN = r"(?:\.{1,2}|~|[A-Za-z]:)?[\\/]?(?:[\w.-]+[\\/])+[\w.-]+ +-"
"""Execution of a local file, with a flag."""
PROMPT = r"(?:\([\w.-]+\) ?)?(?:[\w.@~:/-]*[$%❯›] ?|[\w.-]+@[\w.-]+:[^ ]*# ?|PS [^>\n]*> ?|[A-Z]:\\[^>\n]*> ?|\+ )"
"""What a shell prints before what is typed."""
ENVIRONMENT = r"(?:(?:sudo|time|env) +)?(?:[A-Z][A-Z0-9_]+=\S+ +)*(?:sudo +)?"
SPOKEN = Phrases(
    {
        "install ": r"\b(?:pip3?|uv pip|conda|brew|apt(?:-get)?|npm|cargo) install [\w./@-]",
        "git ": r"\bgit (?:clone|pull|checkout|fetch) \S",
        "docker ": r"\bdocker (?:run|pull|build|compose) \S",
        "python": r"\bpython3? (?:-m \w|[\w./-]+\.py\b)",
        "ollama ": r"\bollama (?:run|pull) \w",
        "podman ": r"\bpodman (?:run|pull|rmi) \S",
        "npx ": r"\bnpx (?:-\w+ )?(?=\S*[@/])[@\w][\w./@:-]+",
        "rm -": r"\brm -rf?\b",
        "llama-": r"\bllama-[a-z]+ --?\w",
        "./": r"(?<!\S)\./[\w./-]+ --?\w",
        ".exe": r"\w\.exe --?\w",
        "export ": r"\bexport [A-Z][A-Z0-9_]{2,}=\S",
        "set ": r"\bset [A-Z][A-Z0-9_]{2,}=\S",
        "gcloud ": r"\bgcloud (?:auth|config|services|projects) [a-z]",
        " -": (
            r"\b(?:pip3?|npm|npx|pnpm|docker|podman|git|gemini|ollama|ramalama|vllm|curl|cmake|wsl|conda|uvx?|cargo|brew"
            r"|python3?|node|kubectl|huggingface-cli|hf|wget|gcloud) (?:[\w./:@]+ ){0,2}--?[a-zA-Z][\w-]*\b"
        ),
    }
)
"""Commands in prose; without code formatting they need a subcommand or a flag."""
_COMMAND = LinePattern(
    rf"[ \t]*(?:{PROMPT})?{ENVIRONMENT}(?:{TOOLS}{ARGUMENT}|{RUN}|\S+\.exe +-)"
    rf"|[ \t]*[A-Z][A-Z0-9_]+=\S+ +[a-z./][\w./-]*"
)
_AFTER_PROMPT = re.compile(rf"[$>%#] ?(?:{TOOLS}{ARGUMENT}|{RUN})")
_SUBCOMMAND = (
    r"(?:un)?install|run|pull|push|build|exec|rmi?|images|serve|rag|clone|checkout|fetch|config|compose|list|ls|update|"
    r"upgrade|create|activate|inspect|stop|start|login|convert|bisect|revert|rebase|show|get|apply|add|remove"
)
_PROMPTED = LinePattern(
    r"[ \t]*(?:\([\w.-]+\) ?)?(?:[$❯›] |PS [^>\n]*> ?|[\w.-]+@[\w.-]+[^ \n]*[$#%] |~?[\w./-]*/[\w.-]*\$ )(?!gemini /)"
    r"[\w./~\\-]*[a-z][\w./\\-]*(?:\.exe)? +[^\s=:]"
)
"""Whatever stands after a shell's prompt, with an argument."""
_WITH_FLAG = LinePattern(r"[ \t]*(?:[A-Z][A-Z0-9_]+=\S+ +)*[a-z][\w./-]*(?: +[\w./:@-]+){0,3} +--[a-z][\w-]+")
"""Programmes of any name at the beginning of a line of a block, with a long flag."""
_TYPED = LinePattern(
    rf"[ \t]*(?:{PROMPT})?{ENVIRONMENT}(?:(?:npm|pnpm|yarn|pip3?|uv|podman|docker|ramalama|ollama|apt(?:-get)?"
    rf"|dnf|brew|"
    rf"conda|kubectl|winget|git|cargo|systemctl|xpu-smi) +(?:-\S|(?:{_SUBCOMMAND}) +[\w./~@|-])|(?:sudo|npx|cmake"
    rf"|curl|wget|rm|"
    r"chmod|llama-[a-z]+|python3?|\./\S+) +-\S|sudo +[a-z][\w-]+ +[\w./-]+|chmod +[+\d]\S|export +\w+=\S"
    r"|make +(?:[a-z]+ +)?\w+=\S|(?:\.{1,2}|~)/(?:[\w.-]+/)*[\w.-]+ +[\w./-]+ +[\w./-]+[ \t]*$)",
    re.MULTILINE,
)
"""Commands on lines of their own in prose: of programmes whose names are no words."""
_FLAGGED = re.compile(r"^(?:sudo )?[a-z][\w.-]* +(?:[\w./:@-]+ +)*--?[a-z]")
"""Inline code that is a programme with a flag, whatever its name."""
_NAMED_ONLY = re.compile(r"\s*[\w.-]+(?: [a-z]+)?\s*\Z")
"""Inline code that names a programme or its subcommand in a sentence, rather than giving it to be typed."""


def has_command(code: Iterable[tuple[str, str]], inline: Iterable[str], prose: str) -> bool:
    """True if a text holds a command; `code` holds the code blocks with their language."""
    blocks, inline = list(code), [text for text in inline if not _NAMED_ONLY.match(text)]
    if any(kind in SHELLS and is_code(kind, text) for kind, text in blocks) or SPOKEN.are_in(prose):
        return True
    if _TYPED.is_in(prose) or _PROMPTED.is_in(prose):
        return True
    if any(_PROMPTED.is_in(text) or _WITH_FLAG.is_in(text) for _, text in blocks):
        return True
    if any(_FLAGGED.match(text) for text in inline):
        return True
    texts = (*(text for _, text in blocks), *inline)
    return any(_COMMAND.is_in(text) or _AFTER_PROMPT.search(text) for text in texts)


def has_patch(code: Iterable[tuple[str, str]]) -> bool:
    """True if a text holds a patch, with marks of added and removed lines."""
    return any(kind in ("diff", "patch") or PATCH.is_in(text) for kind, text in code)
