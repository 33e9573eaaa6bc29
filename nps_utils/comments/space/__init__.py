"""A space in which words of five languages that mean alike lie near each other, and comments as points in it."""
