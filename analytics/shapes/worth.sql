-- question: How many independent items are the items of a figure worth?
-- grain: figure_id
-- unit: items
-- standard: linearised variance between clusters over the binomial one; Kish's number of clusters; Student's quantile
-- caveats: A part of other shapes, of their `spreads`: for each way to cluster n, the number of `groups`, the mean size
--   of the cluster that an item is in (`group_size`), and the variances of the sum with and without clusters. An
--   assumed likeness within clusters is mixed in as if it came from a few clusters more (see metrics.rules). `design`
--   is the design effect, `n_worth` also pays for Student's quantile.
mixed as (
    select
        *, n / group_size - 1 as freedom, 1 + (group_size - 1) * r.assumed_likeness as assumed_design,
        case when groups > 1 and independent > 0
            then clustered * groups / (groups - 1.0) / independent end as seen_design,
        freedom + assumed_clusters as all_freedom, case when groups = n then 1 else greatest(1, (
            freedom * coalesce(seen_design, assumed_design) + assumed_clusters * assumed_design
        ) / (freedom + assumed_clusters)) end as design
    from spreads
    cross join metrics.rules as r
),

worth as (
    select
        figure_id, max(design) as design,
        min(n / design / case when groups = n then 1 else power(1 + (student_first + (student_second + (
            student_third + student_fourth / all_freedom
        ) / all_freedom) / all_freedom) / all_freedom / normal_quantile, 2) end) as n_worth
    from mixed
    group by all
)
