"""The titles of the pages behind the summary, and the words around all pages, in the reader's language."""

from __future__ import annotations

from nps_utils.words.translation import Local


def page_title(name: str, local: Local) -> str:
    """Return the title of a notebook page; one that is not of ours is called by its name.

    Examples
    --------
    >>> page_title("03-change", Local("en")), page_title("99-own", Local("en"))
    ('Did it really change?', '99-own')
    """
    return {
        "00-plan": local.say("Whom to ask, how many, how often?"),
        "01-clean": local.say("What came in, and what did we keep?"),
        "02-nps": local.say("What is the score, and of whom?"),
        "03-change": local.say("Did it really change?"),
        "04-revenue": local.say("Does it go with money?"),
        "05-comments": local.say("What do they talk about, and what moves the score?"),
        "06-act": local.say("What now?"),
        "07-method-check": local.say("Why believe these numbers?"),
    }.get(name, name)


def site_words(local: Local) -> dict[str, str]:
    """Return what the theme writes around a page and knows in English only, in the reader's words.

    Examples
    --------
    >>> site_words(Local("sv"))["Back to top"], site_words(Local("en"))
    ('Till toppen', {})
    """
    if local.language == "en":
        return {}
    return {
        "Skip to main content": local.say("Skip to main content"),
        "Back to top": local.say("Back to top"),
        "System Settings": local.say("System Settings"),
        "Color mode": local.say("Color mode"),
        "Light": local.say("Light"),
        "Dark": local.say("Dark"),
        "Contents": local.say("Contents"),
        "Main": local.say("Main"),
        "Page": local.say("Page"),
        "Version warning": local.say("Version warning"),
        "Toggle primary sidebar": local.say("Toggle primary sidebar"),
        "Toggle secondary sidebar": local.say("Toggle secondary sidebar"),
        "Link to this heading": local.say("Link to this heading"),
        "Please activate JavaScript to enable the search functionality.": local.say(
            "Please activate JavaScript to enable the search functionality."
        ),
        "next page": local.say("next page"),
        "previous page": local.say("previous page"),
    }
