"""The few files that people of the demo send each other, drawn when they are needed."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

from minichat.lib.files import Taken, take

PAPERS = {
    "warranty-A-1877.pdf": [
        "Acme Coffee",
        "Warranty slip",
        "Order A-1877",
        "Acorn hand grinder: new handle, free of charge",
    ],
    "tax-invoice-A-2288.pdf": ["Acme Coffee", "Tax invoice", "Order A-2288", "Total 2,450.00 THB, VAT included"],
}


def file(name: str) -> Taken:
    """As if somebody had uploaded it."""
    return take(BytesIO(_paper(PAPERS[name]) if name in PAPERS else _photo()))


def _photo() -> bytes:
    """A hand grinder on a wooden table whose handle sits askew, as a phone would see it."""
    photo = Image.new("RGB", (1200, 900), (196, 164, 128))
    pen = ImageDraw.Draw(photo)
    for plank in range(0, 900, 150):
        shade = 150 + plank // 15
        pen.rectangle((0, plank, 1200, plank + 144), fill=(shade + 40, shade, shade - 45))
    pen.ellipse((330, 700, 900, 830), fill=(104, 78, 54))
    photo = photo.filter(ImageFilter.GaussianBlur(9))
    pen = ImageDraw.Draw(photo)
    pen.rounded_rectangle((470, 290, 730, 790), 60, fill=(38, 82, 70))
    pen.rounded_rectangle((500, 300, 560, 780), 30, fill=(66, 118, 102))
    pen.rounded_rectangle((455, 270, 745, 360), 40, fill=(198, 202, 204))
    pen.line((600, 280, 930, 150), fill=(150, 154, 158), width=26)
    pen.ellipse((580, 250, 640, 310), fill=(120, 124, 128))
    pen.ellipse((885, 95, 985, 205), fill=(92, 58, 34))
    grain = Image.effect_noise(photo.size, 26).convert("RGB")
    sheet = BytesIO()
    Image.blend(photo.filter(ImageFilter.GaussianBlur(1)), grain, 0.06).save(sheet, "JPEG", quality=88)
    return sheet.getvalue()


def _paper(lines: list[str]) -> bytes:
    """One page of A5 in a type that every reader has, written by hand: letters of ASCII only."""
    text = "".join(f"({line}) Tj 0 -30 Td " for line in lines)
    stream = f"BT /F1 16 Tf 48 520 Td {text}ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    paper, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(paper))
        paper += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = len(paper)
    return (
        paper
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
            end,
        )
    )
