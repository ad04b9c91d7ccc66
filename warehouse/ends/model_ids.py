"""Extracts model ids from text, pasted or in a file, and finds them among the known names: pure functions that accept
any text."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from warehouse.ends.hosts import BEDROCK_ID, name_host_of_row
from warehouse.ends.states import Row as Row

MOST_IDS, MOST_SIGNS, LONGEST = 100, 5_000, 120
"""Limits of ids and characters per look-up; longer words than the last limit are no ids."""
NEAR = 0.8
"""Least similarity of the nearest known name; suggesting a more distant one would mislead."""
DATE_DIGITS = 4
"""Digits from which on a number is a date or a build, in which slips are likely; shorter ones tell models apart."""
SEPARATORS = r"\s,;\"'`\\\[\]{}()<>|=&\u201c\u201d\u2018\u2019\u00ab\u00bb\u3001\uff0c"
# Possessive quantifiers keep hostile text from slowing the match down.
WORD = re.compile(rf"([^{SEPARATORS}]++)(\\?['\"]?[ \t]*+[=:])?")
LEADING = re.compile(r"[.:*\\!?#$%~^\u2022]*[-+@]*")
SECRET = re.compile(r"sk-|hf_|gh[pousr]_|github_pat_|AKIA|AIza|xox[abp]-|xai-\w{30}")
"""Prefixes of keys, which must not reappear in a table or an address."""
PROVIDER = re.compile(r"[A-Za-z][A-Za-z_-]*:-?(?=[^:]*[A-Za-z])")
"""`openai:gpt-4o` as libraries name a provider, and `MODEL:-gpt-4o` as a shell gives a default."""
TAIL = re.compile(r"(?:-v\d+)?:[\w.:\-]*\Z|@[\w.\-]*\Z|\s*\([^()]*\)\Z")
"""Version suffixes: `-v1:0`, `:latest`, `@001`, and Azure's version in brackets."""
DATED = re.compile(r"(.+?)[-@](?:20\d\d-?\d\d-?\d\d|\d\d-20\d\d|\d{4}|0\d\d)(?:-v\d+(?::\d+)?)?")
"""A name with the day or number of its version behind it: `-20240229`, `-2024-05-13`, `-0613`, `-001`."""
MAKER = re.compile(r"(?:AI21(?: Labs)?|Amazon|Anthropic|Cohere|Meta|Mistral AI|Stability(?: AI)?) (?=\S)")
"""The maker's name at the start of a title."""
CONTEXT = re.compile(r"(?<=:\d):\d+k\Z")
"""The length of the context behind a version on Bedrock: `:18k`."""
DATE = re.compile(r"[-@]20\d\d-?\d\d-?\d\d(?=[-:]|\Z)")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text that could be an id, with its offset."""

    text: str
    start: int
    is_key: bool
    """A sign of assignment follows: it names a value."""


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
    """All names by each of their forms."""

    by_form: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    by_version: Mapping[tuple[str, ...], Mapping[str, str]] = field(default_factory=dict)
    """Names by their plain form, for each first word and version."""
    by_undated: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    """Rows whose name ends with the day or number of a version, by the name before it."""
    replacements: Mapping[str, Row] = field(default_factory=dict)
    """A row of a maker's page that advises a model instead of another, by each form of its name."""


def plain_name(name: str) -> str:
    """Normalises a name: lower case, letters and digits only; `command-r+` is `command-r-plus`."""
    return re.sub(r"[^a-z0-9]", "", name.lower().replace("+", "plus"))


def list_forms(name: str) -> list[str]:
    """Lists the forms of a name, from as it is written to without its vendor, its prefixes and the mark of its
    version."""
    whole = list_whole_forms(name)
    return [*whole, TAIL.sub("", whole[-1].removesuffix(":0")), TAIL.sub("", whole[-1])]


def list_whole_forms(name: str) -> list[str]:
    """Lists the forms of a name that keep its version: as it is written, and without its prefixes and its vendor."""
    name = CONTEXT.sub("", name.strip())
    tuned = re.fullmatch(r"(?:[\w.-]+/)?ft:([^:]+):.*", name, re.DOTALL)
    last = (tuned[1] if tuned else name).rstrip("/").rpartition("/")[2]
    vendor = BEDROCK_ID.match(last)
    return [name, last, last[vendor.end() :] if vendor else last]


def plain_forms(name: str) -> list[str]:
    """Lists the forms of a name as names are compared; one that is a digit or a single letter could be anything."""
    return _list_plain(list_forms(name))


def _list_plain(forms: Iterable[str]) -> list[str]:
    plain = [plain_name(form) for form in forms]
    return [form for form in dict.fromkeys(plain) if len(form) > 1 and not form.isdigit()]


def names_version_only(model: str, asked: str) -> bool:
    """True if a known model answers to an asked name only without the mark of its version: `gpt-4o (2024-05-13)` for
    `gpt-4o`."""
    whole = {plain_name(form) for form in list_whole_forms(model)}
    return whole.isdisjoint(_asked_forms(asked))


def is_written_as(asked: str, model: str) -> bool:
    """True if an asked name has the letters and digits of a known model, their case included."""
    written = {re.sub(r"[^A-Za-z0-9]", "", form) for form in [*list_forms(asked), *list_forms(strip_provider(asked))]}
    return not written.isdisjoint(re.sub(r"[^A-Za-z0-9]", "", form) for form in list_forms(model))


def index_names(rows: Sequence[Row]) -> NameIndex:
    """Indexes rows with a `model` by the forms of their names."""
    by_form: dict[str, list[Row]] = {}
    by_version: dict[tuple[str, ...], dict[str, str]] = {}
    by_undated: dict[str, list[Row]] = {}
    replacements: dict[str, Row] = {}
    for row in rows:
        model = row["model"][:LONGEST]
        by_version.setdefault(_name_version(model), {})[plain_name(model)] = model
        titles = plain_forms(_shorten_title(model)) if is_title(model) else []
        for form in dict.fromkeys([*plain_forms(model), *titles]):
            by_form.setdefault(form, []).append(row)
        if "shutdown_kind" in row and not name_host_of_row(row):
            for name in row.get("replacement") or ():
                replacements |= dict.fromkeys(plain_forms(name[:LONGEST]), row)
        if undated := strip_date(model):
            by_undated.setdefault(plain_name(undated), []).append(row)
    return NameIndex(by_form, by_version, by_undated, replacements)


def read_ids(text: str, names: NameIndex) -> Pasted:
    """Reads ids from a list, a sentence or a configuration; an ambiguous word counts only if it is a known name."""
    if len(text) > MOST_SIGNS:
        return Pasted(refused=f"That is {len(text):,} characters; the limit is {MOST_SIGNS:,}. Nothing was looked up.")
    ids: dict[str, None] = {}
    others: dict[str, None] = {}
    secrets = 0
    for token in split_tokens(text):
        # Keys are only counted: a secret pasted by mistake must not be shown again.
        if SECRET.match(token.text):
            secrets += 1
        elif re.search(r"[^\W\d_]", token.text):
            (ids if _is_id(token.text, token.is_key, names) else others)[token.text] = None
    if len(ids) > MOST_IDS:
        return Pasted(refused=f"That is {len(ids):,} ids; the limit is {MOST_IDS}. Nothing was looked up.")
    return Pasted(tuple(ids), tuple(word for word in others if word not in ids), secrets)


def split_tokens(text: str) -> Iterator[Token]:
    """Splits a text into its words, without the punctuation around them."""
    for match in WORD.finditer(text):
        word = match[1]
        leading = LEADING.match(word)
        offset = leading.end() if leading else 0
        end = len(word.rstrip(".:*!?#$%~^\u2022"))
        # Signs such as ⚡ follow a name in tables.
        while end > offset and not (word[end - 1].isascii() or word[end - 1].isalnum()):
            end -= 1
        if token := word[offset:end]:
            yield Token(token, match.start() + offset, bool(match[2]) or word.endswith(":"))


def _is_id(word: str, is_key: bool, names: NameIndex) -> bool:
    if "://" in word or len(word) > LONGEST:
        return False
    if find_rows(word, names):
        return True
    # Names of settings also contain hyphens but stand before `=` or `:`; nearly all ids contain a digit.
    return any(sign.isdigit() for sign in word) or ("-" in word and not is_key)


def find_rows(asked: str, names: NameIndex) -> tuple[Row, ...]:
    """Finds the rows of all forms that keep the version; if there are none, of the form without it."""
    whole = _list_plain([*list_whole_forms(asked), *list_whole_forms(strip_provider(asked))])
    rows = {id(row): row for form in whole for row in names.by_form.get(form, ())}
    if rows:
        return tuple(rows.values())
    return next((tuple(names.by_form[form]) for form in _asked_forms(asked) if form in names.by_form), ())


def find_versions(asked: str, names: NameIndex) -> tuple[Row, ...]:
    """Finds the rows of the versions of a name without a date: of `claude-3-opus` those of `claude-3-opus-20240229`."""
    name = list_whole_forms(strip_provider(asked))[-1]
    bare = name.removesuffix("-latest")
    # `claude-sonnet-4-0` is the first of `claude-sonnet-4`.
    bases = [plain_name(bare), *([plain_name(bare[:-2])] if bare.endswith("-0") else [])]
    dated = [row for base in bases for row in names.by_undated.get(base, ()) if not strip_date(bare)]
    # The latest of `mixer` may be `mixer-3-5`, too.
    numbered = re.compile(re.escape(bare) + r"-\d(?:[-.]\d)?", re.IGNORECASE)
    of_forms = names.by_form.values() if name != bare else ()
    return (*dated, *(row for rows in of_forms for row in rows if numbered.fullmatch(row["model"])))


def find_undated(asked: str, names: NameIndex) -> tuple[Row, ...]:
    """Finds the notices that name a dated id without its date: `o1-preview` for `o1-preview-2024-09-12`, or the title
    `Claude 3.5 Sonnet v2` for `anthropic.claude-3-5-sonnet-20241022-v2:0`."""
    bare = DATE.sub("", list_whole_forms(strip_provider(asked))[-1]).removesuffix(":0").removesuffix("-latest")
    forms = _list_plain([bare, TAIL.sub("", bare), re.sub(r"-v\d+\Z", "", bare)])
    # A title may tell versions apart of which the id says nothing: it may be any of them.
    versions = [f"{form}v{number}" for form in forms[:1] for number in (1, 2)]
    found = ([*_find_whole(form, names)] for form in forms)
    return next((tuple(rows) for rows in found if rows), tuple(chain(*(_find_whole(form, names) for form in versions))))


def _find_whole(form: str, names: NameIndex) -> Iterator[Row]:
    """Finds the notices of which a form is the whole name."""
    rows = names.by_form.get(form, ())
    return (row for row in rows if "shutdown_kind" in row and _is_whole(row["model"], form))


def _is_whole(model: str, form: str) -> bool:
    """Returns whether a form is all of a name, and not only what its version leaves."""
    return form in _list_plain([*list_whole_forms(model), *list_whole_forms(_shorten_title(model))])


def _shorten_title(model: str) -> str:
    """Returns a title without its maker's name and marks that ids lack: `Titan Text - Express` of `Amazon Titan Text G1
    - Express`."""
    return MAKER.sub("", re.sub(r" G1\b|(?<=\d)\.0\b", "", model))


def is_title(model: str) -> bool:
    """Returns whether a page names a model by a title, such as `Command R+`, and not by an id."""
    return " " in re.sub(r" \(.*\)", "", model)


def find_replaced(asked: str, names: NameIndex) -> Row | None:
    """Finds a row of a maker's page that advises an id instead of another."""
    return next((names.replacements[form] for form in _asked_forms(asked) if form in names.replacements), None)


def _first_word(name: str) -> str:
    match = re.match(r"[a-z]{2,}", list_whole_forms(strip_provider(name.lower()))[-1])
    return match[0] if match else ""


def strip_date(name: str) -> str:
    """Returns a name without its prefixes and the day or number of its version; empty if it has none."""
    match = DATED.fullmatch(list_whole_forms(name)[-1])
    return match[1] if match else ""


def strip_provider(asked: str) -> str:
    """Returns an id without the provider before its colon."""
    is_prefixed = PROVIDER.match(asked) and "ft:" not in asked
    return PROVIDER.sub("", asked, count=1) if is_prefixed else asked


def _asked_forms(asked: str) -> list[str]:
    """Lists the plain forms of an asked name; a provider before a colon is taken away last."""
    return list(dict.fromkeys([*plain_forms(asked), *plain_forms(strip_provider(asked))]))


def nearest_name(asked: str, names: NameIndex) -> str:
    """Finds the known name that was likely meant: one of the same first word and version, with nearly the same letters;
    empty if there is none."""
    likely = names.by_version.get(_name_version(asked), {})
    close = difflib.get_close_matches(plain_name(list_whole_forms(asked)[-1]), likely, 1, NEAR)
    return likely[close[0]] if close else ""


def _name_version(name: str) -> tuple[str, ...]:
    """Returns what tells models apart, a name's first word and numbers: `gpt-4o-mini` is no slip of `gpt-oss-mini`."""
    numbers = re.findall(r"\d+", list_whole_forms(name)[-1])
    return _first_word(name), *(number for number in numbers if len(number) < DATE_DIGITS)
