"""Tables, figures and pages: one way of writing, numbers kept whole, every picture with its words."""

from __future__ import annotations

import io
import json
import re
import warnings
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nps_utils import Limit, attempt, compare, count_bands, figures, score, tables
from nps_utils.figures.canvas import style
from nps_utils.figures.drawing import DPI, both_kinds
from nps_utils.pages.page import Page, Picture, Text, alt_text
from nps_utils.tables import Table


@pytest.fixture
def responses() -> pd.DataFrame:
    """Two waves at two touchpoints, 400 answers with a planted fall at one of them."""
    rng = np.random.default_rng(7)
    good, bad = [0.1, 0.2, 0.7], [0.5, 0.3, 0.2]
    rows = [
        (t, w, s)
        for t, w, mix in (("a", "1", good), ("a", "2", bad), ("b", "1", good), ("b", "2", good))
        for s in rng.choice([3, 8, 10], 100, p=mix)
    ]
    return pd.DataFrame(rows, columns=["touchpoint", "wave", "score"])


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page(tmp_path, "02-nps")


def test_a_saved_table_keeps_its_numbers_whole(page: Page, tmp_path: Path) -> None:
    """The page rounds; the file does not, and tells what its columns mean."""
    page.table(Table(pd.DataFrame({"wave": ["1"], "nps": [12.3456789]}), "T"), "x")
    saved = pd.read_csv(tmp_path / "tables" / "02-nps-x.csv")
    assert saved["nps"].iloc[0] == 12.3456789
    assert "promoters" in json.loads((tmp_path / "tables" / "02-nps-x.json").read_text("utf-8"))["columns"]["nps"]


def test_a_table_shows_markup_as_text() -> None:
    """A segment named <script> is a name."""
    shown = Table(pd.DataFrame({"segment": ["<script>x</script>"]}), "<b>T</b>")._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "<b>" not in shown


def test_a_long_table_says_what_it_does_not_show() -> None:
    """Forty rows on the page, all in the file."""
    assert "2 more rows" in repr(Table(pd.DataFrame({"n": range(42)}), "T"))


def test_a_long_table_is_folded_and_nothing_is_lost() -> None:
    """Twelve rows stand open, or those that show something; the others are below them, all of them."""
    verdicts = ["no evidence either way"] * 15 + ["down"] * 2
    table = Table(pd.DataFrame({"n": range(17), "verdict": verdicts}), "T")
    opened, _, folded = table._repr_html_().partition("<details>")
    assert opened.count("<td>down</td>") == 2
    assert "no evidence" not in opened
    assert folded.count("no evidence either way") == 15
    assert "<summary>All other comparisons (15)</summary>" in folded
    plain = Table(pd.DataFrame({"n": range(15)}), "T")._repr_html_()
    assert plain.partition("<details>")[0].count("<tr") == 13
    assert plain.count("<tr") == 17
    assert "<details>" not in Table(pd.DataFrame({"n": range(12)}), "T")._repr_html_()


def test_limits_are_one_column_and_names_are_words() -> None:
    """Low and high stand as one interval on a page; a touchpoint is no key; the file keeps both."""
    data = pd.DataFrame({"touchpoint": ["after_delivery"], "nps": [1.0], "low": [-2.0], "high": [4.0]})
    table = Table(data, "T")
    assert table.written().to_dict("list") == {
        "Touchpoint": ["After delivery"],
        "NPS": ["+1.0"],
        "Interval": ["-2.0 to +4.0"],
    }
    assert set(table.definitions()) == set(data.columns)
    unnamed = data.assign(touchpoint="not stated")
    assert "Touchpoint" not in Table(unnamed, "T").written().columns


def test_a_limit_that_leaves_zero_is_not_written_as_zero() -> None:
    """A rise stood beside "0.0 to +0.5": of its own interval nobody could tell that it left zero."""
    data = pd.DataFrame({"change": [0.3, 0.3, 0.3], "low": [0.03, -0.04, 0.0], "high": [0.52, 0.6, 0.52]})
    assert Table(data, "Changes").written()["Interval"].tolist() == ["+0.03 to +0.52", "-0.04 to +0.60", "0.0 to +0.5"]


def test_a_figure_is_saved_twice_and_says_what_it_shows(page: Page, tmp_path: Path, responses: pd.DataFrame) -> None:
    """PNG, SVG and a text with the numbers that matter."""
    shown = page.figure(figures.histogram(responses), "h")
    assert isinstance(shown, Picture)
    assert "10: " in shown.alt
    assert {p.suffix for p in (tmp_path / "figures").iterdir()} == {".png", ".svg"}
    data, metadata = shown._repr_mimebundle_()
    assert metadata["image/png"]["alt"] == data["text/plain"] == shown.alt


def on_white(png: bytes) -> np.ndarray:
    """Return a picture as averages of four by four pixels, from dark 0 to white 1."""
    drawn: np.ndarray = mpl.image.imread(io.BytesIO(png))
    assert drawn[..., 3:].min(initial=1) == 1  # nothing is transparent
    grey = drawn[..., :3].mean(axis=2)
    rows, columns = (side // 4 for side in grey.shape)
    averages: np.ndarray = grey[: 4 * rows, : 4 * columns].reshape(rows, 4, columns, 4).mean(axis=(1, 3))
    return averages


def test_a_figure_drawn_once_is_the_one_that_matplotlib_saves(responses: pd.DataFrame) -> None:
    """The PNG to a part of a pixel, the SVG as large and with the same texts and widths of lines.

    Of axes, of small multiples, of a title that reaches beyond the figure, and of a text that reaches far beyond it.
    """
    waves = score(count_bands(responses, by=["touchpoint", "wave"]))

    def drawn() -> list[Axes]:
        made = [figures.histogram(responses) for _ in range(3)]
        for ax, title, at in zip(made[1:], ("wide " * 18, "far to the left"), (1.0, -0.6), strict=True):
            ax.text(at, 0.5, title, transform=ax.transAxes)
        return [*made, figures.waves(waves, by="touchpoint", title="Each by itself")]

    for ours, theirs in zip(drawn(), drawn(), strict=True):
        alt, (one, two) = alt_text(ours), (ours.get_figure(), theirs.get_figure())
        assert isinstance(one, Figure)
        assert isinstance(two, Figure)
        plain = {}
        with mpl.rc_context(style()):
            saved, _ = both_kinds(one, alt)
            for kind, more in (("png", {}), ("svg", {"Date": None})):
                buffer = io.BytesIO()
                two.savefig(buffer, format=kind, metadata={"Description": alt, **more}, bbox_inches="tight", dpi=DPI)
                plain[kind] = buffer.getvalue()
        ink, same = on_white(saved["png"]), on_white(plain["png"])
        assert np.abs(np.subtract(ink.shape, same.shape)).max() <= 1
        rows, columns = np.minimum(ink.shape, same.shape)
        assert np.abs(ink[:rows, :columns] - same[:rows, :columns]).mean() < 0.01
        assert ink.mean() == pytest.approx(same.mean(), abs=0.002)
        told = [size_and_texts(kinds["svg"]) for kinds in (saved, plain)]
        wide = int.from_bytes(saved["png"][16:20], "big")  # of the header of a PNG
        assert told[0][0][0] == pytest.approx(wide * 72 / DPI, abs=0.5)
        assert told[0][1] == told[1][1]
        assert told[0][2] == pytest.approx(told[1][2], rel=1e-4)


def size_and_texts(svg: bytes) -> tuple[list[float], list[str], list[float]]:
    """Return the size in points, the texts, and the size of each text and width of each line in points."""
    written = svg.decode()
    size = [float(found) for found in re.findall(r'(?:width|height)="([0-9.]+)pt"', written)[:2]]
    (units,) = re.findall(r'viewBox="[-0-9.]+ [-0-9.]+ ([0-9.]+) ', written)
    point = size[0] / float(units)
    widths = [point * float(found) for found in re.findall(r"(?:stroke-width: |font-size: )([0-9.]+)", written)]
    # A line of one unit is written without its width.
    return size, re.findall(r"<text[^>]*>([^<]*)</text>", written), [width for width in widths if abs(width - 1) > 0.01]


def test_a_limit_is_shown_in_place_of_table_and_figure(page: Page) -> None:
    """What is missing is said, not left blank."""
    for shown in (
        page.table(Limit("No frame."), "x"),
        page.figure(Limit("No frame."), "x"),
        page.say(Limit("No frame.")),
    ):
        assert isinstance(shown, Text)
        assert "No frame." in shown.text


def test_one_wave_is_a_limit_not_a_failure(responses: pd.DataFrame) -> None:
    """A study with one wave has no change, and the page can say so."""
    one = count_bands(responses[responses["wave"] == "1"], by=["wave"])
    changes = attempt(compare, one, across="wave")
    assert isinstance(changes, Limit)
    assert isinstance(attempt(tables.scores.changes_sentence, changes), Limit)


def test_the_planted_fall_is_told_and_the_other_is_not(responses: pd.DataFrame) -> None:
    """The sentence, the verdicts and the picture say the same."""
    changed = compare(count_bands(responses, by=["touchpoint", "wave"]), across="wave")
    assert tables.scores.changes_sentence(changed).startswith("1 of 2 changes is more than chance")
    assert tables.scores.changes(changed).data["verdict"].tolist() == ["down", "no evidence either way"]
    ax = figures.changes(changed)
    assert "A: 1 to 2" in str(ax.get_label())


def test_every_figure_draws_into_given_axes(responses: pd.DataFrame) -> None:
    """Axes of one's own are used and returned, and matplotlib's settings are left alone."""
    scored = score(count_bands(responses, by=["touchpoint", "wave"]))
    flow = pd.DataFrame({"step": ["rows in", "missing_score", "responses"], "rows": [5, 1, 4], "share": [1, 0.2, 0.8]})
    given = Figure().subplots(5, 1)
    drawn = [
        figures.histogram(responses, ax=given[0]),
        figures.forest(scored, label=["touchpoint", "wave"], title="A forest", ax=given[1]),
        figures.waves(scored, by="touchpoint", title="Waves of two", goal=40, ax=given[2]),
        figures.changes(compare(count_bands(responses, by=["wave"]), across="wave"), ax=given[3]),
        figures.flow(flow, ax=given[4]),
    ]
    assert [ax is mine for ax, mine in zip(drawn, given, strict=True)] == [True] * 5


def test_dollar_signs_stay_dollar_signs(page: Page) -> None:
    """`$` in a name must not start mathematics, in a sentence or in a figure."""
    assert page.say("cost $5 or $6")._repr_markdown_() == r"cost <span>\$</span>5 or <span>\$</span>6"
    scored = score(count_bands(pd.DataFrame({"score": [9, 1], "segment": ["$x^2$", "$"]}), by=["segment"]))
    page.figure(figures.forest(scored, label="segment", title="A $ in a name"), "dollar")


LONG = [f"{kind} of everything that has to do with {'very ' * 14}long names in the register of unit {unit}"
        for unit, kind in enumerate(("Department", "Segment", "\tTheme\n"))]  # fmt: skip


def pictures(responses: pd.DataFrame, names: list[str]) -> dict[str, Axes]:
    """Return every figure that shows names of the study, over these names."""
    table = responses.assign(segment=[names[i % len(names)] for i in range(len(responses))])
    scored = score(count_bands(table, by=["segment"]))
    waves = count_bands(table, by=["segment", "wave"])
    themes = pd.DataFrame({
        "theme": names, "n": 40, "share": 0.2, "adjusted": [-1.0, 0.5, 1.0], "adjusted_low": -2.0, "adjusted_high": 2.0,
        "adjusted_pvalue_adjusted": 0.01, "adjusted_pvalue": 0.01,
        "leave_out": [-1.0, 0.5, 1.0], "leave_out_pvalue_adjusted": 0.01,
    })  # fmt: skip
    moved = pd.DataFrame({
        "theme": names, "wave_before": names[0], "wave_after": names[1], "before": [0.1, 0.2, 0.3],
        "after": [0.3, 0.1, 0.2], "change": [0.2, -0.1, -0.1], "pvalue_adjusted": 0.01,
    })  # fmt: skip
    slopes = pd.DataFrame(
        {"view": "within", "group": names, "slope": 0.1, "low": 0.0, "high": 0.2, "accounts": 9, "limit": ""}
    )
    renamed = scored.rename(columns={"segment": "wave"})
    return {
        "forest": figures.forest(scored, label="segment", title=f"Best is {names[0]}"),
        "waves": figures.waves(score(waves), by="segment", title=f"Waves of {names[1]}"),
        "long waves": figures.waves(renamed, title="Waves"),
        "changes": figures.changes(compare(waves, across="wave")),
        "effects": figures.theme_effects(themes),
        "shares": figures.theme_shares(moved),
        "slopes": figures.slopes(slopes),
        "histogram": figures.histogram(responses),
    }


def test_long_names_leave_room_for_what_they_name(responses: pd.DataFrame, page: Page) -> None:
    """No picture warns, is twice as wide as with short names or leaves no axes; its sentence says each name whole."""
    long = pictures(responses, LONG)
    short = pictures(responses, ["a", "b", "c"])
    for name, ax in long.items():
        whole = " ".join(str(ax.get_label()).split())
        assert name == "histogram" or any(" ".join(one.split()) in whole for one in LONG), name
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            shown = page.figure(ax, name.replace(" ", "-"))
        beside = page.figure(short[name], "short")
        assert isinstance(shown, Picture)
        assert isinstance(beside, Picture)
        widths = [int.from_bytes(one.png[16:20], "big") for one in (shown, beside)]
        assert widths[0] < 1.35 * widths[1], (name, widths)
        assert ax.get_position().width > 0.25, name
        labels = [label.get_text() for label in (*ax.get_xticklabels(), *ax.get_yticklabels(), *ax.texts)]
        assert max(map(len, labels)) <= 60, name


def test_a_table_may_be_folded_whole_or_after_a_few_rows() -> None:
    """What is looked up, and not read, takes one line of the page; every row stays on it."""
    rows = pd.DataFrame({"theme": [f"t{i}" for i in range(8)], "n": range(8)})
    whole = Table(rows, "Words", open_rows=0)._repr_html_()
    assert whole.startswith('<div class="nps-table"><details><summary>Words (8)</summary>')
    assert whole.count("<caption>Words</caption>") == 1
    some = Table(rows, "Words", open_rows=3)._repr_html_()
    assert "<summary>All other rows (5)</summary>" in some
    for shown in (whole, some):
        assert all(f"<td>t{i}</td>" in shown for i in range(8))
