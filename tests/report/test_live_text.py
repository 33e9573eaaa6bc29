"""Text from data stays text: payloads in every place that reaches a page, every page opened in a browser."""

from __future__ import annotations

import ast
import html
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from markdown_it import MarkdownIt
from nbformat import NotebookNode, v4

from nps_utils import Limit, Study, count_bands, figures, score, tables
from nps_utils.pages.page import Page, Text
from nps_utils.report import build, summary
from nps_utils.tables import Table
from nps_utils.words import markup

ROOT = Path(__file__).parents[2]
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
    f'"><script>{RUN}</script>',
    f"' onmouseover='{RUN}",
    f"--><script>{RUN}</script><!--",
    "<!-- c --><b>bold</b><h1>head</h1>",
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
    plain = 'after_delivery (+53.2, p <0.001), A/B - c: 50 %, Åse\'s "x"; 3 + 4 = 7.'
    assert Text(plain)._repr_markdown_() == plain


# The pages whose code is run on the study of payloads; the synthetic page of all payloads stands in for comments.
PAGES = ("01-clean", "02-nps", "03-change", "06-act")
SYNTHETIC = "05-comments"
# What a file, a wave, an arm and a header may be called.
FILE = "a <img src=x onerror=alert(1)> [b](javascript:alert(1)) *c*.csv"
WAVES = [f"{i} <img src=x onerror='{RUN}'> **w**" for i in range(3)]
ARMS = [f"control {PAYLOADS[1]}", f"treated {PAYLOADS[0]}"]
HEADER = f"of {PAYLOADS[1]}"
ACCOUNTS = [f"{PAYLOADS[(i * 7 + 3) % len(PAYLOADS)]} {i}".replace("\n", " ") for i in range(40)]


def tables_of(raw: Path, rows: list[dict[str, Any]]) -> None:
    """Write who was asked and the accounts, with payloads as owners, arms, roles and names."""
    pd.DataFrame({
        "account_id": ACCOUNTS, "name": [f"{PAYLOADS[i % len(PAYLOADS)]} & Co" for i in range(40)],
        "owner": [PAYLOADS[i % len(PAYLOADS)] for i in range(40)], "arm": [ARMS[i % 2] for i in range(40)],
    }).to_csv(raw / "accounts.csv", index=False)  # fmt: skip
    pd.DataFrame({
        "respondent_id": [row["who"] for row in rows], "role": [PAYLOADS[i % 5] for i in range(len(rows))],
        "asked_at": "2025-12-01", "channel": PAYLOADS[0],
    }).drop_duplicates("respondent_id").to_csv(raw / "frame.csv", index=False)  # fmt: skip


def study_of(folder: Path) -> Study:
    """Make a study whose every text is a payload, in turn."""
    rows: list[dict[str, Any]] = []
    for i in range(600):
        text = PAYLOADS[i % len(PAYLOADS)]
        other = PAYLOADS[(i * 7 + 3) % len(PAYLOADS)]
        rows.append(
            {
                "NPS": [0, 3, 8, 9, 10][i % 5],
                "Date": f"2026-{1 + i % 6:02d}-{1 + i % 28:02d}",
                "Comment": f"{text} the invoice is too slow {other}",
                "seg": text,
                "account": ACCOUNTS[i % 40],
                "spot": PAYLOADS[i % 2],
                "who": f"{PAYLOADS[i % 251 % 7]} {i % 251}",
                "tongue": text,
                "round": WAVES[i // 200],
                HEADER: PAYLOADS[i % 6],
            }
        )
    raw = folder / "s" / "raw"
    raw.mkdir(parents=True)
    pd.DataFrame(rows).to_csv(raw / FILE, index=False)
    tables_of(raw, rows)
    told = json.dumps  # a JSON string is a TOML string
    lines = [
        f"title = {told(PAYLOADS[0] + PAYLOADS[6])}",
        f'language = "en"\ntimezone = "Europe/Oslo"\nsegments = ["seg", "role", {told(HEADER)}]',
        f'[waves]\nby = "column"\n[[export]]\npath = {told(f"raw/{FILE}")}\ntool = "generic"',
        'columns = { score = "NPS", responded_at = "Date", comment = "Comment", touchpoint = "spot",'
        ' account_id = "account", respondent_id = "who", language = "tongue", wave = "round" }',
        '[accounts]\npath = "raw/accounts.csv"\n[frame]\npath = "raw/frame.csv"\n[weighting]\nby = ["role"]',
        f'[experiment]\narm = "arm"\ncontrol = {told(ARMS[0])}\nwave = {told(WAVES[2])}\nprior_wave = {told(WAVES[1])}',
        '[[goal]]\nmetric = "nps"\ntarget = 40\nby = 2026-12-31',
        f"[benchmark]\nvalue = 32\nsource = {told(PAYLOADS[1])}",
        f'[[theme]]\nname = {told(PAYLOADS[2])}\nwords = {{ en = ["invoice"] }}',
    ]
    (folder / "s" / "study.toml").write_text("\n".join(lines) + "\n", "utf-8")
    return Study.open(folder / "s")


def notebook_of(study: Study) -> NotebookNode:
    """Make a notebook that shows what the pages show: sentences, tables, figures and limits of this study."""
    page = Page(study.results, "02-nps")
    responses = study.responses()
    total = score(count_bands(responses))
    by_segment = score(count_bands(responses, by=["seg"]))
    short = by_segment[by_segment["seg"].str.len() <= 14]  # a label must leave room for its dot
    shown: list[Any] = [
        page.answer(tables.nps.overall_sentence(total, responses)),
        page.say(tables.nps.score_conclusion(total, by_segment)),
        page.table(tables.scores.scores(by_segment, title=PAYLOADS[0]), "segments"),
        page.table(Table(responses[["seg", "account_id", "comment"]], PAYLOADS[1]), "rows"),
        page.figure(figures.forest(short, label="seg", title=PAYLOADS[38]), "segments"),
        page.say(Limit(PAYLOADS[1])),
        *(page.say(f"In {payload} it rose.") for payload in PAYLOADS),
        *(page.answer(payload) for payload in PAYLOADS),
    ]
    return v4.new_notebook(cells=[v4.new_markdown_cell("# The score"), *map(_cell, shown)])  # type: ignore[no-untyped-call, no-any-return]


def _cell(shown: Any) -> NotebookNode:
    data = {"text/plain": repr(shown)}
    if hasattr(shown, "_repr_mimebundle_"):
        data = shown._repr_mimebundle_()[0]
    elif hasattr(shown, "_repr_html_"):
        data["text/html"] = shown._repr_html_()
    else:
        data["text/markdown"] = shown._repr_markdown_()
    output = v4.new_output("execute_result", data, execution_count=1)  # type: ignore[no-untyped-call]
    return v4.new_code_cell("shown", outputs=[output], execution_count=1)  # type: ignore[no-untyped-call, no-any-return]


def executed(name: str, study: Study) -> NotebookNode:
    """Run the code of a page of ours on a study, here, and return the page with what it shows."""
    page = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    space: dict[str, Any] = {}
    cells = []
    for cell in page.cells:
        if cell.cell_type == "code":
            code = ast.parse(cell.source.replace('"../data/demo"', repr(str(study.folder))))
            last = code.body.pop() if isinstance(code.body[-1], ast.Expr) else None
            exec(compile(code, name, "exec"), space)
            shown = (
                eval(compile(ast.Expression(last.value), name, "eval"), space) if isinstance(last, ast.Expr) else None
            )
            if shown is None or isinstance(shown, pd.DataFrame | pd.Series):  # pandas brings a style of its own
                continue
            cell = _cell(shown)
        cells.append(cell)
    return v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call, no-any-return]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site of a study of payloads."""
    folder = tmp_path_factory.mktemp("live")
    study = study_of(folder)
    pages = {SYNTHETIC: notebook_of(study), **{name: executed(name, study) for name in PAGES}}
    for name, page in pages.items():
        build._write(page, folder / f"{name}.ipynb")
    build.site(study, summary.tell(study), [folder / f"{name}.ipynb" for name in sorted(pages)])
    return study.report


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: the site is not opened in a browser")
    with sync_api.sync_playwright() as play:
        quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        opened = play.chromium.launch(executable_path=CHROMIUM, args=[*quiet, *root])
        yield opened
        opened.close()


# Elements that no page of ours has in its text, and links that leave it.
FOREIGN = (
    "script, iframe, base, link, style, meta, details:not(.hide, .nps-table > details), form, input, video,"
    " source, math, object, embed,"
    " h4, blockquote"
)


@pytest.mark.pages
@pytest.mark.parametrize("name", ["index", *PAGES, SYNTHETIC, "data-ledger", "how-this-was-made", "search"])
def test_nothing_from_data_lives_on_a_page(name: str, site: Path, browser: Any) -> None:
    """No dialog, no request, no error, no element of a payload; what is shown is the payload."""
    page = browser.new_page()
    seen: list[str] = []
    page.on("dialog", lambda dialog: seen.append(f"dialog {dialog.message}"))
    page.on("console", lambda said: seen.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("request", lambda request: seen.append(request.url) if not request.url.startswith("file:") else None)
    page.goto(f"{site.as_uri()}/{name}.html" + ("?q=invoice+score" if name == "search" else ""))
    page.wait_for_timeout(700)
    assert [line for line in seen if not line.startswith("data:")] == []
    assert page.evaluate("window.planted") is None
    if name != "search":
        inside = ", ".join(f"article {tag}" for tag in FOREIGN.split(", "))
        found = page.eval_on_selector_all(inside, "all => all.map(e => e.outerHTML.slice(0, 200))")
        assert found == []
    links = page.eval_on_selector_all("article a", "all => all.map(a => a.href)")
    assert [link for link in links if not link.startswith("file:")] == []
    pictures = page.eval_on_selector_all("article img", "all => all.map(i => i.src)")
    assert [src for src in pictures if not src.startswith("file:")] == []
    page.close()


@pytest.mark.pages
def test_every_page_of_the_site_is_opened(site: Path) -> None:
    """None is left out above, and the payloads are there to be seen: owners, arms, waves, a header, a file."""
    names = {path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html")}
    opened = {"index", *PAGES, SYNTHETIC, "data-ledger", "how-this-was-made", "search", "broken"}
    assert {name for name in names if not name.startswith("_static")} <= opened
    shown = {name: html.unescape((site / f"{name}.html").read_text("utf-8")) for name in PAGES}
    for name, planted in (
        ("01-clean", FILE[:30]),
        ("02-nps", HEADER[3:]),  # the first word gets a capital letter
        ("03-change", ARMS[0]),
        ("03-change", WAVES[1][:30]),
    ):
        assert planted in re.sub(r"\s+", " ", shown[name]), (name, planted)


@pytest.mark.pages
def test_the_second_wall_stands_alone(site: Path, browser: Any) -> None:
    """Were a payload alive, the page would neither run it nor ask another host."""
    text = (site / "how-this-was-made.html").read_text("utf-8")
    (site / "broken.html").write_text(text.replace("</h1>", "</h1>" + "".join(PAYLOADS[:3]), 1), "utf-8")
    page = browser.new_page()
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.goto(f"{site.as_uri()}/broken.html")
    page.wait_for_timeout(500)
    assert page.evaluate("window.planted") is None
    assert [url for url in asked if FAR in url] == []
    page.close()
