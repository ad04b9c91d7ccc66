-- question: What would the share be if all items had been labelled by hand?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: share
-- standard: rectified (prediction-powered) estimate: the share by the rule plus the mean of label minus rule
-- caveats: For shares whose property a rule reads in each item, by the header's `readings`; statistics that it does
--   not name stay as they are. The mean of label
--   minus rule and its variance come from labels of the same kind of channel, and of the same side if there are
--   enough (reading_shifts); where the kind has none, the share stays as the rule reads it. The ends are as far from
--   the value as the root of the squared distance by chance, and what was not seen, and of the squared distance by
--   reading, and no farther than 0 and 1. If all of that lies beyond 0 or 1, labels and rule contradict each other:
--   the share is that end, and chance alone says how far from it.
with shares as (
    {{query}}
),

moved as (
    select
        s.*, e.shift, e.labelled_count, s.value + coalesce(e.shift, 0) as moved,
        sqrt(power(s.value - s.low, 2) + power(r.normal_quantile, 2) * coalesce(e.shift_variance, 0)) as below,
        sqrt(power(s.high - s.value, 2) + power(r.normal_quantile, 2) * coalesce(e.shift_variance, 0)) as above
    from shares as s
    cross join metrics.rules as r
    left join (values {{readings}}) as v (statistic, feature) on v.statistic = s.statistic
    left join metrics.reading_shifts as e
        on e.feature = v.feature and e.family_id = s.family_id and e.channel_kind = s.channel_kind
)

select
    s.family_id, s.channel_kind, s.channel_role, s.segment, s.statistic, s."window",
    greatest(0, least(1, s.moved)) as value,
    case when s.moved - s.below > 1 then 1 - s.value + s.low else greatest(0, s.moved - s.below) end as low,
    case when s.moved + s.above < 0 then s.high - s.value else least(1, s.moved + s.above) end as high,
    s.n, s.n_events, s.n_censored, s.own_state, s.own_shortfall,
    nullif(concat_ws(
        ' ',
        case
            when s.value is null or s.statistic not in ({{read}}) then null
            when s.shift is null then 'Not corrected: this kind of channel has no hand-checked labels.'
            else 'Corrected with ' || s.labelled_count || ' hand-checked labels (raw: '
                || cast(round(100 * s.value, 1) as varchar) || ' %).'
        end,
        s.own_note
    ), '') as own_note
from moved as s
