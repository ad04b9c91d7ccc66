SELECT
  e.feature,
  f.family_id,
  e.channel_kind,
  MAX_BY(e.shift, e.side <> 'all') FILTER(WHERE
    NOT e.shift IS NULL) AS shift,
  MAX_BY(e.shift_variance, e.side <> 'all') FILTER(WHERE
    NOT e.shift_variance IS NULL) AS shift_variance,
  MAX_BY(e.labelled_count, e.side <> 'all') FILTER(WHERE
    NOT e.labelled_count IS NULL) AS labelled_count
FROM staging__families AS f
JOIN metrics__reading_errors AS e
  ON e.side IN ('all', f.side)
WHERE
  e.part <> 'reply' AND e.channel_kind <> 'all'
GROUP BY
  e.feature,
  f.family_id,
  e.channel_kind
