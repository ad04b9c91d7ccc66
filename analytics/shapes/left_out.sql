-- question: What was left out of each figure, and why?
-- grain: figure_id
-- caveats: A part of other shapes, of their `scoped`: so many items are `held` of each figure for each reason.
reasons as (
    select figure_id, exclusion_reason, sum(held) as left_count
    from scoped
    where exclusion_reason is not null
    group by all
),

left_out as (
    select
        figure_id,
        'Excluded: ' || string_agg(cast(cast(left_count as bigint) as varchar) || ' ' || exclusion_reason, ', '
            order by exclusion_reason) || '.' as own_note
    from reasons
    group by all
)
