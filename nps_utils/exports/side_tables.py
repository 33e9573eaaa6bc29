"""The further tables of a study (who was asked, accounts, revenue, calls): their headers, in the field's languages.

An export from a customer register names its columns in the language of the office. What is not recognised keeps its
own name; a table without the column that links it to the answers is refused, for it would be left out in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from nps_utils.checks import BadStudy, MissingColumn, closest
from nps_utils.columns import SOURCE
from nps_utils.exports.cells.centuries import with_century
from nps_utils.exports.cells.dates import read_date
from nps_utils.exports.headers import Column
from nps_utils.exports.offered import judge
from nps_utils.exports.people import WHOLE, joined, name_parts
from nps_utils.exports.side_headers import BESIDE_MONEY, SPELLED
from nps_utils.exports.tools.tool import key
from nps_utils.exports.units import without_unit
from nps_utils.exports.wording import HEADERS
from nps_utils.exports.year_and_month import with_year

# Kinds of tables, as study.toml calls them.
KINDS: Final = ("frame", "accounts", "revenue", "followup")

_OF: Final[dict[str, tuple[str, ...]]] = {
    "frame": ("respondent_id", "email", "account_id", "asked_at", "wave", "customer_since", "language", "touchpoint"),
    "accounts": ("account_id", "name", "owner", "customer_since", "churned_on"),
    "revenue": ("account_id",),
    "followup": ("response_id", "contacted_at", "status"),
}
# One of these links the table to the answers; and what else cannot be told without it.
_LINKS: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "frame": (("respondent_id", "email"), "who was asked"),
    "accounts": (("account_id",), "which account a row is about"),
    "revenue": (("account_id",), "which account a row is about"),
    "followup": (("response_id",), "which answer a row is about"),
}
# Amounts, which may have a unit in their header.
_OF_MONEY: Final = frozenset({"amount", "initial_mrr"})
# Names are as many as accounts; of a yes and a no there are two.
_MANY: Final = 6
_ANSWERS: Final = 3
_DATES: Final = frozenset({"asked_at", "customer_since", "churned_on", "contacted_at"})


def name_columns(
    table: pd.DataFrame, kind: str, *, told: Mapping[str, str], path: Path, keep: Collection[str] = ()
) -> pd.DataFrame:
    """Give our names to the columns of a further table: those told, then those known by another name.

    Parameters
    ----------
    table
        As read: text under its own headers.
    kind
        Of `KINDS`.
    told
        Our name to the header, from study.toml.
    path
        The file, for messages.
    keep
        Headers that the study uses under their own name, as segments.

    Raises
    ------
    BadStudy
        A header that was told is not there, or nothing links the table to the answers.

    Examples
    --------
    >>> sent = pd.DataFrame({"E-post": ["a@x.example"], "Sendt": ["03.02.2026"], "Rolle": ["leder"]})
    >>> list(name_columns(sent, "frame", told={}, path=Path("sent.csv")).columns)
    ['email', 'asked_at', 'Rolle']
    """

    def counted(header: str) -> pd.Series[int]:
        return table[header].dropna().astype(str).value_counts(sort=False)

    headers = [str(header) for header in table.columns]
    named = table.rename(columns=names_of(headers, kind, told=told, path=path, keep=keep, counted=counted))
    if kind == "revenue":
        named = with_currency(named, told.get("amount"))
        named = with_year(named, told["period_start"]) if "period_start" in told else named
    if kind == "frame" and "name" not in named.columns:
        named = _with_name(named, [str(name) for name in named.columns if name not in keep])
    check_linked(list(named.columns), headers, kind, path)
    return named


def names_of(
    headers: Sequence[str],
    kind: str,
    *,
    told: Mapping[str, str],
    path: Path,
    keep: Collection[str],
    counted: Callable[[str], pd.Series[int]],
) -> dict[str, str]:
    """Return our names by the headers of a further table, as `name_columns` gives them.

    Parameters
    ----------
    counted
        How often each text of a column occurs: asked of those alone that a foreign header offers.

    Raises
    ------
    BadStudy
        A header that was told is not there.
    """
    for ours, header in told.items():
        if header not in headers:
            raise BadStudy(
                f'study.toml, [{kind}] columns = {{ {ours} = "{header}" }}: {path} has no such column.'
                f"{closest(header, headers)}"
            )
    names = {header: ours for ours, header in told.items()}
    spelled_so = {key(header): header for header in headers if header not in keep}
    for ours in _OF[kind]:
        known = SPELLED[ours]
        if ours in headers or ours in names.values():
            continue
        if ours == "wave" and "asked_at" in {*headers, *names.values()}:
            continue  # the day tells it, by the rule of the study
        if ours == "account_id" and kind == "frame" and not {"respondent_id", "email"} & {*headers, *names.values()}:
            # A customer's number is the account's, unless nothing else says who was asked: then it is the person's.
            ours, known = "respondent_id", HEADERS["respondent_id"]
        spelled = (spelling for spelling in (key(ours), *known) if spelling in spelled_so)
        free = (spelled_so[spelling] for spelling in spelled if spelled_so[spelling] not in names)
        fitting = next((header for header in free if _fits(ours, counted(header))), None)
        if fitting is not None:
            names[fitting] = ours
    return names


def _with_name(frame: pd.DataFrame, headers: list[str]) -> pd.DataFrame:
    """Add the name of each person, from its parts or from a column of another name."""
    if parts := name_parts(headers):
        return frame.assign(name=joined(frame, parts))
    whole = whole_name(headers)
    return frame if whole is None else frame.rename(columns={whole: "name"})


def whole_name(headers: Sequence[str]) -> str | None:
    """Return the header under which a frame has the whole name of each person, if any."""
    return next((header for known in WHOLE for header in headers if key(header) == known), None)


def _fits(ours: str, counted: pd.Series[int]) -> bool:
    """Say whether the cells are what their header promises, where that can be told."""
    n = int(counted.sum())
    if ours == "email":
        return bool(n) and bool(counted[counted.index.str.contains("@", regex=False)].sum() > 0.5 * n)
    if ours == "name":
        # Kunde, Firma: the name of each, or whether it is one (ja, nej)?
        return n < _MANY or len(counted) > _ANSWERS
    return ours not in _DATES or all(with_century({text: read_date(text) for text in counted.index}).values())


def check_linked(named: Sequence[str], headers: Sequence[str], kind: str, path: Path) -> None:
    """Raise `BadStudy` where no column links a further table to the answers."""
    links, tells = _LINKS[kind]
    if not any(link in named for link in links):
        listed = ", ".join(f'"{header}"' for header in headers if header != "source_row")
        raise BadStudy(
            f"{path} is the [{kind}] of the study, but no column says {tells} ({' or '.join(links)}); it has: {listed}."
            f"\nName it under [{kind}] in study.toml:\n  {_or_so(links)}"
        )


def _or_so(links: Sequence[str]) -> str:
    """Return the line that names the link; where there are two, which is for numbers and which for addresses."""
    first = f'columns = {{ {links[0]} = "..." }}'
    return first if len(links) == 1 else f'{first}\nor, where it holds addresses:\n  columns = {{ {links[1]} = "..." }}'


def words(named: Sequence[str], headers: Sequence[str], kind: str, path: Path, *, rows: int) -> str:
    """Return a sentence on how a further table was read: its rows, and which header became what."""
    pairs = zip(named, headers, strict=False)  # a name from its parts comes last
    renamed = [f'{ours} is "{header}"' for ours, header in pairs if ours != header]
    missing = kind == "frame" and not {"asked_at", "wave"} & {*named}
    said = "; ".join([f"[{kind}] {path.name}: {rows:,} rows", *([", ".join(renamed)] if renamed else [])]) + "."
    if missing:
        said += ' Nothing says when each was asked, so there is no response rate: columns = { asked_at = "..." }.'
    return said


def rename(table: pd.DataFrame, columns: Mapping[str, str], wanted: tuple[str, ...]) -> pd.DataFrame:
    """Give our names to the columns of a file: those told, those that have them, those we know by another name.

    The currency in the header of the amounts, as in Revenue (EUR), becomes a column where there is none; a month beside
    its year becomes one period.
    """
    lacks = [(ours, header) for ours, header in columns.items() if header not in table.columns]
    if lacks:
        raise missing([header for _, header in lacks], table, names=[ours for ours, _ in lacks])
    headers = dict(columns)
    table = table.rename(columns={header: ours for ours, header in columns.items()})
    flat = {key(str(header)): header for header in table.columns}
    bares = [key(without_unit(str(header)).header) for header in table.columns]
    # The same amount in two currencies: which is meant is asked, not guessed.
    bare = {one: header for one, header in zip(bares, table.columns, strict=True) if bares.count(one) == 1} | flat
    for ours in wanted:
        if ours in table.columns:
            continue
        spelled = bare if ours in _OF_MONEY else flat
        for known in (*SPELLED[ours], *BESIDE_MONEY.get(ours, ())):
            if known in spelled and spelled[known] in table.columns and spelled[known] not in wanted:
                headers[ours] = str(spelled[known])
                table = table.rename(columns={spelled[known]: ours})
                break
    if "currency" in wanted:
        table = with_currency(table, headers.get("amount"))
    return with_year(table, headers["period_start"]) if "period_start" in headers else table


def says_amount(words: str) -> bool:
    """Say whether words of a header are those of an amount, with or without their unit: Omsättning (tkr), Revenue.

    Examples
    --------
    >>> says_amount("Omsättning (tkr)"), says_amount("Employees"), says_amount("")
    (True, False, True)
    """
    known = {"", *SPELLED["amount"]}
    return key(without_unit(words).header) in known or key(words) in known


def with_currency(table: pd.DataFrame, header: str | None) -> pd.DataFrame:
    """Add the currency that the header of the amounts tells, where no column has it."""
    code = without_unit(header).currency if header is not None else None
    if code is None or any(key(str(name)) in SPELLED["currency"] for name in table.columns):
        return table
    return table.assign(currency=code)


def missing(
    columns: Sequence[str],
    table: pd.DataFrame,
    kind: str = "revenue",
    *,
    names: Sequence[str] = (),
    wide: bool = False,
) -> MissingColumn:
    """Return the error for columns of a further table that are not there; `names` are ours for them, if others.

    `wide`: the table has a column for each year or month instead.
    """
    listed = ", ".join(str(header) for header in table.columns if header not in SOURCE)
    lacks = " and ".join(f'"{name}"' for name in columns)
    told = ", ".join(f'{name} = "..."' for name in names or columns)
    if wide and {"period_start", "amount"} <= {*columns}:
        return MissingColumn(
            f"the {kind} table has a column for each period instead of a row: {listed}. Write under [{kind}] in"
            ' study.toml: layout = "years".'
        )
    its, them = ("its header", "column") if len(columns) == 1 else ("their headers", "columns")
    return MissingColumn(
        f"the {kind} table has no {them} {lacks}; it has: {listed}. Name {its} under [{kind}] in study.toml:"
        f" columns = {{ {told} }}."
    )


def offered_segments(accounts: pd.DataFrame) -> list[str]:
    """Return the columns of the accounts, under our names, that may be segments."""
    return _offered(_judged(accounts))


def _offered(judged: Mapping[str, tuple[str, str]]) -> list[str]:
    return [name for name, (use, _) in judged.items() if use == "segment"]


def _judged(named: pd.DataFrame) -> dict[str, tuple[str, str]]:
    ours = {*_OF["accounts"], "source_row"}
    cells = {str(name): named[name].fillna("").astype(str).tolist() for name in named.columns if name not in ours}
    return {name: judge(Column(at, name, name, len(named), rows)) for at, (name, rows) in enumerate(cells.items())}


def segment_words(named: pd.DataFrame) -> str:
    """Say which columns of the accounts may be segments, and why not the others."""
    judged = _judged(named)
    offered = ", ".join(f'"{name}"' for name in _offered(judged))
    others = "; ".join(f'"{name}" ({why})' for name, (use, why) in judged.items() if use != "segment")
    return f" Segments it offers: {offered or 'none'}.{f' Not offered: {others}.' if others else ''}"
