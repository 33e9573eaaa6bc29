"""Counts become numbers: scores, changes, trends, plans, weights; each function is in the module that says its kind."""
