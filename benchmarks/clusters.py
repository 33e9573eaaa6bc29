"""Clusters against human labels, across languages, between seeds and against the clock.

Reads two public corpora from `../shared/data/text` beside the repository; without them it says so and stops. Run it
alone: `python benchmarks/clusters.py`. UMAP with HDBSCAN is timed on the same vectors where `umap-learn` is installed.
Comments are masked first, as a study's are; CPU seconds are those of this process.
"""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import sys
import time
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd
from comments import AIRLINE, ASPECTS
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score, cohen_kappa_score, normalized_mutual_info_score

from nps_utils import comments
from nps_utils.comments.space.words import Centres, word_space

# Subjects of sentences that have one, by the beginnings of their aspects.
SUBJECTS: Final = {
    "location": "location", "hotel prices": "price", "course value": "price", "service": "staff", "faculty": "staff",
    "food_drinks": "food", "rooms": "rooms", "room_amenities": "rooms", "facilities": "rooms",
    "hotel cleanliness": "rooms", "hotel comfort": "rooms", "material": "material",
    "course comprehensiveness": "material", "course quality": "course", "course general": "course",
    "course relatability": "course", "course workload": "work", "assignments": "work", "grades": "work",
    "presentation": "presentation",
}  # fmt: skip
Line = tuple[str, float, str]


def subject(aspects: object) -> str | None:
    """Return the one subject of a sentence, or None where it has several or none."""
    if not isinstance(aspects, str):
        return None
    specific = [aspect for aspect in aspects.split("|") if aspect != "hotel general"]
    found = {next((name for start, name in SUBJECTS.items() if aspect.startswith(start)), "") for aspect in specific}
    return found.pop() if len(found) == 1 and "" not in found else None


def sentences(seed: int = 0) -> pd.DataFrame:
    """Return sentences of the seven most frequent subjects, each in one of four languages, by chance."""
    table = pd.read_csv(ASPECTS, sep="\t", quoting=3).dropna(subset=["text"])
    table["subject"] = table["categories"].map(subject)
    table = table.dropna(subset=["subject"])
    keys = table[["domain", "split", "line"]].astype(str).agg("-".join, axis=1)
    each = sorted(keys.unique())
    rng = np.random.default_rng(seed)
    language = dict(zip(each, rng.choice(sorted(table["lang"].unique()), len(each)), strict=True))
    table = table[keys.map(language) == table["lang"]]
    return table[table["subject"].isin(table["subject"].value_counts().index[:7])].reset_index(drop=True)


def clustered(texts: pd.Series, *, language: Any, groups: int | None, rng: int = 0, themed: bool = True) -> np.ndarray:
    """Return the cluster of each text, `mixed` and silent ones as clusters of their own."""
    masked, _ = comments.mask(texts)
    themes = comments.assign_themes(masked, language=language) if themed else None
    found = comments.clusters(masked, language=language, themes=themes, groups=groups, rng=rng, n_quotes=0)
    labels = np.full(len(texts), -1)
    for number, rows in enumerate(found["rows"]):
        labels[rows] = number
    return labels


def subjects(*, themed: bool) -> Iterator[Line]:
    """Yield how far clusters are the seven subjects, and how far the languages."""
    table = sentences()
    runs = [clustered(table["text"], language=table["lang"], groups=7, rng=seed, themed=themed) for seed in range(3)]
    nmi = np.mean([normalized_mutual_info_score(table["subject"], run) for run in runs])
    ari = np.mean([adjusted_rand_score(table["subject"], run) for run in runs])
    tongue = np.mean([normalized_mutual_info_score(table["lang"], run) for run in runs])
    yield "seven subjects, four languages: NMI", float(nmi), ">= 0.25"
    yield "   ARI", float(ari), ">= 0.20"
    yield "   NMI with the language", float(tongue), "<= 0.02"


def parallel(*, themed: bool) -> Iterator[Line]:
    """Yield how often the same sentence in two languages is in one cluster, and what other seeds change."""
    table = pd.read_csv(ASPECTS, sep="\t", quoting=3).dropna(subset=["text"])
    wide = table.pivot_table("text", ["domain", "split", "line"], "lang", aggfunc="first").dropna()
    long = wide.melt(ignore_index=False).reset_index()
    runs = [clustered(long["value"], language=long["lang"], groups=12, rng=seed, themed=themed) for seed in (0, 1)]
    by_language = long.assign(label=runs[0]).pivot_table("label", ["domain", "split", "line"], "lang")
    pairs = itertools.combinations(by_language.columns, 2)
    yield (
        "same sentence, same cluster: smallest kappa",
        min(float(cohen_kappa_score(by_language[a], by_language[b])) for a, b in pairs),
        ">= 0.60",
    )
    yield "   NMI with the language", float(normalized_mutual_info_score(long["lang"], runs[0])), "<= 0.02"
    yield "   ARI between seeds at 12", float(adjusted_rand_score(*runs)), ">= 0.60"


def complaints(*, themed: bool) -> Iterator[Line]:
    """Yield how far nine clusters of complaints are their nine reasons."""
    table = pd.read_csv(AIRLINE)
    runs = [clustered(table["text"], language="en", groups=9, rng=seed, themed=themed) for seed in (0, 1)]
    nmi = np.mean([normalized_mutual_info_score(table["reason"], run) for run in runs])
    yield "nine reasons of complaints: NMI", float(nmi), ">= 0.22"
    yield "   ARI", float(np.mean([adjusted_rand_score(table["reason"], run) for run in runs])), ">= 0.13"


def cost(n: int = 10_000) -> Iterator[Line]:
    """Yield CPU seconds of clusters for 10,000 comments, and of UMAP with HDBSCAN on the same vectors."""
    table = pd.read_csv(ASPECTS, sep="\t", quoting=3).dropna(subset=["text"]).drop_duplicates("text").head(n)
    word_space().vector("warm")
    start = time.process_time()
    comments.clusters(table["text"], language=table["lang"])
    ours = (time.process_time() - start) * n / len(table)
    yield "CPU s per 10,000 comments", ours, "<= 1/3 of the next"
    if importlib.util.find_spec("umap") is None:
        print("SKIPPED: umap-learn is not installed, so that UMAP with HDBSCAN is not timed.")
        return
    languages = table["lang"].tolist()
    points = word_space().sums(table["text"])
    points = Centres.of(points, languages).less(points, languages)
    umap: Any = importlib.import_module("umap")
    umap.UMAP(n_components=5, random_state=0).fit_transform(points[:500])  # compiled once
    start = time.process_time()
    HDBSCAN(min_cluster_size=30).fit(umap.UMAP(n_components=5, n_neighbors=15, random_state=0).fit_transform(points))
    yield "   UMAP and HDBSCAN on the same vectors", (time.process_time() - start) * n / len(table), ""


def main() -> int:
    """Print one line per measure: without themes, with them, and the cost."""
    if not (AIRLINE.exists() and ASPECTS.exists()):
        print("SKIPPED: the corpora are absent (expected in ../shared/data/text beside the repository).")
        return 0
    print(f"{'measure':52} {'reached':>8}  target")
    for themed in (False, True):
        print("with themes" if themed else "words alone")
        for what, reached, target in itertools.chain(
            *(part(themed=themed) for part in (subjects, parallel, complaints))
        ):
            print(f"{what:52} {reached:8.3f}  {target}", flush=True)
    for what, reached, target in cost():
        print(f"{what:52} {reached:8.3f}  {target}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
