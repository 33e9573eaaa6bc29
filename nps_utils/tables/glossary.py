"""What every column is called on a page, how it is written and what it means: one word for one thing."""

from __future__ import annotations

from typing import Final, NamedTuple

from nps_utils.tables.formats import Kind


class Column(NamedTuple):
    """A column as a reader meets it."""

    label: str
    kind: Kind
    meaning: str


COLUMNS: dict[str, Column] = {
    # Groups
    "wave": Column("Wave", "text", "The period in which the answer was given, in the study's time zone"),
    "touchpoint": Column("Touchpoint", "text", "The moment that was asked about; relationship is none in particular"),
    "survey": Column("Survey", "text", "The survey as the tool names it"),
    "language": Column("Language", "text", "The language of the answer"),
    "segment": Column("Segment", "text", "A group of those who were asked"),
    "method": Column("Method", "text", "How the interval was computed"),
    # Counts
    "detractors": Column("Detractors", "count", "Answers 0 to 6"),
    "passives": Column("Passives", "count", "Answers 7 and 8"),
    "promoters": Column("Promoters", "count", "Answers 9 and 10"),
    "n": Column("n", "count", "Number of answers"),
    "n_effective": Column("Effective n of weights", "number", "How many equally weighted answers would be as precise"),
    "rows": Column("Rows", "count", "Number of rows"),
    "share": Column("Share", "share", "Share of all"),
    # Scores
    "score": Column("Score", "count", "The answer, 0 to 10"),
    "nps": Column("NPS", "points", "Share of promoters less share of detractors, in points from -100 to 100"),
    "se": Column("SE", "number", "Standard error of the score, in points"),
    "low": Column("Low", "points", "Lower limit of the interval"),
    "high": Column("High", "points", "Upper limit of the interval"),
    "mean": Column("Mean", "number", "Mean answer, 0 to 10"),
    "mean_low": Column("Mean low", "number", "Lower limit of the interval of the mean"),
    "mean_high": Column("Mean high", "number", "Upper limit of the interval of the mean"),
    "top_box": Column("Top box", "share", "Share of answers 9 and 10"),
    "top_low": Column("Top box low", "share", "Lower limit of the interval of the top box"),
    "top_high": Column("Top box high", "share", "Upper limit of the interval of the top box"),
    # Changes
    "before": Column("Before", "text", "The earlier group"),
    "after": Column("After", "text", "The later group"),
    "nps_before": Column("NPS before", "points", "Score of the earlier group"),
    "nps_after": Column("NPS after", "points", "Score of the later group"),
    "n_before": Column("n before", "count", "Answers in the earlier group"),
    "n_after": Column("n after", "count", "Answers in the later group"),
    "change": Column("Change", "signed", "Score after less score before, in points"),
    "pvalue": Column("p", "pvalue", "Chance of a change at least this large if nothing had changed"),
    "pvalue_adjusted": Column("Adj. p", "pvalue", "The same, adjusted for all comparisons of the family"),
    "family": Column("Family", "text", "The comparisons that were adjusted for together"),
    "verdict": Column("Verdict", "text", "What the interval and the adjusted p-value allow to be said"),
    "visible": Column(
        "Would show", "number", "The change in points that would have held after adjusting, in 4 of 5 cases"
    ),
    "design": Column("Design", "text", "Whether answers are independent, of the same accounts, or of the same people"),
    "units": Column("Accounts", "count", "Accounts (where unknown, people) among the answers"),
    "against": Column("Against", "text", "The wave before, or the same period a year ago"),
    # Cleaning
    "source_file": Column("File", "text", "The export file"),
    "source_row": Column("Row", "text", "Row number in the file as a spreadsheet shows it"),
    "action": Column(
        "Action", "text", "Rejected: not among the responses. Flagged: kept, and worth a look. Noted: a decision"
    ),
    "reason": Column("Reason", "text", "The rule that applied"),
    "value": Column("Value", "text", "The value the rule met, or the evidence of a decision"),
    "tool": Column("Tool", "text", "The survey tool the export came from"),
    "score_column": Column("Score column", "text", "The column read as the 0-10 answer"),
    "rows_in": Column("Rows in", "count", "Rows of the export"),
    "responses": Column("Responses", "count", "Rows that became responses"),
    "rejected": Column("Rejected", "count", "Rows that did not, each in the ledger"),
    "evidence": Column("Evidence", "text", "Why it was recognised so"),
    # What only the saved file holds, or a table shows under the word itself
    "cut": Column("Cut", "text", "The column by which the answers are divided here"),
    "group": Column("Group", "text", "The group: a value of what is named beside it"),
    "source": Column("Source", "text", "Where it comes from"),
    "citation": Column("Citation", "text", "Where it was published"),
    "measure": Column("Measure", "text", "What was measured"),
    "metric": Column("Metric", "text", "What the goal is set for"),
    "measurable": Column("Measurable", "text", "Whether the planned rise would show between two waves of this n"),
    "sure": Column("Sure", "text", "Whether the interval lies on one side of the goal or of the line to it"),
    "smallest_round": Column("Smallest round", "text", "The fewest people that one round of the year may ask"),
    "askings_most": Column("Askings most", "text", "How often one person is asked in the year at most"),
    "weight_column": Column("Weight column", "text", "The column that was read as weight of an answer"),
    "rank": Column("Rank", "text", "The place of the score among the groups, highest first"),
    "df": Column("Df", "text", "Degrees of freedom of the interval"),
    "n_worth": Column("N worth", "text", "So many independent answers would be as precise"),
    "accounts_effective": Column("Accounts effective", "text", "So many accounts of equal weight would be as precise"),
    "share_before": Column("Share before", "text", "Share of the segment's known answers in the earlier wave"),
    "share_after": Column("Share after", "text", "Share of the segment's known answers in the later wave"),
    "warning": Column("Warning", "text", "What makes the split doubtful"),
    "swapped": Column("Swapped", "text", "Hardly anybody of one group answered in both waves: no mix can be told"),
    "all_mix": Column(
        "All mix", "text", "The interval of the mix part leaves zero and that of the part within segments does not"
    ),
    "correlation": Column("Correlation", "text", "How alike the two answers of the same person are, -1 to 1"),
    "scatter": Column("Scatter", "text", "Q of the waves about their line: their scatter beside that of chance"),
    "scatter_df": Column("Scatter df", "text", "Degrees of freedom of the scatter"),
    "equal": Column("Equal", "text", "Q of the waves about one common score"),
    "equal_df": Column("Equal df", "text", "Degrees of freedom of the comparison with one common score"),
    "lag": Column("Lag", "text", "Periods from the answers to the growth; negative is before them"),
    "slope": Column("Slope", "text", "Change of the outcome with one unit of the score"),
    "errors": Column("Errors", "text", "How standard errors and p-value were computed"),
    "tests": Column("Tests", "text", "How many tests were adjusted for together"),
    "below": Column("Below", "text", "Whether the adjusted p-value is below 0.05"),
    "row": Column("Row", "text", "Place of the answer among the responses of the study, from 0"),
    "detectable_r": Column("Detectable r", "text", "The correlation that so many accounts would show in 4 of 5 cases"),
    "what_is_so": Column("What is so", "text", "What is true of the claim"),
    "without_one_low": Column("Without one low", "text", "The smallest value where one account is left out"),
    "without_one_high": Column("Without one high", "text", "The largest value where one account is left out"),
    "interval": Column("Interval", "text", "The interval as the page writes it"),
}
# What the end of a name says of any column, the longest first.
_ENDINGS: Final[dict[str, str]] = {
    "_pvalue_adjusted": "The p-value of {of}, adjusted for all tests of its family",
    "_pvalue": "The p-value of {of}",
    "_low": "Lower limit of the interval of {of}",
    "_high": "Upper limit of the interval of {of}",
}


def column(name: str) -> Column:
    """Return how a column is shown; a study's own segment is shown under its own name.

    Examples
    --------
    >>> column("nps").label, column("country").label, column("customer_size").label
    ('NPS', 'Country', 'Customer size')
    >>> column("nps_with_low").meaning
    'Lower limit of the interval of nps with'
    """
    return COLUMNS.get(name) or Column(name.replace("_", " ").capitalize(), "text", _meaning(name))


def _meaning(name: str) -> str:
    for ending, said in _ENDINGS.items():
        if name.endswith(ending):
            return said.format(of=name.removesuffix(ending).replace("_", " "))
    return "A column of the study, such as a segment, under its own name"
