-- question: What was excluded from each figure, and why?
-- grain: figure_id
-- caveats: A part of other shapes, of their `scoped`: so many items are `held` of each figure for each reason.
left_out as (
    select
        figure_id,
        'Excluded: ' || string_agg(left_count || ' ' || exclusion_reason, ', ' order by exclusion_reason) || '.'
            as own_note
    from (
        select figure_id, exclusion_reason, sum(held) as left_count
        from scoped
        where exclusion_reason is not null
        group by all
    ) as reasons
    group by figure_id
)
