"""Employees among those who answered: a column says of each row whether it is of a customer or of staff."""

from __future__ import annotations

import json
import re
from typing import Final

from nps_utils.exports.found import Found
from nps_utils.scale.ways_on import for_shell

_STAFF: Final = re.compile(
    r"(?:employees?|staff|co-?workers?|(?:egen )?personal|medarbetare|anställda?|medarbeider(?:e|en)?|ansatte?|ansat"
    r"|medarbejdere?|medewerkers?|werknemers?|mitarbeiter(?:in|innen|:innen|\*innen)?|collaborateurs?|henkilöstö)",
    re.I,
)
_MOST: Final = 10


def staff_among(found: Found) -> list[str]:
    """Say that answers of employees count with those of customers, and how to keep them apart."""
    if found.of_employees or "touchpoint" in found.chosen:
        return []
    for column in found.free:
        staff = sorted(cell for cell in column.distinct if _STAFF.fullmatch(cell))
        if staff and 2 <= len(column.distinct) <= _MOST:
            return [
                f'"{column.name}": rows of "{staff[0]}" may be of your own people, who are no customers, and count with'
                " all others in one score. To keep them apart, as surveys of their own: columns = { touchpoint ="
                f" {json.dumps(column.name, ensure_ascii=False)} }} under its [[export]] in study.toml; to nps new:"
                f" --column touchpoint={for_shell(column.name)}"
            ]
    return []
