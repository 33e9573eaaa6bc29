"""Survey exports: bytes to a text table in canonical columns, one small declarative file per tool."""
