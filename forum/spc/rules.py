"""Where tools of NHS origin differ, as named settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """One set of rules. The default is this site's own."""

    name: str = "ours"
    #: Limits are the mean ± this many average moving ranges.
    factor: float = 2.66
    shift: int = 7
    trend: int = 7
    #: Two of three: points beyond the limit count too (NHS England, November 2023).
    beyond_counts: bool = True
    #: There are no icons while the last group has fewer points that count.
    icon_minimum: int = 13
    #: A target equal to a limit counts as beyond it (≥, not >): it passes or fails instead of being hit and miss.
    target_at_limit_meets: bool = False
    #: The variation icon is that of the last special-cause point of the last group, not that of its last point.
    icon_from_last_special: bool = False
    #: Flat series: the value itself is compared with the target, and meeting it is passing.
    flat_meets: bool = True


OURS = Rules()
PLOT_THE_DOTS = Rules("nhsrplotthedots-0.2.2", beyond_counts=False, icon_minimum=0, flat_meets=False)
NHS_ENGLAND_EXCEL = Rules("nhs-england-excel", target_at_limit_meets=True)
ABSPC = Rules(
    "abspc-1.1.0",
    factor=3 / 1.128,
    shift=8,
    trend=6,
    beyond_counts=False,
    icon_minimum=15,
    target_at_limit_meets=True,
    icon_from_last_special=True,
)
RULES = {rules.name: rules for rules in (OURS, PLOT_THE_DOTS, NHS_ENGLAND_EXCEL, ABSPC)}
