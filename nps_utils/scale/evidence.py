"""What the header, the labels and the values of a score column say of its scale; what is not 0-10 is refused.

A number that looks finished is worse than none. So answers on another scale, codes, reversed scales and labels that
cannot be read stop the study, with the cells shown and what to write to go on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from nps_utils.checks import BadAnswers
from nps_utils.scale import HIGHEST, LOWEST
from nps_utils.scale.cells import Seen, label_key
from nps_utils.scale.labels import STARS, Numbered, tidy
from nps_utils.scale.likelihood import end_of, is_place, is_top
from nps_utils.scale.names import are_names
from nps_utils.scale.other_scales import of_another_scale
from nps_utils.scale.ways_on import label_lines, only_nps, scale_line

# More cells that cannot be read than this are no slips; two in a small table may be.
SMALL_SHARE: Final = 0.02
FEW: Final = 2
# Numbers outside the scale are slips more often than labels are.
FEW_NUMBERS: Final = 3
NUMBERS_SHARE: Final = 0.05
# Among so many answers to the question one would be above: even a poor score has a fifth or a tenth of them there.
NONE_ABOVE: Final = ((5, 8), (7, 20), (8, 40))
# Among so many answers some would be above: 0, 1 and 2 alone are no answers to the question, whoever says so.
MARKS: Final = 2
MANY_MARKS: Final = 20
# Where so many chose 9, some would have chosen 10.
FEWEST_NINES: Final = 10
FEWEST_VALUES: Final = 4
RARE: Final = 0.1
# A remark in place of an answer has at least so many words.
REMARK: Final = 5


def check_scale(seen: Seen, *, readable: bool = True) -> None:
    """Raise `BadAnswers` unless the cells are answers from 0 to 10; see `nps_utils.scale.ways_on`.

    Parameters
    ----------
    seen
        The cells.
    readable
        Whether enough of them must be readable as well.

    Raises
    ------
    BadAnswers
        They are on another scale, they are codes, the best answer is 0, or too much of what was answered cannot be
        read. The text shows the cells and what to write.
    """
    if not seen.answered:
        return
    looks = (_as_told, _names, _other_scales, _out_of, _per_cent, _stars, _codes, _outside, _header, _labels, _values)
    for look in (*looks, _unreadable) if readable else looks:
        for sentence in look(seen):
            raise BadAnswers(f"{seen.where}: {sentence}")


def _as_told(seen: Seen) -> Iterator[str]:
    """What the study says of the scale must be possible."""
    said = seen.told.scale
    if said in ("1-10", "1-11") and (n := seen.numbers[0]):
        yield (
            f'scale = "{said}" is said of it, but {n:,} answers are 0: {seen.show(_of_number(seen, 0))}.'
            " Take that setting away, or name the cells that are no answers:\n"
            + label_lines(_of_number(seen, 0), [], ends_read=True)
        )


def _names(seen: Seen) -> Iterator[str]:
    """Names with numbers in them, whoever named the column."""
    cells = {cell: n for cell, n in seen.answered.items() if not seen.told.names(cell)}
    if are_names(cells, asked=True):
        yield (
            f"these are names with numbers in them, not answers: {seen.show(list(cells), 4)}. Name the column of the"
            " answers themselves."
        )


def _other_scales(seen: Seen) -> Iterator[str]:
    """Numbers up to 100, and a few words, of which nobody has said what they stand for."""
    told = seen.told.drops_others or any(map(seen.told.names, seen.counts))
    if not told and (said := of_another_scale(seen.answered)):
        yield said


def _of_number(seen: Seen, *values: float) -> list[str]:
    return [cell for cell, one in seen.numbered.items() if one.value in values]


def _out_of(seen: Seen) -> Iterator[str]:
    others = [cell for cell, one in seen.numbered.items() if one.out_of not in (None, HIGHEST)]
    tens = [cell for cell, one in seen.numbered.items() if one.out_of == HIGHEST]
    if sum(seen.counts[cell] for cell in others) > sum(seen.counts[cell] for cell in tens):
        top = max(one.out_of or 0 for one in seen.numbered.values())
        yield f"the answers are out of {top:g}: {seen.show(others)}. {only_nps()}"


def _per_cent(seen: Seen) -> Iterator[str]:
    marked = [cell for cell in seen.numbered if "%" in tidy(cell) and any(map(str.isdigit, cell))]
    if _many(seen, marked) and not seen.told.drops_others:
        yield f"the answers are in per cent: {seen.show(marked)}. {only_nps()}"


def _stars(seen: Seen) -> Iterator[str]:
    starred = [cell for cell, one in seen.numbered.items() if STARS.search(cell) and one.out_of != HIGHEST]
    if _many(seen, starred) and seen.highest <= HIGHEST / 2 and not seen.told.drops_others:
        yield f"the answers are stars: {seen.show(starred)}. {only_nps()}"


def _many(seen: Seen, cells: Sequence[str], few: int = FEW, share: float = SMALL_SHARE) -> bool:
    n, asked = sum(seen.counts[cell] for cell in cells), sum(seen.answered.values())
    return (n >= few and n > share * asked) or (n > 1 and 2 * n > asked)


def _codes(seen: Seen) -> Iterator[str]:
    """Codes 1 to 11: the answers 0 to 10, counted from 1."""
    if seen.told.scale is not None or seen.numbers[0] or seen.highest != HIGHEST + 1:
        return
    if any(one.out_of == HIGHEST or (one.value == HIGHEST and is_top(one.words)) for one in seen.numbered.values()):
        return  # these cells say themselves that 10 is the best answer
    n, top = sum(seen.numbers.values()), seen.numbers[HIGHEST + 1]
    named = any(is_top(seen.numbered[cell].words) for cell in _of_number(seen, HIGHEST + 1))
    if (n > 3 and top > 0.005 * n) or named:
        cells = _of_number(seen, HIGHEST + 1)
        slip = f" If 11 is a slip:\n{label_lines(cells, [], ends_read=True)}" if top <= SMALL_SHARE * n + 1 else ""
        yield (
            f"{top:,} of {n:,} answers are 11 and none is 0: these look like codes 1 to 11 for the answers 0 to 10:"
            f" {seen.show(cells)}. If so, {scale_line('1-11')}, and one is taken from each.{slip}"
        )


def _outside(seen: Seen) -> Iterator[str]:
    if seen.told.drops_others:
        return
    below = [cell for cell, one in seen.numbered.items() if one.value is not None and one.value < 0]
    values = {seen.numbered[cell].value for cell in below}
    if len(values) > FEW and min(value for value in values if value is not None) == -seen.highest:
        # From -5 to 5: without the lower half the rest would look like answers.
        yield (
            f"the answers are on a scale of {-seen.highest:g} to {seen.highest:g} ({seen.show(below)}), and cannot be"
            f" turned into NPS: where 9 and 10 begin on it is nothing that was asked. {only_nps()}"
        )
    elif _many(seen, below):
        yield (
            f"there are answers below 0: {seen.show(below)}. {only_nps()} If these are no answers:\n"
            + label_lines(below, [], ends_read=True)
        )
    limit = HIGHEST + (seen.told.scale == "1-11")
    above = [cell for cell, one in seen.numbered.items() if one.value is not None and one.value > limit]
    if _many(seen, above, FEW_NUMBERS, NUMBERS_SHARE):
        yield (
            f"{sum(seen.counts[cell] for cell in above):,} of {sum(seen.answered.values()):,} answers are above"
            f" {limit}: {seen.show(above)}. {only_nps()} If these are no answers:\n"
            + label_lines(above, [], ends_read=True)
        )
    parts = [cell for cell in seen.answered if seen.told.read(cell).problem == "fractional_score"]
    if _many(seen, parts, FEW_NUMBERS, NUMBERS_SHARE):
        yield (
            f"{sum(seen.counts[cell] for cell in parts):,} of {sum(seen.answered.values()):,} cells are no whole"
            f" numbers, so they are means or another measure: {seen.show(parts)}. {only_nps()}"
            f" If these are no answers:\n{label_lines(parts, [], ends_read=True)}"
        )


def _header(seen: Seen) -> Iterator[str]:
    asked = seen.asked
    if asked is None or not seen.numbers:
        return
    said = seen.told.scale
    if asked.high < HIGHEST and seen.highest <= asked.high:
        # Header and answers agree: against both, a setting would make a detractor of the best answer.
        against = "" if said is None else f' scale = "{said}" does not overrule both.'
        yield (
            f'the header says "{asked.words}", and no answer is above {seen.highest:g}. {only_nps()}{against}'
            " If the header is wrong and 10 could be chosen, correct the header in the file."
        )
    if said is not None:
        return
    if asked.turned:
        yield (
            f'the header says "{asked.words}": the low numbers are the good answers.'
            f" To turn them round, {scale_line('10-0')}. If the header is wrong, {scale_line('0-10')}."
        )
    if asked.high == HIGHEST or seen.highest > asked.high:
        return
    told = f'the header says "{asked.words}", and no answer is above {seen.highest:g}.'
    if asked.high == HIGHEST + 1:
        yield f"{told} If these are codes for 0 to 10, {scale_line('1-11')}."
    yield f"{told} {only_nps()} If the header is wrong and 10 could be chosen, {scale_line('0-10')}."


def _labels(seen: Seen) -> Iterator[str]:
    """The words at the numbers: where the scale ends, and which end is the good one."""
    said = seen.told.scale
    if not seen.numbers or (said is not None and seen.highest > HIGHEST / 2):
        return
    worded = {cell: one for cell, one in seen.numbered.items() if one.value is not None and one.words}
    tops = [cell for cell, one in worded.items() if is_top(one.words)]
    turned = [cell for cell, one in worded.items() if _leans(one) == "turned"]
    right = [cell for cell, one in worded.items() if _leans(one) == "right"]
    if len(turned) > len(right) and seen.highest > HIGHEST / 2:
        yield (
            f"the low numbers have the words of good answers, or the high ones those of bad: {seen.show(turned)}."
            f" To turn them round, {scale_line('10-0')}. If the words are wrong, {scale_line('0-10')}."
        )
    best = [cell for cell in tops if worded[cell].value == seen.highest]
    if best and seen.highest <= HIGHEST / 2 and said != "10-0":
        # Words and answers agree, as above: no setting makes a detractor of the best answer.
        against = "" if said is None else f' scale = "{said}" does not overrule both.'
        yield f"the best answer is {seen.show(best)}, and no number is higher. {only_nps()}{against}"
    if best and seen.highest < HIGHEST and said is None:
        yield (
            f"the best answer is {seen.show(best)}, and no number is higher. {only_nps()}"
            f" If 10 could be chosen, {scale_line('0-10')}."
        )


def _leans(one: Numbered) -> str | None:
    """Say whether the words of a number go with its size."""
    end, value = end_of(one.words), one.value or 0.0
    if end is None or 4 < value < 6:
        return None
    return "right" if (end == "high") == (value >= 6) else "turned"


def _values(seen: Seen) -> Iterator[str]:
    if seen.told.scale is not None or (_unread(seen) and not seen.told.drops_others):
        return  # the best answers may be among what cannot be read, which is asked first
    n = sum(seen.scores.values())
    highest = max(seen.scores, default=HIGHEST)
    for limit, least in NONE_ABOVE:
        sure = seen.asked is not None and seen.asked.high == HIGHEST
        if highest <= limit and n >= (max(least, 40) if sure else least):
            if highest <= MARKS and n >= MANY_MARKS:
                yield (
                    f"none of {n:,} answers is above {highest}: as marks, codes or a yes and no are, not answers from 0"
                    f" to 10. {only_nps()} Name the column of the answers themselves."
                )
                return
            stars = " As stars and 1-5 scales are," if limit == 5 else ""
            yield (
                f"none of {n:,} answers is above {highest}.{stars}{' the' if stars else ' The'} scale seems to end"
                f" there. {only_nps()} If 10 could be chosen, {scale_line('0-10')}."
            )
            return
    # Answers that are all alike, or nearly, say nothing of where the scale ends.
    if highest == HIGHEST - 1 and seen.scores[highest] >= FEWEST_NINES and len(seen.scores) >= FEWEST_VALUES:
        yield (
            f"{seen.scores[highest]:,} of {n:,} answers are 9 and none is 10, so the scale seems to end at 9."
            f" {only_nps()} If 10 could be chosen, {scale_line('0-10')}."
        )


def _unread(seen: Seen) -> list[str]:
    return [cell for cell in seen.answered if seen.told.read(cell).problem == "unreadable_score"]


def _unreadable(seen: Seen) -> Iterator[str]:
    """Cells that cannot be read: no end of the scale may hide among them, nor more than a few answers."""
    if seen.told.drops_others:
        return
    bad = _unread(seen)
    bad += [cell for cell in seen.numbered if _is_remark(seen, cell)]
    if not bad:
        return
    lowest = 1 if seen.told.scale == "1-10" else LOWEST
    missing = [end for end in (HIGHEST, lowest) if not seen.scores[end]]
    remarks = any(_is_remark(seen, cell) for cell in bad)
    if not missing and not remarks and not _many(seen, bad):
        return
    n, asked = sum(seen.counts[cell] for cell in bad), sum(seen.answered.values())
    ends = " or ".join(map(str, missing))
    why = f", and no cell that can be read is {ends}" if missing else ""
    bad.sort(key=lambda cell: -seen.counts[cell])
    yield (
        f"{n:,} of {asked:,} answers cannot be read as a number from 0 to 10{why}: {seen.show(bad, 8)}."
        f" Say what each stands for:\n{label_lines(bad, missing, ends_read=not missing)}"
    )


def _is_remark(seen: Seen, cell: str) -> bool:
    """Say whether a cell with a number is a remark (`see comment 3`), not a label: rare, with words of its own.

    Where others gave the number in another form, or where hardly any number between the ends has words.
    """
    one = seen.numbered.get(cell)
    if one is None or one.value is None or one.out_of or not _is_own(seen, cell, one):
        return False
    n, others = seen.counts[cell], {name: other for name, other in seen.numbered.items() if name != cell}
    if any(other.value == one.value and seen.counts[name] > n for name, other in others.items()):
        return True
    own = sum(other.value is not None and _is_own(seen, name, other) for name, other in seen.numbered.items())
    return own < FEW_NUMBERS and 1 < one.value < HIGHEST


def _is_own(seen: Seen, cell: str, one: Numbered) -> bool:
    """Say whether a cell has words that no other number has and that name no place on a scale, and is rare."""
    if seen.counts[cell] > max(FEW, RARE * sum(seen.answered.values())) or not any(map(str.isalpha, one.words)):
        return False
    if is_place(one.words) and len(re.findall(r"[^\W\d_]+", one.words)) < REMARK:
        return False
    words = label_key(one.words)
    return not any(
        other.value not in (None, one.value) and label_key(other.words) == words for other in seen.numbered.values()
    )
