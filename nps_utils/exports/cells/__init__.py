"""What one cell means: a day in any spelling, an amount, an account id. The same everywhere a table is read."""
