"""
question: Which text of the claims and of their rule was fixed beforehand, and what is its digest?
grain: digest
published: yes
phase: daily
standard: SHA-256 of JSON with sorted keys, one space of indent and a line end
caveats: The digest changes with every word, threshold or date of a claim or of the rule, but not with comments or
  layout. Registered elsewhere before the first collection, it proves that nothing was changed since.
data: claims/h[0-9]*.toml, claims/rule.toml, claims/reader.py
"""

import hashlib
import json
import tomllib
from pathlib import Path

import duckdb
import pyarrow as pa

from analytics.claims.reader import FOLDER
from analytics.engine.rows import make_rows


def registered_claims(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Makes the one row of the board as it stands."""
    text = render_canonical_text()
    digest = hashlib.sha256(text.encode()).hexdigest()
    return make_rows([{"digest": digest, "registered_text": text}], {"string": "digest registered_text"})


def render_canonical_text(folder: Path = FOLDER) -> str:
    """Renders all claims of a folder and the rule by which they are judged; days become text."""
    files = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in folder.glob("[hr][0-9u]*.toml")}
    document = {"rule": files.pop("rule"), "claims": files}
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False, default=str) + "\n"
