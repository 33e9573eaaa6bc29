"""NPS research: from survey exports to scores with intervals, real change, revenue, comments and action."""
