"""Who gave each answer: known by an id, by the frame, or by an e-mail address; or nobody, where a name is shared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import polars as pl

from nps_utils.cleaning.crowds import NOBODY
from nps_utils.cleaning.repeats import DAMAGED
from nps_utils.columns import text_of
from nps_utils.study.further import scan_part
from nps_utils.study.settings import Settings


def with_people_of_frame(united: pl.LazyFrame, folder: Path, settings: Settings) -> pl.LazyFrame:
    """Name the respondent and account of each answer by the frame, where it knows the address or the id."""
    return _with_accounts_of_people(_with_people(united, _people(folder, settings)), folder, settings)


def without_shared(united: pl.LazyFrame, shared: Sequence[str]) -> pl.LazyFrame:
    """Take the respondent from answers under a name that is nobody's, or that several people share."""
    present = united.collect_schema().names()
    people = [name for name in ("respondent_id", "email") if name in present]
    if "respondent_id" not in people:
        return united
    names = [*NOBODY, *(name.strip().lower() for name in shared)]
    named = pl.any_horizontal(pl.col(name).str.strip_chars().str.to_lowercase().is_in(names) for name in people)
    kept = pl.when(~named.fill_null(value=False)).then(pl.col("respondent_id"))
    return united.with_columns(kept.alias("respondent_id"))


def with_people_of_addresses(responses: pd.DataFrame, shared: Sequence[str] = ()) -> pd.DataFrame:
    """Return the responses with `respondent_id` filled from the e-mail address, where an export gives no id.

    Most tools know people by address alone. Two answers of one address are two of one person, for every method that
    asks who answered: an address that has one id elsewhere is that id's person, any other is its own id, in lower
    case. Where ids never repeat though addresses do, ids are those of answers, and the address is the person. Addresses
    of nobody or of several people (`shared`) name none, nor does an id that a spreadsheet rounded.

    Examples
    --------
    >>> answers = pd.DataFrame({"respondent_id": ["7", None, None], "email": ["a@x.se", "A@x.se ", "b@x.se"]})
    >>> with_people_of_addresses(answers)["respondent_id"].tolist()
    ['7', '7', 'b@x.se']
    """
    nobody = {*NOBODY, *(name.strip().lower() for name in shared)}
    own = _each(responses, "respondent_id", lambda ids: ids.mask(ids.str.contains(DAMAGED).fillna(value=False)))
    address = _each(
        responses,
        "email",
        lambda told: told.str.lower().mask(
            told.str.lower().isin(nobody) | ~told.str.contains("@", regex=False).fillna(value=False)
        ),
    )
    pairs = pd.DataFrame({"own": own, "address": address}).dropna().drop_duplicates()
    several = pairs["address"].duplicated(keep=False)
    of_answers = bool(several.any()) and not own.dropna().duplicated().any()
    if of_answers:
        who = address.fillna(own)
    else:
        one = pairs[~several].set_index("address")["own"]
        who = own
        if own.isna().any():
            who = own.fillna(address.map(one).astype("string")).fillna(address)
    return responses.assign(respondent_id=who.where(who.notna(), None).astype(object))


def _each(table: pd.DataFrame, column: str, read: Callable[[pd.Series[str]], pd.Series[str]]) -> pd.Series[str]:
    """Return what `read` makes of the texts of a column, each different one read once."""
    if column not in table.columns:
        return text_of(table, column)
    codes, different = pd.factorize(table[column])
    texts = read(text_of(pd.DataFrame({column: different}), column))
    found: pd.Series[str] = texts.reindex(range(-1, len(texts))).iloc[codes + 1]
    return found.set_axis(table.index)


def _people(folder: Path, settings: Settings) -> pl.LazyFrame | None:
    """Return who is behind each e-mail address, by the frame; None where it cannot say."""
    if settings.frame is None:
        return None
    frame = scan_part(folder, settings, "frame")
    columns = frame.collect_schema().names()
    known = [name for name in ("respondent_id", "account_id", "language") if name in columns]
    if "email" not in columns or not known:
        return None
    key = pl.col("email").str.strip_chars().str.to_lowercase().alias("_email")
    people = frame.select(key, *(pl.col(name).alias(f"_{name}") for name in known)).drop_nulls("_email")
    return people.unique("_email", keep="last").collect(engine="streaming").lazy()


def _with_people(united: pl.LazyFrame, people: pl.LazyFrame | None) -> pl.LazyFrame:
    """Name the respondent and account of a known e-mail address by the ids of the frame.

    A tool's own contact id would otherwise make two people of one who answered through two tools.
    """
    if people is None or "email" not in united.collect_schema().names():
        return united
    known = [name[1:] for name in people.collect_schema().names() if name != "_email"]
    present = united.collect_schema().names()
    joined = united.with_columns(pl.col("email").str.strip_chars().str.to_lowercase().alias("_email")).join(
        people, on="_email", how="left", maintain_order="left"
    )
    own = {name: pl.col(name).replace("", None) if name in present else pl.lit(None, pl.String) for name in known}
    # An answer knows its own language best; who a person is, and of which account, the frame knows best.
    pairs = {name: (pl.col(f"_{name}"), own[name]) for name in known}
    told = [pl.coalesce(reversed(pair) if name == "language" else pair).alias(name) for name, pair in pairs.items()]
    return joined.with_columns(told).drop("_email", *(f"_{name}" for name in known))


def _with_accounts_of_people(united: pl.LazyFrame, folder: Path, settings: Settings) -> pl.LazyFrame:
    """Add the account of a person that the frame knows by id, where neither the answer nor the address says it."""
    present = united.collect_schema().names()
    if settings.frame is None or "respondent_id" not in present:
        return united
    frame = scan_part(folder, settings, "frame")
    if not {"respondent_id", "account_id"} <= set(frame.collect_schema().names()):
        return united
    known = frame.select("respondent_id", pl.col("account_id").alias("_account_id")).drop_nulls()
    of_whom = known.unique("respondent_id", keep="last").collect(engine="streaming").lazy()
    key = pl.col("respondent_id").str.strip_chars()
    joined = united.join(of_whom, left_on=key, right_on="respondent_id", how="left", maintain_order="left")
    own = pl.col("account_id").replace("", None) if "account_id" in present else pl.lit(None, pl.String)
    return joined.with_columns(pl.coalesce(own, "_account_id").alias("account_id")).select(
        *present, *([] if "account_id" in present else ["account_id"])
    )
