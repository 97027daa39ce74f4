"""Scoring the ranking: each measure by hand, all of them beside an independent scorer, and the floors that the site keeps."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from forum.cli import main
from forum.search.evaluate import (
    CannotEvaluate,
    average_precision,
    evaluate_folder,
    load,
    means,
    ndcg,
    recall,
    reciprocal_rank,
    trec,
)
from forum.search.synonyms import NONE
from forum.vocabulary.queries import shipped

GRADES = {"a": 3.0, "b": 1.0, "c": 2.0, "d": 0.0}


def test_ndcg_by_hand() -> None:
    assert ndcg(["a", "c", "b"], GRADES) == 1
    found = 1 / math.log2(2) + 3 / math.log2(4)
    best = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    assert ndcg(["b", "x", "a"], GRADES) == pytest.approx(found / best)
    assert ndcg(["x"] * 10 + ["a"], GRADES) == 0, "what stands eleventh does not count"
    assert ndcg(["a"], {"a": 0.0}) == ndcg([], {}) == 0
    many = {str(n): 1.0 for n in range(20)}
    assert ndcg([str(n) for n in range(10)], many) == 1, "no more than ten can be shown"


def test_the_other_measures_by_hand() -> None:
    found = ["d", "a", "x", "b"]
    assert recall(found, GRADES) == pytest.approx(2 / 3)
    assert recall(found, GRADES, depth=2) == pytest.approx(1 / 3)
    assert reciprocal_rank(found, GRADES) == 1 / 2
    assert reciprocal_rank(["x"] * 10 + ["a"], GRADES) == 0
    assert average_precision(found, GRADES) == pytest.approx((1 / 2 + 2 / 4) / 3)
    assert recall([], {}) == reciprocal_rank([], {}) == average_precision([], {}) == 0


def test_the_mean_is_over_queries_with_something_relevant() -> None:
    judged = {"one": {"a": 1.0}, "missed": {"b": 1.0}, "nothing": {"c": 0.0}}
    assert means({"one": ["a"], "nothing": ["c"], "unjudged": ["a"]}, judged) == {
        "nDCG@10": 0.5, "recall@100": 0.5, "MRR@10": 0.5, "MAP": 0.5
    }  # fmt: skip
    with pytest.raises(CannotEvaluate):
        means({}, {"nothing": {"c": 0.0}})


def small(folder: Path) -> Path:
    """A collection of three: one without a title, a qrels file in TREC's four columns with a heading."""
    docs = [
        {"id": "fall", "title": "Falls", "text": "Falls on the ward at night"},
        {"id": "food", "title": "Food", "text": "Warm meals"},
        {"id": 3, "text": "Ward clerks and meals"},
    ]
    (folder / "docs.jsonl").write_text("\n".join(json.dumps(d) for d in docs) + "\n\n", "utf-8")
    (folder / "queries.jsonl").write_text('{"id": "q1", "text": "falls?"}\n{"id": "q2", "text": "meals"}\n', "utf-8")
    (folder / "qrels.tsv").write_text("query\t0\tdoc\tgrade\nq1 0 fall 2\nq2\t0\t3\t1\n", "utf-8")
    return folder


def test_the_command(tmp_path: Path) -> None:
    folder, run = small(tmp_path), tmp_path / "out.run"
    plain = CliRunner().invoke(main, ["evaluate", str(folder)])
    assert plain.exit_code == 0, plain.output
    assert "nDCG@10" in plain.output
    told = CliRunner().invoke(main, ["evaluate", str(folder), "--json", "--run", str(run)])
    figures = json.loads(told.output)
    assert figures["queries"] == 2
    assert figures["recall@100"] == 1
    lines = [line.split() for line in run.read_text("utf-8").splitlines()]
    assert lines[0] == ["q1", "Q0", "fall", "1", "1000", "whoosh"]
    assert {line[2] for line in lines if line[0] == "q2"} == {"food", "3"}


def test_what_cannot_be_evaluated_is_said_in_words(tmp_path: Path) -> None:
    empty = CliRunner().invoke(main, ["evaluate", str(tmp_path)])
    assert empty.exit_code == 1
    assert "no docs.jsonl and no queries.jsonl and no qrels.tsv" in empty.output
    assert "Traceback" not in empty.output
    folder = small(tmp_path)
    (folder / "docs.jsonl").write_text('{"id": "a"}\n[1]\n', "utf-8")
    with pytest.raises(CannotEvaluate, match=r"docs.jsonl, line 2"):
        list(load(folder).documents())


def test_the_independent_scorer_agrees(tmp_path: Path, shared: Path) -> None:
    """And the floor on Cranfield: the aim is .437 (docs/search-relevance.md)."""
    folder = shared / "data/ir/cranfield"
    found = evaluate_folder(folder, "whoosh", NONE)
    run = tmp_path / "cranfield.run"
    run.write_text("".join(trec(found.run, "whoosh")), "utf-8")
    command = [sys.executable, str(shared / "tools/ir_evaluate.py"), str(folder), str(run), "--json"]
    theirs = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    ours = {name: round(value, 4) for name, value in found.figures.items()}
    assert ours == {name: theirs[{"recall@100": "R@100"}.get(name, name)] for name in ours}
    assert ours["nDCG@10"] >= 0.437


def test_the_floor_on_a_real_forum(shared: Path) -> None:
    assert evaluate_folder(shared / "data/ir/qatarliving-dev", "whoosh", shipped()).figures["nDCG@10"] >= 0.503
