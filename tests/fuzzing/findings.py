"""What fuzzing has found, each as an example that is run for ever: by target, the inputs that broke it."""

FINDINGS: dict[str, tuple[str, ...]] = {
    # A dozen of `*` took a regular expression longer than anybody waits.
    "robots": (
        f"User-agent: *\nDisallow: /{'*' * 12}x\n",
        f"User-agent: *\nDisallow: /{'*t' * 20}x\n",
        f"User-agent: *\nDisallow: /{'*/' * 20}$\n",
        f"User-agent: *\nCrawl-delay: {'9' * 400}\n",
    ),
    # Each run of these was searched from each of its places.
    "retry-after": ('r=0\ufeff"' * 12_000,),
    "feed": ("<</item>x" + "\r\n" * 30_000 + "<item>",),
    "stated-window": ("2026-11-24\n12:30" + "٣*" * 30_000 + "&",),
    "html": (
        "<<tr>" * 12_000,
        "<li>\n\n" * 8_000,
        "<a " * 20_000,
        "<table><tr><td colspan=²>",
        f"<td rowspan={'9' * 5000}>",
    ),
    "markdown": (":" + "\n" * 60_000, "0" * 60_000, ":" + "`" * 60_000, "0" * 60_000 + "z"),
    "entry/status/atom": ("<small></small><br><strong>" * 2_200, "<small>" * 8_500),
    "entry/changelog/atom": ("<a" * 30_000, "<h2>Features</h2>" * 3_500),
    # A traceback instead of the file's name.
    "family": ("\ud800", "name = '\x00'", "a = " + "[" * 5_000),
    "landed-manifest": ("[" * 50_000, '{"cursors":' * 20_000),
    # A sign that moves the cursor of a terminal, kept in a row.
    "drift": ("\x1b[31mbroken", "bro\u202eken"),
}
