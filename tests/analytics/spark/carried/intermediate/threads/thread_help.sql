WITH accepted AS (
  SELECT
    r.thread_id,
    MIN(r.replied_at) AS replied_at,
    MAX(r.actor_id) AS actor_id,
    MAX(r.author_role) AS author_role
  FROM staging__replies AS r
  WHERE
    r.is_accepted
  GROUP BY
    r.thread_id
), confirmed AS (
  SELECT
    thread_id,
    MIN(confirmed_at) AS thanked_at,
    MIN(confirmed_at) FILTER(WHERE
      is_solved) AS confirmed_at,
    MIN_BY(answer_id, confirmed_at) FILTER(WHERE
      is_solved AND NOT answer_id IS NULL) AS answer_id
  FROM metrics__thread_confirmations AS thread_confirmations
  WHERE
    confirmed_by = 'asker'
  GROUP BY
    thread_id
), unread AS (
  SELECT DISTINCT
    r.thread_id
  FROM staging__replies AS r
  JOIN staging__threads AS t
    ON t.thread_id = r.thread_id
  WHERE
    r.author_role <> 'bot'
    AND COALESCE(r.reader_version, 0) < 2
    OR r.actor_id IS NULL
    AND t.actor_id IS NULL
    AND (
      r.has_solved OR r.is_accepted
    )
), kinds AS (
  SELECT
    s.*,
    p.is_own,
    p.is_before_reach,
    p.age_days,
    c.confirmed_at,
    c.thanked_at,
    c.answer_id,
    COALESCE(a.actor_id = s.actor_id, FALSE) AS is_self_accepted,
    CASE
      WHEN s.has_accepted AND NOT COALESCE(a.actor_id = s.actor_id, FALSE)
      THEN COALESCE(s.accepted_at, a.replied_at)
    END AS answer_accepted_at,
    a.actor_id AS accepted_id,
    a.author_role AS accepted_role,
    CASE WHEN s.fixed_at < s.opened_at THEN s.closed_at ELSE s.fixed_at END AS fix_known_at,
    CASE WHEN NOT u.thread_id IS NULL THEN s.opened_at ELSE p.known_until_at END AS answers_known_until_at,
    COALESCE(NOT s.has_all_fields, FALSE)
    OR s.channel_kind = 'tracker'
    AND s.state = 'closed'
    AND s.first_closed_at IS NULL
    AND s.fixed_at IS NULL AS is_closing_unread,
    s.channel_kind = 'tracker' AS has_fixes,
    (
      UNIX_MICROS(s.observed_until_at) - UNIX_MICROS(s.opened_at)
    ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) >= 720 AS is_watched_30d
  FROM staging__threads AS s
  JOIN metrics__thread_responses AS p
    ON p.thread_id = s.thread_id
  LEFT JOIN accepted AS a
    ON a.thread_id = s.thread_id
  LEFT JOIN confirmed AS c
    ON c.thread_id = s.thread_id
  LEFT JOIN unread AS u
    ON u.thread_id = s.thread_id
), helped AS (
  SELECT
    *,
    LEAST(answer_accepted_at, confirmed_at, fix_known_at) AS helped_at
  FROM kinds
), judged AS (
  SELECT
    *,
    CASE helped_at
      WHEN answer_accepted_at
      THEN 'accepted'
      WHEN confirmed_at
      THEN 'confirmed'
      WHEN fix_known_at
      THEN 'fix merged'
    END AS helped_by,
    CASE
      WHEN is_before_reach
      THEN 'older than the completely read period'
      WHEN helped_at < opened_at
      THEN 'helped before they were asked'
    END AS exclusion_reason,
    CASE WHEN is_closing_unread THEN opened_at ELSE answers_known_until_at END AS help_known_until_at
  FROM helped
), named AS (
  SELECT
    j.*,
    CASE j.helped_by
      WHEN 'accepted'
      THEN j.accepted_role
      WHEN 'confirmed'
      THEN r.author_role
      WHEN 'fix merged'
      THEN j.fixed_by_role
    END AS helper_role,
    CASE j.helped_by
      WHEN 'accepted'
      THEN j.accepted_id
      WHEN 'confirmed'
      THEN r.actor_id
      WHEN 'fix merged'
      THEN j.fixed_by_id
    END AS helper_id
  FROM judged AS j
  LEFT JOIN staging__replies AS r
    ON r.reply_id = j.answer_id
)
SELECT
  j.thread_id,
  j.url,
  j.family_id,
  j.channel_kind,
  j.channel_role,
  j.is_own AS is_pooled,
  j.author_role,
  j.opened_at,
  j.observed_until_at,
  j.age_days,
  j.answer_accepted_at,
  j.confirmed_at,
  j.fix_known_at,
  j.thanked_at,
  j.helped_at,
  j.helped_by,
  j.helper_role,
  j.helper_id,
  COALESCE(j.helper_role = 'outsider', FALSE) AS is_by_outsider,
  NOT j.has_accepted IS NULL AS is_answer_marked,
  j.has_fixes,
  j.is_self_accepted,
  COALESCE(j.fixed_by_id = j.actor_id, FALSE) AS is_own_fix,
  j.is_watched_30d,
  j.exclusion_reason,
  j.answers_known_until_at AS replies_known_until_at,
  j.is_closing_unread,
  j.help_known_until_at,
  CASE
    WHEN NOT j.exclusion_reason IS NULL OR NOT j.is_watched_30d
    THEN NULL
    WHEN (
      UNIX_MICROS(j.helped_at) - UNIX_MICROS(j.opened_at)
    ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) <= 720
    THEN TRUE
    WHEN COALESCE(
      (
        UNIX_MICROS(j.help_known_until_at) - UNIX_MICROS(j.opened_at)
      ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) >= 720,
      TRUE
    )
    THEN FALSE
  END AS is_helped_30d,
  CASE
    WHEN j.is_watched_30d
    AND (
      NOT j.is_closing_unread
      OR COALESCE(
        (
          UNIX_MICROS(j.closed_at) - UNIX_MICROS(j.opened_at)
        ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) <= 720,
        FALSE
      )
    )
    THEN COALESCE(
      (
        UNIX_MICROS(COALESCE(j.first_closed_at, j.closed_at)) - UNIX_MICROS(j.opened_at)
      ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) <= 720,
      FALSE
    )
    AND COALESCE(
      (
        UNIX_MICROS(j.reopened_at) - UNIX_MICROS(j.opened_at)
      ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) > 720,
      TRUE
    )
    OR COALESCE(
      (
        UNIX_MICROS(j.closed_at) - UNIX_MICROS(j.opened_at)
      ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) <= 720,
      FALSE
    )
  END AS is_closed_30d
FROM named AS j
