"""Detects the language of a text by readable rules: first by script, then by the small words of every sentence.

The result is None if the text is too short or two languages are equally likely, since a guess would fill the smaller
language with errors of the larger one.
"""

import re
from collections.abc import Sequence
from itertools import chain

SCRIPTS = {
    "han": "\u3400-\u9fff\uf900-\ufaff",
    "kana": "\u3040-\u30ff",
    "ko": "\uac00-\ud7af\u1100-\u11ff",
    "cyrillic": "\u0400-\u04ff",
    "arabic": "\u0600-\u06ff",
    "he": "\u0590-\u05ff",
    "el": "\u0370-\u03ff",
    "th": "\u0e00-\u0e7f",
    "hi": "\u0900-\u097f",
}
"""Character ranges of scripts; a script of one language has the code of that language."""
SMALL_WORDS = {
    "en": (
        "the and is are was were be to of in for with that this it its i you he she we they not no have has had when "
        "on at as "
        "an a or but so can could would will should my your our me us them from by what how why who which where there "
        "here do "
        "does did if any all some just only also very more most than then now up out about into get got please thanks "
        "sorry yes "
        "yeah maybe probably it's i'm don't"
    ),
    "es": (
        "el los las del que para con una por como pero está este esta hay más cuando mi se al muy también puedo no es "
        "en la de "
        "un lo y o me te su le a si son"
    ),
    "fr": (
        "le les des du une est pas pour avec dans que qui sur mais vous nous je cette ça ce sont être plus bonjour et "
        "la de un "
        "il au ne se en y a me si on tu"
    ),
    "de": (
        "der die das und ist nicht ein eine ich mit für auf den von zu es dem im in an am so wie auch aber wenn bei "
        "oder wird "
        "habe kann sich noch man wir was"
    ),
    "pt": (
        "o a os as um uma não para com que por como mas está isso você são em do da na no ao mais quando meu se de eu "
        "tem foi e ou me"
    ),
    "it": (
        "il gli che non per una con sono questo della nel di è anche come ma del ho più si alla se ciao la un le "
        "questa quando in a e o mi ci"
    ),
    "nl": (
        "de het een niet en van is ik dat met voor op maar ook deze als bij naar kan wordt zijn heb aan om er in we of "
        "was die je"
    ),
    "pl": "nie się jest na to że do jak ale dla czy przez po tylko mam od jeśli może już tak ten i w z a o",
    "tr": "bir ve bu için ile çok daha gibi ama var ne nasıl değil olarak mi ben kadar sonra",
    "id": "yang dan tidak ini itu untuk dengan saya dari ada bisa pada akan sudah atau juga apa di ke",
    "vi": "không là và của có được cho này một tôi các với những khi đã thì bạn như",
}
"""Frequent function words; languages share some, so the one with the most wins."""
LANGUAGES = (*SMALL_WORDS, "zh", "ja", "ko", "ru", "uk", "ar", "fa", "he", "el", "th", "hi")
"""All languages that can be detected."""
LEAST_WORDS = 4
LEAST_IN_SCRIPT = 2
SHORT = 8
"""Number of words from which a text needs two small words rather than one."""
SMALL_SHARE = 0.08
"""Minimum share of small words: a list of names is in no language."""
SCRIPT_SHARE = 0.3
"""Minimum share of words in the script: Chinese texts are full of English names."""
KANA_SHARE = 0.1
"""Minimum share of kana among ideographs in Japanese: Chinese texts hold a few as decoration."""
LEAD = 1.3
"""Minimum ratio of small words of the first language to those of the second."""
WORDS_READ = 400

_LANGUAGES = {
    word: tuple(name for name, words in SMALL_WORDS.items() if word in words.split())
    for word in " ".join(SMALL_WORDS.values()).split()
}
"""The languages of each small word."""
_FOREIGN = re.compile(r"[\u0370-\u11ff\u3040-\ud7af\uf900-\ufaff]+")
_IN_SCRIPT = {name: re.compile(f"[{ranges}]") for name, ranges in SCRIPTS.items()}
_PERSIAN = re.compile("[پچژگی]")
_UKRAINIAN = re.compile("[іїєґ]")


def detect_language(words: Sequence[str]) -> str | None:
    """Detects the language (ISO 639-1) of words in lower case; each Chinese or Japanese character is one."""
    words = words[:WORDS_READ]
    joined = " ".join(words)
    foreign = "" if joined.isascii() else "".join(_FOREIGN.findall(joined))
    return (_detect_by_script(words, foreign) if foreign else None) or _detect_by_small_words(words)


def _detect_by_script(words: Sequence[str], letters: str) -> str | None:
    """Detects the language of the most frequent script; None if too few words are in it."""
    in_script = {
        name: sum(1 for word in words if pattern.match(word))
        for name, pattern in _IN_SCRIPT.items()
        if pattern.search(letters)
    }
    kana = in_script.pop("kana", 0)
    ideographs = in_script.pop("han", 0) + kana
    name, count = max([*in_script.items(), ("ideographs", ideographs)], key=lambda pair: pair[1])
    if count < max(LEAST_IN_SCRIPT, SCRIPT_SHARE * len(words)):
        return None
    if name == "ideographs":
        return "ja" if kana > KANA_SHARE * ideographs else "zh"
    if name == "cyrillic":
        return "uk" if _UKRAINIAN.search(letters) else "ru"
    if name == "arabic":
        return "fa" if _PERSIAN.search(letters) else "ar"
    return name


def _detect_by_small_words(words: Sequence[str]) -> str | None:
    """Detects the language whose small words are clearly the most frequent; None if there is none."""
    small = list(filter(None, map(_LANGUAGES.get, words)))
    if len(words) < LEAST_WORDS or len(small) < max(1 if len(words) < SHORT else 2, SMALL_SHARE * len(words)):
        return None
    counts: dict[str, int] = {}
    for name in chain.from_iterable(small):
        counts[name] = counts.get(name, 0) + 1
    first = max(counts, key=counts.__getitem__)
    most = counts.pop(first)
    return first if most >= LEAD * max(counts.values(), default=0) else None
