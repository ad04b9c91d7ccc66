"""Extracts model ids from pasted text and finds them among the known names: pure functions that accept any text."""

import difflib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dashboards.metric_row import Row

MOST_IDS, MOST_SIGNS, LONGEST = 100, 5_000, 120
"""Limits of ids and characters per look-up; longer words than the last limit are no ids."""
NEAR = 0.6
"""Least similarity of the nearest known name; suggesting a more distant one would mislead."""
SEPARATORS = r"\s,;\"'`\[\]{}()<>|=&\u201c\u201d\u2018\u2019\u00ab\u00bb\u3001\uff0c"
# Possessive quantifiers keep hostile text from slowing the match down.
WORD = re.compile(rf"([^{SEPARATORS}]++)(['\"]?[ \t]*+[=:])?")
SECRET = re.compile(r"sk-|hf_|gh[pousr]_|github_pat_|AKIA|AIza|xox[abp]-|xai-\w{30}")
"""Prefixes of keys, which must not reappear in a table or an address."""
VENDOR = re.compile(
    r"(?:(?:us|eu|apac|global|jp|au|ca|us-gov)\.)?(?:anthropic|amazon|meta|mistral|cohere|ai21|deepseek|openai|qwen|google|nvidia|moonshotai?|zai)\."
)
TAIL = re.compile(r"(?:-v\d+)?:[\w.:\-]*\Z|@[\w.\-]*\Z|\s*\([^()]*\)\Z")
"""Version suffixes: `-v1:0`, `:latest`, `@001`, and Azure's version in brackets."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """The ids of a text in order, and the words not taken for one."""

    ids: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    secrets: int = 0
    refused: str = ""
    """Reason why nothing was looked up, if any."""


@dataclass(frozen=True, slots=True)
class NameIndex:
    """All names by each of their forms, and the letter pairs of each name."""

    by_form: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IdMatch:
    """The match of one id: its rows or, where there are none, the nearest name."""

    asked: str
    rows: tuple[Row, ...] = ()
    nearest: str = ""


def plain_name(name: str) -> str:
    """Normalises a name as `metrics/model_notices.sql` does: lower case, letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def plain_forms(name: str) -> list[str]:
    """Returns the plain forms of a name, from the literal one to the one without vendor, prefixes and version."""
    name = name.strip()
    tuned = re.fullmatch(r"ft:([^:]+):.*", name, re.DOTALL)
    last = (tuned[1] if tuned else name).rstrip("/").rpartition("/")[2]
    bare = VENDOR.sub("", last, count=1) if VENDOR.match(last) else last
    candidates = [
        plain_name(form) for form in (name, last, bare, TAIL.sub("", bare.removesuffix(":0")), TAIL.sub("", bare))
    ]
    return [form for form in dict.fromkeys(candidates) if len(form) > 1 and not form.isdigit()]


def index_names(rows: Sequence[Row]) -> NameIndex:
    """Indexes rows with a `model` by the forms of their names."""
    by_form: dict[str, list[Row]] = {}
    for row in rows:
        for form in plain_forms(row["model"][:LONGEST]):
            by_form.setdefault(form, []).append(row)
    return NameIndex(
        by_form,
        {
            name: _letter_pairs(plain_name(name))
            for name in sorted({row["model"] for row in rows if len(row["model"]) <= LONGEST})
        },
    )


def read_ids(text: str, names: NameIndex) -> Pasted:
    """Reads ids from a list, a sentence or a configuration; an ambiguous word counts only if it is a known name."""
    if len(text) > MOST_SIGNS:
        return Pasted(refused=f"That is {len(text):,} characters; the limit is {MOST_SIGNS:,}. Nothing was looked up.")
    ids: dict[str, None] = {}
    others: dict[str, None] = {}
    secrets = 0
    for word, separator in WORD.findall(text):
        token = word.strip(".:*\\!?#$%~^\u2022").lstrip("-+@")
        is_key = bool(separator) or word.endswith(":")
        # Keys are only counted: a secret pasted by mistake must not be shown again.
        if SECRET.match(token):
            secrets += 1
        elif re.search(r"[^\W\d_]", token):
            (ids if _is_id(token, is_key, names) else others)[token] = None
    if len(ids) > MOST_IDS:
        return Pasted(refused=f"That is {len(ids):,} ids; the limit is {MOST_IDS}. Nothing was looked up.")
    return Pasted(tuple(ids), tuple(word for word in others if word not in ids), secrets)


def _is_id(word: str, is_key: bool, names: NameIndex) -> bool:
    if "://" in word or len(word) > LONGEST:
        return False
    if any(form in names.by_form for form in plain_forms(word)):
        return True
    # Names of settings also contain hyphens but stand before `=` or `:`; nearly all ids contain a digit.
    return any(sign.isdigit() for sign in word) or ("-" in word and not is_key)


def find_id(asked: str, names: NameIndex) -> IdMatch:
    """Finds the rows of the most literal known form, or the nearest name."""
    for form in plain_forms(asked):
        if form in names.by_form:
            return IdMatch(asked, tuple(names.by_form[form]))
    return IdMatch(asked, nearest=nearest_name(asked, names))


def nearest_name(asked: str, names: NameIndex) -> str:
    """Finds the known name most similar to it; empty where none is near. Only names that share letter pairs are
    compared in full."""
    wanted = next(iter(plain_forms(asked)[-1:]), "")
    pairs = _letter_pairs(wanted)
    shared = Counter({name: len(pairs & of_name) for name, of_name in names.names.items()})
    likely = {plain_name(name): name for name, count in shared.most_common(30) if count}
    close = difflib.get_close_matches(wanted, list(likely), 1, NEAR)
    return likely[close[0]] if close else ""


def _letter_pairs(name: str) -> frozenset[str]:
    return frozenset(name[index : index + 2] for index in range(len(name) - 1))
