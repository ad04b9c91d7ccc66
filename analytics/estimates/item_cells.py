"""
question: How many items of each group have the property, week by week and person by person?
grain: metric, segment, statistic, family_id, channel_kind, channel_role, question_type, language, age_group, week,
  person_key
unit: items
caveats: For the shares that a claim or a headline names, in channels of the family's own, without the items that the
  metric leaves out. Two families may only be compared within a group (rule R5); unknown properties form a group of
  their own, called unknown. Items of which it could not be seen whether they have the property are counted apart
  (`unseen_count`). `week` counts back from the last visit, since items of one week, and of weeks beside each other, may
  be alike; `person_key` is who answered, or mended, where items of one person are. Everything that is ranked or matched
  is made from these. Waits count as answered in time or not if they were watched for so long. In Python: it is made of
  other queries.
data: claims/h[0-9]*.toml, claims/headlines.toml, claims/reader.py, claims/counting.py, engine/items.py
reads: items
"""

import duckdb

from analytics.claims.counting import list_counted_items, render_cells


def item_cells(_: duckdb.DuckDBPyConnection) -> str:
    """Writes the statement that counts the items of each group, one row per week and person."""
    return render_cells(list_counted_items())
