"""One small declarative file per survey tool.

Adding a tool
-------------
1. Write `nps_utils/exports/tools/<tool>.py` with one constant `TOOL = Tool(...)`: the headers by which its exports are
   known (`signs`, from a real export or the vendor's documentation; choose ones that no other tool has), and for each
   canonical column the headers that hold it (`columns`, best first; case, spaces and punctuation do not matter).
   `hubspot.py` is an example with localised labels, `surveymonkey.py` of two header rows, `qualtrics.py` of three.
   The file is found by being there; nothing else has to be registered.
2. Leave out what is recognised anyway: the score by its question, the label column, dates, comments, ids by their
   names. List only headers that would be missed or mistaken. Say in the docstring what is the vendor's word and what
   is inferred. What else a tool may need said is in `Tool`: the zone of its bare times, the column that is filled when
   an answer is finished, what its codes mean (`limesurvey.py`, `kobo.py`).
3. Add to `tests/exports/test_survey_tools.py` an invented file of two or three rows in the tool's layout, and what must
   come out. Never a real customer's export.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from nps_utils.exports.tools.tool import Tool


@cache
def known_tools() -> tuple[Tool, ...]:
    """Return every tool we know: the `TOOL` of each module of this package that has one."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(module.TOOL for module in modules if hasattr(module, "TOOL"))
