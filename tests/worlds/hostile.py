"""Texts that attack anyone who shows them."""

HOSTILE = [
    "<script>alert('title')</script>",
    "<img src=x onerror=alert(1)>",
    "![pixel](http://foreign.example/pixel.png)",
    "[click](javascript:alert(1))",
    '=HYPERLINK("http://foreign.example")',
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    ":red[alarm] :material/delete: $x^2$",
    "`code` **bold** | cell |",
    "</script><script>fetch('http://foreign.example/x')</script>",
    "www.foreign.example and me@foreign.example",
    "x" * 300,
    "\u202egnp.exe",
]
