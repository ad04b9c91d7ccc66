-- question: In which ways can a wait end?
-- grain: subject, cause
-- caveats: For each subject of survival_durations that can end in more than one way: the ways are mutually exclusive,
--   and everything that ends does so in one of them. For `first` see thread_ends, for `resolution` too.
select *
from (values
    ('first', 'staff'), ('first', 'maintainer'), ('first', 'outsider'), ('first', 'unknown'), ('first', 'agent'),
    ('first', 'fixed'), ('first', 'bot_closed'), ('first', 'asker_closed'), ('first', 'closed'),
    ('first', 'closed_unknown'),
    ('resolution', 'resolved'), ('resolution', 'not_planned'), ('resolution', 'duplicate'),
    ('resolution', 'bot_closed'), ('resolution', 'asker_closed'), ('resolution', 'otherwise_closed'),
    ('resolution', 'unknown'),
    ('change', 'merged'), ('change', 'closed')
) as c (subject, cause)
