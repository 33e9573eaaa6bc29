"""Survey exports: bytes to a text table in canonical columns. A new tool is one file in `tools/`."""

from nps_utils.exports.read import Recognised, read_export, recognise, scan_export
from nps_utils.exports.sheets import ALL_SHEETS, part_label, sheets_to_read, unread_sheets

__all__ = [
    "ALL_SHEETS",
    "Recognised",
    "part_label",
    "read_export",
    "recognise",
    "scan_export",
    "sheets_to_read",
    "unread_sheets",
]
