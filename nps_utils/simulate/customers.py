"""The invented company's customers: accounts from tiny to large, and the people in them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from nps_utils.simulate.plan import SD_ACCOUNT, SD_PERSON, SIZES, Plan

COUNTRIES = {"SE": 0.30, "NO": 0.22, "DK": 0.16, "NL": 0.20, "GB": 0.12}
LANGUAGES = {"SE": "sv", "NO": "nb", "DK": "da", "NL": "nl", "GB": "en"}
LETTERS = {  # a name is spelt with the letters of its country
    "SE": str.maketrans("æø", "äö"), "NO": str.maketrans("äö", "æø"), "DK": str.maketrans("äö", "æø"),
    "NL": str.maketrans("åäöæø", "aaoao"), "GB": str.maketrans("åäöæø", "aaoao"),
}  # fmt: skip
SIZE_SHARES = {"small": 0.55, "medium": 0.29, "large": 0.16}
PEOPLE = {"small": (1, 8), "medium": (4, 12), "large": (10, 60)}
SEGMENT_SHARES = {"retail": 0.29, "public sector": 0.22, "manufacturing": 0.25, "professional services": 0.24}
ROLES = {"daily user": 0.50, "administrator": 0.20, "finance": 0.15, "decision maker": 0.15}
STAFF_DOMAIN = "fjordlogic.example"
NEWCOMERS = 5  # accounts that became customers days before the last askings


@cache
def names() -> dict[str, Any]:
    """Return the lists of invented names."""
    text = resources.files(__package__).joinpath("names.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def shuffled(shares: dict[str, float], n: int, rng: np.random.Generator) -> list[str]:
    """Return `n` labels in random order whose numbers follow `shares` as closely as whole numbers can."""
    ends = np.round(np.cumsum(list(shares.values())) / sum(shares.values()) * n).astype(int)
    labels = np.repeat(list(shares), np.diff(ends, prepend=0))
    return [str(label) for label in rng.permutation(labels)]


def accounts(plan: Plan) -> pd.DataFrame:
    """Return the accounts with their latent level: one row each, `people` of them inside.

    `early_fix` is randomised within pairs of accounts of one size and a similar number of people.
    """
    rng = plan.rng("accounts")
    counts = np.round(np.cumsum(list(SIZE_SHARES.values())) * plan.accounts).astype(int)
    size = np.repeat(SIZES, np.diff(counts, prepend=0))
    table = pd.DataFrame({"size": size})
    for name, shares in (("segment", SEGMENT_SHARES), ("country", COUNTRIES)):
        table[name] = ""
        for _, rows in table.groupby("size", sort=False):
            table.loc[rows.index, name] = shuffled(shares, len(rows), rng)
    table["people"] = [_people(s, rng) for s in size]
    table["customer_since"] = _since(len(table), rng)
    table["level"] = rng.normal(0, SD_ACCOUNT, len(table))
    table["early_fix"] = _pairs(table, rng)
    table["name"], table["domain"] = _company_names(table, rng)
    table["owner"] = rng.choice(names()["owners"], len(table))
    table = table.sample(frac=1, random_state=rng).reset_index(drop=True)
    table.insert(0, "account_id", [f"{n:05d}" for n in 117 + 13 * np.arange(len(table))])
    return table


def _people(size: str, rng: np.random.Generator) -> int:
    """Draw a number of people, with many near the lower end."""
    low, high = PEOPLE[size]
    return int(low + np.floor((high - low + 1) * rng.beta(1.2, 1.6)))


def _since(n: int, rng: np.random.Generator) -> pd.Series[pd.Timestamp]:
    """Most have been customers for years, some joined between the waves, a few days before the end."""
    days = rng.integers(0, 2200, n)
    since = pd.Series(pd.Timestamp("2018-09-01") + pd.to_timedelta(days, unit="D"))
    joined = rng.permutation(n)
    late = joined[: round(0.12 * n)]
    since[late] = pd.Timestamp("2024-10-01") + pd.to_timedelta(rng.integers(0, 640, len(late)), unit="D")
    # Who joins early in a quarter is asked from its first day on: so that day lies just before it.
    start = since.dt.to_period("Q").dt.start_time
    day = (since - start).dt.days
    early = since.index.isin(late) & (day < 35)
    since = since.mask(early, start - pd.to_timedelta(3 + day // 2, unit="D"))
    newest = joined[len(late) : len(late) + NEWCOMERS]
    since[newest] = pd.Timestamp("2026-09-05") + pd.to_timedelta(rng.integers(0, 19, len(newest)), unit="D")
    return since


def _pairs(table: pd.DataFrame, rng: np.random.Generator) -> list[str]:
    order = table.sort_values(["size", "people"], kind="stable").index
    first = rng.integers(0, 2, (len(order) + 1) // 2)
    flags = np.column_stack([first, 1 - first]).ravel()[: len(order)]
    return [str(flag) for flag in pd.Series(np.where(flags == 1, "yes", "no"), index=order).sort_index()]


def _company_names(table: pd.DataFrame, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Return names and mail domains, all different."""
    given = names()
    pool = [str(s) for s in rng.permutation([a + b for a in given["stems"] for b in given["endings"]])]
    # More companies than stems: the second of a name gets a 2.
    stems = [f"{pool[i % len(pool)]} {i // len(pool) + 1}".removesuffix(" 1") for i in range(len(table))]
    words = [
        str(rng.choice(given["words"]["public" if segment == "public sector" else "business"][country]))
        for segment, country in zip(table["segment"], table["country"], strict=True)
    ]
    full = [
        word.replace("{stem}", stem.translate(LETTERS[country]))
        for word, stem, country in zip(words, stems, table["country"], strict=True)
    ]
    return full, [f"{_plain(stem)}.example" for stem in stems]


def people(accounts: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return the people of the accounts with their latent level and habits: one row each."""
    rng = plan.rng("people")
    columns = ["account_id", "size", "segment", "country", "customer_since", "early_fix", "domain"]
    table = accounts.loc[accounts.index.repeat(accounts["people"]), columns].reset_index(drop=True)
    n = len(table)
    table["respondent_id"] = [f"{i:06d}" for i in 4021 + 7 * np.arange(n)]
    table["name"] = [_person(country, rng) for country in table["country"]]
    table["email"] = _addresses(table)
    table["role"] = rng.choice(list(ROLES), n, p=list(ROLES.values()))
    table["language"] = table["country"].map(LANGUAGES)
    # Some Nordic and Dutch users work in English.
    table.loc[rng.random(n) < 0.06, "language"] = "en"
    table["own_level"] = rng.normal(0, SD_PERSON, n)
    table["eagerness"] = rng.uniform(0.4, 1.6, n)
    table["quarterly"] = rng.random(n) < 0.20
    table["odd"] = rng.integers(0, 2, n)
    table["last_wave"] = np.where(rng.random(n) < 0.05, rng.integers(1, 7, n), 99)  # left after that wave
    return table.drop(columns="domain")


def staff() -> pd.DataFrame:
    """Return the vendor's own people who are in the frame by mistake."""
    everyone = [str(owner) for owner in names()["owners"]]
    email = [f"{_plain(name.split()[0])}.{_plain(name.split()[1])}@{STAFF_DOMAIN}" for name in everyone]
    ids = [f"{900 + i:06d}" for i in range(len(everyone))]
    return pd.DataFrame({"respondent_id": ids, "name": everyone, "email": email, "role": "employee", "language": "en"})


def _person(country: str, rng: np.random.Generator) -> str:
    given = names()["people"][LANGUAGES[country]]
    return f"{rng.choice(given['first'])} {rng.choice(given['last'])}"


def _addresses(table: pd.DataFrame) -> list[str]:
    """Return one address per person: first.last@company, with a number where two share a name."""
    local = [".".join(_plain(part) for part in name.split(" ", 1)) for name in table["name"]]
    keys = pd.Series([f"{who}@{domain}" for who, domain in zip(local, table["domain"], strict=True)])
    nth = keys.groupby(keys).cumcount()
    return [key.replace("@", f"{n + 1}@") if n else key for key, n in zip(keys, nth, strict=True)]


def _plain(text: str) -> str:
    table = str.maketrans("åäöæøéëü", "aaoaoeeu", " -'.")
    return text.lower().translate(table)
