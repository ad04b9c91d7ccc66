WITH assumed AS (
  SELECT
    *,
    assumed_dispersion + POWER(assumed_variation, 2) * month_mean AS varied
  FROM metrics__rules AS rules
  CROSS JOIN metrics__event_months AS event_months
), weighed AS (
  SELECT
    *,
    1 / NULLIF(
      1 + EXP(
        LEAST(
          500,
          months_freedom / 2 * LN(varied) - months_deviance / 2 * (
            1 - 1 / NULLIF(varied, 0)
          )
        )
      ) / NULLIF(assumed_odds, 0),
      0
    ) AS doubt
  FROM assumed
), mixed AS (
  SELECT
    *,
    months_freedom + assumed_clusters AS freedom,
    run_size > GREATEST(CAST(1.1 AS DOUBLE), 1 + (
      varied - 1
    ) * doubt) AS comes_in_runs,
    GREATEST(
      1,
      (
        months_deviance + assumed_clusters * GREATEST(run_size, 1 + (
          varied - 1
        ) * doubt)
      ) / NULLIF(months_freedom + assumed_clusters, 0)
    ) AS own_dispersion
  FROM weighed
), widened AS (
  SELECT
    *,
    own_dispersion * POWER(
      1 + (
        student_first + (
          student_second + (
            student_third + student_fourth / NULLIF(freedom, 0)
          ) / NULLIF(freedom, 0)
        ) / NULLIF(freedom, 0)
      ) / NULLIF(freedom, 0) / NULLIF(normal_quantile, 0),
      2
    ) AS wide_dispersion
  FROM mixed
)
SELECT
  rate,
  family_id,
  channel_kind,
  channel_role,
  segment,
  comes_in_runs,
  CASE
    WHEN comes_in_runs
    THEN wide_dispersion
    ELSE 1 + (
      wide_dispersion - 1
    ) * doubt
  END AS dispersion
FROM widened
