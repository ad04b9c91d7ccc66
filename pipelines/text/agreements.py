"""Detects replies that only join in: "+1", "same here", "any update?"."""

import re

from pipelines.text.phrases import Phrases, normalize_prose, split_sentences

JOINED = Phrases(
    {
        "+1": r"(?:^|[\s(\\])\+ ?1\b(?!\d)",
        "same": (
            r"^\W*(?:the |exactly the |exact |and )?same\W*$"
            r"|\b(?:same|identical|similar)(?: exact)? (?:here|issues?|problems?|errors?|bugs?|questions?|boat"
            r"|situation|behaviou?r|experience|for me|with me|as (?:me|you|op)"
            r"|happen\w*|thing (?:here|for|with|happen\w*))\b"
            r"(?! (?:as|in|like) (?:#|http|the one))|^\W*same (?:with|for|on|in|as|thing)\b|^\W*same[,.!]"
        ),
        "me too": r"\bme,? (?:too|also|either)\b",
        "to me too": r"\bhappen\w* (?:to|for|with) me\b|\b(?:it|this|that) happened to me\b",
        "as well": r"\b(?:for me|to me|here|seeing (?:this|it)|having (?:this|it)|issue|problem) as well\b",
        "too": r"\b(?:issue|problem|error|bug|one|here|this|it) too\b(?! (?:much|many|\w+ (?:to|for))\b)",
        "also": (
            r"(?:\b(?:i'm|i am|i|we're|we are|we) |^\W*)also (?:having|seeing|facing|getting|hitting|experiencing"
            r"|encountering|running into|interested|waiting|need(?:ing)?|want(?:ing)?|looking forward)\b"
        ),
        "facing": r"\b(?:i'm |i am |we're |also )?facing (?:this|the same|it|similar)\b",
        "update": r"\b(?:any|is there an?|are there any) (?:new |further )?updates?\b",
        "news": r"\bany news\b",
        "progress": r"\b(?:any|is there) progress(?:es)?\b",
        "eta": r"\b(?:any|an) eta\b",
        "any ": r"\bany (?:fix|solution|workaround|luck)\b[^.!]{0,30}\?",
        "solution": r"\b(?:is there|found) an? (?:temporary )?solution\b[^.!]{0,30}\?",
        "solve": r"\bhave you (?:solved|fixed|resolved)\b",
        "following": r"^\W*following\b",
        "bump": r"^\W*(?:another )?bump\w*\b",
        "second": r"\b(?:i'll |i |we )second this\b|^\W*seconded\W*$|\bseconding this\b",
        "upvot": r"\bupvot(?:e|ed|ing)\b",
        "would love": r"^\W*(?:yes|yeah|yep)?\W*(?:i )?would love (?:this|that|it|to (?:see|have))\b",
        "started": r"\balso (?:just )?started (?:getting|seeing|having)\b",
        "everyone": r"\beveryone (?:is|else is) (?:having|seeing|getting) (?:this|the same)\b",
        "interested": r"^\W*(?:very |also |i'm |i am |really )*interested\b(?! in opening)",
        "ditto": r"\bditto\b",
        "same ": (
            r"(?<!n't )\b(?:have|having|had|see|seeing|get|getting|got|met|hit|saw) (?:exactly )?the same\b"
            r"|^\W*(?:yes|yeah|yep|yup)?\W*(?:the )?same (?:issue|problem|error|bug|question)\b|^\W*same\W(?!way)"
        ),
        "so ": r"^\W*so (?:do|am|have|did|was) i\b",
        "i ": (
            r"\bi (?:also|too) (?:see|saw|get|got|have|had|want"
            r"|need|ran"
            r"|run|hit|struggle|observe|noticed?)\b|\bi have also (?:seen|observed|noticed|encountered|had)\b"
            r"|^\W*i (?:want|need|wanna|would like|'d like|would love)\b[^.!?]{0,40}\btoo\b"
        ),
        "this too": r"\b(?:want|need|see|seeing|have|having|getting|get) (?:this|it|that) too\b",
        "would be": (
            r"^\W*(?:yes,? |yeah,? |\+1,? )?(?:this|that|it) (?:would|will|'d) be (?:a |an |so |very |really |super "
            r"|truly )*"
            r"(?:nice|great|awesome|amazing|useful|helpful|welcome|fantastic|cool|perfect|good)\b"
        ),
        "please": (
            r"^\W*(?:yes|yeah|\+1)\W*(?:please|pls)\b|^\W*any(?:one|body)\W*(?:please|pls)?\W*$|^\W*please,? (?:add"
            r"|fix) this\b"
        ),
        "agree": (
            r"^\W*(?:i |totally |strongly |completely |fully )*agree(?:d)?(?: with (?:you|this|that|op|@\S+))?\W*(?:$"
            r"|\n)"
        ),
        "confirm": (
            r"^\W*(?:i )?can (?:also )?confirm(?: (?:this|that|it|too|as well))*\W*(?:$|\n)|^\W*confirmed\W*(?:$|\n)"
        ),
        "ping": r"^\W*ping\b",
        "check": r"^\W*check(?:ing)?(?: in)?(?: on)? (?:the |this |for )?(?:progress|status|updates?)\b",
        "status": r"\b(?:what(?:'s| is)|how is|any) the (?:current )?status\b|\bany status\b",
        "any change": r"\bany change (?:to|in|on|here)\b[^.!]{0,60}\?",
        "affects": r"\b(?:problem|issue|bug|this) also (?:affects|happens|occurs|exists|appears)\b",
        "ongoing": r"\bstill (?:ongoing|happening|an issue|an problem|broken|not fixed|occurring)\b",
        "encountering": r"\bencountering (?:the )?(?:same|this)\b",
        "wanna know": r"\bi (?:wanna|want to|would like to|'d like to) know(?: this| that)? too\b",
        "remind": r"\bremindme\b",
        "同": r"^\W*同(?:问|求|样|感|上|遇)|同样的?(?:问题|错误|情况|疑问)",
        "我也": r"我也(?:是|有|遇到|碰到|出现|一样|想|需要)",
        "有进展": r"有(?:什么|新的?)?(?:进展|更新|消息)(?:了)?(?:吗|么|嘛)",
        "解决了": r"解决了(?:吗|么|嘛|没)",
    }
)
HELPING = re.compile(
    r"\b(?:work(?:s|ed|ing)? ?(?:around|for me|now|again|fine|after)|workarounds?:|fixed it|fixes|solved (?:it|by|this)"
    r"|you (?:can|could|should|need|have to|must|might|may)|you try|please try|^try|because|due to"
    r"|instead|solution (?:is|was)|helped|discovered|should (?:fix|resolve)|(?:do|did|are|can|could) you"
    r"|we (?:will|are|have)|i(?:'ll| will)|caused|my solution|i (?:have )?(?:tried|uninstalled|reinstalled|checked)"
    r"|^tried|please (?:update|upgrade|contact|open|ask)|closing (?:this|as)|wrong place"
    r"|root cause|(?:problem|reason) is"
    r"|still (?:get|got|see|encounter|have|met|hit|face) the same)\b"
)
"""Words of a reply that offers something beyond joining in."""
LONGEST = 40
"""Maximum number of words: a longer reply reports a case of its own."""
WORDS_BESIDE = 16
"""Maximum number of words in sentences that do not join in."""
NAMED = re.compile(r"[0-9]|[^\s.!?:*(\"-][ ,(]{1,3}\*{0,2}(?!I\b)[A-Z]")
"""A number, or a word with a capital within a sentence: the name of a product."""
REPORTING = re.compile(
    r"(?<!\bno )(?<!without )(?<!any )\b"
    r"(?:errors?|fail\w*|broken|bugs?|crash\w*|issues?|problems?|trouble|stuck|exhausted"
    r"|\d+ ?(?:[hd]|(?:second|minute|hour|day|week|month|year)s?)|(?:ago|yesterday|today|last (?:night|week|month))"
    r"|(?:not|\w+n'?t|never|stopped|was|got it) (?:\w+ )?(?:work|load|start|run|respond|connect|open|log)\w*"
    r"|versions?|windows|mac ?(?:os)?|linux|ubuntu|debian|wsl2?|os|\w*api[ _-]?key|accounts?|tier|requests?"
    r"|not only|adding|feature|please|(?:that|this|it|models) would|should)\b"
)
"""Words by which a sentence reports the writer's own trouble, setup or wish."""
_IMAGE = re.compile(r"!\[[^\]]{0,200}\]\([^)]{0,500}\)")
_START = re.compile(r"^\W*\+ ?1\b[\s,.!:-]*")
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
_NAME = re.compile(r"@[\w-]+")


def is_joining(plain: str, prose: str, words: int) -> bool:
    """True if a reply only says that its writer has the same problem or wish, or asks how the matter stands.

    `plain` is the text as written, `prose` the same normalized and without links. The caller rules out code and
    solutions. Emoji are not read: a reply of signs alone is none. A link is an answer, and so is a number or a name in
    a sentence beside the agreement, unless that sentence reports the same trouble.
    """
    pieces = JOINED.find_pieces(_NAME.sub(" ", prose)) if 0 < words <= LONGEST else []
    text = _IMAGE.sub(" ", _NAME.sub(" ", plain))
    if not pieces or HELPING.search(prose) or "://" in text:
        return False
    sentences = [sentence for sentence in _split_agreement(text) if _WORD.search(sentence)]
    rest = [sentence for sentence in sentences if not JOINED.are_in(normalize_prose(sentence), pieces)]
    return (
        len(rest) < len(sentences)
        and sum(len(_WORD.findall(sentence)) for sentence in rest) <= WORDS_BESIDE
        and not any(NAMED.search(sentence) and not REPORTING.search(sentence.lower()) for sentence in rest)
    )


def _split_agreement(text: str) -> list[str]:
    """Splits a text into sentences; what follows "+1" is one of its own."""
    start = _START.match(text)
    return split_sentences(text) if start is None else [start[0], *split_sentences(text[start.end() :])]
