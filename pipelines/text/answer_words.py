"""Detects in a reply a cause or thanks.

The rules are tables of phrases that anybody can read and dispute. They apply to the author's own prose as
`phrases.normalize_prose` returns it: without code, addresses and quotations.
"""

import re

from pipelines.text.phrases import Phrases, is_asserted, split_sentence_at

CAUSES = Phrases(
    {
        "caused": (
            r"\b(?:is|was|are|were|be|been|problem|issue|error|bug|crash|being) (?:\w+ly )?caused\b|\bcaused "
            r"by\b"
        ),
        "causes": r"\b(?:that|which|this|it|and|what) (?:\w+ly )?(?:causes|caused)\b|\bcauses? (?:\w+ ){1,4}to \w+",
        "causing": r"\b(?:that's|which is|is|are|was) causing\b|, causing\b",
        "cause": r"\b(?:root cause|cause (?:is|was|seems|might|could|may)|cause:)",
        "reason": (
            r"\b(?:the|main|likely|probable|real|only|\d) reasons? "
            r"(?:is|are|was|were|why|for|that|seems?|might|could|it"
            r"|you|this)\b|\breasons? ?:|\bfor (?:this|that|some \w+) reason\b|\b(?:main|two|2|three|3) reasons\b"
        ),
        "happen": (
            r"\b(?:this|it|that|error|issue|problem) (?:only |usually |often )?happens? "
            r"(?:when|as|if|since|because|in case)\b"
        ),
        "occurs": (
            r"\b(?:this|it|that|error|issue|problem) (?:only |usually |often )?occurs "
            r"(?:when|as|if|since|because|in case)\b"
        ),
        "turns out": r"\bturns out\b",
        "turned out": r"\bturned out\b",
        "culprit": r"\bculprit\b",
        "is why": r"\b(?:that|this|which) is why\b",
        "that's why": r"\bthat's why\b",
        "explains": r"\b(?:this|that|which|it) explains\b",
        "stems from": r"\bstems from\b",
        "comes from": r"\b(?:issue|problem|error|bug|difference|it|this) comes from\b",
        "as a result of": r"\bas a result of\b",
        "related to": (
            r"\b(?:this|issue|error|problem|bug|it) (?:is|was|seems|looks|might be|may be|must be|could be) (?:to be "
            r"|also )?related to\b"
        ),
        "the problem": (
            r"\bthe (?:actual |real |underlying )?problem (?:is|was|lies|comes) "
            r"(?:that|in|with|from|the|due)\b"
        ),
        "the issue": r"\bthe (?:actual |real |underlying )?issue (?:is|was|lies|comes) (?:that|in|from|due|here)\b",
        "side": (
            r"\b(?:issue|problem|bug|error|fault) (?:is|was|must be|seems to be|lies"
            r"|appears to be) (?:\w+ )?on (?:[\w']+ ){1,2}side\b"
        ),
        "so you": r", so (?:you|they|it) (?:can't|cannot|won't|doesn't|don't|will not|need|have to|must)\b",
        "原因": r"(?<!什么)(?<!查)(?<!找)(?<!啥)原因(?:是|在于|为|：|:|应该|可能)",
        "因为": r"因为",
        "由于": r"由于",
        "导致": r"导致",
        "造成": r"造成的",
        "引起": r"引起的",
    }
)
BECAUSE = Phrases(
    {
        "because": r"\bbecause\b(?! it has (?:not|been) )",
        "due to": r"\bdue to\b(?! (?:inactivity|lack of activity|no activity))",
    }
)
"""Phrases that also justify opinions; they name a cause only if the sentence names a trouble or a limit."""
TROUBLE = re.compile(
    r"\b(?:errors?|fail\w*|issues?|problems?|bugs?|crash\w*|wrong|br(?:eak|oke)\w*|missing|slow\w*|exceptions?"
    r"|happen\w*"
    r"|returns?|returned|rais(?:es|ed)|throws?|oom|invalid|unsupported|incompatib\w+|not supported|garbage|hangs?|stuck"
    r"|only works|works? only|(?:doesn't|don't|didn't|not|won't|never) (?:work|load|run|compile|build|start)\w*|can't"
    r"|cannot|unable|limit\w*|deprecated|removed|disabled|outdated|mismatch\w*|conflict\w*|memory|timeouts?)\b"
)
OPINION = re.compile(
    r"\b(?:i (?:think|like|enjoy\w*|believe|found|find|feel|prefer|wanted|guess|mentioned|was|am|have|don't)|people"
    r"|everyone|should|probably should|in my opinion)\b"
)
CAUSE_UNKNOWN = re.compile(
    r"\b(?:no|don't|doesn't|unknown|unclear|unsure|not sure|isn't|wasn't|not|what|what's|why|find|finding|figure out"
    r"|identify|investigat\w+|know|wonder\w*)\b(?: [\w']+){0,4} ?$|(?:不知道|不清楚|请问|是不是|什么)[^，。]{0,12}$"
)
"""Words before a cause in its sentence that show it as sought or denied."""
QUESTION = re.compile(r"[^.!]*[?？]\s*$")
THANKS = Phrases(
    {
        "thank": r"(?<!no )\bthank(?:s|ful)?\b(?! to (?!you|u\b|all|every|@|the team|both))|\bthankyou\b",
        "thx": r"\bthx\b",
        "tysm": r"\btysm\b",
        "appreciate": (
            r"\b(?<!would )(?<!'d )(?:really |greatly |i |we )appreciate (?:it|your|that|you"
            r"|the (?:help|reply|answer))\b"
            r"|^\W*(?:much|greatly|highly) appreciated\W*$|\bappreciated? it\b"
        ),
        "grateful": r"\bgrateful\b",
        "谢": r"谢谢|感谢|多谢|谢了|谢啦",
        "辛苦": r"辛苦了",
        "ありがとう": r"ありがとう",
        "спасибо": r"спасибо",
        "gracias": r"\bgracias\b",
        "merci": r"\bmerci\b",
        "danke": r"\bdanke\b",
        "obrigad": r"\bobrigad[oa]\b",
    }
)


def has_cause(prose: str) -> bool:
    """True if a text names the cause of a problem, rather than asking for one or justifying an opinion."""
    return any(is_asserted(prose, phrase, CAUSE_UNKNOWN, QUESTION) for phrase in CAUSES.find_all(prose)) or any(
        _is_ground_of_trouble(prose, phrase) for phrase in BECAUSE.find_all(prose)
    )


def has_thanks(prose: str) -> bool:
    """True if a text thanks somebody; thanks in advance count, but "thanks to the new kernel" does not."""
    return THANKS.are_in(prose)


def _is_ground_of_trouble(prose: str, phrase: re.Match[str]) -> bool:
    before, after = split_sentence_at(prose, phrase.start(), phrase.end())
    return not OPINION.search(before) and TROUBLE.search(before + after) is not None and not QUESTION.match(after)
