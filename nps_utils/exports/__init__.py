"""Survey exports: bytes to a text table in canonical columns, one small declarative file per tool.

Adding a tool
-------------
1. Write `nps_utils/exports/<tool>.py` with one constant `TOOL = Tool(...)`: the headers by which its exports are
   known (`signs`, from a real export or the vendor's documentation; choose ones that no other tool has), and for each
   canonical column the headers that hold it (`columns`, best first; case, spaces and punctuation do not matter).
   `hubspot.py` is an example with localised labels, `surveymonkey.py` of two header rows, `qualtrics.py` of three.
   The file is found by being there; nothing else has to be registered.
2. Leave out what is recognised anyway: the score by its question, the label column, dates, comments, ids by their
   names. List only headers that would be missed or mistaken. Say in the docstring what is the vendor's word and what
   is inferred.
3. Write `tests/test_exports_<tool>.py`: an invented file of two or three rows in the tool's layout, and what must come
   out. Never a real customer's export.
"""

from nps_utils.exports.read import Recognised, read_export, recognise, scan_export, tools
from nps_utils.exports.tool import Tool

__all__ = ["Recognised", "Tool", "read_export", "recognise", "scan_export", "tools"]
