"""What each rule of an answer (thanks, solved, me too) must find and must not."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.markup.html_text import read_html
from pipelines.text.features import count_features

FLAGS = ("has_thanks", "has_solved", "is_me_too")
THANKS = {
    "Thanks!": True,
    "Thank you very much, I will try.": True,
    "thx": True,
    "Thanks in advance": True,
    "Any help is much appreciated.": False,
    "Much appreciated!": True,
    "I really appreciate your help.": True,
    "I would appreciate your thoughts.": False,
    "谢谢，已经可以了": True,
    "Thanks to you it runs.": True,
    "Thanks to the new kernel it is twice as fast.": False,
    "No thanks.": False,
    "I think so.": False,
}
SOLVED = {
    "Great, it works and is twice as fast.": True,
    "It compiles and runs fine with the patch.": True,
    "I finally managed to get it running.": True,
    "The error no longer shows. It no longer crashes.": True,
    "Closing as resolved.": True,
    "We are now able to log in.": True,
    "The change landed in main.": True,
    "The service is back up.": True,
    "跑起来了": True,
    "Let me know if it works and how fast.": False,
    "I merged this branch into my own fork.": False,
    "Given that the change has been merged, I would try it.": False,
    "It fixes the first error but still crashes later.": False,
    "Here's what works for me:": False,
    "It runs slowly.": False,
    "It works now!": True,
    "That worked, thanks.": True,
    "Updating solved it.": True,
    "Works for me.": True,
    "This has been fixed in v1.2.": True,
    "Fixed by #123": True,
    "I got it working.": True,
    "That did the trick.": True,
    "I can confirm it's fixed.": True,
    "Can you confirm that it is fixed?": False,
    "It should be fixed now.": True,
    "It should be fixed.": False,
    "Putting the path into the file fixed my problem.": True,
    "This seems to have solved the issue.": True,
    "After a restart it worked normally.": True,
    "Closed via #12": True,
    "Version 2 has been released.": True,
    "It is a nearly-solved field.": False,
    "I have added a trace to the loader.": False,
    "b16 doesn't have this issue.": True,
    "It is working with the new model.": True,
    "Is it working with the new model?": False,
    "It should work now.": True,
    "Works. Thank you!": True,
    "I can now run the large one.": True,
    "This should have been fixed by #7.": True,
    "It works as expected to fail.": False,
    "The fix was merged yesterday.": True,
    "问题已解决": True,
    "现在可以了": True,
    "Still not working.": False,
    "It is not solved.": False,
    "Is this solved?": False,
    "Has this been fixed yet?": False,
    "This hasn't been fixed.": False,
    "It should be fixed soon.": False,
    "It will be fixed in the next release.": False,
    "Any idea how this can be resolved?": False,
    "I hope it gets fixed.": False,
    "It never worked for me.": False,
    "That worked in the version before.": False,
    "Use a fixed seed of 3.": False,
    "还没解决": False,
    "解决了吗？": False,
    "It doesn't work.": False,
}
JOINED = {
    "So do I.": True,
    "Same issue: it stops after a minute.": True,
    "This would be very useful!": True,
    "I too get this.": True,
    "How is the status?": True,
    "I tried the flag. Same error.": False,
    "I had the same problem. My solution: another browser.": False,
    "+1": True,
    "Same here.": True,
    "same": True,
    "Me too! It began yesterday.": True,
    "@ann any update?": True,
    "I have the same problem.": True,
    "I'm facing this too, on Windows.": True,
    "Following.": True,
    "同问": True,
    "我也遇到了这个问题": True,
    "RemindMe! 12h": True,
    "Same question": True,
    "Same here. Version 1.2.3, Windows 11.": True,
    "Same issue. It is broken in Firefox and Chrome since 3 days ago.": True,
    "Me too!\n\n![Picture](https://example.org/2.png)": True,
    "+1 for adding this to the CLI.": True,
    "+1 qwen3 30b": False,
    "I have the same card. That has nothing to do with Vulkan.": False,
    "Same here. Mine does well with 24 GB.": False,
    "Same here, without any trouble. I serve it with Ollama.": False,
    "I was in the same boat once.\n\nhttps://example.org/fix": False,
    "+1, and as long as all of it fits into memory, how wide the bus is matters little except when it loads.": False,
    "That takes a window of about 100k. Also need fast memory.": False,
    "You also need more memory.": False,
    "Same problem here, reinstalling fixed it.": False,
    "Same here, you can work around it with an older driver.": False,
    "I see the same error because my disk is full.": False,
    "Could you send me the same log?": False,
    "It is the same model with other weights, and slower.": False,
    "Please update to the latest version.": False,
    "1+1 is 2.": False,
    "> Same here.\n\nWhich version?": False,
    "👍": False,
}


def _cases(flag: str, table: Mapping[str, bool]) -> list[object]:
    return [pytest.param(flag, text, wanted, id=f"{flag}: {text[:40]}") for text, wanted in table.items()]


@pytest.mark.parametrize(
    ("flag", "text", "wanted"),
    [*_cases("has_thanks", THANKS), *_cases("has_solved", SOLVED), *_cases("is_me_too", JOINED)],
)
def test_each_rule_finds_what_is_meant_and_not_its_denial(flag: str, text: str, wanted: bool) -> None:
    """Who writes "is this solved?" has no solution."""
    assert count_features(text)[flag] is wanted


@pytest.mark.parametrize("empty", ["", "  \n", None, "<!-- fill in -->", "> only a quotation"])
def test_where_there_is_nothing_to_read_nothing_is_said(empty: str | None) -> None:
    """A hidden post looks like an empty one: unknown, never false."""
    found = count_features(empty)
    assert [found[flag] for flag in (*FLAGS, "language")] == [None] * (len(FLAGS) + 1)
    assert (found["words"], found["has_code"]) == (0, False)


SENTENCES = sorted({*THANKS, *SOLVED, *JOINED})
plain_sentences = st.lists(
    st.sampled_from([one for one in SENTENCES if not set(one) & set("`>#[*_~|<") and "\n" not in one]), max_size=4
)


@given(plain_sentences)
@settings(max_examples=60)
def test_markdown_and_html_of_one_text_say_the_same(sentences: list[str]) -> None:
    """Trackers give Markdown, forums give HTML; the rules must not favour either."""
    markdown = count_features("\n\n".join(sentences))
    html = read_html("".join(f"<p>{one}</p>" for one in sentences)).count_features()
    assert {name: html[name] for name in (*FLAGS, "language")} == {
        name: markdown[name] for name in (*FLAGS, "language")
    }


@given(
    st.lists(st.sampled_from(SENTENCES), max_size=4), st.sampled_from(["\r\n", "\n"]), st.booleans(), st.integers(0, 3)
)
@settings(max_examples=60)
def test_neither_case_nor_the_ends_of_lines_change_what_is_said(
    sentences: list[str], end: str, is_loud: bool, blanks: int
) -> None:
    """A text is the same when it is shouted, was written on Windows, or ends in empty lines; no command is shouted.

    Names are known by their capitals, so whether a shout only joins in is not known.
    """
    text = "\n\n".join(sentences)
    loud = "\n\n".join(one if "```" in one else one.upper() for one in sentences)
    changed = (loud if is_loud else text).replace("\n", end) + end * blanks
    flags = FLAGS[:2] if is_loud else FLAGS
    assert [count_features(changed)[name] for name in flags] == [count_features(text)[name] for name in flags]
