"""Any other table: columns are recognised by wording, values and shape, or named in study.toml."""

from nps_utils.exports.tools.tool import Tool

TOOL = Tool(name="generic", title="a table of unknown origin")
