"""Detects exact references in a text: versions, settings and source files, in prose, inline code and code blocks.

For speed, each rule first searches for a rare sign (a dot between digits, an equals sign, a suffix) and then reads the
name before it.
"""

import re
from collections.abc import Iterator

from pipelines.text.patterns import fold_case
from pipelines.text.phrases import Phrases

MODELS = re.compile(
    r"(?:gpt|chatgpt|llama|code-?llama|qwen\w*|claude|sonnet|opus|haiku|gemini|gemma\d?|mistral|mixtral|phi"
    r"|deepseek|grok|yi|falcon|command|kimi|glm|"
    r"minimax|internlm\w*|internvl\d?|baichuan\d?|llava|vicuna|whisper|wan|flux|granite|olmo|o\d)(?![a-z])"
)
"""Names before a dotted number that make it part of a model's name rather than a version of software."""
PARAMETERS = re.compile(
    r"temperature|temp|top[_-]?[pkn]|min[_-]?p|seed|stream|threads|batch|epochs|timeout|threshold|rank"
    r"|model|device|version|n|ngl|tp|dp|ctx|"
    r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)+|[A-Z][A-Z0-9]*_[A-Z0-9_]+"
)
"""Names that count as settings before a colon, or an equals sign with spaces, and a value."""
ATTRIBUTES = {
    "href",
    "src",
    "style",
    "class",
    "id",
    "rel",
    "alt",
    "title",
    "type",
    "width",
    "height",
    "name",
    "content",
    "target",
    "lang",
}
"""Attributes of HTML, which are not settings."""
PRODUCTS = {
    "llama.cpp", "whisper.cpp", "gemma.cpp", "bert.cpp", "diffusion.cpp", "stable-diffusion.cpp", "chatglm.cpp",
    "kobold.cpp", "rwkv.cpp",
    "node.js", "next.js", "vue.js", "react.js", "three.js", "nuxt.js", "express.js", "discord.js", "transformers.js",
    "d3.js",
}  # fmt: skip
"""Software with a name that looks like a file."""
READ = 20_000
"""Maximum number of characters searched: the beginning of a long log is enough."""
LONGEST_NAME = 200

SAMPLING = Phrases(
    {
        "temperature": r"\btemperature (?:of |at |is )?\d",
        "top": r"\btop[_-][pk] (?:of |at |is )?\d",
        "temp ": r"\btemp (?:of |to )?\.?\d",
        "min": r"\bmin(?: |_|-)?p (?:of |to )?\.?\d",
        "top ": r"\btop (?:p|k) (?:of |to )?\.?\d",
        "seed": r"\bseed (?:of |at |is )?\d",
        "batch size": r"\bbatch size (?:of |at |is )?\d",
        "context ": r"\bcontext (?:size|length|window) (?:of |at |is )?\d",
    }
)
"""Parameters in running text."""

_FORK = re.compile(r"[\w-]*[_-](?=[a-z]+\.cpp\Z)")
"""What somebody put before a product's name to name their own version of it."""
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(
    r"\d(?<!\d\d)\d*(?:\.\d+)+(?![\d%])(?!\s?(?:[kmgt]i?b|[kmbg]|ms|s|x|sec|seconds|min|minutes|hours?|times|percent"
    r"|t/s|tok|tokens|%|usd)\b)",
    re.I,
)
_HEX = re.compile(r"\d[0-9a-f]{0,50}(?!\w)")
_HEX_BEFORE = re.compile(r"[0-9a-f]*")
_BUILD = re.compile(r"b\d{4,5}|(?=.*[a-f])(?:[0-9a-f]{7,10}|[0-9a-f]{40})")
_FLAG = re.compile(r"--(?<![\w-]--)[a-zA-Z][\w-]+(?:=| +(?!-|[a-z]+,? [a-z]+\b))[^\s\-`|)]")
"""A long flag with its value; two words in small letters are the sentence that goes on."""
_SHORT_FLAG = re.compile(
    r"-(?<!\S-)(?:[a-zA-Z]{1,4} +(?:\d+(?!\S)|\"[^\"\n]+\")|(?:sm|ctk|ctv|ot|fa|mla|ngl|ub|b|c|t) [\w\".])"
)
_SYSTEM = re.compile(
    r"\b(?:ubuntu|debian|fedora|rhel|centos|windows|win|mac ?os(?: [a-z]+)?|ios|android|node(?:\.?js)?|jdk|java|wsl|gcc"
    r"|glibc|kernel|oneapi|dpc\+\+)[ :-]?v?\d{1,2}(?:\.\d+)*\b(?!\s?[x×%])"
)
"""Systems and compilers, of which one number is a version, in small letters."""
_NAMED = re.compile(
    r"\b(?:fixed|fix|released?|shipped|available|included|since|in|from|version|v)(?: (?:in|with|on|as of|version))?"
    r" v?\d{1,2}\.\d{1,3}(?:\.\d+)?\b(?!\s?(?:[kmgbx%]|t/s|tok|s\b|ms|sec|min|hour))"
)
"""Two numbers with a dot after words that versions follow, in small letters."""
_VALUE = re.compile(r"[=:]\s?(?:[\"']?\d|\[?[\"'][^\"'\n]+[\"']|(?:true|false|none|auto|on|off)\b)", re.I)
_SET_TO = re.compile(r" to\s+[\"']?(?:\d|true\b|false\b|none\b|zero\b)", re.I)
_SETTING = re.compile(
    r"\b(?:set|setting|chang\w+|rais\w+|lower\w*|increas\w+|reduc\w+|decreas\w+|limit\w*)\b[^.\n]*$", re.I
)
_SUFFIX = re.compile(
    r"\.(?=[a-z])(?:py|pyx|cpp|cc|cxx|c|h|hpp|cu|cuh|hip|rs|go|jsx?|mjs|tsx?|java|kt|swift|mm?|rb|php|cs|scala|sh|metal"
    r"|comp|cmake|ipynb|vue|zig|lua)"
    r"(?![\w/\\-])(\"?, line \d+|:\d+|#L\d+)?",
    re.I,
)
_WORD_BEFORE = re.compile(r"[ =:v~^-]{0,4}([\w-]*)", re.I)
_NAME_BEFORE = re.compile(r"[\"']?( ?)([\w.-]*)")
_PATH_BEFORE = re.compile(r"[\w./\\+@~-]*")


def has_version(prose: str, inline: str, code: str) -> bool:
    """True if a text names a concrete version, flag, parameter or configuration; `code` holds the code blocks."""
    text = f" {inline} {prose[:READ]} {code[:READ]}"
    return (
        ("--" in text and _FLAG.search(text) is not None)
        or (" -" in text and _SHORT_FLAG.search(text) is not None)
        or (("=" in text or ":" in text) and _has_setting(text))
        or (_DIGIT.search(text) is not None and _has_figure(text))
        or (" to " in prose and _is_set_to(prose[:READ]))
    )


def count_source_paths(prose: str, inline: str, code: str) -> int:
    """Counts the source files named in a text, including links to files."""
    # In code blocks a file needs a folder or a line number: `python train.py` refers to no particular file.
    paths = {path for text in (prose, inline) if "." in text for path, _ in _find_paths(text[:READ])}
    return len(paths | {path for path, is_exact in _find_paths(code[:READ]) if is_exact})


def _match_backwards(pattern: re.Pattern[str], text: str, end: int) -> re.Match[str] | None:
    """Matches a pattern against the text read backwards from a position."""
    return pattern.match(text[max(0, end - LONGEST_NAME) : end][::-1])


def _has_figure(text: str) -> bool:
    """True for a version, a build or commit, or a parameter with its number."""
    small = fold_case(text)
    is_named = _SYSTEM.search(small) or _NAMED.search(small)
    return is_named is not None or _has_number(text) or _has_build(text) or SAMPLING.are_in(text)


def _has_build(text: str) -> bool:
    """True for a commit hash or a build number."""
    for hexadecimal in _HEX.finditer(text):
        before = _match_backwards(_HEX_BEFORE, text, hexadecimal.start())
        head = before[0][::-1] if before else ""
        edge = text[max(0, hexadecimal.start() - len(head) - 1) : hexadecimal.start() - len(head)]
        if not (edge.isalnum() or edge == "_") and _BUILD.fullmatch(head + hexadecimal[0]):
            return True
    return False


def _has_number(text: str) -> bool:
    """True for a version number."""
    # Three parts are enough (four are an IP address); two need a `v`, a comparison or a software's name before them.
    for number in _NUMBER.finditer(text):
        before = text[max(0, number.start() - 2) : number.start()]
        if before[-1:] in (".", "/", "$", "€"):
            continue
        parts = number[0].count(".") + 1
        if parts == 3 or before.lower().endswith(("==", ">=", "<=", "~=", "v")):
            return True
        word = _match_backwards(_WORD_BEFORE, text, number.start())
        name = word[1][::-1] if word and word[0] != word[1] else ""
        if parts == 2 and (
            name.lower() in ("version", "release", "cuda", "python", "torch", "rocm", "driver") or _is_software(name)
        ):
            return True
    return False


def _is_software(name: str) -> bool:
    """True for a name with a capital letter that is not a model's."""
    return len(name) > 3 and any(letter.isupper() for letter in name) and not MODELS.match(name.lower())


def _has_setting(text: str) -> bool:
    """True for `name=value`, or a known parameter with a colon or an equals sign with spaces."""
    for sign in _VALUE.finditer(text):
        backwards = _match_backwards(_NAME_BEFORE, text, sign.start())
        name = backwards[2][::-1] if backwards else ""
        start = sign.start() - (backwards.end() if backwards else 0)
        if not name or text[start - 1 : start] in ("?", "&", "/"):
            continue
        is_bare = sign[0][0] == "=" and not sign[0][1].isspace() and backwards is not None and not backwards[1]
        if PARAMETERS.fullmatch(name) or (
            is_bare and len(name) > 1 and "." not in name and name.lower() not in ATTRIBUTES
        ):
            return True
    return False


def _is_set_to(prose: str) -> bool:
    """True for "set … to" a value."""
    return any(_SETTING.search(prose[max(0, match.start() - 60) : match.start()]) for match in _SET_TO.finditer(prose))


def _is_product(name: str) -> bool:
    return name in PRODUCTS or _FORK.sub("", name) in PRODUCTS


def _find_paths(text: str) -> Iterator[tuple[str, bool]]:
    """Finds paths of source files, each with True if it has a folder or a line; ignores hosts and products."""
    for suffix in _SUFFIX.finditer(text):
        backwards = _match_backwards(_PATH_BEFORE, text, suffix.start())
        name = backwards[0][::-1] if backwards else ""
        path = name + text[suffix.start() : suffix.end() if suffix[1] is None else suffix.start(1)]
        last = path.replace("\\", "/").rsplit("/", 1)[-1]
        is_host = path.startswith("//") and path.count("/") == 2
        if last[0] != "." and not is_host and (suffix[1] is not None or not _is_product(last.lower())):
            yield path, last != path or suffix[1] is not None
