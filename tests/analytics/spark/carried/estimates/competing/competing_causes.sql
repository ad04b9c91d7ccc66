SELECT
  *
FROM VALUES
  ('first', 'staff'),
  ('first', 'maintainer'),
  ('first', 'outsider'),
  ('first', 'unknown'),
  ('first', 'agent'),
  ('first', 'fixed'),
  ('first', 'bot_closed'),
  ('first', 'asker_closed'),
  ('first', 'closed'),
  ('first', 'closed_unknown'),
  ('resolution', 'resolved'),
  ('resolution', 'not_planned'),
  ('resolution', 'duplicate'),
  ('resolution', 'bot_closed'),
  ('resolution', 'asker_closed'),
  ('resolution', 'otherwise_closed'),
  ('resolution', 'unknown'),
  ('change', 'merged'),
  ('change', 'closed') AS c(subject, cause)
