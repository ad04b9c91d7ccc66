"""Detects in a reply the statement that the problem is solved: that it works now, is fixed, merged or published.

The rules are a table of phrases, as those of `answer_words`; what doubts, wishes, promises or asks takes them back.
"""

import re

from pipelines.text.phrases import Phrases, is_asserted, split_sentence_at

_MADE = r"\b(?:is|was|are|been|be|just|now|already|i've|have|has|got) "
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
        "merged": _MADE + r"(?:\w+ly )?merged\b|^\W*merged\b|\bi merged (?:it|that|the fix|your|#\d)",
        "published": _MADE
        + r"(?:\w+ly )?published\b|^\W*(?:just )?published\b|\bi published (?:it|a fix|the fix|v?\d)",
        "released": _MADE + r"(?:\w+ly )?released (?:in|as|with|it|a|the|v?\d)",
        "implemented": r"\b(?:is|was|been|be|just|now|already) (?:\w+ly )?implemented\b",
        "added": (
            r"(?<!that )\b(?:i've|i have|just|now) added (?:in|to|it|this|a|the)\b(?! (?:traces?|logs?|logging|comment"
            r"|note|check|tests?|prints?)\b)"
        ),
        "succe": (
            r"\bnow,? (?:it )?(?:is )?success\w*|\bsuccess!|\bi (?:have )?successfully \w+ed\b"
            r"|\b(?:it|this|that|finally|now) succeeded\b"
        ),
        "support": (
            r"\b(?:is|are) (?:now|already) supported\b|\b(?:is|are) supported (?:now|today|since|as of)\b|\bwe (?:now"
            r"|already) support\b|\bsupported (?:by|in|since|from) "
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
        "it works": (
            r"(?:^|\n|[.!,] |\b(?:and|yes|ok|okay|great|so|now|thanks|then) )it works (?:and|with|on|in|if|when|by"
            r"|only)\b"
        ),
        "runs": (
            r"\b(?:it|this|that|everything|and|now) (?:now )?runs (?:now|again|perfectly|fine|great|smoothly|ok"
            r"|okay)\b"
        ),
        "compiles": (
            r"\b(?:it|this|that|everything|now|project) (?:now )?compiles (?:and|now|again|perfectly|fine|ok|okay)\b"
        ),
        "builds": r"\b(?:builds|compiles) (?:\w+ly )?(?:fine|now|again|ok|okay|correctly|successfully)\b",
        "loads": r"\b(?:loads|starts|installs) (?:\w+ly )?(?:fine|now|again|ok|okay|correctly|successfully)\b",
        "load fine": (
            r"\bseems? to (?:load|run|start|build|compile|respond|be) (?:\w+ )?(?:fine|ok|okay|good|correctly)\b"
        ),
        "no more": r"\bno more (?:issues?|problems?|errors?|crash\w*)\b",
        "that did it": r"\bthat did it\b|\bdid the job\b",
        "was it": r"^\W*(?:yes,? |yep,? |ah,? |ok,? )?(?:that|this) was it\b",
        "figured": r"\bfigured (?:it|this|that|the (?:issue|problem)) out\b|\bfigured out (?:the|how|what|why|that)\b",
        "managed to": (
            r"\bi (?:have |just |finally |eventually )?managed to (?:get|make|fix|solve|resolve|run|build|load"
            r"|install)\b"
        ),
        "found ": (
            r"\bi(?:'ve| have)? (?:just |finally )?(?:found|discovered) (?:a|the) (?:fix|solution|workaround"
            r"|work-around)\b"
        ),
        "find a way": r"\bi (?:finally |have )?f(?:ind|ound) a way to (?:get|make|run|fix)\b",
        "sorted": r"\b(?:all|it|this|that|got it|now|issue) sorted\b|\bsorted (?:it|this|that|out)\b|^\W*sorted\b",
        "up and running": r"\b(?:is|it|now|got (?:it|this|everything)|am|i'm) (?:all )?up and running\b",
        "back up": r"\b(?:is|it's|are|am|i'm) back (?:up|online)\b",
        "landed": r"\b(?:has|have|just|now|already|been) landed\b|\blanded (?:in|on) (?:main|master|v?\d)",
        "shipped": r"\b(?:has|have|just|now|already|been) (?:been )?shipped\b|\bshipped in v?\d",
        "rolled out": r"\b(?:has|have|just|now|already|been) (?:been )?(?:rolled out|deployed)\b",
        "is live": r"\b(?:is|are) (?:now )?live (?:now|in|on)\b|\bis now live\b",
        "went away": (
            r"\b(?:problems?|issues?|errors?|crash\w*|warnings?|it|that|this) (?:has |have |just "
            r"|simply )?went away\b"
        ),
        "disappear": (
            r"\b(?:problems?|issues?|errors?|crash\w*|warnings?) (?:has |have |is |are )?(?:now )?disappeared\b"
        ),
        "itself": r"\b(?:fixed|resolved|solved) itself\b",
        "no longer ": (
            r"\b(?:it|i|that|this|which|and|they|error|issue) (?:now )?no longer (?:gives?|gets?|see|shows?|tries|try"
            r"|have|has"
            r"|happens?|fails?|crash\w*|errors?|hangs?|throws?)\b|\bno longer (?:get|see|have|an?) (?:the |this "
            r"|that |any "
            r"|an )?(?:error|issue|problem|crash)"
        ),
        "verified ": r"^\W*(?:i )?(?:have )?verified (?:with|on|in|using|that it works|the fix|fixed)\b",
        "clos": r"\bclos\w+ (?:\w+ ){0,3}as (?:solved|fixed|resolved|completed?|done|implemented)\b",
        "now able": r"\b(?:i am|i'm|we are|we're) now able to\b",
        "do work": r"\b(?:it|this|that|they|quants|now) (?:does|do) work(?:s)?(?: now| after all| fine| well|[.!])",
        "committed": r"^\W*(?:thanks[.!,]* )?(?:just )?committed (?:a |the )?(?:fix|change)\b",
        "解决": r"(?:已经?|问题|成功|完美|顺利)(?:被)?解决|解决了",
        "修复": r"已经?修复|修复了",
        "可以": r"可以了|可以用了|可以正常",
        "能用": r"能用了",
        "搞定": r"搞定",
        "正常": r"正常了|恢复正常",
        "成功": r"成功了|安装成功|运行成功",
        "跑": r"跑通了|跑起来了|能跑了",
        "好了": r"(?:已经?|就|都|弄|现在)好了",
        "没问题": r"没(?:有)?问题了",
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
    r"(?:\b(?:not|never|no|given|here's what|let me know|cannot|cant|still|yet|until|till|if|unless|once|before"
    r"|whether|hope\w*|wish|should"
    r"|would|will"
    r"|could|can|may|might|must|to|how|when|which version|needs?|want|expect\w*|used to|previously|nothing|none|without"
    r"|after|waiting|last time|\w+n't|wasnt|isnt|dont"
    r"|doesnt|didnt|cant|wont|hasnt|'ll|i'll|it'll)\b(?: [\w',]+){0,4} ?"
    r"|(?:没有?|未|尚未|还没|无法|不能|如何|怎么|怎样|不|如果"
    r"|是否|希望|能否|麻烦)[^，。！]{0,6})$"
)
"""Words before a solution in its sentence that show it as denied, wished for, promised or past."""
UNSOLVED_AFTER = re.compile(
    r"[^.!]*[?？]\s*$|\s*(?:吗|嘛|么)|\s+(?:before|until|previously|yet|in the past|except)\b"
    r"|[^.!?]{0,40}\bbut (?:\w+ )?still\b|\s*,? (?:but it's"
    r"|but it is|also,? although)\b|\s*(?:size"
    r"|length|point|width|seed|amount|number|price)\b"
)
"""Words after a solution in its sentence that make it a question, or past."""


def has_solved(prose: str) -> bool:
    """True if a text says that it works now, or that the problem is fixed, merged or published."""
    return any(is_asserted(prose, phrase, UNSOLVED_BEFORE, UNSOLVED_AFTER) for phrase in SOLVED.find_all(prose)) or any(
        not UNSOLVED_AFTER.match(split_sentence_at(prose, phrase.start(), phrase.end())[1])
        for phrase in SURELY_SOLVED.find_all(prose)
    )
