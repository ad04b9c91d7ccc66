"""Mistral's models as its documentation keeps them: a file of TypeScript a model, with the days of its end."""

import re
from collections.abc import Iterator

from pipelines.http.errors import Fatal
from pipelines.markup.dates import Promise, read_promise
from pipelines.sources.deprecations.cells import REDIRECT, replacements, subject
from pipelines.sources.deprecations.tables import STAGES, Notice

ENDINGS = (".ts",)
_TEXT = r"(?:'(?P<a>(?:[^'\\\n]|\\.)*)'|\"(?P<b>(?:[^\"\\\n]|\\.)*)\"|`(?P<c>[^`]*)`)"
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:'\"])//[^\n]*", re.DOTALL)
_LIST = re.compile(r"\bapiNames\s*:\s*\[([^\]]{0,4000})\]")
_STRING = re.compile(_TEXT)


def read_model(text: str, name: str) -> list[Notice]:
    """The notices of one file: one for each name that the API knows it by, none while nobody speaks of its end.

    Aliases (`…-latest`) only point to a model and are left out. `name`: the file's, for errors. Raises Fatal where the file is no model.
    """
    source = _COMMENT.sub("", text)
    slug, status = _field(source, "slug"), _field(source, "status")
    if not slug and not _LIST.search(source):
        return []  # an index or a type, no model
    if not status:
        raise Fatal(f"{name}: a model without a status; the files have changed shape")
    stage = STAGES.get(status.lower(), "")
    deprecated, shutdown = (
        read_promise(_field(source, "deprecationDate")),
        read_promise(_field(source, "retirementDate")),
    )
    if stage not in ("deprecated", "retired") and stage and not deprecated.on and not shutdown.on:
        return []
    instead = _field(source, "replacement")
    behaviour = (
        "redirect" if REDIRECT.search(instead) else "shutdown" if shutdown.on or stage == "retired" else "unknown"
    )
    drift = tuple(_drift(status, stage, deprecated, shutdown))
    return [
        Notice(
            model, subject(model), name, "", deprecated=deprecated, shutdown=shutdown, replacements=tuple(replacements(instead)),
            behaviour=behaviour, stage=stage, drift=drift,
        )
        for model in _names(source) or [slug]
    ]  # fmt: skip


def _names(source: str) -> list[str]:
    found = _LIST.search(source)
    names = [_unquoted(one) for one in _STRING.finditer(found[1])] if found else []
    return [one for one in dict.fromkeys(names) if one and not one.endswith("-latest")]


def _field(source: str, name: str) -> str:
    """The text of a field, also where it is wrapped (`new Date('2026-01-31')`); empty where it has none."""
    found = re.search(rf"\b{name}\s*:\s*(?:new Date\(\s*)?{_TEXT}", source)
    return _unquoted(found) if found else ""


def _unquoted(found: re.Match[str]) -> str:
    return (found["a"] or found["b"] or found["c"] or "").strip()


def _drift(status: str, stage: str, deprecated: Promise, shutdown: Promise) -> Iterator[str]:
    if not stage:
        yield f"stage: {status[:80]}"
    yield from (
        f"{name}: {one.drift}" for name, one in (("deprecated", deprecated), ("shutdown", shutdown)) if one.drift
    )
