"""Every public method that returns an interval or a p-value is in the evidence, or says here why it is not."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import nps_utils.revenue
import nps_utils.stats

# Which table of the evidence a method is judged by.
IN_EVIDENCE = {
    "score": "one",
    "benchmark": "target",
    "compare": "size",
    "clustered_change": "account_change",
    "paired_change": "panel",
    "mix_change": "account_mix",
    "trend": "trend",
    "trends": "account_trend",
    "confidence_sequence": "account_looks",
    "difference_sequence": "alarms",
    "control_limits": "account_looks",
    "weighted_score": "clustered",
    "randomised": "experiment",
    "shrink": "segments",
    "rank_intervals": "ranks",
    "mean_score": "mean",
}
# These give what another method found, for many groups or in words.
BY_ANOTHER = {
    "mix_of": "mix_change",
    "mix_each": "mix_change",
    "mix_totals": "mix_change",
    "paired_each": "paired_change",
    "scored": "weighted_score",
    "scores": "weighted_score",
    "scores_each": "weighted_score",
    "changes": "clustered_change",
    "latest": "clustered_change",
    "each_wave": "clustered_change",
    "judge_goal": "score",
    "account_units": "weighted_score",
    "negative_control": "lag_table",
    "all_tests": "lag_table",
    "conclude": "lag_table",
    "honest_slope": "lag_table",
}
# Judged in a test of their own: by simulation, by counting, or beside another library. The page is of the study's
# methods of scores and changes; these need money, ratings or texts to be drawn.
IN_TESTS = {
    "mean_and_top": "tests/stats/verdicts/test_beside_nps.py: beside a bootstrap of whole accounts",
    "change_parts": "tests/stats/test_stayers.py: draws panels whose stayers and leavers are known",
    "importance": "tests/stats/drivers/test_importance.py: a bootstrap, beside published weights and drawn ratings",
    "top_box": "tests/stats/test_distribution.py: Wilson's limits of a share",
    "response_rates": "tests/stats/weighting/test_silence.py: limits of a share, beside statsmodels",
    "lag_table": "tests/revenue/test_common_shock.py: false alarms where a period moves all, beside linearmodels",
    "two_way": "tests/revenue/test_common_shock.py: beside linearmodels, and false alarms",
    "slopes": "tests/revenue/test_panel.py: beside linearmodels and statsmodels",
    "corrected_slope": "tests/revenue/test_panel.py: simulated with known errors of measurement",
    "risk_by_band": "tests/pages/test_customers.py: beside statsmodels",
    "spend_by_band": "tests/pages/test_customers.py: beside statsmodels",
    "silent_accounts": "tests/revenue/test_conclusion.py: beside a comparison by hand",
    "survival_by_band": "tests/pages/test_customers.py: beside lifelines and exact limits",
    "hazard_by_band": "tests/pages/test_customers.py: beside lifelines",
}
# What has limits that are no statement of chance.
NO_CHANCE = {
    "value_at_risk": "a range of what bands did before",
    "nothing": "a slope that could not be fitted, and why",
}
_TELLS = re.compile(r"`?\b(low|high|lower|pvalue|\w+_low|\w+_pvalue|worst_rank)\b`?|(columns|table) of `")


def public() -> Iterator[tuple[str, str]]:
    """Yield the module and name of each public function whose docstring promises limits or a p-value in its result."""
    for room in (nps_utils.stats, nps_utils.revenue):
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if re.search(r"\.(validation|arithmetic)(\.|$)", found.name):
                continue
            module = importlib.import_module(found.name)
            for name, member in vars(module).items():
                own = inspect.isfunction(member) and member.__module__ == found.name and not name.startswith("_")
                if not own:
                    continue
                returns = (member.__doc__ or "").partition("Returns\n")[2].partition("Examples\n")[0]
                fields = getattr(getattr(module, str(member.__annotations__.get("return")), None), "_fields", ())
                if _TELLS.search(returns) or {"low", "pvalue"} & set(fields):
                    yield found.name, name


def test_every_method_with_a_level_is_in_the_evidence_or_says_why_not() -> None:
    """A new method needs a table of the evidence, or a reason here."""
    known = {*IN_EVIDENCE, *BY_ANOTHER, *IN_TESTS, *NO_CHANCE}
    found = {name: f"{module}.{name}" for module, name in public()}
    assert [where for name, where in found.items() if name not in known] == []
    assert known <= set(found)


def test_the_lists_speak_of_what_there_is() -> None:
    """Tables of the evidence, methods of these lists, and tests that stand where it is said."""
    from nps_utils.stats.validation.promises import MAKERS

    assert set(IN_EVIDENCE.values()) <= set(MAKERS)
    assert set(BY_ANOTHER.values()) <= {*IN_EVIDENCE, *IN_TESTS}
    for name, reason in IN_TESTS.items():
        file = Path(__file__).parents[3] / reason.partition(":")[0]
        assert name in file.read_text("utf-8"), name
