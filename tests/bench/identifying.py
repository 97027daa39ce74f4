"""What the check for details that identify somebody costs, on the texts that keep it busiest, and how well it judges: sentences of
which we know whether they identify somebody, and real texts in which nobody can be. `python -m tests.bench.identifying` prints it."""

import time
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from forum.documents.identifiability import Finding, check
from tests.cases import cases
from tests.documents.hostile import SHAPES, text

SIZE = 20_000
SENTENCES = Path(__file__).resolve().parents[1] / "documents" / "data"
SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def slowest() -> tuple[float, tuple[str, str]]:
    """Milliseconds of processor for the text that takes longest, and what that text is made of."""
    found = []
    for shape in SHAPES:
        begun = time.process_time()
        check({"text": text(shape, SIZE)})
        found.append(((time.process_time() - begun) * 1000, shape))
    return max(found)


@dataclass(frozen=True)
class Score:
    """How a level of findings does: of what identifies, the share found; of what was found, the share that identifies."""

    recall: float
    precision: float


def sentences(name: str) -> dict[str, list[str]]:
    """A file of `tests/documents/data`: "identifying" and "safe"."""
    return tomllib.loads((SENTENCES / f"guard_{name}.toml").read_text("utf-8"))


def judged(asked: Mapping[str, Sequence[str]]) -> dict[str, Score]:
    """Scores by level: "any", where one finding is a hit or an alarm, and "block", where only a sure one is."""
    found = {kind: [check({"text": sentence}) for sentence in asked[kind]] for kind in ("identifying", "safe")}
    return {"any": _score(found, lambda f: True), "block": _score(found, lambda f: f.severity == "block")}


def _score(found: Mapping[str, Sequence[Sequence[Finding]]], counts: Callable[[Finding], bool]) -> Score:
    hits, alarms = (sum(any(counts(f) for f in per) for per in found[kind]) for kind in ("identifying", "safe"))
    return Score(hits / len(found["identifying"]), hits / max(1, hits + alarms))


def alarms(folder: Path) -> tuple[int, Counter[str]]:
    """How many texts lie under `folder`, and in how many of them something is found: by level, and by kind; and how
    many "findings" there are."""
    files, counted = sorted(folder.rglob("*.md")), Counter[str]()
    for file in files:
        findings = check({"text": file.read_text("utf-8")})
        counted["findings"] += len(findings)
        counted.update({"any"} if findings else set())
        counted.update({f.kind for f in findings} | {"block" for f in findings if f.severity == "block"})
    return len(files), counted


def main() -> None:
    asked = {name: sentences(name) for name in ("built", "kept", "fresh")} | {"guard": cases("text/guard")}
    print("sentences   level   recall   precision")
    for name, those in asked.items():
        for level, score in judged(those).items():
            print(f"{name:<11} {level:<7} {score.recall:<8.2f} {score.precision:.2f}")
    if SHARED.is_dir():
        many, counted = alarms(SHARED / "data/real-texts")
        print(f"{many} real texts, with: " + ", ".join(f"{kind} {count}" for kind, count in counted.most_common()))
    took, shape = slowest()
    print(f"{SIZE:,} characters made to keep it busy: at most {took:.0f} ms of processor, for {shape}")


if __name__ == "__main__":
    main()
