"""Code to be run is taken out of the reading and kept whole."""

import pytest

from forum.documents.chunks import folded


@pytest.mark.parametrize(
    ("text", "left", "code"),
    [
        ("Before.\n\n```{r setup, include=FALSE}\nx <- 1\n# no heading\n```\n\nAfter.", "Before.\n\nAfter.", ("```r\nx <- 1\n# no heading\n```",)),
        ("```{python}\n#| echo: false\nprint(1)\n```\nA.\n~~~~{sql}\nselect 1;\n~~~\n~~~~\n", "\nA.\n\n", ("```python\n#| echo: false\nprint(1)\n```", "~~~~sql\nselect 1;\n~~~\n~~~~")),
        ("A.\n\n```{r}\nnever closed\n", "A.\n\n", ("```r\nnever closed\n```",)),
        ("A.\n\n```r\nto be read\n```\n\n```{.box}\nwords\n```\n", "A.\n\n```r\nto be read\n```\n\n```{.box}\nwords\n```\n", ()),
    ],
)  # fmt: skip
def test_chunks(text: str, left: str, code: tuple[str, ...]) -> None:
    assert folded(text) == (left, code)
