"""Columns known by their names, once their cells fit; and which id is that of the answer, which that of a person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from nps_utils.exports import wording
from nps_utils.exports.found import Found
from nps_utils.exports.headers import Column
from nps_utils.exports.identity import ROW_NUMBERS, comes_again, is_running, names_a_customer
from nps_utils.exports.people import name_parts
from nps_utils.exports.score_column import names_the_question
from nps_utils.exports.shapes import SHAPES, is_number, like_id, like_measures, like_token, share
from nps_utils.exports.tools.tool import key
from nps_utils.scale.names import is_company

# Where numbers of rows are looked for, under names that would otherwise be of people as well.
_COUNTED_NAMES: Final = ROW_NUMBERS | set(wording.HEADERS["respondent_id"])
# A customer is a person or a company; how many companies must show that they are some.
_OF_CUSTOMERS: Final = re.compile(r"customer|client|kund|klant|asiakas|idclient")
_COMPANIES: Final = 3
_NEARLY: Final = 0.95
# Of the numbers of customers that are companies, how many are different at most: several of its people answer.
_AGAIN: Final = 0.8
_CUSTOMER_NUMBERS: Final = frozenset(
    name for name in wording.HEADERS["respondent_id"] if _OF_CUSTOMERS.match(name) is not None
)
_OF_IDS: Final = ("id", "nr", "no", "number", "nummer", "cvr", "kvk")
# Of their names, those that say so: few do where people write Volvo for Volvo AB.
_COMPANY_NAMES: Final = 0.1
_SURVEY_NAMES: Final = frozenset(wording.HEADERS["survey"])


def look_by_name(found: Found, canonical: str) -> None:
    """A column that is called so, in any of our languages, and whose cells fit."""
    fits, why = SHAPES[canonical]
    for name in wording.HEADERS[canonical]:
        candidates = found.candidates(canonical)
        # That nobody said whether he may be quoted is no consent of all.
        here = (c for c in candidates if _is_called(c, name) and (c.filled or canonical == "consent_to_quote"))
        column = next(filter(fits, here), None)
        if column is not None and canonical == "respondent_id" and is_running(column):
            if names_a_customer(column) and "email" not in found.chosen:
                found.notes.append(_counts_up(column))
            continue
        if column is not None and canonical == "respondent_id" and _is_of_a_company(found, column):
            several = "most of its numbers come with several people, so it names a company and no person"
            if "account_id" in found.chosen:
                found.notes.append(f'column "{column.name}" is not used for who answered: {several}.')
            else:
                found.take("account_id", column, f'account_id is "{column.name}": {several}.')
            continue
        if column is not None:
            found.take(canonical, column, f'{canonical} is "{column.name}": {why}.')
            return


def _is_called(column: Column, name: str) -> bool:
    """Say whether a column is called so, or the last two parts of its name are where records were nested."""
    inner = column.name.split(".")[-2:] if column.name.count(".") > 1 else []
    return name in (column.key.removesuffix("utc"), key(".".join(inner)) if inner else None)


def _counts_up(column: Column) -> str:
    """Say why a number of a customer names nobody: in the next export the same numbers may be other people's."""
    header = column.name.replace("\\", "\\\\").replace('"', '\\"')
    return (
        f'column "{column.name}" counts up as numbers of rows do, so it is not taken for who answered. If its numbers'
        " are those of people, the same in every export, name it in columns of its [[export]] in study.toml, in place"
        f' of response_id: columns = {{ respondent_id = "{header}" }}.'
    )


def look_for_account(found: Found, canonical: str) -> None:
    """An id of companies, or the number of customers that are some; else their names.

    A company keeps its number when its name changes, and further tables know it by that.
    """
    look_by_name(found, canonical)
    named = found.chosen.get(canonical)
    if named and (is_number(named[0]) or named[0].key.endswith(_OF_IDS)):
        return
    numbers = [c for c in found.candidates(canonical) if c.key in _CUSTOMER_NUMBERS and like_id(c)]
    company = named[0] if named else _named_companies(found)
    if company is not None and (number := next((c for c in numbers if _is_number_of(c, company)), None)) is not None:
        found.reasons = [reason for reason in found.reasons if not reason.startswith(f"{canonical} is ")]
        found.take(canonical, number, f'{canonical} is "{number.name}": each company in "{company.name}" has one.')
        return
    if (number := next((c for c in numbers if _is_of_a_company(found, c)), None)) is not None:
        if named:
            found.reasons = [reason for reason in found.reasons if not reason.startswith(f"{canonical} is ")]
        several = "most of its numbers come with several people, so it names a company and no person"
        found.take(canonical, number, f'{canonical} is "{number.name}": {several}.')
        return
    if named:
        return
    for column in found.candidates(canonical):
        if column.key not in wording.CUSTOMER or not like_id(column) or is_number(column):
            continue
        if share(column, is_company) >= _COMPANY_NAMES:
            found.take(canonical, column, f'{canonical} is "{column.name}": its values are names of companies.')
            return
        if _is_of_a_company(found, column):
            why = "most of its values come with several people"
            found.take(canonical, column, f'{canonical} is "{column.name}": {why}.')
            return


def _named_companies(found: Found) -> Column | None:
    """Return the column that names customers that are companies."""
    called = [c for c in found.free if like_id(c) and not is_number(c)]
    customers = (c for c in called if c.key in wording.CUSTOMER and share(c, is_company) >= _COMPANY_NAMES)
    # A plain "Name" is a person's, unless most of its cells say that they are of companies.
    names = (c for c in called if c.key in wording.HEADERS["respondent_name"] and share(c, is_company) > 0.5)
    return next(customers, None) or next(names, None)


def _is_number_of(number: Column, company: Column) -> bool:
    """Say whether a customer's number is that of the company beside it: it comes again, and no company has two."""
    both = ((a.strip(), b.strip()) for a, b in zip(number.cells, company.cells, strict=True))
    pairs = {pair for pair in both if all(pair)}
    companies = {name for _, name in pairs}
    comes_again = len(number.distinct) <= _AGAIN * len(number.filled)
    return comes_again and len(companies) >= _COMPANIES and len(pairs) == len(companies)


def _is_of_a_company(found: Found, column: Column) -> bool:
    """Say whether what is called a customer is a company."""
    return _OF_CUSTOMERS.match(column.key) is not None and has_several_people(found, column)


def has_several_people(found: Found, column: Column) -> bool:
    """Say whether of the values of a column that come again most do so under several people.

    People are told apart by their addresses, and without these by their names.
    """
    named = found.chosen.get("email") or [c for c in found.free if c.key in wording.HEADERS["email"] and c.filled]
    told = [named[0].cells] if named else _names(found, column)
    return any(_has_several(column.cells, cells) for cells in told)


def _names(found: Found, customer: Column) -> list[list[str]]:
    """Return the names of people that stand beside the number of a customer, those of several columns as one."""
    free = {column.name: column for column in found.free if column.filled and column is not customer}
    if parts := name_parts(free):
        return [[" ".join(cells) for cells in zip(*(free[part].cells for part in parts), strict=True)]]
    called = [column for column in free.values() if column.key in wording.HEADERS["respondent_name"]]
    return [list(column.cells) for column in called if SHAPES["respondent_name"][0](column)]


def _has_several(numbers: Sequence[str], people: Sequence[str]) -> bool:
    given: dict[str, list[str]] = {}
    for number, person in zip(numbers, people, strict=True):
        if number.strip() and person.strip():
            given.setdefault(number.strip(), []).append(" ".join(person.split()).casefold())
    again = [set(several) for several in given.values() if len(several) > 1]
    return len(again) >= _COMPANIES and 2 * sum(len(several) > 1 for several in again) > len(again)


def look_for_measure(found: Found, canonical: str) -> None:
    """What each row measures: a column that is called so, or whose words are measures; else the name of its survey."""
    look_by_name(found, canonical)
    if canonical not in found.chosen and (kinds := next(filter(like_measures, found.free), None)) is not None:
        shown = ", ".join(sorted(kinds.distinct))
        found.take(canonical, kinds, f'{canonical} is "{kinds.name}": its values are kinds of survey ({shown}).')
    # A column whose header asks the question holds answers to it, whatever else the survey asked.
    if canonical in found.chosen or any(map(names_the_question, found.chosen["score"])):
        return
    named = [c for c in found.free if c.key in _SURVEY_NAMES or c.key in wording.HEADERS["touchpoint"]]
    chosen = [column for name in ("survey", "touchpoint") for column in found.chosen.get(name, ())]
    for column in [*chosen, *named]:
        others = sorted(cell for cell in column.distinct if is_of_other_measure(cell))
        if others and len(column.distinct) > len(others):
            shown = ", ".join(f'"{name}"' for name in others[:4])
            found.measured = column
            found.reasons.append(f'survey_type is by "{column.name}": {shown} say that they are not NPS.')
            return


def is_of_other_measure(name: str) -> bool:
    """Say whether the name of a survey is that of satisfaction or effort, and not of NPS as well.

    Examples
    --------
    >>> [is_of_other_measure(name) for name in ("Support CSAT", "NPS & CSAT 2026", "Successful launch", "CES-ticket")]
    [True, False, False, True]
    """
    return re.search(wording.OTHER_SURVEY, name) is not None and re.search(wording.SAYS_NPS, name) is None


def look_for_id(found: Found, canonical: str) -> None:
    """A column called just id: of the answer when something else names the person, otherwise of the person."""
    look_by_name(found, canonical)
    if canonical in found.chosen:
        return
    if canonical == "response_id" and (token := next((c for c in found.free if c.key == "#" and like_token(c)), None)):
        found.take(canonical, token, f'{canonical} is "{token.name}": its values are tokens, none repeats.')
        return
    candidates = found.candidates(canonical)
    if canonical == "response_id" and _take_versions(found):
        return
    counted = [c for c in candidates if c.key in _COUNTED_NAMES and is_running(c)]
    if canonical == "response_id" and counted:
        why = "it counts the rows, so it names no person, and in two exports the same answer only with the same content"
        found.take(canonical, counted[0], f'{canonical} is "{counted[0].name}": {why}.')
        return
    named = [c for c in candidates if c.key in ("id", "uuid", "guid") and c not in counted]
    column = next(filter(like_id, named), None)
    if column is None:
        return
    person = found.chosen.keys() & {"respondent_id", "email"}
    if (canonical == "response_id") == bool(person):
        found.take(
            canonical, column, f'{canonical} is "{column.name}": the only id{" beside the person" if person else ""}.'
        )


def _repeats_rows(found: Found, ids: Column) -> bool:
    """Say whether ids come again because whole rows do, as where an export was pasted twice."""
    rows = list(zip(*(column.cells for column in found.columns), strict=True))
    given: dict[str, set[tuple[str, ...]]] = {}
    for cell, row in zip(ids.cells, rows, strict=True):
        if cell.strip():
            given.setdefault(cell.strip(), set()).add(row)
    seen = Counter(ids.filled)
    again = [len(given[one]) for one, n in seen.items() if n > 1]
    return len(again) >= _COMPANIES and sum(kinds == 1 for kinds in again) >= _NEARLY * len(again)


def _take_versions(found: Found) -> bool:
    """Take ids of answers that come again as what tells answers apart: of their rows the latest in a wave counts."""
    named = [c for name in wording.HEADERS["response_id"] for c in found.candidates("response_id") if c.key == name]
    again = next((column for column in named if column.filled), None)
    if again is None or len(again.distinct) < 2:
        return False
    n = f"{len(again.distinct):,} ids in {len(again.filled):,} rows"
    if not found.chosen.keys() & {"respondent_id", "email"} and comes_again(again):
        why = f"{n}, so that rows of one id are versions of one answer, of which one in a wave counts"
        found.take("respondent_id", again, f'respondent_id is "{again.name}": {why}.')
        return True
    if _repeats_rows(found, again):
        why = f"{n}, and those that come again stand in rows that are the same in every cell"
        found.take("response_id", again, f'response_id is "{again.name}": {why}.')
        return True
    found.notes.append(
        f'column "{again.name}" is named like the id of an answer, but holds {n}, so it is not used: rows of one id'
        " count as answers of their own. If they are versions of one answer, name it as who answered:"
        f' columns = {{ respondent_id = "{again.name}" }}.'
    )
    return False
