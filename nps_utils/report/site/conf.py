"""Sphinx settings of the site: everything from disk, no request to another host."""

import html
import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

_about = json.loads((Path(__file__).parent / "about.json").read_text(encoding="utf-8"))
_SEARCH = {"en": "Search", "sv": "Sök", "nb": "Søk", "da": "Søg", "nl": "Zoeken"}

project = _about["title"]
html_title = _about["title"]
author = "NPS research notebooks"
copyright = ""
language = _about["language"]
extensions = ["myst_nb"]
exclude_patterns = ["_static"]
nb_execution_mode = "off"
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # the only scripts myst-nb would fetch from elsewhere
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "deflist"]  # no dollarmath: `$` stays text
suppress_warnings = ["mystnb.unknown_mime_type"]
html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_css_files = ["nps.css"]
# They sort tables, filter quotes and tell the numbers of a point; they ask nothing of anybody.
html_js_files = ["nps.js", "quotes.js", "points.js"]
html_favicon = "_static/favicon.svg"
smartquotes = False  # a name keeps the quotes it has
html_context = {"default_mode": "auto"}
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_use_index = False  # there is nothing to look up
html_show_search_summary = False  # it fetches pages, which a site opened from disk may not
html_show_sourcelink = False
html_theme_options = {
    "navbar_persistent": [],  # one search box is enough
    "show_toc_level": 2,
    "secondary_sidebar_items": {"**": ["page-toc"], "index": []},  # the summary is one screen and a half
    "footer_content_items": [],  # it would be in English
    "use_download_button": False,
    "use_fullscreen_button": False,
    "use_issues_button": False,
    "article_header_start": ["toggle-primary-sidebar.html"],
    "search_bar_text": _SEARCH[language],
    "home_page_in_toc": True,
    "logo": {"text": html.escape(_about["title"])},  # the theme prints it as it is
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


def _of_page(app: Sphinx, name: str, template: str, context: dict[str, Any], tree: object) -> None:  # noqa: ARG001
    """Say in which language a page is, and escape the titles that the theme prints as they are.

    The notebooks are in English, the summary in the reader's language.
    """
    if name in _about["notebooks"]:
        context["language"] = "en"
    if name == "index":
        context["docstitle"] = ""  # it would stand twice in the name of the window and of a PDF
    for key in ("root_title", "pagetitle"):
        context[key] = html.escape(context.get(key) or "")


def setup(app: Sphinx) -> None:
    """Look at each page after the theme has."""
    app.connect("html-page-context", _of_page, priority=950)
