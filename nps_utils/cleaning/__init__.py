"""A text table becomes responses and a ledger, on the engine of the table; every row is kept or has a reason."""
