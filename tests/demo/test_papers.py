"""Papers of all demo case studies: their pages, that no sentence is cut and no word lost, and the notice that it is a demonstration."""

import re
from collections import Counter

from flask import Flask

from forum.briefings.presentation import ACCOUNT, DEMO, STORY, board, of_part, one_document, two_pages
from forum.briefings.queries import brief
from forum.briefings.slide import slide
from forum.case_studies.models import PUBLISHED, CaseStudy
from forum.demo.load import load
from forum.documents.pdf.fitting import lines_of
from forum.documents.pdf.typeset import pdf
from forum.documents.readability import sentences
from forum.kernel.db import db
from forum.web.assets import paper_fonts
from tests.demo.test_depth import no_bar
from tests.documents.test_pdf import read, squeezed, text_of


def test_papers_of_all_case_studies(context: Flask) -> None:
    load(no_bar)
    cases = db.session.query(CaseStudy).filter_by(status=PUBLISHED).order_by(CaseStudy.id).all()
    assert len(cases) == 24
    continued: Counter[str] = Counter()
    with context.test_request_context("/"):
        for case in cases:
            found = brief(case)
            said = {name: lines_of(of_part(found.parts[name])) for name in STORY if name in found.parts}
            for kind, section, most in (("paper", two_pages(found), 2), ("board", board(found), 1), ("slide", slide(found), 1)):
                data = pdf(one_document(found, section, kind), paper_fonts())
                assert len(read(data).pages) <= most, (kind, case.id)
                words = squeezed(text_of(data))
                assert squeezed(DEMO) in words
                words = words.replace(squeezed(section.foot), "")  # it stands between two pages
                assert squeezed(found.title) in words
                cut = "Continuesat" in words
                continued[kind] += cut
                names = STORY if kind == "paper" else ACCOUNT
                if kind == "paper" and not cut:
                    lost = [line for name in names for line in said.get(name, []) if not there(line, words)]
                    assert lost == [], case.id
                elif kind == "paper":
                    assert partly(said, words), case.id
    assert continued["paper"] <= 2, "nearly all fit two pages whole"


def there(line: str, words: str) -> bool:
    """Whether the words of a line are all there; the cells of a row may stand in lines beside each other, each broken."""
    pieces = [piece for cell in line.split(" · ") for piece in ([cell] if " · " not in line else cell.split())]
    return all(squeezed(re.sub(r"^(• |\d+\. )+", "", piece)) in words for piece in pieces)


def partly(said: dict[str, list[str]], words: str) -> bool:
    """Whether each sentence that begins in the paper also ends there."""
    for lines in said.values():
        for line in lines:
            for sentence in sentences(line.removeprefix("• ")):
                whole = squeezed(sentence)
                if len(whole) > 40 and " · " not in line and whole[:40] in words and whole not in words:
                    return False
    return True
