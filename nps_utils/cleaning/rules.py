"""The cleaning rules of single rows: an ordered list of reasons, read from top to bottom.

The first reason that holds rejects the row. What a rule asks of a text is answered while the table is read (`facts`);
what scores, labels and dates mean is looked up before the rules are (`answers`, `instants`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw

from nps_utils.cleaning.answers import EMPTY, PROBLEMS
from nps_utils.columns import NO as SAYS_NO
from nps_utils.columns import YES
from nps_utils.exports.cells.standing import BETWEEN, PARTIAL, REASONS, TEST
from nps_utils.scale import BANDS, NPS_TYPE

# Words of channel and yes-or-no columns in lower case, as the tools write them; those of a status are in `standing`.
# Qualtrics: 1 preview, 2 test, 8 spam, 9 preview spam, 12 imported spam, 17 offline preview, 40 spam.
PREVIEW_CODES: Final = ("1", "2", "8", "9", "12", "17", "40")
# A column that says whether a survey was finished may also name what was not.
NO: Final = (*SAYS_NO, "partial", "incomplete")
# The rules of one text each, in order: the column, and the reason, which may be what the column itself says.
_OF_TEXTS: Final = (
    ("source_problem", None),
    ("status", "preview_or_test"),
    ("channel", "preview_or_test"),
    *((f"{column}:{reason}", reason) for column in ("status", "excluded") for reason in list(REASONS)[1:]),
    ("excluded:preview_or_test", "preview_or_test"),
    ("email", "own_staff"),
    ("respondent_id", "own_staff"),
    ("excluded", "excluded_by_tool"),
    ("survey_type", "not_nps"),
)
# White space of Unicode, which is what Polars strips unasked. Spark strips that of ASCII alone: a status "test" between
# no-break spaces would be a customer there.
_WHITE: Final = "".join(
    map(chr, [*range(9, 14), 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000])
)
# The same as a class of regular expressions, which see white space around a text for less than taking it off costs.
BLANKS: Final = f"[{_WHITE}]*"
DATES: Final = ("responded_at", "asked_at")
_CLOCK: Final = r"\d:\d\d"
# What an empty comment looks like in exports of R, Python and spreadsheets.
# The numbers are what survey tools for research write for what was not answered or not asked.
MISSING_COMMENT: Final = (
    "", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", "#N/A", "-9", "-66", "-77", "-88", "-97", "-98", "-99",
    "-999",
)  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """A reason, the rows it holds for, and the column whose cell shows it."""

    reason: str | nw.Expr
    holds: nw.Expr
    shows: str | None = None

    @property
    def why(self) -> nw.Expr:
        """The reason as an expression."""
        return nw.lit(self.reason) if isinstance(self.reason, str) else self.reason

    @property
    def cell(self) -> nw.Expr:
        """The cell that shows it, or nothing."""
        return nw.col(self.shows) if self.shows else nw.lit(None, nw.String)


def bare(column: str) -> nw.Expr:
    """The cell without white space around it, the same on every engine."""
    return nw.col(column).str.strip_chars(_WHITE)


def lower(column: str) -> nw.Expr:
    """The cell in lower case without white space around it."""
    return bare(column).str.to_lowercase()


def blank(column: str) -> nw.Expr:
    """Whether the cell is empty."""
    cell = nw.col(column)
    # Nearly every cell begins with a sign that is no blank, which is seen sooner than that none are around it.
    shown = (cell >= "!") & (cell < "\x7f")
    return cell.is_null() | (nw.when(~shown).then(bare(column)) == "").fill_null(value=False)


def facts(columns: Collection[str], *, staff_domains: Sequence[str]) -> dict[str, nw.Expr]:
    """What the rules ask of the texts of a row, by the name of the column that will hold it.

    They are computed while the table is read, so that the texts need not be kept.

    Parameters
    ----------
    columns
        What the table has; a rule about another column does not apply.
    staff_domains
        Mail domains whose people are not customers.
    """
    asked = {column: _of_domain(column, staff_domains) for column in ("email", "respondent_id") if staff_domains}
    found = {_fact(column): rule for column, rule in asked.items() if column in columns}
    return found | ({"_mute": blank("comment")} if "comment" in columns else {})


def facts_of_texts(columns: Collection[str]) -> dict[str, dict[str, nw.Expr]]:
    """What the rules ask of columns of few different texts, by column: no text of them need be asked twice."""
    asked: dict[str, dict[str, nw.Expr]] = {
        "source_problem": {_fact("source_problem"): ~blank("source_problem")},
        "source_flag": {_fact("source_flag"): ~blank("source_flag")},
        "channel": {_fact("channel"): _stands("channel", TEST)},
        "survey_type": {
            _fact("survey_type"): ~lower("survey_type").str.contains(NPS_TYPE).fill_null(value=False)
            & ~blank("survey_type")
        },
        "status": {_fact("status"): _stands("status", (*TEST, *PREVIEW_CODES)), **_standings("status")},
        "excluded": {
            _fact("excluded"): lower("excluded").is_in(list(YES)).fill_null(value=False),
            **_standings("excluded"),
        },
        "finished": {
            "_partial:finished": _stands("finished", PARTIAL) | _is_one_of("finished", NO),
            "_said:finished": ~blank("finished"),
        },
    }
    asked["status"]["_said:status"] = ~blank("status")
    for column in DATES:
        day, clock = f"{column}:day", f"{column}:clock"
        asked[day] = {f"_said:{day}": ~blank(day), f"_clocked:{day}": _with_clock(day)}
        asked[clock] = {f"_clocked:{clock}": _with_clock(clock)}
    have = {*columns, *(f"{column}:{part}" for column in DATES if column in columns for part in ("day", "clock"))}
    return {column: told for column, told in asked.items() if column in have}


def facts_of_facts(columns: Collection[str]) -> dict[str, nw.Expr]:
    """What the rules ask of several columns: whether an answer is partial, whether it says nothing though it came."""
    found: dict[str, nw.Expr] = {}
    partial = [nw.col(f"_partial:{column}") for column in ("status", "excluded", "finished") if column in columns]
    if partial:
        found[_fact("partial")] = nw.any_horizontal(*partial, ignore_nulls=True)
    delivered = [says_date(column) for column in DATES if column in columns]
    delivered += [nw.col(f"_said:{column}") for column in ("status", "finished") if column in columns]
    if delivered:
        silent = nw.col("_mute") if "comment" in columns else nw.lit(value=True)
        found[_fact("silent")] = silent & nw.any_horizontal(*delivered, ignore_nulls=True)
    if "wave" in columns:
        found[_fact("wave")] = nw.col("_own_wave").is_null()
    return found


def says_date(column: str) -> nw.Expr:
    """Whether anything stands in a cell of a column of dates, once it is cut."""
    return nw.col(f"_said:{column}:day") | ~nw.col(f"{column}:number").is_null()


def says_time(column: str) -> nw.Expr:
    """Whether a time of day stands in a cell of a column of dates, once it is cut."""
    return nw.col(f"_clocked:{column}:day") | nw.col(f"_clocked:{column}:clock")


def _with_clock(column: str) -> nw.Expr:
    return nw.col(column).str.contains(_CLOCK).fill_null(value=False)


def _standings(column: str) -> dict[str, nw.Expr]:
    """Whether the cell says of its row what a rule, or that of partial answers, asks."""
    return {
        f"_partial:{column}": _stands(column, PARTIAL),
        **{_fact(f"{column}:{reason}"): _stands(column, words) for reason, words in REASONS.items()},
    }


def _is_one_of(column: str, words: Sequence[str]) -> nw.Expr:
    return lower(column).is_in(list(words)).fill_null(value=False)


def _stands(column: str, words: Sequence[str]) -> nw.Expr:
    """Whether a cell says that its row stands so."""
    return lower(column).str.replace_all(BETWEEN, " ").is_in(list(words)).fill_null(value=False)


def _fact(column: str) -> str:
    return f"_is:{column}"


def row_rules(known: Collection[str], *, reject_partials: bool, need_wave: bool, dated: Collection[str]) -> list[Rule]:
    """Return the rules that reject single rows, in order.

    Parameters
    ----------
    known
        The columns of the table and its `facts`. `_answer` (see `Answers.codes`) and `responded_at:utc` are there too.
    reject_partials
        Whether answers of people who did not finish the survey are rejected.
    need_wave
        Whether a row must name its wave itself.
    dated
        The files in which rows have dates.
    """
    excess = "source_excess" if "source_excess" in known else None
    rules = [
        Rule(reason or nw.col(column), _holds(column), column.partition(":")[0] if reason else excess)
        for column, reason in _OF_TEXTS
        if _fact(column) in known
    ]
    answered = nw.col("_answer")
    if _fact("silent") in known:
        rules.append(Rule("unanswered_view", (answered.is_null() | (answered == EMPTY)) & _holds("silent"), "score"))
    if _fact("partial") in known and reject_partials:
        shown = next(column for column in ("status", "finished", "excluded") if column in known)
        rules.append(Rule("unfinished", _holds("partial"), shown))
    rules.append(Rule("missing_score", answered.is_null() | answered.is_in([-1, EMPTY]), "score"))
    rules += [Rule(problem, answered == -1 - place, "score") for place, problem in enumerate(PROBLEMS) if place]
    if dated:
        undated = nw.col("source_file").is_in(sorted(dated)) & nw.col("responded_at:utc").is_null()
        rules.append(Rule("missing_date", undated & nw.col("responded_at:missing"), "responded_at"))
        rules.append(Rule("impossible_date", undated & nw.col("responded_at:impossible"), "responded_at"))
        rules.append(Rule("unreadable_date", undated, "responded_at"))
    if need_wave:
        rules.append(Rule("missing_wave", _holds("wave"), "wave"))
    return rules


def _holds(column: str) -> nw.Expr:
    return nw.col(_fact(column))


def _of_domain(column: str, domains: Sequence[str]) -> nw.Expr:
    """Whether the address ends with one of the domains, or with a subdomain of one."""
    names = "|".join(re.escape(domain.strip().lower().lstrip("@")) for domain in domains)
    return nw.col(column).str.contains(rf"(?i)@(?:[^@]*\.)?(?:{names}){BLANKS}$")


def flag_rules(columns: Collection[str]) -> list[Rule]:
    """Return what makes a row worth a note without rejecting it."""
    rules = []
    if "source_flag" in columns:
        rules.append(Rule(nw.col("source_flag"), _holds("source_flag")))
    if "score_label" in columns:
        score = nw.col("_answer")
        band = (
            nw.when(score >= BANDS["promoter"][0])
            .then(2)
            .otherwise(nw.when(score >= BANDS["passive"][0]).then(1).otherwise(0))
        )
        rules.append(Rule("label_disagrees", (score >= 0) & (nw.col("_label") != band), "score_label"))
    for column in ("responded_at", "asked_at"):
        if column in columns:
            rules.append(Rule("local_time_moved", nw.col(f"{column}:moved"), column))
    if "asked_at" in columns:
        impossible = nw.col("asked_at:impossible")
        lost = nw.col("asked_at:utc").is_null() & ~nw.col("asked_at:missing") & ~impossible
        rules += [Rule("unreadable_asked_at", lost, "asked_at"), Rule("impossible_asked_at", impossible, "asked_at")]
    return rules


def first_that_holds(rules: Sequence[Rule]) -> nw.Expr:
    """The number of the first rule that holds for each row; null where none does."""
    place = nw.lit(None).cast(nw.Int8)
    for number, rule in reversed(list(enumerate(rules))):
        place = nw.when(rule.holds).then(nw.lit(number, nw.Int8)).otherwise(place)
    return place


def flags_that_hold(rules: Sequence[Rule]) -> nw.Expr:
    """The sum of 1, 2, 4, ... for the rules that hold: `holds_flag` reads it back."""
    held = no = nw.lit(0, nw.Int8)
    for number, rule in enumerate(rules):
        held = held + nw.when(rule.holds).then(nw.lit(2**number, nw.Int8)).otherwise(no)
    return held


def holds_flag(number: int) -> nw.Expr:
    """Whether the flag rule of this number holds, by the column `_flags`."""
    held: nw.Expr = nw.col("_flags") // 2**number % 2 == 1
    return held


def with_reasons(frame: nw.LazyFrame[Any], rules: Sequence[Rule]) -> nw.LazyFrame[Any]:
    """Add `_reason` and `_shown` (the cell that shows it) of the rule whose number is in `_rule`; else null."""
    reason = shown = nw.lit(None, nw.String)
    for number, rule in enumerate(rules):
        mine = nw.col("_rule") == number
        reason = nw.when(mine).then(rule.why).otherwise(reason)
        shown = nw.when(mine).then(rule.cell).otherwise(shown)
    return frame.with_columns(_reason=reason, _shown=shown)
