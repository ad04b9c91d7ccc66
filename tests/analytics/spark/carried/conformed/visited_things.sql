SELECT
  source,
  thing,
  visited_thing
FROM VALUES
  ('deprecations', 'notice_events', 'notices'),
  ('discourse', 'posts', 'topics'),
  ('github', 'comments', 'issues'),
  ('github', 'discussion_comments', 'discussions'),
  ('huggingface', 'boards', 'discussions'),
  ('huggingface', 'discussion_events', 'discussions'),
  ('huggingface', 'providers', 'details'),
  ('reddit', 'comments', 'posts'),
  ('reddit', 'trees', 'posts'),
  ('stackexchange', 'answers', 'questions') AS carried(source, thing, visited_thing)
