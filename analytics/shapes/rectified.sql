-- question: What would the share be if all items had been labelled by hand?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: share
-- standard: rectified (prediction-powered) estimate (Angelopoulos and others 2023): the share by the rule plus the mean
--   of label minus rule
-- caveats: For statistics that a rule reads in each item, by the header's `readings`. The mean of label minus rule and
--   its variance come from labels of the same kind of channel (reading_shifts); without any, the share stays as the
--   rule reads it. The ends are as far from the value as the root of the squared distance by chance and of that by
--   reading; value and ends are between 0 and 1.
with shares as (
    {{query}}
),

moved as (
    select
        s.*, v.feature, e.labelled_count, e.shift, case when s.value is not null then greatest(0, least(1, s.value + coalesce(e.shift, 0))) end as moved,
        power(r.normal_quantile, 2) * coalesce(e.shift_variance, 0) as reading
    from shares as s
    cross join metrics.rules as r
    left join (values {{readings}}) as v (statistic, feature) on v.statistic = s.statistic
    left join metrics.reading_shifts as e
        on e.feature = v.feature and e.family_id = s.family_id and e.channel_kind = s.channel_kind
)

select
    s.family_id, s.channel_kind, s.channel_role, s.segment, s.statistic, s."window", s.moved as value,
    greatest(0, s.moved - sqrt(power(s.value - s.low, 2) + s.reading)) as low,
    least(1, s.moved + sqrt(power(s.high - s.value, 2) + s.reading)) as high,
    s.n, s.n_events, s.n_censored, s.own_state, s.own_shortfall,
    nullif(concat_ws(
        ' ', case
            when s.value is null or s.feature is null then null
            when s.labelled_count is null then 'Not corrected: this kind of channel has no hand-checked labels.'
            when s.shift = 0 then 'Checked with ' || s.labelled_count || ' hand-checked labels, which move nothing.'
            else 'Corrected with ' || s.labelled_count || ' hand-checked labels (raw: ' || round(100 * s.value, 1)
                || ' %).'
        end, s.own_note
    ), '') as own_note
from moved as s
