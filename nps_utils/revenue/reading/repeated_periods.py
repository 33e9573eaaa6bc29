"""Periods given twice: copies, several contracts at a time, and ends that are the next start."""

from __future__ import annotations

from typing import Literal, TypeAlias

import pandas as pd

from nps_utils.checks import BadValue
from nps_utils.revenue.reading.ledger import empty_ledger, entries, noted

Repeated: TypeAlias = Literal["error", "sum", "drop"]


def without_shared_days(kept: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take a day off every end when ends are written as the first day of the next period."""
    rows = kept[kept["revenue_type"] == "recurring"].sort_values(["account_id", "currency", "period_start"])
    same = rows["account_id"] == rows["account_id"].shift(-1)
    gap = (rows["period_start"].shift(-1) - rows["period_end"]).dt.days[same]
    longer = (kept["period_end"] > kept["period_start"]).to_numpy()
    if not (gap == 0).any() or (gap == 1).any() or not longer.any():
        return kept, empty_ledger()
    end = kept["period_end"].where(~longer, kept["period_end"] - pd.Timedelta(days=1))
    comment = "a period ends on the day the next one starts; ends were read as not included."
    return kept.assign(period_end=end), noted(kept, "end_not_included", int((gap == 0).sum()), comment)


def without_repeats(kept: pd.DataFrame, repeated: Repeated) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Refuse, add up or reject recurring periods that overlap; flag purchases that look like copies."""
    ledger = [empty_ledger()]
    columns = ["account_id", "period_start", "period_end", "amount", "currency", "revenue_type"]
    copies = kept.duplicated(columns)
    if repeated == "drop":
        drop = copies & (kept["revenue_type"] == "recurring")
        comment = "agrees with an earlier row in every column."
        ledger.append(entries(kept, drop, "rejected", "duplicate_row", kept["amount"], comment))
        kept, copies = kept[~drop], copies[~drop]
    single = copies & (kept["revenue_type"] == "one_off")
    comment = "agrees with an earlier row; two purchases can, so it was kept."
    ledger.append(entries(kept, single, "flagged", "possible_duplicate", kept["amount"], comment))
    overlap = _overlaps(kept)
    if overlap.any() and repeated != "sum":
        row = kept[overlap].iloc[0]
        raise BadValue(
            f"revenue, row {row['source_row']}: account {row['account_id']} has recurring revenue from "
            f"{row['period_start']:%Y-%m-%d} to {row['period_end']:%Y-%m-%d} in an earlier row that overlaps; "
            f"{int(overlap.sum()):,} such rows. If they are several contracts, write under [revenue] in study.toml: "
            'repeated = "sum"; if they are copies: repeated = "drop".'
        )
    comment = "overlaps an earlier row of the account; both were counted."
    ledger.append(entries(kept, overlap, "flagged", "overlapping_period", kept["amount"], comment))
    return kept, pd.concat([part for part in ledger if len(part)] or ledger)


def _overlaps(kept: pd.DataFrame) -> pd.Series[bool]:
    rows = kept[(kept["revenue_type"] == "recurring")].sort_values(["account_id", "period_start", "period_end"])
    # Invoices and their credit notes share a period; only revenue overlaps revenue.
    rows = rows[rows["amount"] >= 0]
    keys = [rows["account_id"], rows["currency"].fillna("")]
    latest = rows.groupby(keys)["period_end"].cummax().groupby(keys).shift()
    return (rows["period_start"] <= latest).reindex(kept.index, fill_value=False)
