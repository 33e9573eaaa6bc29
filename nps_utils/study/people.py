"""Who gave each answer: known by an id, by the frame, or by an e-mail address; or nobody, where a name is shared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from nps_utils.cleaning.crowds import NOBODY
from nps_utils.cleaning.repeats import DAMAGED
from nps_utils.study.further import last_of_each, scan_part
from nps_utils.study.lookup import looked_up
from nps_utils.study.settings import Settings

# How they stand beside the answers, while they are joined.
_ADDRESS: Final = "joined:address"
_ID: Final = "joined:id"


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


def with_people_of_addresses(responses: pl.LazyFrame, shared: Sequence[str] = ()) -> pl.LazyFrame:
    """Return the responses with `respondent_id` filled from the e-mail address, where an export gives no id.

    Most tools know people by address alone. Two answers of one address are two of one person, for every method that
    asks who answered: an address that has one id elsewhere is that id's person, any other is its own id, in lower
    case. Where ids never repeat though addresses do, ids are those of answers, and the address is the person. Addresses
    of nobody or of several people (`shared`) name none, nor does an id that a spreadsheet rounded.

    Examples
    --------
    >>> answers = pl.LazyFrame({"respondent_id": ["7", None, None], "email": ["a@x.se", "A@x.se ", "b@x.se"]})
    >>> with_people_of_addresses(answers).collect()["respondent_id"].to_list()
    ['7', '7', 'b@x.se']
    """
    present = responses.collect_schema().names()
    own, address = people_of(present, shared)
    # A column in which nobody is named is one of no type, as pandas has it.
    if "email" not in present:
        known = responses.select(own.count().alias("n")).collect(engine="streaming").item()
        return responses.with_columns(respondent_id=own if known else pl.lit(None))
    both = responses.select(own, address)
    # Numbers stand for ids that are only compared.
    id_of, address_of = pl.col("own").hash(), pl.col("address").hash()
    counted = both.select(
        lack=pl.col("own").null_count(),
        n=pl.col("own").count(),
        distinct=id_of.filter(pl.col("own").is_not_null()).n_unique(),
        addresses=pl.col("address").count(),
    ).collect(engine="streaming")
    lack, n, distinct, addresses = counted.row(0)
    if not n and not addresses:
        return responses.with_columns(respondent_id=pl.lit(None))
    if n == distinct and _any_of_several(both.drop_nulls().select(own=id_of, address=address_of)):
        return responses.with_columns(respondent_id=pl.coalesce(address, own))
    if not lack:
        return responses.with_columns(respondent_id=own)
    of_one = _known_by_one_id(both).rename({"own": _ID})
    told = responses.with_columns(address.alias(_ADDRESS))
    joined = looked_up(told, pl.col(_ADDRESS), of_one, by="address")
    return joined.with_columns(respondent_id=pl.coalesce(own, _ID, _ADDRESS)).drop(_ID, _ADDRESS)


def people_of(present: Sequence[str], shared: Sequence[str]) -> tuple[pl.Expr, pl.Expr]:
    """Return the id (`own`) and the `address` that name the person of an answer, each where it does."""
    ids, mail = _text("respondent_id", present), _text("email", present).str.to_lowercase()
    nobody = [*NOBODY, *(name.strip().lower() for name in shared)]
    own = pl.when(~ids.str.contains(DAMAGED)).then(ids)
    address = pl.when(mail.str.contains("@", literal=True) & ~mail.is_in(nobody)).then(mail)
    return own.alias("own"), address.alias("address")


def _text(column: str, present: Sequence[str]) -> pl.Expr:
    """Return the texts of a column without blanks around them, null where there is none."""
    told = pl.col(column).str.strip_chars() if column in present else pl.lit(None, pl.String)
    return pl.when(told != "").then(told)


def _any_of_several(pairs: pl.LazyFrame) -> bool:
    """Say whether one address stands beside several ids."""
    ids = pairs.unique().group_by("address").len().select((pl.col("len") > 1).any())
    return bool(ids.collect(engine="streaming").item())


def _known_by_one_id(both: pl.LazyFrame) -> pl.DataFrame:
    """Return the addresses of answers without an id that stand beside exactly one id elsewhere, and that id."""
    asked = both.filter(pl.col("own").is_null()).select("address").drop_nulls().unique()
    pairs = both.drop_nulls().join(asked, on="address", how="semi").unique()
    ids = pairs.group_by("address").agg(pl.col("own").first(), n=pl.len()).filter(pl.col("n") == 1)
    return ids.select("address", "own").collect(engine="streaming")


def _people(folder: Path, settings: Settings) -> pl.DataFrame | None:
    """Return who is behind each e-mail address, by the frame; None where it cannot say."""
    if settings.frame is None:
        return None
    frame = scan_part(folder, settings, "frame")
    columns = frame.collect_schema().names()
    known = [name for name in ("respondent_id", "account_id", "language") if name in columns]
    if "email" not in columns or not known:
        return None
    key = pl.col("email").str.strip_chars().str.to_lowercase()
    people = last_of_each(frame, key).select(key.alias(_ADDRESS), *(pl.col(name).alias(f"_{name}") for name in known))
    return people.collect(engine="streaming")


def _with_people(united: pl.LazyFrame, people: pl.DataFrame | None) -> pl.LazyFrame:
    """Name the respondent and account of a known e-mail address by the ids of the frame.

    A tool's own contact id would otherwise make two people of one who answered through two tools.
    """
    if people is None or "email" not in united.collect_schema().names():
        return united
    known = [name[1:] for name in people.columns if name != _ADDRESS]
    present = united.collect_schema().names()
    address = pl.col("email").str.strip_chars().str.to_lowercase()
    joined = looked_up(united, address, people, by=_ADDRESS)
    own = {name: pl.col(name).replace("", None) if name in present else pl.lit(None, pl.String) for name in known}
    # An answer knows its own language best; who a person is, and of which account, the frame knows best.
    pairs = {name: (pl.col(f"_{name}"), own[name]) for name in known}
    told = [pl.coalesce(reversed(pair) if name == "language" else pair).alias(name) for name, pair in pairs.items()]
    return joined.with_columns(told).drop(f"_{name}" for name in known)


def _with_accounts_of_people(united: pl.LazyFrame, folder: Path, settings: Settings) -> pl.LazyFrame:
    """Add the account of a person that the frame knows by id, where neither the answer nor the address says it."""
    present = united.collect_schema().names()
    if settings.frame is None or "respondent_id" not in present:
        return united
    frame = scan_part(folder, settings, "frame")
    if not {"respondent_id", "account_id"} <= set(frame.collect_schema().names()):
        return united
    named = pl.when(pl.col("account_id").is_not_null()).then(pl.col("respondent_id"))
    known = last_of_each(frame, named).select("respondent_id", pl.col("account_id").alias("_account_id"))
    of_whom = known.collect(engine="streaming")
    joined = looked_up(united, pl.col("respondent_id").str.strip_chars(), of_whom, by="respondent_id")
    own = pl.col("account_id").replace("", None) if "account_id" in present else pl.lit(None, pl.String)
    return joined.with_columns(pl.coalesce(own, "_account_id").alias("account_id")).drop("_account_id")
