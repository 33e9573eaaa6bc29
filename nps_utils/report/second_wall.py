"""What is done to the built site before anybody sees it: a content-security policy, and the theme's leftovers out.

Text from data is escaped where it is shown; the policy is the wall behind that: a page runs the theme's own scripts
and nothing else, and asks no other host for anything, from disk as over http.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

_INLINE: Final = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
# The scripts that Sphinx and its theme write into a page, blanks made single; any other does not run.
_KNOWN: Final = re.compile(
    r"""
    DOCUMENTATION_OPTIONS\.pagename\ =\ '[\w./-]+';
    | DOCUMENTATION_OPTIONS\.search_as_you_type\ =\ (?:true|false);
    | document\.documentElement\.dataset\.mode\ =\ localStorage\.getItem\("mode"\)\ \|\|\ "auto";
      \ document\.documentElement\.dataset\.theme\ =\ localStorage\.getItem\("theme"\)\ \|\|\ "auto";
    | //\ Activate\ the\ search\ field\ on\ page\ load\ let\ searchInput\ =\ document\.querySelector
      \("form\.bd-search\ input"\);\ if\ \(searchInput\)\ \{\ searchInput\.focus\(\);\ searchInput\.select\(\);
      \ console\.log\("\[PST\]:\ Set\ focus\ on\ search\ field\."\);\ \}
    """,
    re.VERBOSE,
)
# `file:` beside 'self': a page opened from disk has no origin of its own to some browsers.
_OURS: Final = "'self' file:"
_LEFTOVERS: Final = ("_static/locales", "_static/images", "_static/**/*.map", "_static/*webpack-macros.html")
_OF_SPHINX: Final = ("objects.inv", ".buildinfo", ".doctrees")


def finish(site: Path, *, words: Mapping[str, str] | None = None, english: Collection[str] = ()) -> None:
    """Give every page its policy and remove what the theme brings and no page uses.

    Parameters
    ----------
    site
        The built site.
    words
        What the theme writes in English around a page, and what to write instead.
    english
        Pages that stay as they are.
    """
    for pattern in (*_LEFTOVERS, *_OF_SPHINX):
        for path in list(site.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        told = text if page.stem in english else worded(text, words or {})
        page.write_text(_with_policy(told), "utf-8")


def worded(page: str, words: Mapping[str, str]) -> str:
    """Write words of the theme in another language, where they are a whole label or stand alone between two tags.

    A word alone may be a reader's own: outside of labels and buttons only what the theme writes in several words is
    changed.

    Examples
    --------
    >>> worded('<a title="Light"> Back to top </a><td>Light</td>', {"Light": "Ljust", "Back to top": "Till toppen"})
    '<a title="Ljust"> Till toppen </a><td>Light</td>'
    >>> worded("<button><i></i>Light</button>", {"Light": "Ljust"})
    '<button><i></i>Ljust</button>'
    """
    for old, new in words.items():
        safe = html.escape(new).replace("\\", r"\\")
        page = re.sub(rf'(\s(?:title|aria-label)="){re.escape(old)}"', rf'\g<1>{safe}"', page)
        # A word of the theme stands alone only on a button, behind its icon.
        before, after = (r">\s*", r"\s*<") if " " in old else (r"</i>\s*", r"\s*</button>")
        page = re.sub(rf"({before}){re.escape(old)}({after})", rf"\g<1>{safe}\g<2>", page)
    return page


def policy(page: str) -> str:
    """Return the policy of a page: its known scripts by their hashes, everything else from its own folder only.

    Examples
    --------
    >>> policy("<script>DOCUMENTATION_OPTIONS.pagename = 'index';</script>").count("sha256-")
    1
    >>> policy("<script>alert(1)</script>").count("sha256-")
    0
    """
    texts = [found.group(1) for found in _INLINE.finditer(page)]
    known = dict.fromkeys(_hash(text) for text in texts if _KNOWN.fullmatch(" ".join(text.split())))
    rules = {
        "default-src": "'none'",
        "script-src": " ".join([_OURS, *known]),
        "style-src": f"{_OURS} 'unsafe-inline'",
        "img-src": f"{_OURS} data:",
        "font-src": _OURS,
        "connect-src": _OURS,
        "form-action": _OURS,
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _with_policy(page: str) -> str:
    """Put the policy before anything that a page loads."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}">'
    before, charset, after = page.partition('<meta charset="utf-8" />')
    if not charset:
        raise ValueError("A page of the site has no place for its policy: the theme has changed its head.")
    return f"{before}{charset}\n    {meta}{after}"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
