"""Answers that look like those of own staff: addresses at the company's own domain, while study.toml names none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from nps_utils.study.further import scan_part
from nps_utils.study.settings import Settings
from nps_utils.study.told import Told, so_many
from nps_utils.words.numbers import share

REASON: Final = "perhaps_staff"
# A company's domain is its name; a shorter one is in many words.
_SHORTEST: Final = 4
_FEWEST: Final = 3
# Where consumers answer, so many of one domain that is no mail provider's are hardly customers.
_MANY: Final = 5
_MANY_SHARE: Final = 0.01
_PROVIDERS: Final = re.compile(
    r"altibox|aol|arcor|att|bahnhof|bredband|broadpark|btinternet|c2i|caiway|casema|chello|comcast|"
    r"comhem|dbmail|elisanet|email|fastmail|forum|free|freenet|frisurf|getmail|gmail|gmx|googlemail|"
    r"hetnet|hey|home|hotmail|icloud|jubii|kabelfoon|kolumbus|kpn|kpnmail|laposte|live|luukku|lyse|"
    r"mac|mail|mailme|me|msn|nextgentel|ntlworld|ofir|oncable|online|orange|outlook|passagen|planet|"
    r"pm|post|pp|privat|proton|protonmail|quicknet|saunalahti|sfr|sky|solcon|spray|stofanet|suomi24|"
    r"t-online|talktalk|tdc|tdcadsl|tele2|telia|upcmail|verizon|virginmedia|wanadoo|web|webspeed|welho|"
    r"xs4all|yahoo|yandex|ymail|youmail|ziggo|zoho|zonnet"
)
_SECOND_LEVEL: Final = frozenset({"co", "com", "org", "net", "ac", "gov", "kommune"})


def staff_notes(
    united: pl.LazyFrame, folder: Path, settings: Settings, *, names: Sequence[str], said: Iterable[str]
) -> list[Told]:
    """Return a sentence on rows whose addresses are at what looks like the company's own domain, with the way on.

    A domain looks so where its name stands in the title of the study or in the question, where owners of accounts write
    from it, or where many consumers seem to: most addresses are at mail providers, and one other domain has many.

    Parameters
    ----------
    united
        All rows of the exports.
    names
        What the exports are called in the ledger.
    said
        What names the company: the questions.
    """
    if settings.staff_domains:
        return []
    present = united.collect_schema().names()
    columns = [name for name in ("email", "respondent_id") if name in present]
    if not columns:
        return []
    rows = _by_domain(united, columns)
    n = {str(domain): int(rows_of) for domain, rows_of in rows.iter_rows()}
    named = _squeezed(" ".join([settings.title, *said]))
    owners = _owners(folder, settings)
    found = ((domain, why) for domain in n if (why := _why(domain, n, named=named, owners=owners)))
    return [
        Told(
            names[0] if len(names) == 1 else "all exports",
            REASON,
            f"{so_many(n[domain], 'row is', 'rows are')} of addresses at {domain}"
            f" ({share(n[domain] / sum(n.values()))} of those with an address), {why}. If they are your own people,"
            " they are no customers, and count as such until you write at the top of study.toml:"
            f' staff_domains = ["{domain}"]',
        )
        for domain, why in islice(found, 1)
    ]


def _by_domain(united: pl.LazyFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return the domains of the addresses and how many rows each has, the most frequent first."""
    texts = [pl.col(name).str.strip_chars().str.to_lowercase() for name in columns]
    domain = pl.coalesce(one.str.extract(r"^[^@\s]+@([^@\s]+\.[a-z]{2,})$") for one in texts)
    known = united.select(domain=domain).drop_nulls()
    return known.group_by("domain").len().sort("len", "domain", descending=[True, False]).collect(engine="streaming")


def _why(domain: str, every: dict[str, int], *, named: str, owners: frozenset[str]) -> str:
    name, n = _name_of(domain), every[domain]
    if n < _FEWEST or _PROVIDERS.fullmatch(name):
        return ""
    if domain in owners:
        return "from which owners of accounts write as well"
    if len(name) >= _SHORTEST and _squeezed(name) in named:
        return "which the title or the question names"
    others = [rows for other, rows in every.items() if other != domain and not _PROVIDERS.fullmatch(_name_of(other))]
    total = sum(every.values())
    consumers = n + sum(others) < total / 2
    if consumers and max(others, default=0) < n / 2 and n >= max(_MANY, _MANY_SHARE * total):
        return "while most of the others are at mail providers"
    return ""


def _name_of(domain: str) -> str:
    """Return the part of a domain that its owner chose: nordlys of mail.nordlys.no."""
    parts = domain.split(".")[:-1]
    if len(parts) > 1 and parts[-1] in _SECOND_LEVEL:
        parts = parts[:-1]
    return parts[-1]


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


def _owners(folder: Path, settings: Settings) -> frozenset[str]:
    """Return the domains from which owners of accounts write, where the accounts name them by address."""
    if settings.accounts is None:
        return frozenset()
    accounts = scan_part(folder, settings, "accounts")
    if "owner" not in accounts.collect_schema().names():
        return frozenset()
    return frozenset(_by_domain(accounts.select("owner"), ["owner"])["domain"].to_list())
