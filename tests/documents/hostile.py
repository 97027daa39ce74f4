"""Texts that make patterns work: one piece over and over behind a beginning, with what is looked for nearly there each time."""

PIECES = (
    "1", "0", "1 ", "1  ", "943 476 5919 ", "0/", "1/2/", "07700 900123 ", "0207946001 ", "020 7946 00182", "(0", "0(1) ", "+44 ", "020.7946.",
    "12345 ", "2020-01-01", "1-2.3 4/5(", "MRN ", "born 1 jan", "d.o.b ", "Mr ", "Mr Aa patient ", "Mr A. Bb ", "a@", "a@a.", "a.", "one older ",
    "1 patient ", "|patients|1", "](", "![", "www.", "http://", "SW1A 1", "aged 9", "a1b2", "\uff11", "\u200b1",
)  # fmt: skip
BEHIND = (
    ("MRN", " "),
    ("hospital number:", " "),
    ("one", " "),
    ("|", "patients "),
    ("|patients|", "\t1"),
    ("born 1 jan", "a"),
    ("Mr ", "A"),
)
SHAPES = (*(("", piece) for piece in PIECES), *BEHIND)


def text(shape: tuple[str, str], size: int) -> str:
    first, piece = shape
    return (first + piece * (size // len(piece) + 1))[:size]
