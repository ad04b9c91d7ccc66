SELECT
  s.channel_id,
  SPLIT_PART(s.table_name, '__', 2) AS thing,
  COALESCE(w.visited_thing, SPLIT_PART(s.table_name, '__', 2)) AS visited_thing,
  s.key,
  f.path AS landed_path,
  s.field AS field_name,
  s.value AS excerpt,
  s.wanted,
  s.rows_count AS landed_count,
  s.seen_at
FROM raw__ledger__set_aside AS s
LEFT JOIN ledger__files AS f
  ON f.load_id = s.load_id
LEFT JOIN staging__visited_things AS w
  ON w.source || '__' || w.thing = s.table_name
