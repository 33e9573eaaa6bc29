"""Columns of dates that hold no dates: a tool that keeps no times writes one day in every row."""

from __future__ import annotations

from nps_utils.cleaning.date_columns import Column
from nps_utils.exports.cells.plausible import EARLIEST, can_be, impossible


def placeholder(column: Column, source_file: str) -> str | None:
    """Return why no date of a file is one, where most are impossible; None where most can be right."""
    days = [(one, one.cell.day) for one in column.days if one.source_file == source_file and one.cell]
    numbers = [one for one in column.numbers if one.source_file == source_file]
    wrong = {one.text: one.n for one, day in days if impossible(day)}
    wrong |= {f"{one.least:.15g}": one.n for one in numbers if not (can_be(one.least) or can_be(one.greatest))}
    total, n = sum(one.n for one, _ in days) + sum(one.n for one in numbers), sum(wrong.values())
    if n <= total / 2:
        return None
    shown = max(wrong, key=lambda text: wrong[text])
    if wrong[shown] == total:
        return f'all {total:,} cells are "{shown}": a placeholder, not the time of an answer. No dates were read.'
    return (
        f'{n:,} of {total:,} cells are before {EARLIEST.year} or after tomorrow, for example "{shown}": placeholders,'
        " not times of answers. No dates were read from this file."
    )
