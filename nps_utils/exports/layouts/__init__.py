"""Tables that are not one row per answer, turned into that: a row per question, counts, a column per wave."""
