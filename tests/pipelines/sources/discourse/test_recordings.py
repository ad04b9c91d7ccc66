"""Recorded answers of real forums, of old and of new versions, against figures counted apart."""

import json
from collections import Counter
from typing import Any

import pytest

from pipelines.http.errors import Fatal
from tests.paths import RECORDINGS
from tests.pipelines.sources.discourse.forum_replays import discourse

FOLDER = RECORDINGS / "discourse"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/recordings is not here")]
TOPICS = {
    "nutshell_topic_104906": 191, "t_2144_posts": 19, "t_2144_posts_pn_21": 18, "t_2144_posts_pn_41": 20,
    "t_2144_posts_pn_5": 3,
    "t_2144_posts_pn_61": 20, "t_2144_posts_pn_81": 20, "sourcecred_4062cefd": 19, "sourcecred_7455bbe9": 1,
    "sourcecred_8cf72a79": 2,
    "sourcecred_dbebdce1": 0,
}  # fmt: skip
"""Replies in each recording of a topic or of some of its posts."""
LISTS = {"sourcecred_05965218": 30, "sourcecred_955c3d98": 10}
OTHERS = {
    "sourcecred_1ee6ded7", "sourcecred_2a039ab9", "sourcecred_50aaf22f", "sourcecred_8af9719c", "sourcecred_bb9fa3c3",
    "sourcecred_c3a9a039", "sourcecred_ecb3f49d", "xertrov_posts",
}  # fmt: skip
"""Categories, badges, what users did, and the posts of a whole site: nothing that the source asks for."""


def _recorded(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(TOPICS))
def test_each_recorded_post_is_a_reply_with_its_time(name: str) -> None:
    """192 posts of one topic come in ten answers; nothing is lost, and a reply is none of the question."""
    posts = {str(post["id"]): post for post in _recorded(name)["post_stream"]["posts"] if post["post_number"] != 1}
    rows = [row for page in discourse(FOLDER / f"{name}.json") for row in page.rows]
    replies = {row.key: row.body for row in rows if row.stream == "posts"}
    assert len(rows) - len(replies) == 1
    assert replies.keys() == posts.keys()
    assert {key: body["created_at"][:19] for key, body in replies.items()} == {
        key: post["created_at"][:19] for key, post in posts.items()
    }
    assert len(replies) == TOPICS[name]


@pytest.mark.parametrize(("name", "count"), LISTS.items())
def test_a_recorded_list_names_its_topics(name: str, count: int) -> None:
    """The topics themselves were not recorded, so each is gone when it is asked for."""
    rows = [row for page in discourse(FOLDER / f"{name}.json") for row in page.rows]
    assert {row.key for row in rows} == {str(topic["id"]) for topic in _recorded(name)["topic_list"]["topics"]}
    assert Counter(row.body["state"] for row in rows) == {"gone": count}


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_what_is_no_list_of_topics_is_refused(name: str) -> None:
    with pytest.raises(Fatal, match=r"list of topics has an unexpected shape: lacks 'topic_list'"):
        discourse(FOLDER / f"{name}.json")


def test_quoted_words_of_the_recorded_topic_are_not_counted() -> None:
    """Half of its posts quote others."""
    posts = _recorded("nutshell_topic_104906")["post_stream"]["posts"]
    rows = [row for page in discourse(FOLDER / "nutshell_topic_104906.json") for row in page.rows if row.stream]
    quoting = {str(post["id"]) for post in posts if "<blockquote>" in post["cooked"]}
    raw_words = {str(post["id"]): len(post["cooked"].split()) for post in posts}
    assert len(quoting) > 80
    assert all(row.body["words"] < raw_words[row.key] for row in rows if row.key in quoting)
    assert Counter(row.body["role"] for row in rows)["asker"] == sum(
        post["username"] == posts[0]["username"] for post in posts[1:]
    )
