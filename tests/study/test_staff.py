"""Answers at the company's own domain are said, with the line that sets them aside, until study.toml names a domain."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from nps_utils.study.study import Study

QUESTION = "How likely are you to recommend Nordlys Energi to a friend or colleague?"


def study(
    folder: Path, domains: list[str], *, question: str = QUESTION, title: str = "Survey", more: str = ""
) -> Study:
    """A study of one answer of each address, person after person at the domains named."""
    (folder / "raw").mkdir(parents=True)
    rows = [["Date", "Email", question, "Why?"]]
    rows += [
        [f"2026-03-{1 + i % 28:02d}", f"p{i}@{domain}", str(i % 11), f"word {i} on it"]
        for i, domain in enumerate(domains)
    ]
    with (folder / "raw" / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    toml = f'title = "{title}"\ntimezone = "UTC"\n{more}\n[[export]]\npath = "raw/a.csv"\n'
    (folder / "study.toml").write_text(toml, encoding="utf-8")
    return Study.open(folder)


def hints(read: Study) -> list[str]:
    ledger = read.ledger()
    return [str(value) for value in ledger.loc[ledger["reason"] == "perhaps_staff", "value"]]


CUSTOMERS = [f"firm{i % 40}.no" for i in range(120)]
CONSUMERS = ["gmail.com", "online.no", "hotmail.com"] * 40


@pytest.mark.parametrize("domain", ["nordlys.no", "mail.nordlys.no", "nordlys-energi.com", "nordlysenergi.co.uk"])
def test_the_domain_that_the_question_names_is_said_and_the_line_works(tmp_path: Path, domain: str) -> None:
    read = study(tmp_path / "a", [*CUSTOMERS, *[domain] * 9])
    assert len(hints(read)) == 1
    assert f"9 rows are of addresses at {domain} (7.0 %" in hints(read)[0]
    line = hints(read)[0].rpartition(": ")[2]
    again = study(tmp_path / "b", [*CUSTOMERS, *[domain] * 9], more=line)
    assert hints(again) == []
    assert len(again.responses()) == 120
    assert (again.ledger()["reason"] == "own_staff").sum() == 9


def test_the_title_names_it_as_well_and_among_consumers_one_company_is_enough(tmp_path: Path) -> None:
    plain = "How likely are you to recommend us to a friend or colleague?"
    of_title = study(tmp_path / "a", [*CUSTOMERS, *["nordlys.no"] * 4], question=plain, title="Nordlys kundepuls")
    assert "the title or the question names" in hints(of_title)[0]
    of_many = study(tmp_path / "b", [*CONSUMERS, *["nordlys.no"] * 8], question=plain)
    assert "at mail providers" in hints(of_many)[0]


def test_a_large_customer_is_no_staff(tmp_path: Path) -> None:
    assert hints(study(tmp_path / "a", [*CUSTOMERS, *["bigfirm.no"] * 30])) == []
    assert hints(study(tmp_path / "b", CONSUMERS)) == []
    assert hints(study(tmp_path / "c", [*CONSUMERS, *["bigfirm.no"] * 8, *["other.no"] * 7])) == []
