-- question: What can be measured, in which kind of channel, and from which collected thing?
-- grain: subject, channel_kind, kept_kind, thing
-- caveats: `channel_kind` is the kind under which figures are compared, `kept_kind` that of the channel in the catalog:
--   discussions count as forum, wherever they are held. `offers` are what makers offer: facts read by hand (kept under
--   `facts`), and the licences of open models, as the Hub gives them.
select *
from (values
    ('threads', 'tracker', 'tracker', 'issues'), ('threads', 'forum', 'tracker', 'discussions'),
    ('threads', 'forum', 'hub', 'discussions'), ('threads', 'forum', 'forum', 'topics'),
    ('threads', 'subreddit', 'subreddit', 'posts'),
    ('threads', 'tag', 'tag', 'questions'), ('issues', 'tracker', 'tracker', 'issues'),
    ('changes', 'tracker', 'tracker', 'pulls'),
    ('releases', 'tracker', 'tracker', 'releases'),
    ('releases', 'changelog', 'changelog', 'entries'), ('incidents', 'status', 'status', 'incidents'),
    ('models', 'hub', 'hub', 'models'), ('lineage', 'hub', 'hub', 'details'),
    ('notices', 'deprecations', 'deprecations', 'notices'),
    ('packages', 'packages', 'packages', 'downloads'), ('prices', 'prices', 'prices', 'models'),
    ('licences', 'offers', 'hub', 'models'), ('licences', 'offers', 'facts', 'licence'),
    ('tuning', 'offers', 'facts', 'fine-tuning')
) as s (subject, channel_kind, kept_kind, thing)
