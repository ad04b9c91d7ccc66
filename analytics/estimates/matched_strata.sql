-- question: Of how many like cases is each share made: same kind of channel, same question, same language, same age?
-- grain: metric, segment, statistic, family_id, channel_kind, question_type, language, age_group
-- unit: items
-- standard: none
-- caveats: Only within such a group may two families be set against each other (rule R5). What is not known is a
--   group of its own, called unknown. The sums of squares over threads tell how far the items of one thread are alike.
-- version: 1
select
    metric, segment, statistic, family_id, side, channel_kind, question_type, language, age_group,
    cast(sum(threads_count) as bigint) as threads_count,
    cast(sum(threads_count * items_count) as bigint) as items_count,
    cast(sum(threads_count * yes_count) as bigint) as yes_count,
    cast(sum(threads_count * items_count * items_count) as double) as items_squared,
    cast(sum(threads_count * items_count * yes_count) as double) as items_by_yes,
    cast(sum(threads_count * yes_count * yes_count) as double) as yes_squared
from metrics.item_cells
group by metric, segment, statistic, family_id, side, channel_kind, question_type, language, age_group
