"""Finds cues of what the writer of a question wants: turns of phrase and things spoken of.

`question_types` weighs them. None decides alone: most words of trouble also occur in questions about how to do a thing.
"""

import re
from collections.abc import Mapping
from functools import cache
from math import log1p

from pipelines.text.patterns import fold_case

CUES = {
    "how to": r"\bhow (?:do|can|to|would|should|does|did|is|are|you|i)\b|如何|怎么|怎样",
    "which": (
        r"\b(?:which|what(?:'s| is| are)? (?:the )?(?:best|good|better|cheapest|fastest|"
        r"recommended))\b|\bbest \w+|哪个|推荐"
    ),
    "seeking": (
        r"\b(?:looking for|recommend\w*|suggest\w*|advice|tips?|any(?:one|body) (?:know|tried|use|"
        r"using|have|has|here|else)|any (?:good|ideas?|suggestions?|recommendations?|thoughts)|"
        r"help me|guidance|beginner|new to|newbie|noob|example of|examples?)\b"
    ),
    "may": (
        r"\b(?:is it possible|is there (?:a|any)|can (?:i|we|you|someone|anyone)|could (?:i|we|you)|"
        r"should i|do (?:i|we|you)|does (?:it|anyone|this)|are there|will (?:it|there))\b"
    ),
    "meaning": (
        r"\b(?:what (?:is|are|does|do)|difference between|explain|understand|why (?:do|does|is|are|"
        r"did))\b|为什么"
    ),
    "compare": r"\b(?:vs\.?|versus|compared? (?:to|with)|better than|or)\b",
    "failure": (
        r"\b(?:errors?|fail\w*|crash\w*|exceptions?|segfaults?|segmentation|bugs?|broken|breaks?|"
        r"broke|not work\w*|doesn't|does not|don't|didn't|won't|can't|cannot|unable|invalid|assert\w*|"
        r"traceback|panic|abort\w*|core dumped)\b|失败|错误|报错|异常|无法"
    ),
    "misbehaves": (
        r"\b(?:wrong|incorrect\w*|unexpected\w*|weird|strange|garbage|gibberish|nonsense|stuck|hangs?|"
        r"freez\w*|loops?|infinite|ignor\w+|missing|empty|truncat\w*|duplicat\w*|repeat\w*|"
        r"inconsistent|regression|no longer|stopped|suddenly|keeps?|disappear\w*|corrupt\w*|"
        r"mismatch\w*|leak\w*|switch(?:es|ing)? (?:from|to|back))\b"
    ),
    "form of a bug": (
        r"describe the bug|what happened|steps to reproduce|expected behaviou?r|current behaviou?r|"
        r"what did you expect|problem description|relevant log output|first bad commit|reproduction"
    ),
    "form of a wish": (
        r"what would you like to be added|why is this needed|feature description|motivation|"
        r"possible implementation|describe the solution|proposed solution|proposal"
    ),
    "wish": (
        r"\b(?:feature request|feature|support(?:s|ed|ing)? (?:for|of)|add(?:ing)? (?:support|an?|the|"
        r"option|ability)?|would be (?:nice|great|useful|helpful|good)|please (?:add|support|"
        r"consider)|allow|enable|implement\w*|enhancement|roadmap|rfc|proposal|propose|wish|request|"
        r"plans?|should (?:be|have|support|allow|use|show)|improve\w*|refactor\w*|remove|rename|"
        r"cleanup|clean up)\b|希望|支持|建议"
    ),
    "news": (
        r"\b(?:released?|announc\w+|introducing|launch(?:ed)?|just dropped|i (?:built|made|created|"
        r"wrote|developed)|we (?:built|made|created)|my project|open ?sourc(?:ed|ing)|"
        r"check (?:it )?out|sharing|discussion|thoughts on|news|rumou?rs?|when will)\b"
    ),
    "building": (
        r"\b(?:install\w*|build(?:ing|s)?|compil\w*|cmake|make|pip|conda|docker\w*|container|wheel|"
        r"setup|set up|setting up|deploy\w*|launch\w*|start(?:ing|up|s)?|boot|import\w*|"
        r"modulenotfound\w*|dependenc\w*|convert\w*|conversion|quantiz\w*|environment|windows|wsl2?|"
        r"linux|macos|android|colab)\b|安装|编译|部署|启动"
    ),
    "loading": (
        r"\b(?:load(?:s|ed|ing)?|unknown (?:model )?architecture|tensor|weights|checkpoint|gguf|ggml|"
        r"safetensors|model file)\b|加载"
    ),
    "hardware": (
        r"\b(?:gpus?|cpus?|vram|ram|memory|oom|out of memory|cuda|rocm|hip|vulkan|metal|sycl|npu|"
        r"driver|nvidia|amd|intel|apple silicon|m[1-4](?: max| pro| ultra)?|rtx|[345]0[6-9]0|a100|"
        r"h[12]00|mi50|p40|igpu|laptop|pc|rig|workstation|motherboard|psu|pcie|mac ?(?:mini|book|"
        r"studio)?|server build|multi-?(?:gpu|node))\b|显存|显卡"
    ),
    "speed": (
        r"\b(?:speed|slow\w*|fast\w*|performance|perf|throughput|latency|tokens?(?:/| per )s\w*|tok/s|"
        r"t/s|bandwidth|optimi[sz]\w*|utili[sz]ation|load|benchmark\w*)\b"
    ),
    "money": (
        r"\b(?:pric\w*|cost\w*|bill\w*|charg\w*|paid|pay(?:ing|ment)?|free|credits?|subscri\w*|plan|"
        r"tiers?|quota|usage|limits?|spend\w*|budget|invoice|refund|cheap\w*|\$\d+)\b|额度|计费"
    ),
    "account": (
        r"\b(?:account|log ?in|sign ?(?:in|up)|auth\w*|access|waitlist|verif\w*|api[ _-]?keys?|"
        r"organi[sz]ation|workspace|permission\w*|licen[cs]\w*|commercial\w*|terms|banned|region|"
        r"country|available in|eligible)\b|登录|账号"
    ),
    "limits": (
        r"\b(?:rate[ -]?limit\w*|usage limit\w*|quota|429|too many requests|tpm|rpm|"
        r"resource exhausted)\b"
    ),
    "tuning": (
        r"\b(?:fine[- ]?tun\w*|finetun\w*|lora|qlora|train\w*|dataset|sft|dpo|rlhf|grpo|embedding\w*|"
        r"rag)\b|微调|训练"
    ),
    "prompting": (
        r"\b(?:prompt\w*|instruct\w*|system message|context window|temperature|json (?:mode|format|"
        r"output)|function call\w*|tool[ _-]?call\w*|structured output|role ?play|writing|stories|"
        r"chat(?:bot)?s?|assistant\w*|agents?|vision|images?|voice|tts|stt|ocr|pdf|summar\w*|"
        r"translat\w*)\b"
    ),
    "choosing": r"\b(?:models?|llms?|local|uncensored|small|open[- ]?source|alternative\w*)\b",
    "documentation": r"\b(?:docs?|documentation|readme|tutorials?|guides?|typo|wiki)\b|文档",
    "serving": (
        r"\b(?:api|endpoint|server|request|response|stream\w*|http|status code|[45]\d\d|timeout|"
        r"timed out|connection|tools?|mcp|cli|sdk|client|openai)\b|超时"
    ),
}
"""Patterns of cues, in small letters; they ignore case."""
START = 300
"""Number of characters of a text that count as its start, where the subject mostly is."""
OF_FORMS = "form"
"""Beginning of the names of cues that headings of issue forms give: sought in the whole text, headings included."""


@cache
def _compile_cues() -> Mapping[str, re.Pattern[str]]:
    """Compiles the patterns with the first question: most visits read none."""
    return {name: re.compile(pattern) for name, pattern in CUES.items()}


def find_cues(title: str, text: str, whole: str) -> dict[str, float]:
    """Finds the cues in title, prose and whole text: the name of each, with its place, and how strongly it is there."""
    found: dict[str, float] = {}
    title, start, later, whole = map(fold_case, (title, text[:START], text[START:], whole))
    for name, pattern in _compile_cues().items():
        if name.startswith(OF_FORMS):
            found[name] = float(pattern.search(whole) is not None)
            continue
        found[f"{name} in title"] = float(pattern.search(title) is not None)
        found[f"{name} at start"] = min(len(pattern.findall(start)), 3) / 2
        if later:
            found[f"{name} later"] = min(log1p(len(pattern.findall(later))), 2.0) / 2
    return {name: weight for name, weight in found.items() if weight}
