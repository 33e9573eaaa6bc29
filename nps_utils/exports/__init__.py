"""Survey exports: bytes to a text table in canonical columns. A new tool is one file in `tools/`."""

from nps_utils.exports.read import Recognised, read_export, recognise, scan_export

__all__ = ["Recognised", "read_export", "recognise", "scan_export"]
