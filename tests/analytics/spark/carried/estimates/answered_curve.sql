SELECT
  c.family_id,
  f.side,
  c.channel_kind,
  c.channel_role,
  c.segment,
  c.`window`,
  c.hours,
  c.value,
  c.low,
  c.high,
  c.n_at_risk,
  c.n_events_so_far
FROM metrics__survival_shares AS c
JOIN staging__families AS f
  ON f.family_id = c.family_id
WHERE
  c.subject = 'response'
