"""How a table is read: awkward ones of each kind come to the right series, a question that names its choices, or words."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.tables.reading import read
from forum.tables.results import Question, Refused, Wanted
from forum.tables.text import sheet_of_text

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun")
TODAY = date(2026, 11, 30)


def table(head: str, *cells: object) -> str:
    """Six months of 2024, each with these cells."""
    beside = "\t".join(map(str, cells))
    return "\n".join([head.replace(",", "\t"), *(f"{month} 2024\t{beside}" for month in MONTHS)])


def reading(text: str, measure: str = "count", **wanted: Any) -> Any:
    return read([sheet_of_text(text)], measure, Wanted(**wanted), TODAY)


def values(text: str, measure: str = "count", **wanted: Any) -> list[Any]:
    return [point.value for point in reading(text, measure, **wanted).points]


def asked(text: str, measure: str = "count", **wanted: Any) -> Question:
    """The question that has no likelier answer."""
    found: Question | None = reading(text, measure, **wanted).open
    assert found is not None, "it was read without a question"
    return found


def refusal(text: str, measure: str = "count", **wanted: Any) -> str:
    with pytest.raises(Refused) as problem:
        reading(text, measure, **wanted)
    return str(problem.value)


READ = {
    "no heading": ("Jan 2024\t5\nFeb 2024\t6", "count", [5, 6]),
    "spaces": ("Jan 2024 5\nFeb 2024 6", "count", [5, 6]),
    "commas of numbers in quotes": ('Month,n\nJan 2024,"1,234"\nFeb 2024,"2,345"', "count", [1234, 2345]),
    "semicolons and decimal commas": ("Monat;Wert\n01.01.2024;3,5\n15.02.2024;4,25", "rate", [3.5, 4.25]),
    "the separator said in the first line": ("sep=;\nMonth;n\nJan 2024;5", "count", [5]),
    "upright bars": ("Month|n\nJan 2024|5\nFeb 2024|6", "count", [5, 6]),
    "a heading over two lines": ('"Month\nof year"\t"Number\nof falls"\nJan 2024\t5', "count", [5]),
    "the target first": (table("Month,Target,Falls", 4, 5), "count", [5] * 6),
    "limits, comment": (table("Month,Falls,UCL,LCL,Comment", 5, 9, 1, "ok"), "count", [5] * 6),
    "rating and rank": (table("Month,RAG,Rank,Falls", "G", 1, 5), "count", [5] * 6),
    "an average that is the measure": (table("Month,Average length of stay", 4.2), "mean", [4.2] * 6),
    "denominator first": (table("Month,Denominator,Numerator", 40, 30), "percentage", [75] * 6),
    "a percentage beside its parts": (table("Month,Numerator,Denominator,%", 30, 40, "75%"), "percentage", [75] * 6),
    "a fraction beside its parts": (table("Month,Numerator,Denominator,Percentage", 30, 40, 0.75), "percentage", [75] * 6),
    "a count beside its percentage": (table("Month,Number seen in 4 hours,Percentage", 30, "75%"), "count", [30] * 6),
    "falls by bed days": (table("Month,Falls,Bed days", 5, 800), "rate", [0.00625] * 6),
    "no word but the sizes tell": (table("Month,Admissions,Came back", 100, 10), "percentage", [10] * 6),
    "a footnote's number in the heading": ("Month\tFalls [note 1]\nJan 2024\t5\n[note 1] As reported", "count", [5]),
    "bed days beside a count": (table("Month,Falls,Occupied bed days", 5, 800), "count", [5] * 6),
    "numbers like years": ("Month\tn\nJan 2024\t2018\nFeb 2024\t2019", "count", [2018, 2019]),
    "numbers like days of Excel": ("Month\tn\nJan 2024\t45292\nFeb 2024\t45323", "count", [45292, 45323]),
    "counts of 0 and 1": ("Month\tDeaths\nJan 2024\t0\nFeb 2024\t1", "count", [0, 1]),
    "the year once": ("Year\tMonth\tn\n2024\tJan\t5\n\tFeb\t6", "count", [5, 6]),
    "months by number": ("Year\tMonth\tn\n2023\t12\t5\n2024\t1\t6", "count", [5, 6]),
    "months of a financial year": ("Financial year\tMonth\tn\n2023/24\tApr\t6\n2023/24\tMar\t5", "count", [6, 5]),
    "financial years across": ("Measure\t2019/20\t2020/21\t2021/22\nReferrals\t5\t6\t7", "count", [5, 6, 7]),
    "quarters across": ("\tQ1 2023/24\tQ2 2023/24\tQ3 2023/24\nReferrals\t5\t6\t7", "count", [5, 6, 7]),
    "month first, told by a 13": ("Date\tn\n04/13/2023\t5\n05/14/2023\t6", "count", [5, 6]),
    "a gap in the middle": ("Month\tn\nJan 2024\t5\nFeb 2024\t\nMar 2024\t7", "count", [5, None, 7]),
    "an average at the end": (table("Month,n", 5) + "\nAverage\t5", "count", [5] * 6),
    "our own export": ("date,value,mean,lpl,upl\n2024-01-01,5,5.4,0,11\n2024-02-01,6,5.4,0,11", "count", [5, 6]),
}


@pytest.mark.parametrize("name", READ)
def test_one_reading(name: str) -> None:
    text, measure, right = READ[name]
    assert values(text, measure) == pytest.approx(right, nan_ok=True)


def test_what_stands_beside_the_figures_is_offered_as_what_it_is() -> None:
    found = reading(table("Month,Falls,Target,UCL,Step change", 5, 4, 9, ""))
    assert found.offered == {"target": 4, "limits": "UCL"}
    assert found.read == {"date": "Month", "value": "Falls"}


@pytest.mark.parametrize(
    ("text", "measure", "words", "choices"),
    [
        ("Month\tWard\tn\nJan 2024\tA\t5\nJan 2024\tB\t6\nFeb 2024\tA\t7\nFeb 2024\tB\t8", "count", "Which Ward", ["A", "B"]),
        ("Ward\tJan 2024\tFeb 2024\tMar 2024\nA\t5\t6\t7\nB\t1\t2\t3", "count", "Which line", ["A", "B"]),
        (
            "Date\tn\n04/01/2023\t5\n05/01/2023\t6",
            "count",
            "dates such as 04/01/2023",
            ["The day comes first", "The month comes first"],
        ),
        (
            "Month\tSite\tn\nJan 2024\t101\t5\nJan 2024\t102\t6\nFeb 2024\t101\t7\nFeb 2024\t102\t8",
            "count",
            "Which Site",
            ["101", "102"],
        ),
        (table("Month,Compliance", 0.6), "percentage", "as a percentage", ["0.6 is 60%", "0.6 is 0.6%"]),
        (table("Month,Apples,Pears", 5, 800), "rate", "out of which", ["Apples of Pears", "Pears of Apples"]),
    ],
)
def test_what_is_equally_likely_is_asked_and_each_answer_reads_it(text: str, measure: str, words: str, choices: list[str]) -> None:
    question = asked(text, measure)
    assert words in question.words
    assert [choice.words for choice in question.choices] == choices
    found = set()
    for choice in question.choices:
        options: dict[str, Any] = {name: value for name, value in choice.option if name != "where"}
        options["where"] = tuple(tuple(value.split("=")) for name, value in choice.option if name == "where")
        answered = reading(text, measure, **options)
        assert answered.open is None
        found.add(tuple((p.date, p.value) for p in answered.points))
    assert len(found) == len(choices)


@pytest.mark.parametrize(
    ("text", "first", "others"),
    [
        (table("Month,Ward A,Ward B", 5, 6), "Ward A", {"Ward B"}),
        (table("Month,Falls,Cumulative falls", 5, 9), "Falls", {"Cumulative falls"}),
        (table("Month,Attendances,Breaches", 100, 10), "Attendances", {"Breaches"}),
    ],
)
def test_what_is_likelier_is_chosen_and_the_others_offered(text: str, first: str, others: set[str]) -> None:
    found = reading(text)
    assert found.open is None
    question = found.questions[0]
    assert question.chosen == first
    assert others <= {choice.words for choice in question.choices}


@pytest.mark.parametrize(
    ("text", "measure", "words"),
    [
        ("", "count", "nothing in it"),
        ("Only words here", "count", "no figures in it yet"),
        (table("Month,Target", 4), "count", "holds figures: Target"),
        ("Month\tn\nJanuary\t5\nFebruary\t6", "count", "no year"),
        ("Month\tn\nJan 2024\tfive\nFeb 2024\t6", "count", "Line 2: “five”"),
        ("Month\tn\nJan 2024\t5\nJan 2024\t6", "count", "Line 3: 1 January 2024 is there twice"),
        ("Month\tn\nJan 2024\t5\nJan 2099\t6", "count", "Line 3: 1 January 2099 lies in the future"),
        (table("Month,Numerator,Denominator", 3, 0), "percentage", "Line 2: the denominator is 0"),
        (table("Month,Seen,Not seen", 30, 10), "percentage", "two parts of one whole"),
        ("Month\tShare\nJan 2024\t62%\nFeb 2024\t0.63", "percentage", "have a sign of percent, others none"),
        (
            "Month\tn\nJan 2024\tx1\nFeb 2024\t6\nMar 2024\t7\nMar 2024\t8",
            "count",
            "Line 2: “x1” in the column “n” is not a number. Line 5:",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text: str, measure: str, words: str) -> None:
    assert words in refusal(text, measure)


def test_a_wrong_name_says_what_there_is() -> None:
    assert "There are: Month and Falls" in refusal(table("Month,Falls", 5), value="Fals")
    assert "No line has “C”" in refusal("Month\tWard\tn\nJan 2024\tA\t5\nJan 2024\tB\t6", where=(("Ward", "C"),))


def test_every_line_that_is_left_out_is_named_with_the_reason() -> None:
    text = "Falls\n\n" + table("Month,n", 5) + "\nFebtober\t6\nTotal\t30\nMonth\tn\nSource: incidents"
    left = {(out.text, out.why) for out in reading(text).left_out}
    assert left == {
        ("Falls", "title"),
        ("Febtober 6", "no date"),
        ("Total 30", "total"),
        ("Month n", "the heading again"),
        ("Source: incidents", "source or note"),
    }


FORMS = ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d-%b-%y", "%a %d %b %Y", "%Y%m%d", "%d/%m/%Y 00:00")


@given(
    first=st.dates(date(2015, 1, 1), date(2024, 1, 1)),
    step=st.sampled_from([1, 7, 28]),
    figures=st.lists(st.integers(0, 999), min_size=3, max_size=20),
    form=st.sampled_from(FORMS),
    separator=st.sampled_from(["\t", ";", "|"]),
    places=st.permutations(["date", "figures", "target", "note"]),
)
@settings(max_examples=200, deadline=None)
def test_any_order_of_columns_form_of_dates_and_separator_gives_the_same_series_or_a_question(
    first: date, step: int, figures: list[int], form: str, separator: str, places: list[str]
) -> None:
    days = [first + timedelta(step * n) for n in range(len(figures))]
    names = {"date": "Date", "figures": "Number of falls", "target": "Target", "note": "Comment"}
    lines = [separator.join(names[place] for place in places)]
    for day, figure in zip(days, figures, strict=True):
        cells = {"date": day.strftime(form), "figures": str(figure), "target": "4", "note": "as usual"}
        lines.append(separator.join(cells[place] for place in places))
    found = reading("\n".join(lines))
    if found.open is not None:
        assert "dates" in found.open.words
        return
    assert [(p.date, p.value) for p in found.points] == list(zip(days, figures, strict=True))
