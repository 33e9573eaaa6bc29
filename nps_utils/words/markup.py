"""The one door from a sentence to a page: what comes from data is text, and only `bold` and `paragraphs` are markup.

A sentence is made by formatting values into it, so no formatter can be sure to have seen every value. Therefore the
sentence is a plain text until a page shows it, and everything in it that Markdown, HTML or mathematics could read is
escaped there. Two marks of ours survive; each carries an invisible joiner, so that the same characters in a value do
not.
"""

from __future__ import annotations

import html
import re
from typing import Final

_OURS: Final = "\u2060"  # word joiner
_OPEN, _CLOSE, _PARAGRAPH = f"**{_OURS}", f"{_OURS}**", f"\n{_OURS}\n"
_BOLD: Final = re.compile(f"{re.escape(_OPEN)}(.*?){re.escape(_CLOSE)}", re.DOTALL)
# While a line is escaped, its bold stands between two noncharacters of Unicode, meant for such use within a program.
_BEGIN, _END = "\ufdd0", "\ufdd1"
_BLANKS: Final = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029 ]+")

# What CommonMark, GitHub's autolinks or HTML may read inside a line. Two things that occur in ordinary sentences are
# inert there and stay: `_` between letters or digits opens nothing, and `<` before a digit begins neither a tag nor a
# link (an address needs `@`, which is escaped).
_INLINE: Final = re.compile(
    r"[\\`*\[\]{}#|>~^$&@!]|<(?!\d)|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=//)|(?<=www)\.", re.I
)
# What begins a list, rule, definition, comment or target at the start of a line (`#`, `>`, `~` and more are above).
_START: Final = re.compile(rf"^(\s*{_BEGIN}?\d{{0,9}}?)([-+=:%(]|(?<=\d)[.)])")


def bold(text: str) -> str:
    r"""Mark a part of a sentence as bold.

    Examples
    --------
    >>> print(as_markdown(bold("2 of 21 changes are real.") + " One is of **us**."))
    **2 of 21 changes are real.** One is of \*\*us\*\*.
    """
    return f"{_OPEN}{text.strip()}{_CLOSE}"


def paragraphs(*texts: str) -> str:
    """Put sentences under each other."""
    return _PARAGRAPH.join(texts)


def has_bold(text: str) -> bool:
    """Say whether a sentence says itself which part of it is bold."""
    return _OPEN in text


def as_text(text: str) -> str:
    """Return a sentence as a terminal shows it: bold between asterisks.

    Examples
    --------
    >>> as_text(bold("Yes.") + " So it is.")
    '**Yes.** So it is.'
    """
    return text.replace(_PARAGRAPH, "\n\n").replace(_OPEN, "**").replace(_CLOSE, "**")


def without_marks(text: str) -> str:
    """Return a sentence without bold, for the title of a figure."""
    return text.replace(_PARAGRAPH, "\n\n").replace(_OPEN, "").replace(_CLOSE, "")


def as_markdown(text: str) -> str:
    r"""Return a sentence as Markdown in which everything but our own marks is text.

    Examples
    --------
    >>> print(as_markdown("<img src=x> of [a](b), after_delivery, p <0.001"))
    &lt;img src=x&gt; of \[a\](b), after_delivery, p <0.001
    """
    return "\n\n".join(_paragraph(part) for part in text.split(_PARAGRAPH))


def escaped(text: str) -> str:
    r"""Return a text on one line that the Markdown of our own site shows as it is.

    Examples
    --------
    >>> print(escaped("a *b* <script>"))
    a \*b\* &lt;script&gt;
    """
    line = _START.sub(_entity_last, _BLANKS.sub(" ", str(text)).strip())
    return _INLINE.sub(lambda found: _sign(found.group()), line).replace(_HASH, "&#")


def in_html(text: str) -> str:
    """Return a text for the inside of an HTML element; mathematics is not looked for in it.

    Examples
    --------
    >>> in_html("<b> $5")
    '&lt;b&gt; <span>$</span>5'
    """
    return without_mathematics(html.escape(text, quote=False))


def without_mathematics(markup: str) -> str:
    r"""Keep `$` and `\\(` from being read as mathematics by JupyterLab, in HTML whose attributes have none.

    It looks for a pair of signs in the shown text, and no pair may span elements: each sign gets one of its own.
    """
    return re.sub(r"[$\\]", lambda found: f"<span>{found.group()}</span>", markup)


def _paragraph(text: str) -> str:
    marked = _BOLD.sub(rf"{_BEGIN}\1{_END}", text.replace(_BEGIN, "").replace(_END, ""))
    told = escaped(marked).replace(_BEGIN, "**").replace(_END, "**")
    return re.sub(r"\\[$\\]", lambda found: f"<span>{found.group()}</span>", told)


_HASH: Final = "\ufdd2"  # begins an entity while the line is escaped
_AS_ENTITY: Final = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def _sign(sign: str) -> str:
    return _AS_ENTITY.get(sign, f"&#{ord(sign)};" if sign in "@:." else f"\\{sign}")


def _entity_last(found: re.Match[str]) -> str:
    return f"{found.group(1)}{_HASH}{ord(found.group(2))};"
