"""What the analyst decided about clusters: another name, several in one, one in several, none at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from nps_utils.checks import BadValue, closest

Ints = npt.NDArray[np.intp]
_KEYS: Final = ("found", "name", "merge", "split", "drop")


@dataclass(frozen=True)
class Decision:
    """One `[[cluster]]` of study.toml; `found` is the name that the cluster has by itself."""

    found: str
    name: str | None = None
    merge: tuple[str, ...] = ()
    split: int | None = None
    drop: bool = False

    @classmethod
    def read(cls, said: Decision | Mapping[str, Any]) -> Decision:
        """Read one decision as study.toml gives it.

        Raises
        ------
        BadValue
            An unknown key, no `found`, nothing decided, or two things that exclude each other.
        """
        if isinstance(said, Decision):
            return said
        for key in said:
            if key not in _KEYS:
                known = ", ".join(_KEYS)
                raise BadValue(f'[[cluster]]: unknown key "{key}"; known: {known}.{closest(key, _KEYS)}')
        found = str(said.get("found") or "").strip()
        merge = said.get("merge") or ()
        merge = (merge,) if isinstance(merge, str) else tuple(str(name) for name in merge)
        split, name = said.get("split"), said.get("name")
        if not found:
            raise BadValue('[[cluster]] needs found = "...": the name in the column found of results/clusters.csv.')
        if sum((bool(merge), split is not None, bool(said.get("drop")))) > 1:
            raise BadValue(f'[[cluster]] found = "{found}": only one of merge, split and drop can be done to it.')
        if not (name or merge or split is not None or said.get("drop")):
            raise BadValue(f'[[cluster]] found = "{found}": add what to do: name = "...", merge, split or drop.')
        if name and (split is not None or said.get("drop")):
            raise BadValue(
                f'[[cluster]] found = "{found}": a name does not go with split or drop: those leave no such cluster.'
            )
        if split is not None and (isinstance(split, bool) or not isinstance(split, int) or not 2 <= split <= 9):
            raise BadValue(f'[[cluster]] found = "{found}": split = {split!r} is not a whole number from 2 to 9.')
        return cls(found, None if name is None else str(name).strip(), merge, split, bool(said.get("drop", False)))


def decided(
    labels: Ints, names: Mapping[int, str], decisions: Sequence[Decision], divide: Callable[[Ints, int], Ints]
) -> tuple[Ints, dict[int, str], dict[int, str]]:
    """Apply decisions to the labels of comments.

    Parameters
    ----------
    labels
        The cluster of each comment, -1 for mixed.
    names
        What the clusters are called by themselves.
    decisions
        In the order of study.toml; each names clusters as they are called by themselves.
    divide
        Returns for the places of some comments, and a number of groups, which group each is in.

    Returns
    -------
    The labels; the names that were decided, by label; and by label the names of the clusters it was made of. Labels
    without a name in the second are new: parts of a split one.

    Raises
    ------
    BadValue
        A cluster that there is not, or one of which two things were decided; two clusters of one name.
    """
    label_of = {name: label for label, name in names.items()}
    called, made_of = dict(names), dict(names)
    labels = labels.copy()
    used: set[str] = set()
    for decision in decisions:
        for name in (decision.found, *decision.merge):
            _check(name, label_of, used)
            used.add(name)
        label = label_of[decision.found]
        for name in decision.merge:
            labels[labels == label_of[name]] = label
            made_of[label] += f" + {made_of.pop(label_of[name])}"
            del called[label_of[name]]
        if decision.name:
            called[label] = decision.name
        if decision.drop:
            labels[labels == label] = -1
            del called[label], made_of[label]
        if decision.split is not None:
            members = np.flatnonzero(labels == label)
            parts = divide(members, decision.split)
            first = max((*names, *made_of)) + 1
            labels[members] = first + parts
            del called[label]
            made_of |= {int(first + part): decision.found for part in np.unique(parts)}
            del made_of[label]
    _check_unique(called)
    return labels, called, made_of


def _check(name: str, label_of: Mapping[str, int], used: set[str]) -> None:
    if name not in label_of:
        raise BadValue(
            f'[[cluster]] "{name}": no cluster is found under this name any more.{closest(name, label_of)} Today there'
            f" are: {', '.join(sorted(label_of))}. Take the name from there, or take these lines out of study.toml."
        )
    if name in used:
        raise BadValue(f'[[cluster]] "{name}" is named twice in study.toml: decide one thing about it.')


def _check_unique(called: Mapping[int, str]) -> None:
    seen: set[str] = set()
    for name in called.values():
        if name.casefold() in seen:
            raise BadValue(
                f'[[cluster]] name = "{name}": two clusters would have this name. To make them one, use merge.'
            )
        seen.add(name.casefold())
