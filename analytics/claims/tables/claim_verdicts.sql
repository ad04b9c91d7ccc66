-- question: What do the figures say about each of the essay's claims?
-- grain: claim_id
-- published: yes
-- unit: that of the leading test
-- caveats: `holds` and `refuted` as the claim's rule says (`rule_words`), beyond chance over the board, or by a full
--   count, in which no chance is involved and which has no p. `mixed`: some tests support it likewise, too few for the
--   rule, and none opposes it. `too close to call`: neither, because intervals reach across the smallest effect that
--   matters, or because tests contradict each other. `too few data`: fewer tests can be judged than the rule needs.
--   `cannot be read`: too many of them rest on a reader of texts below its gate, over all labels or on those of either
--   side, so that more data would not help. `cannot be observed`: too many of them never can be. What a verdict does not
--   compare is its first sentence. Tests that are only context do not count. The effect shown is that of
--   the leading test: the first deciding one that could be judged. A verdict that changes when a single family is left
--   out says so.
with turns as (
    select
        o.claim_id, count(*) as turns_count,
        string_agg(o.verdict || ' without ' || o.left_out, ', ' order by o.left_out) as turned
    from metrics.decided_claims as o
    join metrics.decided_claims as j on j.claim_id = o.claim_id and j.left_out = 'none'
    where o.verdict <> j.verdict
    group by o.claim_id
),

leaders as (
    select
        claim_id,
        min(test_number) filter (where is_deciding and effect is not null) as test_number
    from metrics.claim_tests
    where left_out = 'none'
    group by claim_id
),

notes as (
    select claim_id, verdict, min_by(detectable_note, test_number) as detectable_note
    from metrics.claim_tests
    where left_out = 'none' and is_deciding
    group by claim_id, verdict
),

visited as (select max(as_of_at) as as_of_at from metrics.channel_coverage)

select
    j.claim_id, j.claim_version, j.registered_on, j.title, j.claim, j.why_it_matters, j.would_refute,
    j.rule_words, j.verdict, j.wording,
    t.metric, t.statistic, t.scale, t.effect, t.effect_low, t.effect_high, t.general_effect, t.general_low,
    t.general_high, j.p_adjusted, t.detectable_effect,
    coalesce(o.detectable_note, t.detectable_note) as detectable_note, t.n, t.open_count, t.proprietary_count,
    j.tests_count, j.judged_count, j.supported_count, j.ruled_out_count, j.opposed_count,
    coalesce(n.turns_count, 0) as turns_count,
    case
        when n.turned is not null then 'The verdict changes: ' || n.turned || '.'
        when j.verdict in ('too few data', 'cannot be read', 'cannot be observed') then 'There is no verdict yet that could change.'
        else 'The verdict holds whichever family is excluded.'
    end as sensitivity_note,
    v.as_of_at
from metrics.decided_claims as j
join leaders as l on l.claim_id = j.claim_id
left join metrics.claim_tests as t on t.claim_id = j.claim_id and t.left_out = 'none' and t.test_number = l.test_number
left join notes as o on o.claim_id = j.claim_id and o.verdict = j.verdict
left join turns as n on n.claim_id = j.claim_id
cross join visited as v
where j.left_out = 'none'
