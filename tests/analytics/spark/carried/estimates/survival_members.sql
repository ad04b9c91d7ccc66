SELECT
  s.stratum_id,
  d.family_id,
  XXHASH64(COALESCE(CAST(MD5(d.item_id) AS STRING), '\0')) AS item_key,
  d.age_days >= 30 AS is_month_old,
  d.duration_hours,
  d.is_event,
  d.cause,
  COALESCE(d.is_unseen, FALSE) AS is_unseen,
  c.cluster_key
FROM metrics__survival_durations AS d
JOIN metrics__survival_strata AS s
  ON s.subject = d.subject
  AND s.family_id = d.family_id
  AND s.channel_kind = d.channel_kind
  AND s.member_role = d.channel_role
  AND s.segment = d.segment
LEFT JOIN metrics__item_clusters AS c
  ON c.item_id = d.item_id
WHERE
  (
    NOT d.is_excluded OR d.is_unseen
  )
  AND d.age_days <= s.window_days
  AND (
    d.is_pooled OR NOT s.pools_roles
  )
