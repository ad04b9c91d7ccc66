"""Detects in a reply a cause, thanks, or the statement that the problem is solved.

The rules are tables of phrases that anybody can read and dispute. They apply to the author's own prose as
`phrases.normalize_prose` returns it: without code, addresses and quotations.
"""

import re

from pipelines.text.phrases import Phrases, split_sentence_at

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
_MADE = r"\b(?:is|was|are|been|be|just|now|already|i've|have|has|got|i) "
SOLVED = Phrases(
    {
        "works": (
            r"\bnow (?:it |this |that |everything )?works?\b|\bworks? (?:now|again|for me|like a charm)\b|\b(?:it|this"
            r"|that|which|now|everything|solution) works? (?:\w+ly|fine|great|well)(?: now| again|,? thank|[!.,]|\n|$)"
            r"|\b(?:it|this|that) works[!.]"
        ),
        "worked": (
            r"\b(?:this|that|which|solution|fix|workaround|suggestion|trick|yours?) (?:\w+ )?worked\b(?! (?:in|with|on"
            r"|before|until|till|previously|when|but|at|as|under|out|yesterday)\b)|\bworked (?:for "
            r"me|now|perfectly|like a charm"
            r"|great)\b|\b(?:it|that|this) (?:has )?worked(?=\W*(?:$|\n|and\b|though\b|now\b|thank|@))|\bit worked[!.,]"
        ),
        "working": (
            r"\bworking (?:now|again|for me|perfectly)\b|\bnow (?:\w+ )?working\b|\bgot (?:it|this|that"
            r"|everything) (?:all )?working\b"
        ),
        "got it": r"\bgot it to (?:work|run)\b|\bgot it running\b",
        "solve": r"(?<!-)\bsolved\b(?! by (?:yourself|you))|\b(?:this|that|it|which) solves\b|\bsolves (?:it|the|my)\b",
        "resolve": (
            r"\b(?:is|was|been|got|now|issue|problem|this|that|it|already|i)(?: \w+ly)? resolved\b|\bresolved "
            r"(?:it|this"
            r"|the|my|by|in|with|for|now|after|thank)\b|^\W*resolved\b|\b(?:this|that|it|which) resolves\b"
        ),
        "fixed": (
            r"\b(?:is|was|been|got|now|already|i|i've|it's|that's|issue|problem|bug|yes|all)(?: \w+ly)? fixed\b"
            r"|\bfixed (?:it|this|that|the|my|by|in|with|for me|now|after|on|via|as of|thank)\b|^\W*fixed\b|\b(?:this"
            r"|that|it|which|update|upgrading) fixed\b"
        ),
        "fixes": (
            r"\b(?:this|that|it|which|change|pr|commit|update) (?:\w+ )?fixes (?:it|this|that|the|my)\b"
            r"|\bfixes (?:it|this|that)\b"
        ),
        "made a fix": r"\bmade a fix\b",
        "pushed": r"\bpushed (?:a|the) (?:fix|change|commit)\b",
        "merged": _MADE + r"(?:\w+ly )?merged\b|^\W*merged\b",
        "published": _MADE + r"(?:\w+ly )?published\b|^\W*(?:just )?published\b",
        "released": _MADE + r"(?:\w+ly )?released (?:in|as|with|it|a|the|v?\d)",
        "implemented": r"\b(?:is|was|been|be|just|now|already) (?:\w+ly )?implemented\b",
        "added": (
            r"\b(?:i've|i have|just|now) added (?:in|to|it|this|a|the)\b(?! (?:traces?|logs?|logging|comment"
            r"|note|check|tests?|prints?)\b)"
        ),
        "succe": r"\bnow,? (?:it )?(?:is )?success\w*|\bsuccess!|\bi (?:have )?successfully \w+ed\b|\bsucceeded\b",
        "support": (
            r"\b(?:is|are) (?:now|already) supported\b|\bwe (?:now|already) support\b|\bsupported (?:by|in|since|from) "
            r"(?:the pr|this pr|this change|v?\d)|\bsupported by\s*\W*(?:$|\n)"
        ),
        "enabled": r"\b(?:is|are|been) (?:now )?enabled (?:by|in|with) (?:\W|this|the|v?\d)",
        "stopped": r"\bstopped the (?:issue|problem|error|crash\w*)\b",
        "have fix": r"\b(?:we|i) have (?:already |now |just )?fix(?:ed)?\b",
        "have this": r"\b(?:don't|doesn't|do not|does not) have this (?:issue|problem|error)\b",
        "a fix": (
            r"\b(?:includes?|with|contains|committed) (?:a |the )?fix (?:for|in|to)\b|\bcommitted (?:a "
            r"|the )?fix\b"
        ),
        "fix this": r"\b(?:pr|commit|#\d+)(?: #?\d+)? fix(?:es)? this\b",
        "it fixes": r"\bit fixes\b",
        "fixed last": r"\bfixed (?:last|yesterday|today)\b",
        "this time": r"\b(?:worked|works|succeeded) this time\b",
        "normal": r"\b(?:worked|works|run|runs|working) normally\b|\b(?:returned|went|back|is) (?:back )?to normal\b",
        "all good": r"\ball good (?:now|once|after|again)\b",
        "available": r"\bis now available\b|\bavailable (?:now|today) (?:in|as|with|for)\b",
        "eleased": r"\b(?:has been|have been|pre-?|also) ?released\b",
        "closed via": r"^\W*clos(?:ed|ing)? (?:via|by|with) ",
        "closing via": r"\bclosing (?:via|by) ",
        "addressed": r"\b(?:issue|problem|bug|this|it) (?:is |was |has been |got )?addressed\b",
        "now supported": r"\bhave now supported\b",
        "supported today": r"\bsupported today\b",
        "supported in": r"^\W*supported in ",
        "run well": r"\b(?:runs?|works?) well (?:now|after|with this)\b|\bcan run well\b",
        "finally": r"\bfinally (?:works?|worked|working|succeeded)\b",
        "successfully": r"\b(?:tested|converted|built|installed|loaded)\b[^.!?]{0,60}\bsuccessfully\b",
        "did the trick": r"\bdid the trick\b",
        "no longer": r"\bno longer (?:an issue|a problem|happens|occurs|reproduc\w+|crash\w*)\b",
        "gone": r"\b(?:problem|issue|error|it) (?:is |has )?gone\b",
        "解决": r"(?:已经?|问题|成功|完美|顺利)(?:被)?解决|解决了",
        "修复": r"已经?修复|修复了",
        "可以": r"可以了|可以用了|可以正常",
        "能用": r"能用了",
        "搞定": r"搞定",
        "正常": r"正常了|恢复正常",
        "成功": r"成功了",
    }
)
SURELY_SOLVED = Phrases(
    {
        "can confirm": (
            r"\bcan confirm (?:that )?(?:it(?:'s| is| was)? (?:now )?(?:fixed|works?|working|solved|gone)|(?:you"
            r"|i) can\b"
            r"|(?:\w+ ){1,4}works?\b|(?:it's|this is|that) fixed)|\bcan confirm (?:the |this )?fix\b"
        ),
        "confirmed i can": r"\bconfirmed i can now\b",
        "be fixed": (
            r"\bshould (?:now )?be fixed (?:now|in|on|by|with|as of)\b|\b(?:seems?"
            r"|appears?) to be (?:now )?(?:fixed|solved"
            r"|resolved)\b"
        ),
        "have been fixed": r"\b(?:should|seems? to|appears? to) have been (?:fixed|solved|resolved)\b",
        "have fixed ": r"\bshould have fixed (?:it|this|that|the|your)\b",
        "fix the issue": r"\b(?:looks|seems|appears) to fix the (?:issue|problem|bug)\b",
        "as expected": r"\b(?:is |'s )?work(?:s|ing) as expected\b(?! to)",
        "fix is working": r"\b(?:the|this|that|your) fix (?:is working|works|worked)\b",
        "is working": (
            r"\b(?:it|this|that|everything)(?: is|'s) (?:now )?working(?: (?:now|great|fine|well|perfectly|again"
            r"|with))?"
            r"(?=\W*(?:$|\n)|[.!]| (?:now|great|fine|well|perfectly|again|with the new))"
        ),
        "works": (
            r"^\W*(?:yes,? |ok,? |great,? )?(?:it |that |this )?(?:indeed )?works\b(?=\W*(?:$|\n)|[.!,]"
            r"| (?:with|now|fine|great))"
        ),
        "it's work": r"\bit's work\b(?!ing)|\bit's worked\b",
        "back now": r"\b(?:it's|its|it is|is) back now\b",
        "should work now": r"\b(?:it|this|that) should work now\b",
        "solved this": r"\bi (?:have )?(?:solved|fixed|resolved) (?:this|it|the|my)\b",
        "i can now": r"\bi can now (?:run|use|fit|load|start|log ?in|see|build|compile|train|get)\b",
        "it now": r"\bi can (?:run|use|load|build) it\b[^.!?]{0,30}\bnow\b",
        "it worked": r"\band it worked(?=\W*(?:$|\n))|\bit worked(?=[:!])",
        "works correctly": r"\b(?:it|this|that|now|#\d+) works correctly\b",
        "is supported with": r"\bis (?:now )?supported (?:with|in) (?:v?\d|the latest|#)",
        "no longer relevant": r"\bno longer relevant\b",
        "this fix": r"\bpr #?\d+ this fix\b",
        "this fixed": r"\bshould have this fixed\b",
        "seems to": r"\bseems? to (?:be working|work)(?: now| again| fine)?(?=\W*(?:$|\n|now|thank|please))",
        "to have ": r"\bseems? to have (?:stopped|fixed|solved|resolved) (?:the|this|it|my)\b",
        "able to": r"\bi (?:was|am) (?:now |finally )?able to (?:get|make) \w+(?: \w+){0,2} (?:working|work|run)\b",
        "my ": r"\b(?:fixed|solved|resolved) my (?:problem|issue|error)\b",
        "for me": r"\b(?:fixed|solved|resolved) (?:this|the) (?:issue|problem|error) for me\b",
        "normally": r"\b(?:works|worked|runs?) normally\b",
        "to normal": r"\b(?:returned|went|is back) to normal\b",
        "did work": r"\bdid (?:eventually )?work for me\b",
        "worked after": r"\bit worked after\b",
    }
)
"""Phrases that a word of doubt before them does not take back."""
UNSOLVED_BEFORE = re.compile(
    r"(?:\b(?:not|never|no|cannot|cant|still|yet|until|till|if|unless|once|before|whether|hope\w*|wish|should"
    r"|would|will"
    r"|could|can|may|might|must|to|how|when|which version|needs?|want|expect\w*|used to|previously|nothing|none|without"
    r"|after|waiting|last time|\w+n't|wasnt|isnt|dont"
    r"|doesnt|didnt|cant|wont|hasnt|'ll|i'll|it'll)\b(?: [\w',]+){0,4} ?"
    r"|(?:没有?|未|尚未|还没|无法|不能|如何|怎么|怎样|不|如果"
    r"|是否|希望|能否|麻烦)[^，。！]{0,6})$"
)
"""Words before a solution in its sentence that show it as denied, wished for, promised or past."""
UNSOLVED_AFTER = re.compile(
    r"[^.!]*[?？]\s*$|\s*(?:吗|嘛|么)|\s+(?:before|until|previously|yet|in the past|except)\b|\s*,? (?:but it's"
    r"|but it is|also,? although)\b|\s*(?:size"
    r"|length|point|width|seed|amount|number|price)\b"
)
"""Words after a solution in its sentence that make it a question, or past."""


def has_cause(prose: str) -> bool:
    """True if a text names the cause of a problem, rather than asking for one or justifying an opinion."""
    return any(_is_asserted(prose, phrase, CAUSE_UNKNOWN, QUESTION) for phrase in CAUSES.find_all(prose)) or any(
        _is_ground_of_trouble(prose, phrase) for phrase in BECAUSE.find_all(prose)
    )


def has_thanks(prose: str) -> bool:
    """True if a text thanks somebody; thanks in advance count, but "thanks to the new kernel" does not."""
    return THANKS.are_in(prose)


def has_solved(prose: str) -> bool:
    """True if a text says that it works now, or that the problem is fixed, merged or published."""
    return any(
        _is_asserted(prose, phrase, UNSOLVED_BEFORE, UNSOLVED_AFTER) for phrase in SOLVED.find_all(prose)
    ) or any(
        not UNSOLVED_AFTER.match(split_sentence_at(prose, phrase.start(), phrase.end())[1])
        for phrase in SURELY_SOLVED.find_all(prose)
    )


def _is_asserted(
    prose: str, phrase: re.Match[str], never_before: re.Pattern[str], never_after: re.Pattern[str]
) -> bool:
    before, after = split_sentence_at(prose, phrase.start(), phrase.end())
    return not never_before.search(before) and not never_after.match(after)


def _is_ground_of_trouble(prose: str, phrase: re.Match[str]) -> bool:
    before, after = split_sentence_at(prose, phrase.start(), phrase.end())
    return not OPINION.search(before) and TROUBLE.search(before + after) is not None and not QUESTION.match(after)
