"""
question: Which text of the claims and of their rule was fixed beforehand, and what is its digest?
grain: digest
published: yes
standard: SHA-256 of JSON with sorted keys, one space of indent and a line end
caveats: The digest changes with every word, threshold or date of a claim or of the rule. Registered elsewhere before
  the first collection, it proves that nothing was changed since; `heartbeat claims --registered` prints the text.
data: claims/h[0-9]*.toml, claims/rule.toml, claims/reader.py, claims/registration.py
"""

import duckdb
import pyarrow as pa

from analytics.claims.reader import RULE, read_claims
from analytics.claims.registration import compute_digest, render_canonical_text

SCHEMA = pa.schema([("digest", pa.string()), ("registered_on", pa.date32()), ("registered_text", pa.string())])


def registered_claims(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Makes the one row of the board as it stands."""
    text = render_canonical_text()
    row = {
        "digest": compute_digest(text),
        "registered_on": max(RULE.registered_on, *(claim.registered_on for claim in read_claims())),
        "registered_text": text,
    }
    return pa.Table.from_pylist([row], SCHEMA)
