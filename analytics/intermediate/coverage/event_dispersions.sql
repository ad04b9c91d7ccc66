-- question: How much more do the counts behind a rate vary than independent events would?
-- grain: rate, family_id, channel_kind, channel_role, segment
-- unit: none
-- standard: quasi-Poisson: Pearson's statistic over its degrees of freedom
-- caveats: The variance over the mean of the counts of months (event_months), mixed with an assumption that counts
--   for four months more: for incidents the mean size of the run that an incident is in, for all rates at least a
--   dispersion of 1.25 plus 0.09 for each event a month, which is a rate that varies by 30 % from month to month.
--   `dispersion` also pays for Student's quantile: an interval is that of a Poisson mean for the number of events
--   over it, times it. Unless events come in runs (a tenth larger than chance has them: `comes_in_runs`), all that
--   is above chance counts as far as such a variation is likelier than chance alone. Before any month it is five
--   times as likely: many steady months speak against it, and three say hardly anything.
-- by: family
-- version: 1
with assumed as (
    select *, assumed_dispersion + power(assumed_variation, 2) * month_mean as varied
    from metrics.event_months
    cross join metrics.rules
),

-- The deviance of counts with a dispersion d is d times a chi-square of its freedom: `doubt` is the share of the one
-- likelihood in both.
weighed as (
    select
        *, 1 / (1 + exp(least(500, months_freedom / 2 * ln(varied) - months_deviance / 2 * (1 - 1 / varied)))
            / assumed_odds) as doubt
    from assumed
),

mixed as (
    select
        *, months_freedom + assumed_clusters as freedom,
        run_size > greatest(1.1, 1 + (varied - 1) * doubt) as comes_in_runs,
        greatest(1, (months_deviance + assumed_clusters * greatest(run_size, 1 + (varied - 1) * doubt))
            / (months_freedom + assumed_clusters)) as own_dispersion
    from weighed
),

widened as (
    select
        *, own_dispersion * power(1 + (
            student_first + (student_second + (student_third + student_fourth / freedom) / freedom) / freedom
        ) / freedom / normal_quantile, 2) as wide_dispersion
    from mixed
)

select
    rate, family_id, channel_kind, channel_role, segment, comes_in_runs,
    case when comes_in_runs then wide_dispersion else 1 + (wide_dispersion - 1) * doubt end as dispersion
from widened
