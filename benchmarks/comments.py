"""Themes against human labels, across languages and against the clock.

Reads two public corpora from `../shared/data/text` beside the repository; without them it says so and stops.
Run it alone: `python benchmarks/comments.py`. CPU seconds are those of this process, one BLAS thread in the model.
"""

from __future__ import annotations

import itertools
import resource
import sys
import time
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, cohen_kappa_score, normalized_mutual_info_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from nps_utils import comments

CORPORA: Final = Path(__file__).parents[1].parent / "shared" / "data" / "text"
AIRLINE: Final = CORPORA / "airline_complaints.csv"
ASPECTS: Final = CORPORA / "aspects_hotel_course.tsv"

# The nine reasons of the airline corpus in our themes, mapped once by their names.
REASONS: Final = {
    "Customer Service Issue": "support",
    "Late Flight": "waiting",
    "longlines": "waiting",
    "Cancelled Flight": "cancellation",
    "Lost Luggage": "delivery",
    "Damaged Luggage": "delivery",
    "Flight Booking Problems": "ordering",
    "Flight Attendant Complaints": "staff",
    "Bad Flight": "facilities",
}

# Aspects that a theme should meet, by their names; a course is a product, its teachers are staff.
ASPECTS_OF: Final = {
    "price": ("prices", "course value"),
    "location": ("location",),
    "staff": ("service", "faculty"),
    "support": ("service", "faculty response"),
    "facilities": ("rooms", "room_amenities", "facilities", "food_drinks", "hotel cleanliness", "hotel comfort",
                   "hotel design", "hotel quality"),
    "product_quality": ("course", "material", "assignments", "presentation", "grades", "quality"),
    "ease_of_use": ("comprehensiveness", "workload", "presentation quality"),
}  # fmt: skip
CATCH_ALL: Final = {"hotel general", "course general"}


class Line(NamedTuple):
    """One line of the printed table."""

    what: str
    reached: float
    target: str
    ceiling: float = float("nan")


def airline() -> list[Line]:
    """Guided themes against the nine reasons, the ceiling of a supervised model, time and memory."""
    table = pd.read_csv(AIRLINE)
    start = time.process_time()
    themes = comments.assign_themes(table["text"], language="en")["main_theme"]
    seconds = (time.process_time() - start) / len(table) * 10_000
    again = comments.assign_themes(table["text"], language="en")["main_theme"]
    supervised = _supervised(table["text"], table["reason"])
    mapped = table["reason"].map(REASONS)
    return [
        Line("airline: ARI, themes / nine reasons", adjusted_rand_score(table["reason"], themes), ">= 0.28",
             adjusted_rand_score(table["reason"], supervised)),
        Line("airline: NMI, themes / nine reasons", normalized_mutual_info_score(table["reason"], themes), "",
             normalized_mutual_info_score(table["reason"], supervised)),
        Line("airline: share with the mapped theme", float((themes == mapped).mean()), "",
             float((supervised == table["reason"].to_numpy()).mean())),
        Line("airline: same result twice", float((themes == again).all()), "1"),
        Line("airline: CPU s per 10,000 comments", seconds, "< 10"),
        Line("airline: peak memory of the process, MiB", _peak(), "< 500"),
    ]  # fmt: skip


def parallel() -> list[Line]:
    """The same sentence in four languages: agreement, what the languages explain, precision against aspects."""
    table = pd.read_csv(ASPECTS, sep="\t", quoting=3)
    table["theme"] = comments.assign_themes(table["text"], language=table["lang"])["main_theme"].to_numpy()
    wide = table.pivot_table("theme", ["domain", "split", "line"], "lang", aggfunc="first").dropna()
    kappas = {
        f"{a}-{b}": float(cohen_kappa_score(wide[a], wide[b])) for a, b in itertools.combinations(wide.columns, 2)
    }
    long = wide.melt()
    lines = [Line(f"parallel: kappa {pair}", value, ">= 0.60") for pair, value in kappas.items()]
    lines.append(
        Line("parallel: NMI, theme / language", normalized_mutual_info_score(long["lang"], long["value"]), "<= 0.05")
    )
    labelled = table[table["categories"].notna() & ~table["categories"].str.startswith("polarity", na=False)]
    aspects = labelled["categories"].str.split("|")
    specific = labelled[~aspects.map(lambda labels: set(labels) <= CATCH_ALL)]
    for theme, wanted in ASPECTS_OF.items():
        target = "" if theme == "ease_of_use" else ">= 0.75"  # half of the theme has no aspect in these corpora
        n, value = _precision(labelled, theme, wanted)
        lines.append(Line(f"aspects: precision of {theme}, {n} sentences", value, target))
        n, value = _precision(specific, theme, wanted)
        lines.append(Line(f"   without 'general' labels, {n}", value, target))
    return lines


def pipeline(n: int = 100_000) -> list[Line]:
    """Masking, language and themes of so many distinct comments in four languages, by the wall clock."""
    texts = pd.read_csv(ASPECTS, sep="\t", quoting=3)["text"].sample(n, replace=True, random_state=1)
    distinct = [f"{text} {number}" for number, text in enumerate(texts)]
    start = time.perf_counter()
    masked, _ = comments.mask(distinct)
    masking = time.perf_counter()
    language = comments.detect_language(masked)
    identified = time.perf_counter()
    comments.assign_themes(masked, language=language)
    end = time.perf_counter()
    return [
        Line(f"pipeline: {n:,} comments, s", end - start, "< 180"),
        Line("   masking", masking - start, ""),
        Line("   language", identified - masking, ""),
        Line("   themes", end - identified, ""),
    ]


def _precision(labelled: pd.DataFrame, theme: str, wanted: tuple[str, ...]) -> tuple[int, float]:
    found = labelled.loc[labelled["theme"] == theme, "categories"].str.split("|")
    met = found.map(lambda labels: any(aspect in label for label in labels for aspect in wanted))
    return len(met), float(met.mean()) if len(met) else float("nan")


def _supervised(texts: pd.Series, labels: pd.Series) -> np.ndarray:
    """What a model that sees the labels reaches on folds it has not seen."""
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True), LogisticRegression(C=10, max_iter=500)
    )
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    predicted: np.ndarray = cross_val_predict(model, texts, labels.to_numpy(dtype=object), cv=folds)
    return predicted


def _peak() -> float:
    scale = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def main() -> int:
    """Print one line per measure: reached, target, supervised ceiling."""
    if not (AIRLINE.exists() and ASPECTS.exists()):
        print("SKIPPED: the corpora are absent (expected in ../shared/data/text beside the repository).")
        return 0
    print(f"{'measure':56} {'reached':>8}  {'target':8} {'supervised ceiling':>18}")
    for lines in (airline, parallel, pipeline):
        for what, reached, target, ceiling in lines():
            top = "" if np.isnan(ceiling) else f"{ceiling:.3f}"
            print(f"{what:56} {reached:8.3f}  {target:8} {top:>18}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
