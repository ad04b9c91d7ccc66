-- question: For which numbers of events is an interval needed?
-- grain: events_count
-- unit: events
-- standard: none
-- caveats: Every number that occurs as a count behind a rate.
-- version: 2
select incidents_count as events_count from metrics.incident_counts
union
-- What may belong to the API, beside what does.
select n.incidents_count + u.incidents_count
from metrics.incident_counts as n
join metrics.incident_counts as u
    on u.family_id = n.family_id and u."window" = n."window" and u.segment = 'unattributed'
where n.segment = 'api'
union
select entries_count from metrics.changelog_counts
union
select questions_count from metrics.question_counts
union
select people_count from metrics.new_people_counts
