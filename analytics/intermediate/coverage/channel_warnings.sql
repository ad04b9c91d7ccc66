-- question: Which warnings about a channel change the state of the figures that rest on it, and to which state?
-- grain: channel_id, thing
-- published: yes
-- phase: facts
-- caveats: `suspect` figures keep their value, but are in no rank and no comparison. `not observable`: the list is
--   silent, and silence looks like calm, so that no value is right. Warnings that only count rows (rejected, skipped,
--   emptied, unknown) change nothing up to a twentieth of the rows: coverage shows them. A channel that was never
--   visited is `not collected` anyway. A mention that matches nothing concerns no channel's figures. A warning about
--   something that is no list of its own (components, repositories) concerns all lists of its channel.
with effects as (
    select *
    from (values
        ('posting stopped', 'not observable', 'posted nothing since ', false),
        ('nothing read', 'not observable', 'never brought a row', false),
        ('same place', 'suspect', 'is in the catalog twice', false),
        ('model not read', 'suspect', 'has models that cannot be read', false),
        ('volume fallen', 'suspect', 'brings far less than usual', false),
        ('field emptied', 'suspect', 'fills a field far less than usual', false),
        ('field filled again', 'suspect', 'fills a field that was empty before', false),
        ('key changed', 'suspect', 'has changed its form', false),
        ('table skipped', 'suspect', 'has tables that the reader does not know', false),
        ('pattern unmatched', 'suspect', 'does not name all components that are counted', false),
        ('pattern lost', 'suspect', 'no longer names all components that are counted', false),
        ('row rejected', 'suspect', 'has too many rejected rows', true),
        ('items skipped', 'suspect', 'has too many skipped items', true),
        ('value excluded', 'suspect', 'has too many excluded values', true),
        ('unknown word', 'suspect', 'uses words that the reader does not know', true)
    ) as e (warning_kind, state, words, is_share)
),

warned as (
    select channel_id, thing, warning_kind, about, warning_count from staging.warnings
    union all
    select channel_id, thing, 'unknown word', unknown_word, rows_count from staging.unknown_words
),

read as (select channel_id, thing, sum(rows_count) as rows_count from staging.runs group by all)

select
    c.channel_id, c.thing, min(if(c.channel_kind = 'changelog', 'suspect', e.state)) as state,
    min_by(
        e.words || case when w.warning_kind = 'posting stopped' then w.about else '' end, (e.state, w.warning_kind)
    ) as words
from warned as w
join effects as e on e.warning_kind = w.warning_kind
cross join metrics.rules as r
join (select distinct channel_id, channel_kind, thing from metrics.covered_channels) as c
    on c.channel_id = w.channel_id
        and (c.thing = w.thing or w.thing not in (select thing from metrics.covered_subjects))
left join read as n on n.channel_id = w.channel_id and n.thing = w.thing
where not e.is_share or w.warning_count > r.most_unseen_share * coalesce(n.rows_count, 0)
group by c.channel_id, c.thing
