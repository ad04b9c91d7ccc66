-- question: How many independent items are the items of a figure worth?
-- grain: figure_id
-- unit: items
-- standard: variance clustered two ways, by week and by person (Cameron, Gelbach and Miller 2011; Thompson 2011); weeks
--   by Newey and West (1987), with the lags of Lazarus, Lewis, Stock and Watson (2018) and the quantile of Kiefer and
--   Vogelsang (2005); small samples by Bell and McCaffrey (2002); effective size by Korn and Graubard (1998)
-- caveats: A part of other shapes, of their `strays`: by week (none: these items depend on no other) and person (none:
--   nobody's) the number of items n, the sum of their distances from the figure (`stray`), and of the squares of these
--   (`alone`). Of w weeks, the products of weeks less than 1.3 times the root of w apart count. Of the variances by
--   week, by person and both ways the largest counts (MacKinnon, Nielsen and Webb 2024). `design` is its ratio to that
--   of independent items, `n_worth` also pays for the quantile; neither makes items worth more than independent ones.
--   If the design effect cannot be known (a single week or person, or no item differs from another) it is taken for 1,
--   as for the estimates of the NCHS (Parker and others 2017), and only the quantile widens the interval. Intervals of
--   a year hold the rate behind it in 95 to 98 of 100 cases if neighbouring weeks correlate by 0 or 0.5, and in 93 if
--   by 0.8 (in 87 if items of a week correlate by 0.05, not 0.02): tests/coverage.
totals as (
    select
        figure_id, sum(n) as n, sum(alone) as independent, coalesce(sum(n) filter (where week is null), 0) as no_week_n,
        coalesce(sum(n) filter (where person_key is null), 0) as nobodys_n,
        coalesce(sum(alone) filter (where week is null), 0) as no_week_alone,
        coalesce(sum(alone) filter (where person_key is null), 0) as nobodys_alone,
        coalesce(sum(alone) filter (where week is null and person_key is not null), 0) as own_week_alone,
        1.0 + max(week) - min(week) as weeks, {{span}} as span
    from strays
    group by figure_id
),

by_week as (
    select
        s.figure_id, s.week, t.span, sum(s.n) as n,
        sum(s.stray) / sqrt(nullif(1 - sum(s.n) / t.n, 0)) as stray
    from strays as s
    join totals as t on t.figure_id = s.figure_id
    where s.week is not null
    group by s.figure_id, s.week, t.span, t.n
),

in_weeks as (
    select
        a.figure_id, sum(a.stray * b.stray * (1 - (b.week - a.week) / a.span) * if(a.week = b.week, 1, 2)) as variance,
        sum(if(a.week = b.week, a.n * a.n, 0)) as squares, max(a.n) as largest
    from by_week as a
    join by_week as b on b.figure_id = a.figure_id and b.week >= a.week and b.week < a.week + a.span
    group by a.figure_id
),

by_person as (
    select
        s.figure_id, s.person_key, s.week, t.n as total, sum(s.n) as n, sum(s.stray) as stray, sum(s.alone) as alone
    from strays as s
    join totals as t on t.figure_id = s.figure_id
    where s.person_key is not null
    group by s.figure_id, s.person_key, s.week, t.n
),

persons as (
    select
        figure_id, sum(n) as n, power(sum(stray), 2) / nullif(1 - sum(n) / total, 0) as variance,
        sum(stray * stray / nullif(1 - n / total, 0)) filter (where week is not null) as in_both
    from by_person
    group by figure_id, person_key, total
),

of_persons as (
    select
        figure_id, sum(variance) as variance, sum(in_both) as in_both, sum(n * n) as squares, max(n) as largest,
        max(n) > 1 as has_several
    from persons
    group by figure_id
),

clustered as (
    select
        t.figure_id, t.n, t.independent, t.weeks is not null as has_weeks, t.span / t.weeks as bandwidth,
        coalesce(p.has_several, false) as has_persons,
        t.no_week_alone + coalesce(w.variance, 0) as week_variance,
        t.nobodys_alone + coalesce(p.variance, 0) as person_variance,
        coalesce(p.variance, 0) - coalesce(p.in_both, 0) - t.own_week_alone as more_variance,
        greatest(1, t.n * t.n / (t.no_week_n + coalesce(w.squares, 0)) - 1) as week_freedom,
        greatest(1, t.n * t.n / (t.nobodys_n + coalesce(p.squares, 0)) - 1) as person_freedom,
        t.independent > 0 and greatest(coalesce(w.largest, 0), coalesce(p.largest, 0)) < t.n as is_known
    from totals as t
    left join in_weeks as w on w.figure_id = t.figure_id
    left join of_persons as p on p.figure_id = t.figure_id
),

-- By how much the squared quantile exceeds the normal one's.
widened as (
    select
        c.*, power(case when has_weeks then greatest(
            1 + (2.9694 * bandwidth + 0.4160 * power(bandwidth, 2) - 0.5324 * power(bandwidth, 3)) / normal_quantile,
            1 + (student_first + (student_second + (student_third + student_fourth / week_freedom) / week_freedom)
                / week_freedom) / week_freedom / normal_quantile
        ) else 1 end, 2) as week_factor,
        power(case when has_persons then 1 + (student_first + (student_second + (student_third + student_fourth
            / person_freedom) / person_freedom) / person_freedom) / person_freedom / normal_quantile
        else 1 end, 2) as person_factor
    from clustered as c
    cross join metrics.rules as r
),

worth as (
    select
        figure_id, case when is_known then greatest(
            independent, week_variance, person_variance, week_variance + more_variance
        ) / independent else 1 end as design,
        case when is_known then n * independent / greatest(
            independent, week_variance * week_factor, person_variance * person_factor,
            (week_variance + more_variance) * greatest(week_factor, person_factor)
        ) else n / greatest(week_factor, person_factor) end as n_worth
    from widened
)
