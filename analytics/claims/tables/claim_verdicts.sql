-- question: What do the figures say about each of the essay's claims?
-- grain: claim_id
-- unit: that of the leading test
-- standard: none
-- caveats: Under the rule `most` a claim is supported if more than half of its judged tests support it and none
--   contradicts it, and refuted the other way round; under the rule `all` it is supported if every test supports it,
--   and refuted if one contradicts it. If fewer than half of its tests could be judged there is not enough data, or
--   nothing observable if none can be; otherwise no difference is shown. Tests that are only context do not count. The
--   effect shown is that of the leading test: the first deciding one that could be judged. A verdict that changes when
--   a single family is left out, or under other rules for bots, says so.
-- version: 1
with counted as (
    select
        claim_id, left_out, count(*) as tests_count,
        count(*) filter (where verdict in ('supported', 'refuted', 'no difference shown')) as judged_count,
        count(*) filter (where verdict = 'supported') as supported_count,
        count(*) filter (where verdict = 'refuted') as refuted_count,
        count(*) filter (where verdict = 'not observable') as unobservable_count
    from metrics.claim_tests
    where is_deciding
    group by claim_id, left_out
),

judged as (
    select
        c.*,
        case
            when c.unobservable_count = c.tests_count then 'not observable'
            when c.judged_count * 2 < c.tests_count then 'not enough data'
            when r.rule = 'all' and c.refuted_count > 0 then 'refuted'
            when r.rule = 'all' and c.supported_count < c.judged_count then 'no difference shown'
            when c.supported_count * 2 > c.judged_count and c.refuted_count = 0 then 'supported'
            when c.refuted_count * 2 > c.judged_count and c.supported_count = 0 then 'refuted'
            else 'no difference shown'
        end as verdict
    from counted as c
    join (select distinct claim_id, rule from metrics.claim_texts) as r on r.claim_id = c.claim_id
),

turns as (
    select
        o.claim_id, count(*) filter (where o.verdict <> j.verdict) as turns_count,
        bool_or(o.left_out like '% bots') as has_bots, string_agg(
            case when o.left_out like '% bots' then o.verdict || ' with '
                || replace(o.left_out, ' bots', ' rules for bots')
                else o.verdict || ' without ' || o.left_out end, ', ' order by o.left_out
        ) filter (where o.verdict <> j.verdict) as turned
    from judged as o
    join judged as j on j.claim_id = o.claim_id and j.left_out = 'none'
    where o.left_out <> 'none'
    group by o.claim_id
),

leaders as (
    select
        claim_id,
        min(test_number) filter (where is_deciding and p_value is not null) as test_number,
        string_agg(explanation, ' ' order by test_number) as explanation
    from metrics.claim_tests
    where left_out = 'none'
    group by claim_id
),

visited as (
    select max(as_of_at) as as_of_at from metrics.channel_coverage
)

select
    j.claim_id, w.claim_version, w.registered_on, w.title, w.claim, w.why_it_matters, w.would_refute, j.verdict,
    w.wording,
    t.metric, t.statistic, t.scale, t.effect, t.effect_low, t.effect_high, t.p_adjusted, t.n, t.open_count,
    t.proprietary_count,
    j.tests_count, j.judged_count, j.supported_count, j.refuted_count, coalesce(n.turns_count, 0) as turns_count,
    case
        when n.turned is not null then 'The verdict changes: ' || n.turned || '.'
        when j.verdict in ('not enough data', 'not observable') then 'There is no verdict yet that could change.'
        when n.has_bots
            then 'The verdict holds whichever family is left out, and with lenient or strict rules for bots.'
        else 'The verdict holds whichever family is left out.'
    end as sensitivity_note,
    l.explanation, v.as_of_at
from judged as j
join metrics.claim_texts as w on w.claim_id = j.claim_id and w.verdict = j.verdict
join leaders as l on l.claim_id = j.claim_id
left join metrics.claim_tests as t on t.claim_id = j.claim_id and t.left_out = 'none' and t.test_number = l.test_number
left join turns as n on n.claim_id = j.claim_id
cross join visited as v
where j.left_out = 'none'
