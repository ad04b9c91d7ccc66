"""What fuzzing has found, each as an example that is run for ever: by target, the inputs that broke it."""

FINDINGS: dict[str, tuple[str, ...]] = {
    # A dozen of `*` took a regular expression longer than anybody waits.
    "robots": (
        f"User-agent: *\nDisallow: /{'*' * 12}x\n",
        f"User-agent: *\nDisallow: /{'*t' * 20}x\n",
        f"User-agent: *\nDisallow: /{'*/' * 20}$\n",
        f"User-agent: *\nCrawl-delay: {'9' * 400}\n",
        "User-agent: *\nAllow: //l]c\n",
        "User-agent: *\nCrawl-delay: ²\n",
        f"User-agent: *\nCrawl-delay: {'9' * 5_000}\n",
        f"User-agent: *\nRequest-rate: {'9' * 5_000}/1\n",
    ),
    # Each run of these was searched from each of its places.
    "retry-after": (
        "Tue, 24 Nov 99999999999999999999 12:00:00 GMT",
        "Tue, 24 Nov 2026 12:00:00 +99999999999999999999",
        'r=0\ufeff"' * 12_000,
    ),
    "feed": ("<</item>x" + "\r\n" * 30_000 + "<item>",),
    "reply": (" " * 60_000 + "\x00", "```\n" + "1" * 60_000, "```\nat " + ":" * 60_000),
    "stated-window": (
        "ur" + "Jul" * 10_000,
        "Tue, 48 Nov 2026 12:00 - 13:00 PST",
        "12:30 PST to 9999-12-31 23:59 PST",
        "2026-11-24\n12:30" + "٣*" * 30_000 + "&",
    ),
    "html": (
        "<<tr>" * 12_000,
        "<li>\n\n" * 8_000,
        "<a " * 20_000,
        "<table><tr><td colspan=²>",
        f"<td rowspan={'9' * 5000}>",
    ),
    "changelog/deepseek": ("# " + "[" * 60_000,),
    "status/betterstack": ("<rss><title>" + " " * 60_000 + "x</title></rss>",),
    "entry/status/xai": ("Status: a" + "<div>" * 20_000,),
    "markdown": ("---" + "\n" * 60_000, ":" + "\n" * 60_000, "0" * 60_000, ":" + "`" * 60_000, "0" * 60_000 + "z"),
    "entry/status/atom": ("<small></small><br><strong>" * 2_200, "<small>" * 8_500),
    "entry/changelog/atom": ("<a" * 30_000, "<h2>Features</h2>" * 3_500),
    # Words around a list, a heading or a cause: each blank, bracket or asterisk was the start of a search to the end.
    "incident": ("x" + "\r\n " * 20_000 + "x",),
    "names": ("a\t" + "\t" * 59_000 + "-", "(`a`)(" + "alias " * 20_000),
    "source": ("a://" + "/" * 60_000 + "x", "~~", "~\x00", "~\ud800", "https://[", "//["),
    # A heading of forty letters kept a visit busy for days.
    "changelog/markdown": (f"# Changelog\n\n## 1.1{'a' * 60}!\n",),
    # An upstream that named no address as the next one, or a day after the last, ended its channel with a traceback.
    "answer": (
        "301\nlocation: //[\n\n",
        "302\nlocation: https://localhost:99999/\n\n",
        "302\nlocation: /\x01\n\n",
        "200\ndate: Fri, 31 Dec 9999 23:59:59 GMT\nage: 999999999\n\n",
    ),
    "link": ("htTp://p",),
    "prices/openrouter": ('{"data": [{"id": "a/b"}], "links": {"next": "//["}}',),
    "env-file": ("\ud800", "HEARTBEAT_NOW=0001-01-01T00:00:00+14:00"),
    "environment": ("HEARTBEAT_NOW=9999-12-31T23:59:59-14:00",),
    # A traceback instead of the file's name.
    "family": ("\ud800", "name = '\x00'", "a = " + "[" * 5_000),
    "landed-manifest": ("[" * 50_000, '{"cursors":' * 20_000),
    # A sign that moves the cursor of a terminal, kept in a row.
    "drift": ("\x1b[31mbroken", "bro\u202eken"),
}
