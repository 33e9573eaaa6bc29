"""What one takes away from a report: workbook, ledger, follow-up lists, PDF, and a guide to them."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from nps_utils import comments
from nps_utils.files import private_file, private_folder, write_bytes
from nps_utils.followup import is_named
from nps_utils.followup.contacts import Contacts
from nps_utils.followup.headers import in_words, statuses
from nps_utils.pages.act import known_names
from nps_utils.report.browsers import BROWSERS, browser
from nps_utils.report.staging import PREFIX
from nps_utils.study.study import Study
from nps_utils.tables.sheets import MOST_ROWS, read_back, sheet_names, write_csv, write_workbook
from nps_utils.words.limits import Limit
from nps_utils.words.naming import NOT_STATED
from nps_utils.words.translation import Local

PDF_SECONDS: Final = 90
_TO_FILL_IN: Final = ("response_id", "contacted_at", "status")
# So many rows of a list are in the workbook: a sheet of a million is opened by nobody, and fills memory when written.
MOST_LISTED: Final = 50_000
# So many owners have a sheet of their own; the others are found in the list by the filter of its header.
MOST_OWNERS: Final = 60
# The day on which everything was made that must not depend on the clock.
_EPOCH: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's properties have no zone


def write_tables(study: Study, pages: Sequence[str]) -> Path:
    """Write every table of these pages as one workbook: contents, definitions, then a sheet per table.

    The numbers are those of the CSV files, unrounded, and text is text: an id keeps its zeros and all its digits. A
    table longer than a sheet is cut and says so in the contents.
    """
    folder = study.results / "tables"
    names = [path.stem for page in pages for path in sorted(folder.glob(f"{page}-*.csv"))]
    about = {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in names}
    tables = {name: read_back(folder / f"{name}.csv", text=about[name]["text"]) for name in names}
    local = Local(study.settings.language)
    first, second = local.say("Contents"), local.say("Definitions")
    sheets = dict(zip(names, sheet_names({first: 0, second: 0, **tables})[2:], strict=True))
    contents = [
        (
            sheets[name],
            about[name]["title"],
            len(tables[name]),
            f"tables/{name}.csv",
            local.say("the first {n} rows", n=local.count(MOST_ROWS)) if len(tables[name]) > MOST_ROWS else "",
        )
        for name in names
    ]
    defined = [(sheets[name], column, meaning) for name in names for column, meaning in about[name]["columns"].items()]
    sheet = local.say("Sheet")
    heads = [sheet, local.say("Title"), local.say("Rows"), local.say("File"), local.say("Note")]
    book = {
        first: pd.DataFrame(contents, columns=heads),
        second: pd.DataFrame(defined, columns=[sheet, local.say("Column"), local.say("Meaning")]),
        **{name: table.head(MOST_ROWS) for name, table in tables.items()},
    }
    path = study.results / "tables.xlsx"
    write_workbook(book, path, created=_made(study))
    return path


def write_ledger(study: Study) -> Path:
    """Write the ledger row by row: what was rejected or marked, and why; values are masked, comments left out."""
    ledger = study.ledger()
    masked, _ = comments.mask(ledger["value"], names=known_names(study))
    path = study.results / "ledger.csv"
    columns = ["source_file", "source_row", "action", "reason", "value"]
    write_csv(ledger.assign(value=masked)[columns], path)
    return path


def write_contacts(study: Study, contacts: Contacts | Limit) -> Path | None:
    """Write the follow-up lists as CSV and as one workbook; personal data, kept out of the site.

    The file of the cases can be filled in and read back: name it under `[followup]` in study.toml. Cases older than 90
    days are a list of their own. The CSV files keep codes and names of columns for machines; the workbook is for
    people, with a sheet for each owner; of a list of more than 50,000 rows it holds the first, and says so.
    """
    folder = study.results / "followup"
    if isinstance(contacts, Limit):
        shutil.rmtree(folder, ignore_errors=True)
        return None
    local = Local(study.settings.language)
    value = f"value_{contacts.currency}" if contacts.currency else "value"
    cases = contacts.cases.rename(columns={"value": value})
    old = cases["age"] == "old"
    lists = {
        "contact": cases[~old],
        "older": cases[old],
        "quotes": contacts.quotes,
        "not_yet": _resting(contacts.resting, local),
    }
    private_folder(folder)
    for name, table in lists.items():
        write_csv(table, private_file(folder / f"{name}.csv"))
    told = {
        "contact": " ".join(_about_cases(contacts, local)),
        "older": local.say("Cases older than 90 days: rather ask anew than call about them."),
        "quotes": local.say("Promoters who allowed us to quote them; comments are masked.")
        if contacts.consented
        else local.say(
            "Comments of promoters, masked; shown by study.toml, not by their consent: ask before publishing."
        ),
        "not_yet": local.say("Whom not to ask again yet, and from when one may."),
    }
    sheets = {
        "contact": local.say("Contact"),
        "older": local.say("Older"),
        "quotes": local.say("Quotes"),
        "not_yet": local.say("Not yet"),
    }
    about_sheet = local.say("About")
    whole = {sheets[name]: table for name, table in lists.items()}
    shown = {name: table.head(MOST_LISTED) for name, table in whole.items()}
    listed = sheets["contact"]
    owned = dict(_by_owner(shown[listed], taken=(about_sheet, *shown)))
    told = {sheets[name]: text for name, text in told.items()}
    told |= dict.fromkeys(owned, local.say("The cases of this owner, as in the list of all."))
    files = {title: f"{name}.csv" for name, title in sheets.items()}
    # Of a list that is cut, an owner may have more cases than are shown.
    many = _owners(whole[listed]).value_counts()
    rows = {name: len(table) for name, table in whole.items()}
    rows |= {name: int(many[_owners(table).iloc[0]]) for name, table in owned.items()}
    for name, table in (shown | owned).items():
        if len(table) < rows[name]:
            told[name] += " " + local.say(
                "Here are the first {n} of {all} rows; all of them are in {file}.",
                n=local.count(len(table)),
                all=local.count(rows[name]),
                file=files.get(name, files[listed]),
            )
    about = pd.DataFrame(told.items(), columns=[local.say("Sheet"), local.say("What it holds")])
    book = {about_sheet: about, **{name: in_words(_told(table), local) for name, table in (shown | owned).items()}}
    status = {local.say("Status"): statuses(local)}
    write_workbook(book, private_file(folder / "followup.xlsx"), created=_made(study), choices=status)
    return folder


def _told(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out the columns of which nothing is known, but for those to be filled in."""
    empty = [name for name in table.columns if name not in _TO_FILL_IN and not _knows(table[name])]
    return table.drop(columns=empty) if len(table) else table


def _knows(cells: pd.Series) -> bool:
    filled = pd.Series(cells.dropna().unique()).astype(str).str.strip()
    return bool((~filled.isin(["", NOT_STATED, "not known"])).any())


def _by_owner(cases: pd.DataFrame, *, taken: tuple[str, ...]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Divide the list by owner, the one with most cases first; an owner called like another sheet gets a number."""
    owners = _owners(cases)
    names = list(taken)
    for owner in owners[owners.notna() & (owners != "")].value_counts().index[:MOST_OWNERS]:
        name = str(owner)
        while name.lower() in {other.lower() for other in names}:
            name += " *"
        names.append(name)
        yield name, cases[(owners == owner).fillna(False).to_numpy()]


def _owners(cases: pd.DataFrame) -> pd.Series[str]:
    """Return whose each case is."""
    return cases["owner"].astype("string").str.strip()


def _about_cases(contacts: Contacts, local: Local) -> Iterator[str]:
    yield local.say(
        "Who waits for a contact, as of {date}; fill in when contacted, and the status.",
        date=local.date(contacts.on.date()),
    )
    nameless = int((~is_named(contacts.cases)).sum())
    if nameless:
        told = {"nameless": local.count(nameless), "n": local.count(len(contacts.cases))}
        if contacts.cases.loc[~is_named(contacts.cases), "account_id"].notna().any():
            yield local.say(
                "{nameless} of {n} cases name no person, for the export gives neither respondent, e-mail address nor"
                " name: ask at the account, or find the answer again by its response id.",
                **told,
            )
        else:
            yield local.say(
                "{nameless} of {n} cases name nobody, for the export gives neither account, respondent, e-mail address"
                " nor name: find the answer again by its response id.",
                **told,
            )


def _resting(resting: pd.DataFrame | Limit, local: Local) -> pd.DataFrame:
    if isinstance(resting, Limit):
        note = local.say("Whom not to ask again yet is not known: that takes a list of invitations with their days.")
        return pd.DataFrame({"note": [note], "reason": [resting.reason]})
    return resting


def write_pdf(page: Path, target: Path) -> str:
    """Print a page of the site to PDF by a browser, where there is one; return what happened as a line."""
    program = browser()
    if program is None:
        return f"no PDF: none of {', '.join(BROWSERS[:3])} is installed"
    with tempfile.TemporaryDirectory() as profile:
        command = [
            *(program, "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
            *("--disable-component-update", "--disable-sync", "--no-pdf-header-footer", f"--user-data-dir={profile}"),
            *(["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []),
            *(f"--print-to-pdf={Path(profile) / 'page.pdf'}", page.resolve().as_uri()),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PDF_SECONDS)
        except subprocess.TimeoutExpired:
            return f"no PDF: {program} took more than {PDF_SECONDS} s"
        made = Path(profile) / "page.pdf"
        if done.returncode or not made.is_file():
            return f"no PDF: {program} ended with {done.returncode}: {done.stderr.strip()[-200:]}"
        write_bytes(target, settled(made.read_bytes(), page.parent.parent.name))
    return f"{target.name}: {target.stat().st_size / 1024:.0f} kB"


def settled(pdf: bytes, folder: str) -> bytes:
    """Let the links of a PDF that was printed in a folder of a run lead to where the site will be.

    The name of the folder becomes `./././`, as long as it was, for a PDF finds its parts by their distance.

    Examples
    --------
    >>> settled(b"(file:///s/.report-run12345678/report/a.html)", ".report-run12345678")
    b'(file:///s/././././././././././report/a.html)'
    """
    if len(folder) % 2 == 0 or not folder.startswith(PREFIX):
        return pdf
    return pdf.replace(f"/{folder}/".encode(), b"/" + b"./" * ((len(folder) + 1) // 2))


def _made(study: Study) -> dt.datetime:
    """Return the time that workbooks give as that of their making: the last answer, so that they do not change."""
    last = study.responses()["responded_at"].max()
    return _EPOCH if pd.isna(last) else last.to_pydatetime().replace(tzinfo=None)
