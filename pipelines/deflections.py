"""Replies that help nobody by themselves: nothing but update, ask support, duplicate or closing, and bare links to documentation."""

import re

from pipelines.phrases import Phrases

DEFLECTING = Phrases(
    {
        "latest": (
            r"\blatest (?:\w+ )?(?:version|release|build|code|main|master|nightly|commit"
            r"|image|driver|sdk)\b|\b(?:update|upgrade|updating|upgrading)\b.{0,30}\blatest\b"
        ),
        "newest": r"\b(?:update|upgrade|try|use)\b.{0,30}\bnewest\b",
        "newer": r"\b(?:update|upgrade|try|use)\b.{0,30}\bnewer\b",
        "updat": r"\b(?:please|try|you (?:should|need to|have to|must|can)|just) (?:to )?(?:update|updating)\b",
        "upgrad": r"\b(?:please|try|you (?:should|need to|have to|must|can)|just) (?:to )?(?:upgrade|upgrading)\b",
        "support": (
            r"\b(?:contact|reach out to|email|write to|ask|message|talk to) (?:\w+ ){0,3}support\b"
            r"|\bsupport (?:team|ticket|request)\b|\bcustomer support\b"
        ),
        "help center": r"\bhelp center\b",
        "ticket": r"\b(?:open|file|submit|raise|create) (?:an? )?(?:\w+ )?ticket\b",
        "dup": (
            r"\bduplicated? (?:of|issue)\b|\bas (?:a )?dup(?:licate)?\b|\bdup(?:licate)? of\b"
            r"|^\W*duplicate\b|\bduplicates? (?:#|this)"
        ),
        "tracked": r"\b(?:already |being )?track(?:ed|ing) (?:this |it )?(?:in|at|by|via|under|with|here)\b",
        "already reported": r"\balready (?:been )?reported\b",
        "same": r"\bsame (?:issue|problem|bug)? ?as\b",
        "clos": r"\bclos(?:ing|ed?)\b",
        "stale": r"\bstale\b",
        "inactiv": r"\binactiv",
        "no activity": r"\bno (?:recent )?activity\b",
        "reopen": r"\b(?:reopen|re-open)\b",
        "not planned": r"\bnot planned\b",
        "won't fix": r"\bwon't fix\b",
        "open": (
            r"\b(?:open|opening|file|create|submit|raise) (?:an? |this |it |your |the )?(?:new "
            r"|separate |another )?(?:\w+ )?(?:issue|bug|question|discussion|report|request"
            r"|thread|pr)\b"
        ),
        "report": r"\breport (?:this|it|them|the \w+) (?:in|on|at|to|with|over|upstream)\b",
        "post": r"\bpost (?:this|it|your \w+) (?:in|on|at|to|over)\b",
        "covered": r"\b(?:is|be|being) (?:covered|handled|discussed|addressed) (?:in|by|at) ",
        "upstream": r"\b(?:report|reported|issue|bug|problem|fixed|filed|belongs?|ask) (?:\w+ ){0,3}upstream\b",
        "out of scope": r"\bout of scope\b",
        "not a": r"\b(?:is|it's|this is) not an? (?:\w+ )?(?:issue|bug|problem)\b",
        "right place": r"\b(?:right|correct|appropriate) (?:place|repo|repository|forum)\b",
        "wrong": r"\bwrong (?:place|repo|repository|forum)\b",
        "belongs": r"\bbelongs? (?:in|to|on)\b",
        "template": r"\btemplate\b",
        "discord": r"\bdiscord\b",
        "discussions": r"\bdiscussions\b",
        "更新": r"(?:请|先|建议)?(?:更新|升级)(?:到|至|一下)?",
        "升级": r"升级",
        "客服": r"客服",
        "重复": r"重复",
        "关闭": r"关闭",
    }
)
COURTESY = Phrases(
    {
        "hi": r"^\W*hi\b",
        "hello": r"^\W*hello\b",
        "hey": r"^\W*hey\b",
        "thank": r"\bthank",
        "sorry": r"\bsorry\b",
        "apolog": r"\bapolog",
        "let us know": r"\blet (?:us|me) know\b",
        "feel free": r"\bfeel free\b",
        "hope": r"\bhope (?:this|that|it) helps\b",
        "regards": r"\bregards\b",
        "appreciate": r"\bappreciate",
        "welcome": r"\bwelcome\b",
        "bot": r"\bi am a bot\b|\bperformed automatically\b",
        "谢": r"谢",
        "你好": r"你好",
    }
)
LONGEST_DEFLECTION = 80
"""Words: whoever writes more explains something."""
WORDS_BESIDE = 8
"""Words beside deflections and courtesies that still say nothing."""
LONGEST_POINTER = 25
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])|\n+")
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")


def is_deflection(prose: str, words: int) -> bool:
    """Every sentence sends away or is a courtesy, but for a few words. Whether code or a cause makes it more is for the caller to say."""
    if not 0 < words <= LONGEST_DEFLECTION or not DEFLECTING.are_in(prose):
        return False
    rest = [one for one in _SENTENCE.split(prose) if not DEFLECTING.are_in(one) and not COURTESY.are_in(one)]
    return sum(len(_WORD.findall(one)) for one in rest) <= WORDS_BESIDE


def is_docs_pointer(words: int, docs_links: int, has_code: bool) -> bool:
    """Hardly more than a link to documentation."""
    return docs_links > 0 and words <= LONGEST_POINTER and not has_code
