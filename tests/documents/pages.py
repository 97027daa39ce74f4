"""PDF files of a few lines, for tests: each line a (text, size, strong, how far below the line before)."""

from collections.abc import Sequence

Line = tuple[str, float, bool, float]


def pdf(*pages: Sequence[Line]) -> bytes:
    fonts = (
        "/F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> /F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>"
    )
    found = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for lines in pages:
        drawn, y = "", 800.0
        for text, size, strong, below in lines:
            y -= below
            shown = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            drawn += f"BT /F{2 if strong else 1} {size} Tf 1 0 0 1 60 {y} Tm ({shown}) Tj ET\n"
        found.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}endstream")
        found.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << {fonts} >> >> /Contents {len(found)} 0 R >>"
        )
        kids.append(f"{len(found)} 0 R")
    found[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(found, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(found) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(found) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + end.encode()
