"""Why believe the numbers: every method against counting, simulation and published values."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what a page names; each is loaded when first used
    from nps_utils.stats.validation import by_counting, claims, promises, whole_studies

__all__ = ["by_counting", "claims", "promises", "whole_studies"]
