-- question: For which numbers of events is an interval needed?
-- grain: events_count
-- unit: events
-- standard: none
-- caveats: Every number that occurs as a count behind a rate.
-- version: 1
select incidents_count as events_count from metrics.incident_counts
union
select entries_count from metrics.changelog_counts
union
select questions_count from metrics.question_counts
union
select people_count from metrics.new_people_counts
