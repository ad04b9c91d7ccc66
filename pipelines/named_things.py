"""What a text names exactly: versions and settings, and files of source; in prose, in code within lines and in blocks of code."""

import re
from collections.abc import Iterator

VERSIONS = re.compile(
    r"(?<![\w.-])v\d+(?:\.\d+)+|(?<![\w.])\d+\.\d+\.\d+(?!\.?\d)|[=><~!]=\s*v?\d+(?:\.\d+)+|(?<!\w)b\d{4,5}(?!\w)"
    r"|\b(?:version|release|cuda|python|torch|pytorch|transformers|driver|rocm"
    r"|vllm|sglang|ollama|node|ubuntu|macos|openai|triton|gcc|numpy|langchain)"
    r"(?:\s+version)?[\s:=-]{1,3}v?\d+\.\d+",
)
"""Of prose in lower case. A model's name (3.5, r1) is no version, and neither are four numbers with dots: those are addresses."""
FLAGS = re.compile(r"(?:^|[\s`(\[\"'])--[a-z][a-z0-9]+[\w-]*|(?:^|\s)-[a-z]{1,4} \d+(?:\s|$)", re.MULTILINE)
SETTINGS = re.compile(
    r"(?<![\w&?/])[a-z_][\w.]*[\"']?\s?(?:=|:)\s?[\"']?(?:\d|true\b|false\b|none\b|null\b|auto\b)|(?<![\w&?/])[a-z_]\w*=[\w\"'./~]",
    re.IGNORECASE,
)
"""Of code: temperature=0.2, "max_tokens": 512, CUDA_VISIBLE_DEVICES=0."""
SET_TO = re.compile(
    r"\b(?:set|setting|change|changing|raise|raising|lower|lowering|increase|increasing"
    r"|reduce|reducing|decrease|decreasing)\b[^.\n]{0,40}?\sto\s+[\"']?(?:\d|true\b"
    r"|false\b|none\b|null\b|zero\b)"
)
PROSE_SETTING = re.compile(
    r"(?<![\w&?/])(?:[a-z]+_\w+|temperature|top[_-]?[pk]|seed|batch size|context length)\s?[=:]?\s?\d|(?<![\w&?/])[a-z]\w*=[\w\"']"
)
SOURCE_SUFFIX = re.compile(
    r"\.(?:py|pyx|cpp|cc|cxx|c|h|hpp|cu|cuh|hip|rs|go|jsx?|mjs|tsx?|java|kt|swift"
    r"|mm?|rb|php|cs|scala|sh|metal|comp|cmake|ipynb|vue|zig|lua)(?![\w/\\-])"
    r"(\"?, line \d+|:\d+)?",
    re.IGNORECASE,
)
PRODUCTS = {
    "llama.cpp", "whisper.cpp", "gemma.cpp", "bert.cpp", "diffusion.cpp", "stable-diffusion.cpp", "chatglm.cpp", "node.js", "next.js",
    "vue.js", "react.js",
    "three.js", "nuxt.js", "express.js", "discord.js", "transformers.js", "d3.js",
}  # fmt: skip
"""Software whose name looks like a file."""
CODE_READ = 20_000
"""Characters of code that are searched: of a log of megabytes the beginning is enough."""
LONGEST_PATH = 200
_BEFORE = re.compile(r"[\w./\\+@~-]*")


def has_version(prose: str, inline: str, code: str) -> bool:
    """Names a concrete version, flag, parameter or configuration.

    `prose` in lower case; `inline` is code within lines, `code` that of blocks.
    """
    code = code[:CODE_READ]
    return (
        any(pattern.search(prose) for pattern in (VERSIONS, FLAGS, SET_TO, PROSE_SETTING))
        or any(pattern.search(inline) for pattern in (VERSIONS, FLAGS, SETTINGS))
        or any(pattern.search(code) for pattern in (FLAGS, SETTINGS, VERSIONS))
    )


def source_paths(prose: str, inline: str, code: str) -> int:
    """How many files of source are named.

    In blocks of code a file needs a folder or a line: `python train.py` points at nothing.
    """
    found = {path for text in (prose, inline) for path, _ in _paths(text)}
    found |= {path for path, is_exact in _paths(code[:CODE_READ]) if is_exact}
    return len(found)


def _paths(text: str) -> Iterator[tuple[str, bool]]:
    """Paths with a suffix of source, and whether they name a folder or a line; addresses and products are none."""
    for suffix in SOURCE_SUFFIX.finditer(text):
        start = suffix.start()
        backwards = _BEFORE.match(text[max(0, start - LONGEST_PATH) : start][::-1])
        name = backwards[0][::-1] if backwards else ""
        path = name + text[start : suffix.end(0) if suffix[1] is None else suffix.start(1)]
        last = path.replace("\\", "/").rsplit("/", 1)[-1]
        if last[0] != "." and not path.startswith("//") and last.lower() not in PRODUCTS:
            yield path, last != path or suffix[1] is not None
