"""Awkward tables as people have them: each is read right, asked about, or refused in words. None is read wrongly without a word."""

import pytest

from tests.tables.test_reading import asked, reading, refusal, table, values


def two(head: str, *cells: object) -> str:
    """January, February … 2024 with a cell each."""
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun")
    return "\n".join([f"Month\t{head}", *(f"{names[n]} 2024\t{cell}" for n, cell in enumerate(cells))])


RIGHT = {
    "a monthly return with a total of the quarter": (
        "Org\tRXX\nIndicator\tApr-24\tMay-24\tJun-24\tQ1\nFalls\t5\t6\t7\t18",
        [5, 6, 7],
    ),
    "a pivot table's paste": ("Count\tColumn Labels\nRow Labels\tn\nJan 2024\t5\nFeb 2024\t7\nGrand Total\t12", [5, 7]),
    "German numbers": ("Monat;Wert\n13.01.2024;1.234,5\n13.02.2024;987,0", [1234.5, 987]),
    "German thousands twice": (two("n", "1.234.567", "2.345.678"), [1_234_567, 2_345_678]),
    "French numbers": (two("n", "1 234,5", "987,25"), [1234.5, 987.25]),
    "a comma with three digits among decimal commas": (two("n", "12,5", "1,234"), [12.5, 1.234]),
    "negative in brackets": (two("n", "(1,234)", "-£3", "5"), [-1234, -3, 5]),
    "dates as text and serial numbers": ("Month\tn\n01/01/2024\t5\n45323\t6\n01/03/2024\t7", [5, 6, 7]),
    "over 100 %": (two("Occupancy", "104%", "98%"), [104, 98]),
    "thousands as k, millions of pounds": (two("Spend", "£1.2m", "£900k"), [1_200_000, 900_000]),
    "every second week": ("w/c\tn\n01/01/2024\t5\n15/01/2024\t6\n29/01/2024\t7", [5, 6, 7]),
    "the financial year beside the month": (
        "Financial year\tMonth\tn\n2023/24\tFeb 2024\t5\n2023/24\tMar 2024\t6\n2024/25\tApr 2024\t7",
        [5, 6, 7],
    ),
    "counts that look like days of Excel's calendar": (
        "Falls\tMonth\n36329\t2021-12\n67870\t2022-01\n44000\t2022-02",
        [36329, 67870, 44000],
    ),
    "counts that look like years": ("Falls\tMonth\n2102\t11/1/2019\n2468\t12/1/2019\n2020\t13/1/2020", [2102, 2468, 2020]),
    "years of two digits": ("Year\tn\n21/22\t5\n22/23\t6\n23/24\t7", [5, 6, 7]),
    "quarters of years of two digits": ("Period\tn\nQ1 23/24\t5\n23/24 Q2\t6", [5, 6]),
    "months to come, newest first": ("Month\tn\nDec 2026\t\nNov 2026\t\nOct 2026\t5\nSep 2026\t6", [6, 5]),
    "a rate worked out beside its parts": (table("Month,Falls,Bed days,Falls per 1000 bed days", 5, 1000, 5.0), [5] * 6),
    "the table begins in the second column": ("\tMonth\tn\n\tJan 2024\t5\n\tFeb 2024\t6", [5, 6]),
    "notes of several words among figures": ("Month\tn\nJan 2024\t5\nWard closed for some weeks\nFeb 2024\t6", [5, 6]),
}


@pytest.mark.parametrize("name", RIGHT)
def test_read_right(name: str) -> None:
    text, right = RIGHT[name]
    assert values(text) == right


ASKED = {
    "thousands or decimals between semicolons": ("Month;n\nJan 2024;488,564\nFeb 2024;16,337", "count", "What does 488,564 mean?"),
    "thousands or decimals": (two("n", "1.234", "987"), "count", "What does 1.234 mean?"),
    "days without their year": ("Day\tn\nJan 01\t5\nJan 02\t6\nJan 03\t7", "count", "Is Jan 01 a month and a year?"),
    "dots between day and month": ("Datum\tn\n01.02.24\t5\n02.02.24\t6", "count", "How are dates such as 01.02.24 meant?"),
    "a year from April that does not say so": (
        "Year\tMonth\tn\n2023\tNov\t5\n2023\tDec\t6\n2023\tJan\t7\n2023\tFeb\t8",
        "count",
        "How is the year 2023 meant?",
    ),
    "merged months over kinds": ("Month\tKind\tn\nJan 2024\tA\t5\n\tB\t6\nFeb 2024\tA\t7\n\tB\t8", "count", "Which Kind"),
    "parts of 1 under a heading of percent": (two("% compliant", 0.5, 0.75), "percentage", "between 0 and 1"),
}


@pytest.mark.parametrize("name", ASKED)
def test_asked_before_anything_is_read(name: str) -> None:
    text, measure, words = ASKED[name]
    assert words in asked(text, measure).words


GUESSED = {
    "three decimals everywhere": (two("Rate", "1.234", "2.345"), [1.234, 2.345], "What does 1.234 mean?"),
    "two dates of a line": ("Received\tDate of event\tn\n01/02/2024\t13/01/2024\t5", [5], "Which column has the dates?"),
    "cumulative first": (table("Month,Cumulative falls,Falls", 9, 5), [5] * 6, "Which of"),
    "another table below": (f"{two('Falls', 5, 6)}\n\nUlcers\n{two('Ulcers', 50, 60)}", [5, 6], "more than one table"),
    "the same heading, another ward": (
        "Ward A\nMonth\tn\nJan 2024\t5\nWard B\nMonth\tn\nFeb 2024\t60",
        [5],
        "more than one table",
    ),
    "a word among the figures": (f"{two('Falls', 5, 6)}\nUlcers\nMar 2024\t50", [5, 6, 50], "Line 4 says “Ulcers”"),
    "two headings over each other": (
        "\tNorth\t\tSouth\nMonth\tFalls\tUlcers\tFalls\tUlcers\nJan 2024\t5\t6\t7\t8",
        [5],
        "Which of North Falls, North Ulcers, South Falls and South Ulcers?",
    ),
}


@pytest.mark.parametrize("name", GUESSED)
def test_the_likelier_is_read_and_what_else_it_may_be_is_told(name: str) -> None:
    text, right, words = GUESSED[name]
    found = reading(text)
    assert [p.value for p in found.points] == right
    assert any(words in question.words for question in found.questions)


REFUSED = {
    "a comma that no quotes hold": ("Month,Falls\nJan 2024,1,234\nFeb 2024,987", "may be one number or two"),
    "without a heading either": ("Jan 2024,1,234\nFeb 2024,2,987", "may be one number or two"),
    "a decimal comma that no quotes hold": (
        "Month,Falls,Comment\nJan 2024,3,04,as usual\nFeb 2024,5,85,as usual",
        "may be one number or two",
    ),
    "figures with a unit beside bed days": (
        "Month\tFalls\tOccupied bed days\n"
        + "\n".join(f"{m} 2024\t{n} falls\t812" for n, m in enumerate(("Jan", "Feb", "Mar"), 5)),
        "“5 falls” in the column “Falls” is not a number",
    ),
    "points and commas": (two("n", "1.5", "1,5"), "others a decimal comma"),
    "percent and none": (two("n", "12", "50%"), "have a sign of percent"),
    "minutes as m": (two("Wait", "12m", "15m"), "millions, minutes or metres"),
    "day first and month first": ("Date\tn\n13/02/2024\t5\n02/14/2024\t6", "Some dates have the day first"),
    "days down, months across": (
        "Day\tJan 2024\tFeb 2024\tMar 2024\n" + "\n".join(f"{d}\t1\t0\t2" for d in range(1, 32)),
        "a line for each day",
    ),
    "months without a year": ("Falls 2024\nMonth\tn\nJan\t5\nFeb\t6\nMar\t7", "no year"),
    "the same month twice": (two("n", 5) + "\nJan 2024\t6", "is there twice"),
    "subtotals of quarters": (two("n", 1, 2, 3, 5, 6, 7) + "\nQ1 2024/25\t18", "is there twice"),
    "about": (two("n", "5", "approx 6"), "“approx 6”"),
    "a unit beside it": (two("Wait", "12 min", "15 min"), "no figures"),
    "a share written as x of y": (two("Compliant", "3/4", "5/6"), "no figures"),
    "hours and minutes": (two("Wait", "1:30", "2:15"), "no figures"),
    "a number with its percentage": (two("Compliant", "30 (75%)", "33 (80%)"), "no figures"),
    "weeks without a year": ("Week\tn\nWeek 1\t5\nWeek 2\t6", "no figures"),
    "a pivot table in steps": ("Row Labels\tn\n2023\t30\nNov\t14\nDec\t16\n2024\t22\nJan\t12", "no column of dates"),
    "noughts for months to come": ("Month\tn\nOct 2026\t5\nDec 2026\t0", "lies in the future"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_words(name: str) -> None:
    text, words = REFUSED[name]
    assert words in refusal(text)


def test_the_answers_to_what_a_point_means() -> None:
    text = two("n", "1.234", "987")
    assert values(text, decimals="comma") == [1234, 987]
    assert values(text, decimals="point") == [1.234, 987]


def test_of_tables_side_by_side_each_has_its_own_dates() -> None:
    text = "Month\tFalls\t\tMonth\tUlcers\nJan 2024\t5\t\tMar 2024\t50\nFeb 2024\t6\t\tApr 2024\t60"
    assert [p.date.month for p in reading(text, value="Falls").points] == [1, 2]
    assert [p.date.month for p in reading(text, value="Ulcers").points] == [3, 4]


def test_a_target_is_that_of_the_series_that_was_chosen() -> None:
    text = "Month\tWard\tn\tTarget\nJan 2024\tA\t5\t4\nJan 2024\tB\t6\t9\nFeb 2024\tA\t5\t4\nFeb 2024\tB\t6\t9"
    assert reading(text, where=(("Ward", "A"),)).offered == {"target": 4}


@pytest.mark.parametrize(
    ("heading", "right", "title"),
    [("", [5, 6], "Ward 7"), ("2", [5, 6], "Ward 7"), ("none", [5, 6], "Month Falls"), ("3", [6], "Month Falls")],
)
def test_any_line_can_be_the_heading(heading: str, right: list[int], title: str) -> None:
    found = reading("Ward 7\nMonth\tFalls\nJan 2024\t5\nFeb 2024\t6", heading=heading)
    assert [p.value for p in found.points] == right
    assert (title, "title") in [(out.text, out.why) for out in found.left_out]


def test_a_heading_that_leaves_no_figures_is_refused() -> None:
    assert "Choose another" in refusal(two("n", 5), heading="9")
    assert "Choose another" in refusal(two("n", 5), heading="2")


@pytest.mark.parametrize(
    ("lines", "ward", "right"),
    [
        (["North\tJan 2024\t5", "\tFeb 2024\t6", "South\tJan 2024\t7", "\tFeb 2024\t8"], "South", [7, 8]),
        (["North\tJan 2024\t5", "north\tFeb 2024\t6", "South\tJan 2024\t7", "South\tFeb 2024\t8"], "North", [5, 6]),
    ],
    ids=["merged cells", "in small letters"],
)
def test_a_series_has_all_its_lines(lines: list[str], ward: str, right: list[int]) -> None:
    text = "\n".join(["Ward\tMonth\tn", *lines])
    assert [choice.words for choice in asked(text).choices] == ["North", "South"]
    assert values(text, where=(("Ward", ward),)) == right


def test_a_line_that_says_no_series_is_told() -> None:
    lines = ["North\tJan 2024\t5", "North\tFeb 2024\t6", "South\tJan 2024\t7", "\tFeb 2024\t8", "South\tMar 2024\t9"]
    found = reading("\n".join(["Ward\tMonth\tn", *lines]), where=(("Ward", "South"),))
    assert [p.value for p in found.points] == [7, 9]
    assert (5, "no Ward") in [(out.line, out.why) for out in found.left_out]


def test_wards_whose_months_follow_each_other_are_asked_about() -> None:
    text = "Ward\tMonth\tn\nNorth\tJan 2024\t5\nNorth\tFeb 2024\t6\nSouth\tMar 2024\t7\nSouth\tApr 2024\t8"
    found = reading(text)
    assert ([p.value for p in found.points], found.questions[0].chosen) == ([5, 6, 7, 8], "One series")
    assert "Ward" in found.questions[0].words
    assert values(text, where=(("Ward", "South"),)) == [7, 8]
