"""Finds the topic of a question by tables of terms that anybody can read and dispute: one of the things that
`question_types` weighs.

The title decides; if it names no topic, the labels do, and only then the text, which names many things in passing.
Terms match whole words, ignoring case and punctuation; a final `*` matches any ending. Chinese terms match anywhere.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

OTHER = "other"
SURE, LIKELY = 3, 1
"""Points for a term."""
LEAST_IN_TITLE, LEAST_IN_LABELS, LEAST_IN_TEXT = 1, 3, 4
"""Minimum points that decide; more for labels, which mostly name a part of the product rather than the problem."""


class Terms(NamedTuple):
    """The terms of one type, separated by commas."""

    sure: str
    likely: str


OPENINGS = {
    "feature": (
        "feature, features, enhancement, rfc, roadmap, proposal, proposed, suggestion, idea, support, supports, add, "
        "adding, implement, "
        "allow, request to, expose, enable, please add, please support, port, make a, refactor, improve, remove, "
        "optimize, 功能, 建议, 希望"
    ),
    "docs": "docs, doc, documentation, readme, typo",
    "set-up": "compile bug, build, installation",
    "other": "introducing, announcing, release of, show and tell",
}
"""Beginnings of titles that state the type, mostly because an issue template asks for them."""
ENDINGS = {"feature": "support, roadmap, proposal, integration"}
TYPES = {
    "other": Terms(
        "just added, just released, just dropped, has released, now available, introducing, announc*, news, now "
        "support*, i built, "
        "i made, open sourced, 发布",
        "released, megathread, discussion",
    ),
    "licence": Terms(
        "license*, licence*, licensing, commercial use*, commercially, terms of use, terms of service, copyright*, "
        "gpl, agpl, 许可, 商用, 版权",
        "legal, redistribut*, attribution, 授权, 协议",
    ),
    "billing": Terms(
        "billing*, billed, invoice*, quota*, rate limit*, ratelimit*, usage limit*, credit, credits, refund*, charged, "
        "overcharg*, "
        "pricing, payment*, subscription*, free tier, paid tier, spending limit*, tokens per minute, tpm, rpm, "
        "计费, 账单, "
        "额度, "
        "配额, 充值, 付费, 退款, 限流, 余额",
        "cost*, price*, 429, too many requests, pay, paid, upgrade plan, 价格, 收费",
    ),
    "refusal": Terms(
        "refus*, censor*, uncensor*, content policy, content filter*, moderation, safety filter*, safety setting*, "
        "guardrail*, "
        "jailbreak*, usage policy, policy violation*, violates, i can't assist, i cannot assist, can't help with that, "
        "拒绝回答, "
        "审查, 敏感词, 内容审核, 违规",
        "safety, blocked, harmful, nsfw, banned, flagged, 拒绝",
    ),
    "fine-tuning": Terms(
        "fine tun*, finetun*, sft, dpo, rlhf, qlora, lora train*, lora weights, training, trainer, grpo, pretrain*, "
        "pre train*, peft, 微调, 训练, 精调",
        "lora*, train, trained, dataset*, epoch*, adapter*, checkpoint*, 数据集",
    ),
    "set-up": Terms(
        "install*, compile, compiles, compiling, compilation, cmake, build fail*, build error*, build issue*, build "
        "from source, "
        "can't build, cannot build, docker*, pip, pip3, conda, brew, wheel, wheels, modulenotfounderror, importerror, "
        "no module named, cannot open shared object, cannot import, makefile, undefined symbol*, undefined reference*, "
        "nix, "
        "getting started, set up, setup, no such file*, how to run, how to deploy, how do i run, how can i run, how to "
        "start, "
        "how to load, fail* to load, doesn't load, error loading, cannot load, can't load, unable to load, model "
        "architecture*, "
        "convert, converting, conversion, 安装, 编译, 部署, 如何运行, 怎么运行, 环境配置, 加载失败",
        "build, builds, building, load, loading, loads, how to use, configur*, environment, dependenc*, package*, "
        "python 3*, linker, "
        "msvc, gcc, ndk, deploy*, android, colab, kubernetes, k8s, helm, startup, not found, permission*, "
        "配置, 启动, 依赖, "
        "怎么用, "
        "如何使用",
    ),
    "hardware": Terms(
        "out of memory, oom, vram, cuda error*, hip error*, rocm error*, device side assert, illegal memory access, "
        "illegal instruction, no kernel image, compute capability, multi gpu, multiple gpus, nccl*, nvlink, gpu "
        "memory, "
        "memory leak*, memory usage, system requirement*, hardware requirement*, which gpu, how much memory, apple "
        "silicon, "
        "gpu usage, ram usage, 显存, 内存不足, 显卡, 多卡",
        "gpu, gpus, cuda, metal, vulkan, sycl, hip, rocm, npu, tpu, amd, nvidia, intel, rtx*, h100, h200, h800, a100, "
        "a800, b200, "
        "h20, 4090, 3090, 5090, v100, t4, blackwell, hopper, mi300*, mi30x, cpu, ram, memory, driver*, arm64, aarch64, "
        "avx*, slow, "
        "slower, perf, performance, throughput, latency, ttft, tokens per second, speed, hardware, m1, m2, m3, "
        "raspberry pi, 速度, "
        "慢, 多机",
    ),
    "quality": Terms(
        "gibberish, garbage, garbled, hallucinat*, nonsense, non sense, meaningless, wrong answer*, incorrect answer*, "
        "incorrect output*, incorect output, wrong output*, bad output*, weird output*, different output*, output "
        "quality, "
        "generation quality, poor quality, quality, repeats itself, repeating, repetition*, repetitive, endless loop, "
        "accuracy, "
        "perplexity, got worse, dumber, degraded, degradation, lazy answer*, low accuracy, never stops, cannot stop, "
        "mistokeniz*, "
        "doesn't follow, benchmark*, livebench, better than, creative writing, ignores instructions, inference "
        "result*, 胡言乱语, "
        "乱码, 幻觉, 回答错误, 重复输出, 效果差, 质量, 变笨, 精度",
        "compared to, which model*, best model*, best llm*, vs, wrong, incorrect, incorrectly, inconsistent, "
        "inconsistency, differ, "
        "different, mismatch*, worse, empty response*, chat template*, tokeniz*, reasoning, 结果, 输出",
    ),
    "api-error": Terms(
        "api error*, apierror, badrequesterror, bad request, invalid request*, internal server error, server error, "
        "authenticationerror, unauthorized, apiconnectionerror, apitimeouterror, connection error*, connection reset, "
        "connection refused, connection closed, service unavailable, overloaded*, http error*, error 400, error 401, "
        "error 403, "
        "error 404, error 422, error 500, error 503, error 529, error code*, status code*, 400 error, 403 error, 404 "
        "error, "
        "500 error, 503 error, timeout, timeouts, timed out, timeouterror, remoteprotocolerror, validationerror, tool "
        "use, "
        "tool call*, function call*, api key*, no response, 报错, 超时, 调用失败, 连接失败",
        "api, apis, endpoint*, request, requests, response*, stream*, sdk, http, json, schema*, chat completion*, "
        "structured output*, unexpected keyword, rest api, client, 接口, 请求, 返回",
    ),
    "docs": Terms(
        "docs, documentation, documented, undocumented, readme*, typo*, tutorial*, broken link*, link error, cookbook, "
        "wiki, 文档, 教程",
        "add examples, more examples, guide, instruction, instructions, manual, recipe*, how to, how do i, how can i, "
        "how does, "
        "question about, question of, 示例, 请问, 想问",
    ),
    "feature": Terms(
        "feature request*, enhancement, rfc, roadmap, proposal, would be nice, wishlist, please support, please add, "
        "any plans, "
        "功能请求, 新功能, 希望支持, 请求支持, 支持吗",
        "support for, support of, add support, implement*, integrat*, idea, suggest*, optimize, optimization, "
        "improve*, refactor*, "
        "redesign*, is it possible, 支持, 增加, 添加",
    ),
}
"""Terms of each type; of two types with equal points, the first wins."""
FALLBACKS = {
    "api-error": (
        "bug, error*, fail*, broken, crash*, segmentation fault, segfault*, exception*, runtimeerror, valueerror, "
        "typeerror, keyerror, "
        "indexerror, assertionerror, attributeerror, nameerror, hang, hangs, stuck, assert*, doesn't, does not, don't "
        "work, not work, "
        "not working, cannot, can't, ignores, ignored, issue, 错误, 异常, 崩溃, 失败"
    ),
    "docs": "how, why, what, which, where, can i, is there, is it, does, question*, help, doubt, "
    "怎么, 如何, 请问, 为什么, 吗",
    "feature": "support*, should, missing, allow*, suggest*",
}
"""Words for titles without a type: a failure counts as an API error, a how-to question as documentation."""

_NOT_WORDS = re.compile(r"[^\w']+|_+")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")


def find_topic(title: str, body: str, labels: str) -> str:
    """Finds the topic of a question from `normalize_words` of its title, the text and the labels."""
    return (
        _find_by_ends(title)
        or _find_best(title, LEAST_IN_TITLE)
        or _find_best(labels, LEAST_IN_LABELS)
        or _find_first(title, _FALLBACKS)
        or _find_best(body, LEAST_IN_TEXT)
        or OTHER
    )


@lru_cache(maxsize=4)  # a question's topic and its signs both ask of the same texts
def count_points(text: str) -> Mapping[str, int]:
    """Counts the points of each topic in a text from `normalize_words`."""
    points = dict.fromkeys(TYPES, 0)
    for term, kind, worth in _WORTH:
        if term in text:
            points[kind] += worth
    return points


def normalize_words(text: object) -> str:
    """Normalizes a text to lower-case words, with one space between and around them."""
    words = _NOT_WORDS.sub(" ", text.lower().replace("’", "'")).split() if isinstance(text, str) else []
    return f" {' '.join(words)} "


def _parse_terms(terms: str) -> tuple[str, ...]:
    """Parses terms into the form that they have in a normalized text."""
    stems = [(normalize_words(term), term.strip().endswith("*")) for term in terms.split(",") if term.strip()]
    return tuple(term.strip() if _IDEOGRAPH.search(term) else term[:-1] if is_stem else term for term, is_stem in stems)


_SURE = {kind: _parse_terms(terms.sure) for kind, terms in TYPES.items()}
_LIKELY = {kind: _parse_terms(terms.likely) for kind, terms in TYPES.items()}
_OPENINGS, _ENDINGS, _FALLBACKS = (
    {kind: _parse_terms(terms) for kind, terms in table.items()} for table in (OPENINGS, ENDINGS, FALLBACKS)
)
_WORTH = [
    (term, kind, worth)
    for table, worth in ((_SURE, SURE), (_LIKELY, LIKELY))
    for kind, terms in table.items()
    for term in terms
]
"""Every term, with its topic and its points."""


def _find_by_ends(title: str) -> str | None:
    """Finds the topic stated by the beginning or end of a title."""
    # A request for documentation counts as documentation rather than as a feature.
    opening = next((kind for kind, needles in _OPENINGS.items() if title.startswith(needles)), None)
    stated = opening or next((kind for kind, needles in _ENDINGS.items() if title.endswith(needles)), None)
    is_about_docs = any(needle in title for needle in (*_SURE["docs"], *_LIKELY["docs"]))
    return "docs" if stated == "feature" and is_about_docs else stated


def _find_first(text: str, table: dict[str, tuple[str, ...]]) -> str | None:
    """Finds the first topic with a term in the text."""
    return next((kind for kind, needles in table.items() if any(needle in text for needle in needles)), None)


def _find_best(text: str, least: int) -> str | None:
    """Finds the topic with the most points; None if they are fewer than `least`."""
    points = count_points(text)
    kind = max(points, key=lambda name: points[name])
    return kind if points[kind] >= least else None
