"""Detects deflections (update, ask support, duplicate, closing) and bare links to documentation."""

import re

from pipelines.text.phrases import Phrases, split_sentences
from pipelines.text.solutions import find_solved_pieces, has_solved

SENT_AWAY = Phrases(
    {
        "latest": (
            r"\b(?:update|upgrade|updating|upgrading|try|tried|test|retry|check|use|reproduce|install|pull"
            r"|happen\w*|persist\w*|occurs?)\b"
            r"[^.!?]{0,40}\blatest\b"
        ),
        "newe": r"\b(?:update|upgrade|try|tried|use|install|test)\b[^.!?]{0,30}\b(?:newer|newest)\b",
        "nightly": r"\b(?:update|upgrade|try|tried|use|install|test)\b[^.!?]{0,30}\bnightly\b",
        "updat": r"\b(?:please|try|you (?:should|need to|have to|must|can)|just) (?:to )?updat(?:e|ing)\b|^\W*update\b",
        "upgrad": (
            r"\b(?:please|try|you (?:should|need to|have to|must|can)|just) (?:to "
            r")?upgrad(?:e|ing)\b|^\W*upgrade\b"
        ),
        "instructions again": r"\bfollow the (?:install\w* )?instructions again\b",
        "try again": r"\btry (?:it |this )?again\b",
        "tomorrow": r"\b(?:try|test|use|update)\b[^!?]{0,60}\btomorrow\b",
        "try ": (
            r"\b(?:please|may|can|could) (?:you )?(?:also )?try\b[^!?]{0,50}\b(?:v?\d+\.\d|b\d{1,8}\b|newer"
            r"|later than)"
        ),
        "update ": r"\byou (?:can|may|could|should) update\b|\bjust updated\b",
        "take a look at #": r"\btake a look at #\d",
        "changes on #": r"\bchanges on #\d",
        "this again": r"\btry this again\b",
        "chances": r"\byour chances\b[^.!?]{0,40}\bbetter\b",
        "support": (
            r"\b(?:contact|reach out to|email|write to|ask|message|talk to) (?:\w+ ){0,3}support\b|\bsupport "
            r"(?:team|ticket)\b"
        ),
        "help": r"\bhelp cent(?:er|re)\b",
        "ticket": r"\b(?:open|file|submit|raise|create) (?:an? )?(?:\w+ )?ticket\b",
        "open": (
            r"\b(?:open|file|create|submit|raise) (?:an? |this |it |your |the )?(?:new |separate |another )?(?:\w+ )?"
            r"(?:issue|bug|question|discussion|report|request|thread)\b"
        ),
        "report": r"\breport (?:this|it|them|the \w+) (?:in|on|at|to|with|over|upstream)\b",
        "post": r"\bpost (?:this|it|your \w+) (?:in|on|at|to|over)\b",
        "make": (
            r"\b(?:can|could|would|please) (?:you )?(?:please )?make (?:an? |separate |new )*(?:issues?|tickets?"
            r"|reports?)\b"
        ),
        "upstream": r"\b(?:report\w*|filed|belongs?|ask) (?:\w+ ){0,3}upstream\b",
        "out of scope": r"\bout of scope\b",
        "place": r"\b(?:right|correct|appropriate|wrong) place\b",
        "repo": r"\b(?:right|correct|appropriate|wrong|different) repo(?:sitory)?\b",
        "belongs": r"\bbelongs? (?:in|to|on)\b",
        "template": r"\b(?:issue|bug|report) template\b|\b(?:use|fill|follow|complete)\b[^.!?]{0,30}\btemplate\b",
        "discord": r"\b(?:ask|join|use|try|go to) (?:\w+ ){0,3}discord\b",
        "discussions": r"\b(?:use|ask|go to|move|post) (?:\w+ ){0,4}discussions\b",
        "更新": r"(?:请|先|建议|可以)(?:尝试)?更新",
        "升级": r"(?:请|先|建议|可以)(?:尝试)?升级",
        "客服": r"客服",
    }
)
"""Advice to update, to ask support or to ask elsewhere; in the first person it is a report, not a deflection."""
CLOSED = Phrases(
    {
        "clos": (
            r"\bclos(?:ing|ed) (?:this|as|it|for|due|since|in "
            r"favou?r|the|issue|because|by|out)\b|^\W*clos(?:ing|ed)\b(?! (?:via|by|with) )|\bplease close\b"
            r"|\b(?:i'll|will|can|going to|let's|was|been|automatically|be|now) (?:now )?closed?\b(?! to\b)"
        ),
        "dup": (
            r"\bduplicated? (?:of|issue)\b|\bas (?:an? )?dup(?:licate)?\b|\bdup(?:licate)? "
            r"of\b|^\W*duplicate\b|\bduplicates (?:#|this)"
        ),
        "track": (
            r"\b(?:is|being|already|are) tracked (?:in|at|by|via|under|with|here)\b|\btracking (?:this |it "
            r")?(?:in|at|here)\b"
        ),
        "covered": r"\b(?:is|be|being|already) (?:covered|discussed) (?:in|by|at) ",
        "already reported": r"\balready (?:been )?reported\b",
        "same": r"\bsame (?:issue|problem|bug) as\b|\bsame as #",
        "duplicated": r"\bduplicated\b\W*$",
        "see #": r"^\W*(?:also |please |pls )?see (?:also )?#\d+(?:(?:,| and|, and) ?#\d+)*\W*$",
        "mentioned in #": r"^\W*(?:also |this is )?(?:mentioned|reported|described) in #\d+\W*$",
        "posts on this": r"\bposts? on this already\b",
        "an open issue": r"\bhave an open issue\b",
        "same issue described": r"\bsame issue (?:as )?described in\b",
        "close issue": r"\bclose issue\b",
        "stale": r"\b(?:as|marked|is|went|became|automatically) stale\b|^\W*stale\b",
        "inactiv": r"\binactivity\b|\b(?:been|is|was|automatically) inactive\b",
        "activity": r"\b(?:no|not had any|lack of) (?:recent |further )?activity\b",
        "open": r"\bre-?open\b",
        "not planned": r"\bnot planned\b",
        "won't fix": r"\bwon't fix\b",
        "重复": r"重复(?:的)?(?:问题|提问|issue)|与[^。]{0,20}重复",
        "关闭": r"(?:先|已|将|予以)关闭|关闭(?:此|该|这个|本)",
    }
)
ASKED_FOR_MORE = Phrases(
    {
        "you ": (
            r"\b(?:can|could|would|will|do|did|are|have|were) you(?: \w+){0,5} (?:share|provide|post|give|send"
            r"|paste|attach|upload"
            r"|show|tell|confirm|run|test|check|verify|say|note|attach|explain|describe|clarify|elaborate|help us"
            r"|repro\w*|using"
            r"|able|have(?! any (?:progress|updates?|suggestions?|ideas?|tips?|recommendations?|specific|plans?))|see"
            r"|(?<=you )on)\b"
        ),
        "are you": r"\b(?:what|which|where|how|when)\b[^.!?]{0,60}\b(?:are|do|did|were) you\b",
        "your ": r"\b(?:what|which)(?:'s| is| are| was)? your\b|\bhow much\b[^.!?]{0,30}\byour\b",
        "please": (
            r"\bplease (?:also )?(?:share|provide|post|give|send|paste|attach|upload|show|tell|describe|include"
            r"|confirm|run"
            r"|follow the (?:issue|bug))\b"
        ),
        "more ": r"\b(?:more|additional|further) (?:info\w*|details?|detailed|context|logs?)\b",
        "can you ": r"\b(?:can|could) you (?:please |pls )?(?:verify|say|describe|elaborate|clarify|attach|explain)\b",
        "folks": r"\bcan (?:\w+ ){0,2}folks (?:please )?(?:share|note|post|provide)\b",
        "does it ": r"^(?:\W*@[\w-]+)? ?does it (?:always|also|still|only)\b",
        "may i ask": r"\bmay i ask\b",
        "did the error": r"\bdid the (?:error|issue|problem) (?:begin|start|occur)\b",
        "post the": r"\bpost the \w+(?: \w+){0,3} (?:trace|log|output|stack)\b",
        "are you able": r"\bare you able\b",
        "was the ": r"\bwhat was the (?:exact|last)\b",
        "kind of response": r"\bwhat kind of\b",
        "to provide more": r"\bto provide more\b",
        "prompt who": r"\bcan you provide\b",
        "any specific errors": r"\bsee if you get any\b",
        "steps": r"\bsteps to re(?:pro\w*|create)\b",
        "following": r"\b(?:the )?following (?:information|info|details|questions?|commands?)\b",
        "reproduc": r"\b(?:can't|cannot|could not|couldn't|unable to|not able to|are|will try to"
        r"|trying to) reproduc\w+\b",
        "look into": r"\b(?:we(?:'ll| will| are)?|i'll|i will) (?:\w+ )?(?:look|looking) into\b",
        "提供": r"(?:请|能否|可以|麻烦)[^。？]{0,12}(?:提供|贴|发|给)",
    }
)
"""Questions back and requests for logs, versions and steps."""
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
        "helps": r"\bhope (?:this|that|it) helps\b",
        "regards": r"\bregards\b",
        "so that we": r"\bso that we\b",
        "so we can": r"\bso we can\b",
        "then we can": r"\bthen we can\b",
        "help us": r"\bhelp us\b",
        "be helpful": r"\bwould be (?:very )?helpful\b",
        "be useful": r"\bwould be (?:very )?useful\b",
        "working on": r"\bactively working on\b",
        "e.g.": r"^\W*e\.g\.",
        "the exact": r"^the exact \w+",
        "appreciate": r"\bappreciate",
        "welcome": r"\bwelcome\b",
        "bot": r"\bi am a bot\b|\bperformed automatically\b",
        "谢": r"谢",
        "你好": r"你好",
    }
)
CLOSES_OWN = re.compile(
    r"\b(?:i will|i'll|i am|i'm|closing|close)\b[^.!?]{0,25}\b(?:this|now|issue|it)\b.*\bthank"
    r"|\bthank.*\bi(?: will|'ll) close\b"
    r"|\b(?:may|could|maybe)(?: (?:we|i|this|it|be|can|now))+ close|\b(?:can|think)(?: (?:we|this|it|be|can|now))+ "
    r"close[^.!\n]*\?|\bi can(?: now)? close"
    r"|\b(?:did|have) you (?:clear|tr(?:y|ied)) (?!the latest|again|it)\w+ing\b|\btry to comment out\b",
    re.DOTALL,
)
"""Words of askers who close their own question, of questions whether it may be closed, and of advice what to do."""
LONGEST_DEFLECTION = 80
"""Maximum number of words: a longer reply explains something."""
WORDS_BESIDE, WORDS_BESIDE_QUESTIONS = 8, 12
"""Maximum number of further words, beside deflections and courtesies."""
LONGEST_POINTER = 25
"""Maximum number of words beside a bare link to documentation."""
_ASKS = ("?", "？")
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|i'll|we|we're|we've|my)\b|我")
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")


def is_deflection(prose: str, words: int) -> bool:
    """True if a reply holds little but deflections and courtesies; the caller rules out code and causes."""
    if not 0 < words <= LONGEST_DEFLECTION:
        return False
    pieces = [table.find_pieces(prose) for table in (CLOSED, ASKED_FOR_MORE, SENT_AWAY)]
    if not any(pieces):
        return False
    sentences = split_sentences(prose)
    rest = [sentence for sentence in sentences if not _is_deflecting(sentence, *pieces)]
    if len(rest) == len(sentences) or CLOSES_OWN.search(prose):
        return False
    polite, solved = COURTESY.find_pieces(prose), find_solved_pieces(prose)
    others = [one for one in rest if not COURTESY.are_in(one, polite) and not has_solved(one, solved)]
    asks = any(ASKED_FOR_MORE.are_in(sentence, pieces[1]) for sentence in sentences)
    most = WORDS_BESIDE_QUESTIONS if asks else WORDS_BESIDE
    beside = (sentence for sentence in others if not (asks and sentence.rstrip().endswith(_ASKS)))
    return sum(len(_WORD.findall(sentence)) for sentence in beside) <= most


def is_asking_for_more(prose: str, words: int) -> bool:
    """True if a reply asks for logs, versions or steps; what it gives to run may then be code."""
    return 0 < words <= LONGEST_DEFLECTION and ASKED_FOR_MORE.are_in(prose)


def is_docs_pointer(words: int, docs_links: int, has_code: bool) -> bool:
    """True if a reply is hardly more than a link to documentation."""
    return docs_links > 0 and words <= LONGEST_POINTER and not has_code


def _is_deflecting(sentence: str, closed: list[str], asked: list[str], sent: list[str]) -> bool:
    """True if a sentence closes, asks for more or sends away; of each it has no other pieces than those given."""
    return (
        CLOSED.are_in(sentence, closed)
        or ASKED_FOR_MORE.are_in(sentence, asked)
        or any(_is_advice(sentence, phrase) for phrase in SENT_AWAY.find_all(sentence, sent))
    )


def _is_advice(sentence: str, phrase: re.Match[str]) -> bool:
    """True unless the first person stands in the phrase or its clause before it: "we fixed it, try again" is advice."""
    clause = re.split(r"[,:]", sentence[: phrase.start()])[-1]
    return _FIRST_PERSON.search(clause + phrase[0]) is None
