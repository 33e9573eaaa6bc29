"""One name behind many answers: a kiosk, info@, a shared mailbox, or one very keen person. Only the owner knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw

from nps_utils.checks import SharedName
from nps_utils.cleaning.engines import Engine, Frame

# Answers of one name in one wave: so many are asked about, or fewer where they are a large part of the whole, or where
# the address is that of a counter or an office.
MANY: Final = 11
SEVERAL: Final = 5
LARGE_PART: Final = 0.05
OF_AN_OFFICE: Final = 3
_MOST_NAMED: Final = 20

_OFFICE: Final = (
    "info|kontakt|contact|contacto|post|mail|e-?post|office|kontor|buero|hello|hej|hei|hallo|admin|reception|resepsjon|"
    "receptie|empfang|accueil|recepcion|vastaanotto|support|service|kundservice|kundeservice|kundenservice|asiakaspalvelu|"
    "klantenservice|sales|salg|verkauf|ventas|myynti|order|ordre|bestilling|bestellung|faktura|invoice|team|butik|butikk|"
    "shop|store|winkel|kasse|kassa|counter|disk|kiosk|tablet|ipad|no-?reply|survey|feedback|guest|gast|booking|bokning"
)
OFFICE: Final = rf"^(?:{_OFFICE})[._+-]?[0-9]*@"
# What tools write where nobody is named.
NOBODY: Final = (
    "anonymous", "anonym", "anonyme", "anoniem", "anonymt", "anónimo", "anonimo", "nimetön", "anonyymi", "unknown",
    "okänd", "ukjent", "ukendt", "onbekend", "unbekannt", "inconnu", "na", "n/a", "nan", "null", "none", "-", "--",
    "#n/a", "0",
)  # fmt: skip


@dataclass(frozen=True)
class Names:
    """What the owner said of names with many answers: those shared by several people, and those of one person."""

    shared: tuple[str, ...] = ()
    one_person: tuple[str, ...] = ()


NO_NAMES: Final = Names()


class Crowded(Exception):
    """Rows by their `_order`, one of each name with too many answers in a wave, and how many those are."""

    def __init__(self, rows: Mapping[int, tuple[int, str]]) -> None:
        super().__init__()
        self.rows = rows


def check_crowds(left: Frame, engine: Engine, *, rows_in: int) -> None:
    """Raise `Crowded` where a name (`_person_wave`) has so many answers in a wave that it must be asked about.

    Parameters
    ----------
    left
        Rows with `_person_wave`, `_wave`, `_order` and `_asks`: 0 where the owner has answered, 2 for an office.
    """
    asked = left.filter(~nw.col("_person_wave").is_null() & (nw.col("_asks") > 0))
    counted = asked.group_by("_person_wave").agg(
        n=nw.len(), order=nw.col("_order").min(), asks=nw.col("_asks").max(), wave=nw.col("_wave").min()
    )
    many = too_many(nw.col("n"), nw.col("asks"), rows_in)
    rows = engine.collect([counted.filter(many).sort("n", descending=True).head(_MOST_NAMED)])[0]
    if rows:
        raise Crowded({row["order"]: (row["n"], str(row["wave"])) for row in rows})


def too_many(n: Any, asks: Any, rows_in: int) -> Any:
    """Say whether so many answers of a name in a wave are asked about: of expressions, or of numbers of NumPy."""
    return (n >= MANY) | ((n >= SEVERAL) & (n - 1 >= LARGE_PART * rows_in)) | ((n >= OF_AN_OFFICE) & (asks > 1))


def shared_name(crowd: Crowded, names: Mapping[int, str], rows: Mapping[str, int], total: int) -> SharedName:
    """Return the error that asks, with the lines that answer it."""
    largest: dict[str, tuple[int, str]] = {}
    for order, name in names.items():
        largest[name] = max(largest.get(name, (0, "")), crowd.rows[order])
    told = [
        f'"{name}" is in {rows[name]:,} of {total:,} rows, {n:,} of them in one wave{_of(wave)}.'
        for name, (n, wave) in largest.items()
    ]
    return SharedName("\n".join(told), tuple(largest))


def _of(wave: str) -> str:
    return "" if wave == "all" else f" ({wave})"


def veiled(name: str) -> str:
    """Return a name as a page may show it: of an address the domain, of an id its first sign.

    Examples
    --------
    >>> veiled("info@shop.example"), veiled("K-1017")
    ('…@shop.example', 'K…')
    """
    _, at, domain = name.rpartition("@")
    return f"…@{domain}" if at else f"{name[:1]}…"
