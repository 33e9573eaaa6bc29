"""What is computed another way for the sake of many rows gives what the plain way gives, on small tables."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr, t

from nps_utils import comments
from nps_utils.columns import read_dates, text_of
from nps_utils.comments.lexicon import matcher_of
from nps_utils.comments.text import normalise, words
from nps_utils.exports.cells.amounts import account_ids
from nps_utils.exports.closed import is_likert, of_likert, of_numbers
from nps_utils.exports.headers import Column
from nps_utils.pages import remarks as page_remarks
from nps_utils.pages.comments import coverage_of
from nps_utils.pages.remarks import read_of, read_remarks
from nps_utils.pages.revenue import money_of
from nps_utils.report import summary, takeaway
from nps_utils.scale import MISSING, read_answer
from nps_utils.scale.names import are_names
from nps_utils.stats import verdicts
from nps_utils.stats.arithmetic.correlation import correlation
from nps_utils.stats.planning.eligibility import eligible
from nps_utils.stats.verdicts.independence import UNIT, coded, hang_together, pairs_column, units_in, units_of
from nps_utils.stats.weighting.linking import link_answers
from nps_utils.stats.weighting.weighted_interval import weighted_score
from nps_utils.study import money as study_money
from nps_utils.study.study import Study

DEMO = Path(__file__).parent.parent / "data" / "demo"


def answers(seed: int, n: int = 60) -> pd.DataFrame:
    """Draw answers of few people and accounts, some of them not known."""
    rng = np.random.default_rng(seed)
    people, accounts = (
        pd.Series([f"{kind}{k}" for k in rng.integers(0, size, n)]).where(pd.Series(rng.random(n) < 0.8), None)
        for kind, size in (("p", int(rng.integers(5, 80))), ("a", int(rng.integers(3, 60))))
    )
    when = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 60 * 24 * 60, n), unit="min")
    return pd.DataFrame(
        {
            "respondent_id": people,
            "account_id": accounts,
            "touchpoint": rng.choice(["x", "y"], n),
            "wave": np.sort(rng.choice(["1", "2"], n)),
            "score": rng.integers(0, 11, n),
            "responded_at": when,
        }
    )


def by_sets(before: pd.DataFrame, after: pd.DataFrame) -> str | None:
    """Say which column makes pairs, with sets of names."""
    for column in ("respondent_id", "account_id"):
        sides = [side[column].dropna().tolist() for side in (before, after)]
        if any(len(set(names)) < len(names) for names in sides):
            continue
        both = set(sides[0]) & set(sides[1])
        if 2 * len(both) <= (len(before) + len(after)) / 2:
            continue
        shared = before[before[column].isin(both)]
        if not hang_together(len(shared), units_of(shared)):
            return column
    return None


@pytest.mark.parametrize("seed", range(24))
def test_pairs_are_found_by_numbers_as_by_names(seed: int) -> None:
    """Which column makes pairs, and how many units answered."""
    table = verdicts.with_units(answers(seed, n=int(np.random.default_rng(seed).integers(6, 40))))
    if seed % 2:  # most of these are of the same people twice
        half = table.drop_duplicates("respondent_id").dropna(subset="respondent_id")
        table = pd.concat([half.assign(wave="1"), half.assign(wave="2").iloc[: seed % 5 + len(half) - 4]])
        table = table.reset_index(drop=True)
    who = coded(table)
    sides = [np.flatnonzero(table["wave"] == wave) for wave in ("1", "2")]
    assert units_in(who[UNIT]) == units_of(table)
    assert pairs_column(who, *sides) == by_sets(*(table.iloc[at] for at in sides))


def test_scores_by_number_of_the_unit_are_those_by_its_name() -> None:
    """A column of whole numbers is who they are."""
    table = answers(3)
    names = pd.factorize(table["account_id"])[0]
    numbers = pd.Series(pd.arrays.IntegerArray(names.astype("int64"), names < 0), table.index)
    found = [
        weighted_score(table.assign(account_id=ids), cluster="account_id") for ids in (table["account_id"], numbers)
    ]
    pd.testing.assert_frame_equal(found[0], found[1], check_exact=True)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("days", [None, 9])
def test_answers_are_linked_as_one_would_by_hand(seed: int, days: int | None) -> None:
    """The last asking before the answer, of the same person and touchpoint; by id, then by address."""
    rng = np.random.default_rng(seed)
    own = answers(seed)
    own["email"] = ("M" + own["respondent_id"].astype("string").fillna(f"p{seed % 5}") + "@x.se").where(
        rng.random(len(own)) < 0.7, None
    )
    asked = answers(seed + 1000, n=90).rename(columns={"responded_at": "asked_at"}).drop(columns="wave")
    asked["email"] = (" m" + asked["respondent_id"].astype("string").fillna("p1") + "@X.se").where(
        rng.random(len(asked)) < 0.7, None
    )
    asked.loc[rng.random(len(asked)) < 0.1, "asked_at"] = pd.NaT
    if seed % 3 == 0:
        asked.loc[3, "touchpoint"] = None  # then touchpoints need not agree
    apart = bool(asked.loc[asked["asked_at"].notna(), "touchpoint"].notna().all())
    expected = []
    for _, answer in own.iterrows():
        found = -1
        for name in ("respondent_id", "email"):
            if found >= 0 or pd.isna(answer[name]):
                continue
            who = str(answer[name]).strip().lower()
            best = None
            for place, asking in asked.iterrows():
                if pd.isna(asking["asked_at"]) or pd.isna(asking[name]) or str(asking[name]).strip().lower() != who:
                    continue
                if apart and asking["touchpoint"] != answer["touchpoint"]:
                    continue
                if asking["asked_at"] <= answer["responded_at"] and (best is None or asking["asked_at"] >= best):
                    best, found = asking["asked_at"], int(str(place))
            if best is not None and days is not None and answer["responded_at"] - best > pd.Timedelta(days=days):
                found = -1
        expected.append(found)
    linked = link_answers(asked, own, within_days=days)
    assert linked.fillna(-1).tolist() == expected


def test_people_of_the_frame_are_told_by_their_latest_row() -> None:
    """The latest asking up to the day counts, a row without one only where there is no other; later rows win."""
    rng = np.random.default_rng(4)
    frame = answers(4, n=200).dropna(subset="respondent_id").reset_index(drop=True)
    days = frame["responded_at"].dt.strftime("%Y-%m-%d").where(rng.random(len(frame)) < 0.7, None)
    frame = frame.assign(asked_at=days, mark=range(len(frame)))
    people = eligible(frame, on="2026-02-10", not_asked_within_days=10)
    assert people["respondent_id"].tolist() == list(dict.fromkeys(frame["respondent_id"]))
    for _, one in people.iterrows():
        rows = frame[frame["respondent_id"] == one["respondent_id"]]
        known = rows[rows["asked_at"].notna() & (rows["asked_at"].fillna("9") <= "2026-02-10")]
        assert one["askings"] == len(known)
        last = rows if known.empty else known[known["asked_at"] == known["asked_at"].max()]
        assert one["mark"] == last["mark"].max()


def test_dates_as_text_of_either_kind_are_read_alike() -> None:
    """Text as pandas stores it is read at once, anything else cell by cell."""
    cells = ["2026-11-21 00:30", None, " ", "2026-11-21T00:30:00Z", " 2024-01-01", "2026-11-21T00:30+02:00"]
    read = [
        read_dates(pd.DataFrame({"at": pd.Series(cells, dtype=kind)}), "at", timezone="Europe/Oslo")
        for kind in ("str", "string", "object")
    ]
    assert read[0].tolist()[3] == pd.Timestamp("2026-11-21 00:30", tz="UTC")
    for other in read[1:]:
        pd.testing.assert_series_equal(read[0], other)


def test_ids_as_text_of_either_kind_are_read_alike() -> None:
    """Text as pandas stores it and single cells."""
    cells = ["123.0", " A-7 ", None, "", "0012"]
    ids = [account_ids(pd.Series(cells, dtype=kind)) for kind in ("str", "string", "object")]
    assert ids[0][0].tolist()[:2] == ["123", "A-7"]
    for found, restored in ids[1:]:
        pd.testing.assert_series_equal(ids[0][0], found)
        assert restored == ids[0][1]


@pytest.mark.parametrize(
    "cells",
    [
        ["Strongly agree", "Agree", "n/a", "", "Disagree"] * 3,
        ["5 - Mycket nöjd", "3", "x"] * 4,
        ["1", "2", "3", "", "10"] * 3,
        ["Good value", "Agree"] * 5,
        [f"Agree {k}" for k in range(20)],
    ],
)
def test_closed_answers_are_known_by_their_distinct_cells(cells: list[str]) -> None:
    """As cell by cell."""
    column = Column(0, "How", "How", len(cells), cells)
    words = [cell for cell in column.filled if cell.casefold() not in MISSING]
    likert = bool(words) and len(set(column.filled)) <= 15 and sum(map(is_likert, words)) >= 0.9 * len(words)
    assert of_likert(column) == (likert and len(set(words)) >= 2)
    read = [one for one in map(read_answer, column.filled) if one.problem != "missing_score"]
    plain = bool(read) and all(one.score is not None for one in read)
    numbers = plain and len({one.score for one in read}) >= 3
    assert of_numbers(column) == (numbers and not are_names(Counter(column.filled), asked=False))


def own_demo(folder: Path) -> Study:
    """Copy the demo to where it may be changed."""
    (folder / "raw").mkdir()
    for name in ("study.toml", *(f"raw/{path.name}" for path in (DEMO / "raw").iterdir())):
        (folder / name).write_bytes((DEMO / name).read_bytes())
    return Study.open(folder)


def test_ranks_after_leaving_out_are_those_of_sorting_anew() -> None:
    """The jackknife of Spearman's correlation, by leaving out and ranking with scipy."""
    rng = np.random.default_rng(2)
    x, y, accounts = rng.integers(0, 9, 80).astype(float), rng.normal(size=80).round(1), rng.integers(0, 12, 80)
    found = correlation(x, y, accounts, kind="spearman")
    codes = pd.factorize(accounts)[0]
    left = np.array([spearmanr(x[codes != code], y[codes != code])[0] for code in range(codes.max() + 1)])
    z = np.arctanh(left)
    half = t.ppf(0.975, len(z) - 1) * np.sqrt((len(z) - 1) / len(z) * ((z - z.mean()) ** 2).sum())
    assert found.low == pytest.approx(np.tanh(np.arctanh(spearmanr(x, y)[0]) - half), abs=1e-12)


def test_a_sample_of_comments_is_drawn_by_the_answer_and_not_by_its_place() -> None:
    """Another order of the rows draws the same answers; no more different texts than asked for; all where few."""
    own = answers(7, n=400).assign(response_id=[f"r{k}" for k in range(400)])
    texts = pd.Series([f"text {k % 150}" if k % 4 else None for k in range(400)], dtype="string")
    assert read_of(texts, own).all()
    read = read_of(texts, own, most=60)
    chosen = texts[read & texts.notna().to_numpy()]
    assert chosen.nunique() == 60
    assert read[texts.isna().to_numpy()].all()
    turned = np.random.default_rng(1).permutation(400)
    again = read_of(texts.iloc[turned], own.iloc[turned], most=60)
    np.testing.assert_array_equal(again, read[turned])


def test_a_page_that_reads_a_sample_of_comments_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On page 05 and in summary.json; the follow-up list still has every comment."""
    whole = read_remarks(own_demo(tmp_path))
    assert whole.drawn is None
    monkeypatch.setattr(page_remarks.read_of, "__kwdefaults__", {"most": 300})
    (tmp_path / "other").mkdir()
    some = read_remarks(own_demo(tmp_path / "other"))
    assert some.drawn is not None
    read, of = some.drawn
    assert 300 <= read < of == whole.masked.notna().sum()
    assert some.masked.nunique() == 300
    assert coverage_of(some).startswith(f"This page reads {read:,} of {of:,} comments, drawn at random")
    pd.testing.assert_series_equal(some.texts, whole.masked)
    told = summary.with_comments({}, some)["comments_read"]  # type: ignore[typeddict-item]
    assert (told["read"], told["of"]) == (read, of)
    assert len(summary.with_comments({}, whole)) == 0  # type: ignore[typeddict-item]
    # Shares of a sample are near those of all.
    share = [(r.themes["main_theme"] == "billing").sum() / r.masked.notna().sum() for r in (some, whole)]
    assert share[0] == pytest.approx(share[1], abs=0.06)


def test_a_list_longer_than_the_workbook_holds_is_whole_as_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first rows are in the workbook, which says how many there are and where."""
    from nps_utils.pages.act import contact_lists

    study = own_demo(tmp_path)
    monkeypatch.setattr(takeaway, "MOST_LISTED", 5)
    lists = contact_lists(study)
    folder = takeaway.write_contacts(study, lists)
    assert folder is not None
    book = pd.read_excel(folder / "followup.xlsx", sheet_name=None, engine="openpyxl")
    listed = lists.cases[lists.cases["age"] != "old"]
    assert len(book["Contact"]) == 5
    assert len(pd.read_csv(folder / "contact.csv")) == len(listed) > 5
    said = book["About"].set_index("Sheet")["What it holds"]
    assert f"Here are the first 5 of {len(listed)} rows; all of them are in contact.csv." in said["Contact"]
    owner = listed["owner"].head(5).value_counts().index[0]
    n, every = len(book[owner]), int((listed["owner"] == owner).sum())
    assert n < every
    assert said[owner].endswith(f"Here are the first {n} of {every} rows; all of them are in contact.csv.")


def test_answers_in_other_waves_are_those_of_a_study_gathered_in_them(tmp_path: Path) -> None:
    """Without what is said of exports and links, the rows are the same."""
    study = own_demo(tmp_path)
    yearly = study.responses(wave="year")
    assert sorted(yearly["wave"].unique())[-1] == "2026"
    pd.testing.assert_frame_equal(yearly, Study.open(tmp_path, wave="year").responses())


def test_words_of_themes_are_counted_by_different_comments_as_one_by_one() -> None:
    """A comment that comes again counts again, in each language of its own."""
    texts = ["The invoice was wrong", "Slow delivery and a wrong invoice", "-", "Leveransen var sen", "Great!"] * 3
    texts += ["The invoice was wrong", "Leveransen var sen"]
    language = ["en", "en", "en", "sv", "en"] * 3 + ["sv", "sv"]
    themes = comments.assign_themes(texts, language=language, industry="software")
    taxonomy = comments.read_taxonomy(industry=("software",))
    counted = Counter[tuple[str, str, str]]()
    for text, code, main in zip(texts, themes["language"], themes["main_theme"], strict=True):
        if main not in ("no_content", "not_covered"):
            found = matcher_of(taxonomy, str(code)).find(words(normalise(text))).said
            counted.update({(theme, str(code), said) for theme, said in found})
    table = comments.theme_words(texts, themes, taxonomy=taxonomy, most=100)
    rows = zip(*(table[name] for name in ("theme", "language", "word", "n")), strict=True)
    assert {(theme, code, word): n for theme, code, word, n in rows} == dict(counted)
    assert max(counted.values()) > 1


def test_money_that_is_kept_is_the_money_that_was_read(tmp_path: Path) -> None:
    """Both times it is asked for, with its types."""
    study = own_demo(tmp_path)
    read = study_money.money_of(study.folder, study.settings, study.revenue_settings())
    for _ in range(2):
        for table, expected in zip(money_of(study), read, strict=True):
            pd.testing.assert_frame_equal(table, expected)
    assert text_of(read[0], "account_id").notna().all()
