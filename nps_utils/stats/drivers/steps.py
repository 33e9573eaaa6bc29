"""The steps of a rating in words, from worst to best: "Very dissatisfied" to "Very satisfied" is 1 to 5.

Words are read only where they belong to one known scale. Which of two scales it was, or how far apart words of no known
scale lie, is for the owner of the survey to say.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

# Steps from worst to best, parted by |; words of the same step by /.
_SCALES: Final = (
    # English
    "strongly disagree/totally disagree/completely disagree"
    "|disagree/somewhat disagree/tend to disagree/slightly disagree"
    "|neither agree nor disagree/neutral/neither/undecided|agree/somewhat agree/tend to agree/slightly agree"
    "|strongly agree/totally agree/completely agree",
    "strongly disagree|disagree|somewhat disagree/slightly disagree|neither agree nor disagree/neutral"
    "|somewhat agree/slightly agree|agree|strongly agree",
    "strongly disagree|disagree|agree|strongly agree",
    "very dissatisfied/extremely dissatisfied/very unsatisfied|dissatisfied/somewhat dissatisfied/unsatisfied"
    "|neither satisfied nor dissatisfied/neutral/neither"
    "|satisfied/somewhat satisfied|very satisfied/extremely satisfied",
    "extremely dissatisfied|moderately dissatisfied/dissatisfied|slightly dissatisfied/somewhat dissatisfied"
    "|neither satisfied nor dissatisfied/neutral|slightly satisfied/somewhat satisfied|moderately satisfied/satisfied"
    "|extremely satisfied",
    "very dissatisfied|dissatisfied|satisfied|very satisfied",
    "not at all satisfied|not so satisfied/slightly satisfied|somewhat satisfied/moderately satisfied|very satisfied"
    "|extremely satisfied/completely satisfied",
    "very poor/very bad/terrible|poor/bad|fair/average/ok/okay/acceptable/neutral|good|very good/excellent/great",
    "poor|fair|good|very good|excellent",
    "poor|fair|good|excellent",
    "very difficult/extremely difficult|difficult/somewhat difficult|neither easy nor difficult/neutral"
    "|easy/somewhat easy|very easy/extremely easy",
    "never|rarely/seldom|sometimes|often/usually|always",
    "not at all|slightly|moderately|very|extremely",
    # Swedish
    "i mycket låg grad|i låg grad|i viss grad/varken eller|i hög grad|i mycket hög grad",
    "stämmer inte alls|stämmer ganska dåligt|stämmer ganska bra|stämmer helt",
    "instämmer inte alls/tar helt avstånd/helt oenig|instämmer inte/instämmer till viss del inte"
    "|varken eller/neutral/instämmer varken eller|instämmer/instämmer delvis/instämmer till viss del"
    "|instämmer helt/instämmer helt och hållet/helt enig",
    "mycket missnöjd|missnöjd/ganska missnöjd|varken nöjd eller missnöjd/varken eller/neutral"
    "|nöjd/ganska nöjd|mycket nöjd",
    "mycket dålig/mycket dåligt|dålig/dåligt|varken bra eller dåligt/varken eller/okej/ok/godkänd"
    "|bra|mycket bra/utmärkt",
    "mycket svårt|svårt/ganska svårt|varken eller/neutral|enkelt/ganska enkelt/lätt|mycket enkelt/mycket lätt",
    # Norwegian
    "i svært liten grad|i liten grad|i noen grad/verken eller|i stor grad|i svært stor grad",
    "helt uenig|uenig/delvis uenig/litt uenig|verken enig eller uenig/verken eller/nøytral|enig/delvis enig/litt enig"
    "|helt enig",
    "svært misfornøyd/veldig misfornøyd/meget misfornøyd|misfornøyd/ganske misfornøyd"
    "|verken fornøyd eller misfornøyd/verken eller/nøytral|fornøyd/ganske fornøyd"
    "|svært fornøyd/veldig fornøyd/meget fornøyd",
    "svært dårlig|dårlig|middels/verken eller/ok|god/godt/bra|svært god/svært godt/svært bra/utmerket",
    # Danish
    "i meget lav grad|i lav grad|i nogen grad|i høj grad|i meget høj grad",
    "helt uenig|uenig/delvis uenig/overvejende uenig|hverken enig eller uenig/hverken eller/neutral"
    "|enig/delvis enig/overvejende enig|helt enig",
    "meget utilfreds|utilfreds|hverken tilfreds eller utilfreds/hverken eller/neutral|tilfreds|meget tilfreds",
    "meget dårlig/meget dårligt|dårlig/dårligt|middel/hverken eller/ok|god/godt|meget god/meget godt/fremragende",
    # Dutch
    "helemaal oneens/helemaal mee oneens/zeer mee oneens/zeer oneens|oneens/mee oneens"
    "|neutraal/niet eens niet oneens/noch mee eens noch mee oneens|eens/mee eens"
    "|helemaal eens/helemaal mee eens/zeer mee eens/zeer eens",
    "zeer ontevreden|ontevreden|neutraal/noch tevreden noch ontevreden|tevreden|zeer tevreden",
    "zeer slecht|slecht|matig/redelijk/neutraal|goed|zeer goed/uitstekend",
    # German
    "stimme überhaupt nicht zu|stimme nicht zu/stimme eher nicht zu|teils teils/neutral/weder noch"
    "|stimme zu/stimme eher zu|stimme voll und ganz zu/stimme voll zu/stimme völlig zu",
    "sehr unzufrieden|unzufrieden/eher unzufrieden|weder zufrieden noch unzufrieden/neutral/teils teils"
    "|zufrieden/eher zufrieden|sehr zufrieden",
    "sehr schlecht|schlecht|mittelmäßig/neutral|gut|sehr gut",
    # French
    "pas du tout d'accord|pas d'accord/plutôt pas d'accord|ni d'accord ni pas d'accord/neutre"
    "|d'accord/plutôt d'accord|tout à fait d'accord",
    "pas du tout d'accord|plutôt pas d'accord|plutôt d'accord|tout à fait d'accord",
    "très insatisfait|insatisfait/plutôt insatisfait|ni satisfait ni insatisfait/neutre|satisfait/plutôt satisfait"
    "|très satisfait",
    "pas du tout satisfait|plutôt pas satisfait/peu satisfait|plutôt satisfait/satisfait|très satisfait",
    # Finnish
    "erittäin tyytymätön|tyytymätön/melko tyytymätön|en tyytyväinen enkä tyytymätön/neutraali"
    "|tyytyväinen/melko tyytyväinen|erittäin tyytyväinen",
    # Spanish
    "totalmente en desacuerdo/muy en desacuerdo|en desacuerdo|ni de acuerdo ni en desacuerdo/neutral|de acuerdo"
    "|totalmente de acuerdo/muy de acuerdo",
    "muy insatisfecho|insatisfecho|ni satisfecho ni insatisfecho/neutral|satisfecho|muy satisfecho",
)


def plain_words(cell: str) -> str:
    """Return a cell as it is compared: lower case, without punctuation that nobody means.

    Examples
    --------
    >>> plain_words(" Teils/teils. "), plain_words("D’accord")
    ('teils teils', "d'accord")
    """
    return " ".join(re.sub(r"[/,.!()\u2013-]", " ", cell.replace("’", "'")).casefold().split())


def _read(scale: str) -> dict[str, int]:
    return {plain_words(word): step for step, words in enumerate(scale.split("|"), 1) for word in words.split("/")}


_STEPS: Final = tuple(_read(scale) for scale in _SCALES)


def steps_of(words: Collection[str]) -> dict[str, int] | None:
    """Return the step of each word, or None where the words are of no known scale, or of several.

    A scale of which every step occurs is taken; otherwise one with two steps fewer that nobody chose than any other
    would have. So five steps are read where nobody chose the lowest, and not taken for seven; whether there was a
    middle that nobody chose is left open.

    Examples
    --------
    >>> steps_of(["Satisfied", "Very satisfied", "Neutral"])
    {'Satisfied': 4, 'Very satisfied': 5, 'Neutral': 3}
    >>> [steps_of(words) for words in (["Poor", "Good"], ["Agree", "Strongly agree"], ["Blue", "Green"])]
    [None, None, None]
    """
    plain = {word: plain_words(word) for word in words}
    distinct = set(plain.values())
    # Two words of one step in the same column: they are not of that scale.
    fitting = [
        scale
        for scale in _STEPS
        if distinct <= scale.keys() and len({scale[word] for word in distinct}) == len(distinct)
    ]
    unused = [max(scale.values()) - len(distinct) for scale in fitting]
    least = min(unused, default=0)
    near = [scale for scale, left in zip(fitting, unused, strict=True) if left < least + (2 if least else 1)]
    readings = {tuple(scale[word] for word in plain.values()) for scale in near}
    return dict(zip(plain, readings.pop(), strict=True)) if len(readings) == 1 else None
