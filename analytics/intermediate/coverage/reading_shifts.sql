-- question: By how much do labels put right what a rule reads in the items of each family?
-- grain: feature, family_id, channel_kind
-- unit: share
-- caveats: The mean of label minus rule and its variance (see reading_errors), of labels of the same kind of channel,
--   and of the family's side if there are enough of those. A kind without labels has no row, and a share there stays
--   as the rule reads it.
select
    e.feature, f.family_id, e.channel_kind, max_by(e.shift, e.side <> 'all') as shift,
    max_by(e.shift_variance, e.side <> 'all') as shift_variance,
    max_by(e.labelled_count, e.side <> 'all') as labelled_count
from metrics.reading_errors as e
join staging.families as f on e.side in ('all', f.side)
where e.channel_kind <> 'all'
group by all
