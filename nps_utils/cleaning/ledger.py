"""The two tables that cleaning ends in, responses and ledger, and the check that no row is lost between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import narwhals as nw

from nps_utils.cleaning.engines import Engine, Frame, Rows
from nps_utils.cleaning.repeats import POSSIBLE
from nps_utils.cleaning.rules import BLANKS, DATES, MISSING_COMMENT, Rule, flag_rules, holds_flag, lower, with_reasons
from nps_utils.columns import FOUND, RESPONSE, TEXTS, YES

LEDGER = {
    "source_file": nw.String,
    "source_row": nw.Int64,
    "action": nw.String,
    "reason": nw.String,
    "value": nw.String,
    "comment": nw.String,
}
_REJECTED = "R"
_NO_COMMENT: Final = f"^{BLANKS}(?:{'|'.join(map(re.escape, MISSING_COMMENT))}){BLANKS}$"


class RowsLost(RuntimeError):
    """Responses and rejected rows do not add up to the rows read: our own failure, never the user's."""


def split(
    marked: Frame, engine: Engine, cells: Sequence[str], rules: Sequence[Rule], notes: Rows, *, drop_flagged: bool
) -> tuple[Frame, Frame]:
    """Part the rows with their verdicts (`_rule`, `_flags`, `_aside`) into responses and ledger."""
    possible = _possible(drop_flagged=drop_flagged)
    stays = counts(drop_flagged=drop_flagged)
    responses = marked.filter(stays).select(*_response_columns(engine, cells))
    flags = flag_rules(cells)
    held = [*(holds_flag(number) for number in range(len(flags))), possible]
    told = marked.filter(~stays | (nw.col("_flags") > 0) | possible).with_columns(_counts=stays)
    entries = _entries(with_reasons(told, rules), held).select(
        "source_file",
        "source_row",
        action=nw.when(nw.col("_entry") == _REJECTED).then(nw.lit("rejected")).otherwise(nw.lit("flagged")),
        reason=_by_entry(nw.coalesce(nw.col("_reason"), nw.col("_aside")), [*(f.why for f in flags), nw.lit(POSSIBLE)]),
        value=_by_entry(nw.col("_shown"), [*(flag.cell for flag in flags), nw.lit(None, nw.String)]),
        comment=nw.when(nw.col("_entry") == _REJECTED).then(
            nw.col("comment") if "comment" in cells else nw.lit(None, nw.String)
        ),
    )
    # The few notes come last: an engine that streams would hold back all entries until the notes before them are out.
    return responses, nw.concat([entries, engine.table(notes, LEDGER)])


def counts(*, drop_flagged: bool) -> nw.Expr:
    """Whether a row is a response, by its verdicts."""
    return nw.col("_rule").is_null() & (nw.col("_aside").is_null() | _possible(drop_flagged=drop_flagged))


def _possible(*, drop_flagged: bool) -> nw.Expr:
    return (nw.col("_aside") == POSSIBLE) & nw.lit(value=not drop_flagged)


def _entries(told: Frame, held: Sequence[nw.Expr]) -> Frame:
    """Repeat each row for every entry it has in the ledger: `_entry` is R for rejected, else the number of a flag."""
    counts = nw.col("_counts")
    numbers = [nw.when(counts & holds).then(nw.lit(str(number))) for number, holds in enumerate(held)]
    rejected = nw.when(~counts).then(nw.lit(_REJECTED))
    told = told.with_columns(_entry=nw.concat_str(rejected, *numbers, separator=" ", ignore_nulls=True))
    return told.with_columns(_entry=nw.col("_entry").str.split(" ")).explode("_entry")


def _by_entry(of_rejected: nw.Expr, of_flags: Sequence[nw.Expr]) -> nw.Expr:
    """Choose what an entry says by its kind."""
    chosen = of_rejected
    for number, said in enumerate(of_flags):
        chosen = nw.when(nw.col("_entry") == str(number)).then(said).otherwise(chosen)
    return chosen


def _response_columns(engine: Engine, cells: Sequence[str]) -> list[nw.Expr]:
    """The canonical columns, null where the export has none, then the export's other columns."""
    made: dict[str, nw.Expr] = {
        "score": nw.col("_answer").cast(nw.Int8),
        "wave": nw.col("_wave"),
        "source_row": nw.col("source_row"),
    }
    for column in DATES:
        seconds = nw.col(f"{column}:utc") if column in cells else nw.lit(None).cast(nw.Int64)
        made[column] = engine.instant(seconds)
    if "comment" in cells:
        empty = nw.col("comment").str.contains(_NO_COMMENT)
        made["comment"] = nw.when(~empty).then(nw.col("comment"))
    consent = lower("consent_to_quote").is_in(list(YES)).fill_null(value=False)
    made["consent_to_quote"] = consent if "consent_to_quote" in cells else nw.lit(None).cast(nw.Boolean)
    absent = nw.lit(None, nw.String)
    columns = [made.get(name, nw.col(name) if name in cells else absent).alias(name) for name in RESPONSE]
    known = {*RESPONSE, *FOUND}  # what was found is in the ledger
    others = [name for name in TEXTS if name in cells and name not in known]
    others += [name for name in cells if name not in known and name not in TEXTS]
    return [*columns, *(nw.col(name) for name in others), nw.col("_order")]


def check_rows(rows_in: int, *, responses: Any, ledger: Any) -> None:
    """Raise `RowsLost` unless every row is a response or rejected, once."""
    kept = nw.from_native(responses).lazy().select(n=nw.len()).collect().item()
    refused = nw.from_native(ledger).lazy().filter(nw.col("action") == "rejected").select(n=nw.len()).collect().item()
    if kept + refused != rows_in:
        raise RowsLost(
            f"{rows_in:,} rows were read, but {kept:,} responses and {refused:,} rejected rows came out. This is a "
            "fault of the cleaning, not of the data; please report it."
        )
