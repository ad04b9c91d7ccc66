"""What a text says to whoever asked: a cause, thanks, that it works now. Rules as tables of phrases, to be read and disputed.

All are of the text's own prose in lower case: without code, addresses and quotations. Negations, questions and conditions do not count.
"""

import re

from pipelines.phrases import Phrases, sentence

CAUSES = Phrases(
    {
        "because": r"\bbecause\b(?! it has (?:not|been) )",
        "caused": r"\bcaused by\b",
        "cause is": r"\bcause is\b",
        "cause was": r"\bcause was\b",
        "root cause": r"\broot cause\b",
        "reason": (
            r"\b(?:the|main|likely|probable|real|only) reasons? (?:is|are|was|were|why"
            r"|for|that|seems?|might|could|it|you)\b|\breason ?:|\bfor (?:this|that) reason\b"
        ),
        "due to": r"\bdue to\b(?! (?:inactivity|lack of activity|no activity))",
        "this happens": r"\bthis (?:only )?happens (?:when|as|if|since|for|on|with|in)\b",
        "happens if": r"\bhappens if\b",
        "happening": r"\bhappening (?:as|since)\b",
        "occurs": r"\b(?:this|it|error|issue|problem) (?:only )?occurs (?:when|as|if|since)\b",
        "turns out": r"\bturns out\b",
        "turned out": r"\bturned out\b",
        "culprit": r"\bculprit\b",
        "that's why": r"\bthat's why\b",
        "which is why": r"\bwhich is why\b",
        "this is why": r"\bthis is why\b",
        "stems from": r"\bstems from\b",
        "as a result of": r"\bas a result of\b",
        "the problem": r"\bthe (?:actual |real )?problem (?:is|was|lies|comes) (?:that|in|with|from|the|due)\b",
        "the issue": r"\bthe (?:actual |real |underlying )?issue (?:is|was|lies|comes) (?:in|from|due|here)\b",
        "原因": r"(?<!什么)(?<!查)(?<!找)(?<!啥)原因(?:是|在于|为|：|:|应该|可能)",
        "因为": r"因为",
        "由于": r"由于",
        "导致": r"导致",
        "造成": r"造成的",
        "引起": r"引起的",
    }
)
CAUSE_UNKNOWN = re.compile(
    r"\b(?:not|no|don't|unknown|unclear|unsure|isn't|wasn't|what|why|find|finding"
    r"|figure|identify|investigat\w+|know|understand|wonder\w*)\b"
    r"(?:\s+[\w']+){0,6}\s*$|(?:不知道|不清楚|请问|是不是|什么)[^，。]{0,12}$"
)
"""Before a cause in its sentence: it is looked for, or denied."""
THANKS = Phrases(
    {
        "thank": r"(?<!no )\bthanks?\b(?! to (?!you|u\b|all|every|@|the team|both))",
        "thx": r"\bthx\b",
        "tysm": r"\btysm\b",
        "appreciate": r"\bappreciated?\b",
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
SOLVED = Phrases(
    {
        "works": (
            r"\b(?:now (?:it |this |that |everything )?works?|works? (?:now|again|for me"
            r"|like a charm)|works (?:fine |perfectly |great |well |correctly )(?:now"
            r"|again|thank)"
            r"|works (?:perfectly|great|like a charm|beautifully)\b)"
        ),
        "it works": r"\bit works (?:!|with (?:this|that|your))|\bit works[!.]",
        "worked": (
            r"\b(?:it|this|that|which|solution|fix|workaround|suggestion|option|trick"
            r"|yours?) (?:\w+ )?worked\b(?! (?:in|with|on|before|until|till|fine|previously"
            r"|when|but|at|as|under|well|earlier)\b)"
            r"|\bworked (?:for me|now|perfectly|like a charm|great|out)\b"
        ),
        "working": (
            r"\b(?:working (?:now|again|for me|perfectly)|now (?:\w+ )?working|got (?:it"
            r"|this|that|everything) (?:all )?(?:working|running|to work))\b"
        ),
        "got it to work": r"\bgot it to work\b",
        "solve": r"\b(?:solved|this solves|that solves|it solves|solves (?:it|the|my))\b(?! by (?:yourself|you))",
        "resolve": (
            r"\b(?:is|was|been|got|now|issue|problem|this|that|it|already|i)(?: \w+ly)? resolved\b"
            r"|\bresolved (?:it|this|the|my|by|in|with|for|now|after)\b|^\s*resolved\b"
            r"|\b(?:this|that|it|which) resolves\b"
        ),
        "fixed": (
            r"\b(?:is|was|been|got|now|already|i|it's|that's|issue|problem|bug) fixed\b"
            r"|\bfixed (?:it|this|that|the|my|by|in|with|for me|now|after|on|via|as of)\b"
            r"|^\s*fixed\b"
            r"|\b(?:this|that|it|which)(?: \w+ly)? fixed\b"
        ),
        "fixes": r"\b(?:this|that|it|which|change|pr|update)(?: \w+ly)? fixes (?:it|this|that|the|my)\b",
        "did the trick": r"\bdid the trick\b",
        "no longer": r"\bno longer (?:an issue|a problem|happens|occurs|reproduc\w+|see|get|crash\w*)\b",
        "problem gone": r"\bproblem (?:is )?gone\b",
        "解决": r"(?:已经?|问题|成功|完美|顺利)(?:被)?解决|解决了",
        "修复": r"已经?修复|修复了",
        "可以": r"现在可以了|可以了|能用了|可以用了",
        "搞定": r"搞定",
        "正常": r"正常了|恢复正常",
        "成功": r"成功了",
    }
)
UNSOLVED_BEFORE = re.compile(
    r"(?:\b(?:not|never|no|cannot|can't|cant|still|hasn't|haven't|isn't|wasn't"
    r"|doesn't|didn't|don't|won't|aint|yet|until|till|if|unless|once|before|whether"
    r"|hope\w*|wish"
    r"|should|would|will|could|can|may|might|must|to be|gets?|be|how|when|which version"
    r"|needs?|want|expect\w*|supposed|used to|previously|nothing|none|without"
    r"|only)\b"
    r"(?:\s+[\w'’,]+){0,5}\s*|\b\w+n't(?:\s+[\w']+){0,4}\s*|(?:没有?|未|尚未|还没|无法|不能|如何|怎么|怎样|不|如果|是否|希望|能否|麻烦)[^，。！]{0,6})$"
)
"""Before it in its sentence: denied, wished for, promised, or what once was."""
UNSOLVED_AFTER = re.compile(
    r"[^.!]*[?？]\s*$|\s*(?:吗|嘛|么)|\s+(?:before|until|previously|yet|in the past"
    r"|yesterday|except)\b|\s*(?:size|length|point|width|seed|amount|number|price)\b"
)
"""After it in its sentence: a question, or what once was."""


def has_cause(prose: str) -> bool:
    """Names why something happens. That a cause is asked for, or not known, names none."""
    return any(_is_said(prose, found, CAUSE_UNKNOWN, _QUESTION) for found in CAUSES.found(prose))


def has_thanks(prose: str) -> bool:
    """Thanks somebody; thanks in advance count, "thanks to the new kernel" does not."""
    return THANKS.are_in(prose)


def has_solved(prose: str) -> bool:
    """Says that it works now, or is solved."""
    return any(_is_said(prose, found, UNSOLVED_BEFORE, UNSOLVED_AFTER) for found in SOLVED.found(prose))


_QUESTION = re.compile(r"[^.!]*[?？]\s*$")


def _is_said(prose: str, found: re.Match[str], never_before: re.Pattern[str], never_after: re.Pattern[str]) -> bool:
    before, after = sentence(prose, found.start(), found.end())
    return not never_before.search(before) and not never_after.match(after)
