"""Mistral's models in its documentation: one TypeScript file per model, with the dates of its end."""

import re
from collections.abc import Iterator

from pipelines.http.errors import Fatal
from pipelines.markup.dates import Promise, read_promise
from pipelines.sources.deprecations.cells import classify_subject, split_replacements
from pipelines.sources.deprecations.notice import EndNotice
from pipelines.sources.deprecations.tables import STAGES

_TEXT = r"(?:'(?P<a>(?:[^'\\\n]|\\.)*)'|\"(?P<b>(?:[^\"\\\n]|\\.)*)\"|`(?P<c>[^`]*)`)"
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|(?<![:'\"])//[^\n]*", re.DOTALL)
_LIST = re.compile(r"\bapiNames\s*:\s*\[([^\]]{0,4000})\]")
_STRING = re.compile(_TEXT)


def read_model(text: str, name: str) -> list[EndNotice]:
    """Reads the notices of one file: one per name in the API, none for a model without an announced end.

    `name` is the file's, for errors. Raises Fatal if the model has no status.
    """
    source = _COMMENT.sub("", text)
    slug, status = _read_field(source, "slug"), _read_field(source, "status")
    if not slug and not _LIST.search(source):
        return []  # an index or a type, not a model
    if not status:
        raise Fatal(f"{name}: a model without a status; the files have changed shape")
    stage = STAGES.get(status.lower(), "")
    deprecated = read_promise(_read_field(source, "deprecationDate"))
    shutdown = read_promise(_read_field(source, "retirementDate"))
    instead = _read_field(source, "replacement")
    drift = tuple(_list_drift(status, stage, deprecated, shutdown))
    return [
        EndNotice(
            model, "alias" if model.endswith("-latest") else classify_subject(model), "",
            deprecated=deprecated, shutdown=shutdown, replacements=tuple(split_replacements(instead)),
            stage=stage, drift=drift,
        )
        for model in _read_names(source) or [slug]
    ]  # fmt: skip


def _read_names(source: str) -> list[str]:
    listed = _LIST.search(source)
    names = [_strip_quotes(text) for text in _STRING.finditer(listed[1])] if listed else []
    return list(dict.fromkeys(filter(None, names)))


def _read_field(source: str, name: str) -> str:
    """Reads a field's text, even if wrapped (`new Date('2026-01-31')`); empty without the field."""
    field = re.search(rf"\b{name}\s*:\s*(?:new Date\(\s*)?{_TEXT}", source)
    return _strip_quotes(field) if field else ""


def _strip_quotes(text: re.Match[str]) -> str:
    return (text["a"] or text["b"] or text["c"] or "").strip()


def _list_drift(status: str, stage: str, deprecated: Promise, shutdown: Promise) -> Iterator[str]:
    """Yields a message for each field that could not be read."""
    if not stage:
        yield f"stage: {status[:80]}"
    for name, promise in (("deprecated", deprecated), ("shutdown", shutdown)):
        if promise.drift:
            yield f"{name}: {promise.drift}"
