-- question: With the visits to which thing do rows come that have no visits of their own?
-- grain: source, thing
-- caveats: Replies come with the visits to their threads. A thing that is not listed has visits of its own.
select source, thing, visited_thing
from (values
    ('deprecations', 'notice_events', 'notices'), ('discourse', 'posts', 'topics'), ('github', 'comments', 'issues'),
    ('github', 'discussion_comments', 'discussions'), ('huggingface', 'discussion_events', 'discussions'),
    ('huggingface', 'providers', 'details'),
    ('reddit', 'comments', 'posts'), ('reddit', 'trees', 'posts'), ('stackexchange', 'answers', 'questions')
) as carried (source, thing, visited_thing)
