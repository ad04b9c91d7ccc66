"""Tells lines of a program, a configuration or commands from output: logs, traces, tables, what a server answers."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pipelines.text.patterns import LinePattern, fold_case

PROGRAMS = frozenset(
    {
        "c", "c#", "cpp", "c++", "cs", "csharp", "css", "cuda", "dart", "diff", "dockerfile", "go", "groovy",
        "html", "java", "javascript", "jinja", "js", "json", "json5", "jsonc", "jsx", "julia", "kotlin", "lua",
        "makefile", "nix", "patch", "perl", "php", "powershell", "ps1", "py", "python", "python3", "r", "rb",
        "ruby", "rust", "rs", "scala", "sql", "swift", "toml", "ts", "tsx", "typescript", "vue", "xml", "yaml",
        "yml", "zig"
    }
)  # fmt: skip
"""Languages of blocks that hold a program or a configuration, unless most of their lines are a log."""
COMMAND = (
    r"(?:sudo |time )?(?:\./|\.\\|~/|/usr/)?(?:[\w./\\-]+[/\\])?(?:pip3?|python3?|py|uv|conda|npm|npx|pnpm|yarn"
    r"|node|git|"
    r"docker(?:-compose)?|podman|cmake|make|ninja|curl|wget|apt(?:-get)?|brew|winget|choco|ollama|llama-[\w-]+|main|"
    r"server|vllm|sglang|ramalama|gemini|huggingface-cli|hf|cd|ls|mkdir|rm|cp|mv|cat|export|set|setx|source|chmod|"
    r"echo|bash|sh|uname|dpkg|modinfo|lspci|clinfo|which|grep|tar|unzip|kubectl|helm|modprobe|systemctl|ssh"
    r"|unset|pipx|cargo|go|gh|bazel|nvm|numactl|torchrun|accelerate|xpu-smi|nvidia-smi|journalctl|sysctl|dnf|yum|pacman"
    r"|bun|uvx|deno|rustup|kill|find|sed|awk|tee)(?:\.exe)? [\w\"'./$~<:@{\\-]"
)
_CODE = re.compile(
    r"^(?:\s*[\w.\[\]'\"()*, ]{1,60}\s?[-+*/|:]?=(?!=)\s?\S|\s*+(?:(?:[$%#>] |PS [^>]*> |>>> )?(?:"
    + COMMAND
    + r"|(?:make|ls|pwd|top|nvidia-smi|lspci|lscpu)\s*$)|(?:from|import|def|class|return|async def|await|const|let|var"
    r"|function|export|public|private|static|void|using|package|func|fn|elif|raise|yield) \S|(?:if|for|while"
    r"|with|switch"
    r"|catch)\b.*[:{]\s*$|(?:try|else|finally|do)\s*[:{]|#include|@\w+|(?:SELECT|INSERT|UPDATE|CREATE|FROM|RUN|ENV|COPY"
    r"|WORKDIR|CMD|ENTRYPOINT|ARG|PARAMETER|TEMPLATE) |[\w.]+\("
    r"|[{}\[\]()]+[;,]*\s*$|\[[\w.-]+\]\s*$|[\"'][\w$ .-]+[\"']\s*:|//|/\*|\*/|<[/\w!]|[\w.-]+:\s*$|- [\w-]+:"
    r"|--?[\w-]+[ =].*\\?$|[a-z][\w./-]*(?: [\w./:@=-]+){0,3} --?[a-z][\w-]*(?:[ =]|$)"
    r"|[-+](?![-+\d\s])\S|@@ |.*[;{\\]\s*$))"
)
_LOG = re.compile(
    r"\d{1,2}:\d{2}:\d{2}|\b(?:info|warn(?:ing)?|error|debug|fatal|trace)\b|traceback|^\s*file \""
    r"|^\s*at .*[:(][^\s:(]*\d"
    r"|[│╭╰─█✕✔ℹ⚡━▌●🔴🟢]|^\w[\w.]*(?: :|:) (?!\S*[({])\S|error\b.*:|error:|^\s*\|.*\||^#\d+ +0x|\d%\||\bexception\b"
    r"|\bfail(?:ed)?\b|\bpass(?:ed)?\b|^\s*\[\d|^ *-\w, --[\w-]+ .*  |loading |^# paste output|core dumped"
    r"|segmentation"
)
"""What a line of output has, in small letters."""
_PROMPT = re.compile(r"^\s*(?:[$%›❯➜] |PS [^>]*> ?|[A-Z]:\\[^>]*> ?|>>> |(?:\([\w.-]+\) ?)?[\w.@~:/-]+[$#] )")
_ANSWER = re.compile(
    r"^\s*[{\[]\s*\"?(?:error|detail|message|statuscode)\b|^[^\n]{0,80}\berror\b:?[^\n]{0,20}[\[{]|^\s*<think>",
    re.IGNORECASE,
)
"""Beginnings of what a server or a model answers."""
_TRACEBACK = "Traceback (most recent call last)"
_CHANGED = LinePattern(r"@@ -\d|[-+](?![-+]{2})")
_PATCHES = frozenset({"diff", "patch"})
_STRONG = re.compile(
    r"^\s*(?:(?:[$%>] )?" + COMMAND + r".*|(?:from [\w.]+ import |import [\w.]+(?: as \w+)?$|def \w+\(|class \w+[:(]"
    r"|const \w+ =|let \w+ =|#include).*|--?[\w-]+[ =].* [\\^]|\w[\w.\[\]'\"]{0,40} = \S.*[)\]\"'\d”’(\[{]"
    r"|[\w.]+\([^ ]*\);?|[\"'][\w$.-]+[\"']\s*:\s*[\[{\"'].*"
    r"|\\?--?[a-zA-Z][\w-]*(?: [^-\s]\S*)?(?: --?[a-zA-Z][\w-]*(?: [^-\s]\S*)?)*(?: [\\^])?)\s*$"
)
"""Lines that are code even without a mark around them."""
_SET = re.compile(r"^[ \t]*[A-Z][A-Z0-9]*_[A-Z0-9_]+ ?= ?[^\s=]\S*[ \t]*$", re.MULTILINE)
"""A variable of the environment with its value, alone on its line."""
_SPOKEN = re.compile(
    r"\s*(?:which|make|go|main|server|node|set|source|time|cat|echo|which|ls|sh|hf|export"
    r"|test) [^-/=.$<>\"'|]*[.:?,]?\s*$"
)
"""Sentences that begin with the name of a programme."""
LONGEST_LOOSE = 300
_COMMENT = re.compile(r"^\s*(?:#(?!\d| paste| ?include)|//|REM )", re.IGNORECASE)
PATCH = LinePattern(r"diff --git |@@ -\d+(?:,\d+)? \+\d+|--- a/.*\n\+\+\+ b/")
"""Beginnings of a patch, and of its parts."""
MOSTLY, FEW, NEARLY_ALL = 0.5, 0.3, 0.8
LEAST_AT_START = 4
"""Number of lines of code at the start of a block that make it code although output follows."""


def is_code(language: str, text: str) -> bool:
    """True if a block holds code rather than output; one of commands and what they print is output."""
    lines = [line for line in text.splitlines() if line.strip() and not _COMMENT.match(line)]
    if not lines or _ANSWER.match(text.lstrip()) or _TRACEBACK in text:
        return False
    if PATCH.is_in(text):
        return True
    logged = sum(1 for line in lines if _is_logged(line)) / len(lines)
    if language in PROGRAMS:
        return logged < MOSTLY and (language not in _PATCHES or _CHANGED.is_in(text))
    if _begins_with_code(lines):
        return True
    prompts = sum(1 for line in lines if _PROMPT.match(line))
    if 0 < prompts < len(lines) * NEARLY_ALL:
        return False
    coded = sum(1 for line in lines if _CODE.match(line) or _PROMPT.match(line)) / len(lines)
    return coded > MOSTLY and logged < FEW


def _begins_with_code(lines: Sequence[str]) -> bool:
    """True if a block begins with several lines of code, whatever is printed below them."""
    first = lines[:LEAST_AT_START]
    return len(first) == LEAST_AT_START and all(
        _CODE.match(line) and not _PROMPT.match(line) and not _is_logged(line) for line in first
    )


def _is_logged(line: str) -> bool:
    return _LOG.search(fold_case(line)) is not None


def has_loose_code(prose: str) -> bool:
    """True if two lines in a row, empty ones and comments aside, are code that no block sets apart, or one that sets a
    variable."""
    if "=" in prose and _SET.search(prose):
        return True
    lines = [line for line in prose.splitlines() if line.strip() and not _COMMENT.match(line)]
    return any(_is_strong(one) and _is_strong(two) for one, two in pairwise(lines))


def _is_strong(line: str) -> bool:
    return len(line) < LONGEST_LOOSE and _STRONG.match(line) is not None and not _SPOKEN.match(line)


def keep_code(blocks: Iterable[tuple[str, str]]) -> Sequence[str]:
    """Keeps the texts of blocks that hold code."""
    return [text for language, text in blocks if is_code(language, text)]
