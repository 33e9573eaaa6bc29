"""Text from data stays text: payloads in every place that reaches a page, every page opened in a browser."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from markdown_it import MarkdownIt
from nbformat import NotebookNode, v4

from nps_utils import Limit, Study, count_bands, figures, score, tables
from nps_utils.pages.page import Page, Text
from nps_utils.report import build, summary
from nps_utils.report.start import start_study
from nps_utils.tables import Table, markup

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FAR = "far.example"
RUN = "window.planted=1;alert(1)"
PAYLOADS = [
    f"<script>{RUN}</script>",
    f"<img src=x onerror='{RUN}'>",
    f"<img src='https://{FAR}/a.png'>",
    f"<svg onload='{RUN}'></svg>",
    f"<svg><script>{RUN}</script></svg>",
    f"<iframe src='https://{FAR}/'></iframe>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<base href='https://{FAR}/'>",
    f"<link rel=stylesheet href='https://{FAR}/a.css'>",
    "<style>body{display:none}</style>",
    f"<meta http-equiv=refresh content='0;url=https://{FAR}/'>",
    f"<a href='javascript:{RUN}'>a</a>",
    f"<details open ontoggle='{RUN}'>d</details>",
    f"<form action='https://{FAR}/'><input autofocus onfocus='{RUN}'></form>",
    f"<video><source onerror='{RUN}'></video>",
    f"<math><mtext></mtext><mglyph><style><img src=x onerror='{RUN}'></style></mglyph></math>",
    f"</td></table></div><script>{RUN}</script>",
    f"\"><script>{RUN}</script>",
    f"' onmouseover='{RUN}",
    f"--><script>{RUN}</script><!--",
    f"<!-- c --><b>bold</b><h1>head</h1>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;",
    f"\\<script>{RUN}</script>",
    f"[link](https://{FAR}/)",
    f"[link](javascript:{RUN})",
    f"![picture](https://{FAR}/b.png)",
    f"[ref]: https://{FAR}/ 'x'",
    f"<https://{FAR}/auto>",
    "<someone@far.example>",
    f"https://{FAR}/bare and www.{FAR} and someone@{FAR}",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "---",
    "**bold** and __bold__ and *em* and _em_ and ~~gone~~",
    "`code` and ``code``",
    "$x^2$ and $$y$$ and \\(z\\) and \\[w\\]",
    f"a\n\n``````\n\n![p](https://{FAR}/c.png)\n\n<script>{RUN}</script>",
    f"a\n\n```{{raw}} html\n<script>{RUN}</script>\n```",
    f"{{raw-html}}`<script>{RUN}</script>`",
    f":::{{raw}} html\n<script>{RUN}</script>\n:::",
    "{doc}`index` and {{ title }} and {% raw %}",
    "note[^1]\n\n[^1]: foot",
    "a | b\n--- | ---\nc | d",
    "term\n: definition",
    "\u2060** forged \u2060**",
    "**\u2060# still text\u2060**",
    f"    <script>{RUN}</script>",
]
# What a sentence of ours may become; anything else on a page came from the data.
OURS = {"p", "strong", "em", "span"}


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("where", ["start", "middle", "bold", "limit"])
def test_a_value_in_a_sentence_is_shown_as_it_is(payload: str, where: str) -> None:
    """Rendered by a reader's Markdown with all its extensions, a value gives its own characters and no element."""
    sentence = {
        "start": Text(f"{payload} scored +5."),
        "middle": Text(f"In {payload} the score is +5."),
        "bold": Text(markup.bold(f"In {payload} it rose.") + " So it is."),
        "limit": Text(f"{payload} has no wave.", limit=True),
    }[where]
    reader = MarkdownIt("gfm-like", {"html": True, "linkify": False}).enable(["table", "strikethrough"])
    tokens = [t for block in reader.parse(sentence._repr_markdown_()) for t in (block, *(block.children or []))]
    tags = {t.tag for t in tokens if t.tag}
    html = {t.content for t in tokens if t.type in ("html_inline", "html_block")}
    assert tags <= OURS, tags
    assert html <= {"<span>", "</span>"}
    assert "link_open" not in {t.type for t in tokens}
    shown = "".join(t.content for t in tokens if t.type == "text" or t.type == "text_special")
    expected = " ".join(payload.replace("\u2060", "").split())
    if "\u2060" not in payload:
        assert expected in " ".join(shown.split())


def test_ordinary_names_are_written_as_they_are() -> None:
    """Stored outputs stay readable, and those of the demo did not change."""
    plain = "after_delivery (+53.2, p <0.001), A/B - c: 50 %, Åse's \"x\"; 3 + 4 = 7."
    assert Text(plain)._repr_markdown_() == plain


def study_of(folder: Path) -> Study:
    """Make a study whose every text is a payload, in turn."""
    rows = []
    for i in range(600):
        text = PAYLOADS[i % len(PAYLOADS)]
        other = PAYLOADS[(i * 7 + 3) % len(PAYLOADS)]
        rows.append(
            {
                "NPS": [0, 3, 8, 9, 10][i % 5],
                "Date": f"2026-{1 + i % 6:02d}-{1 + i % 28:02d}",
                "Comment": f"{text} the invoice is too slow {other}",
                "seg": text,
                "account": other,
                "spot": PAYLOADS[i % 3],
                "who": f"{text} {i}",
                "tongue": text,
            }
        )
    export = folder / "a.csv"
    pd.DataFrame(rows).to_csv(export, index=False)
    list(start_study(folder / "s", [export], timezone="Europe/Oslo", title=PAYLOADS[0]))
    toml = folder / "s" / "study.toml"
    # A JSON string is a TOML string.
    names = ", ".join(
        f"{ours} = {json.dumps(theirs)}"
        for ours, theirs in {"touchpoint": "spot", "account_id": "account", "respondent_id": "who"}.items()
    )
    text = toml.read_text("utf-8").replace("[[export]]", "[[export]]\ncolumns = { " + names + ' , score = "NPS" }', 1)
    goal = f'\n[[goal]]\nmetric = "nps"\ntarget = 40\nby = 2026-12-31\n[benchmark]\nname = {json.dumps(PAYLOADS[1])}\nvalue = 32\n'
    theme = f'\n[[theme]]\nname = {json.dumps(PAYLOADS[2])}\nwords = {{ en = ["invoice"] }}\n'
    toml.write_text('segments = ["seg"]\n' + text + goal + theme, "utf-8")
    return Study.open(folder / "s")
