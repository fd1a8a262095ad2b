"""QR codes as pictures."""

from __future__ import annotations

from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathFillImage

#: Kind of picture → its type.
KINDS = {"svg": "image/svg+xml", "png": "image/png"}


def qr_code(address: str, kind: str) -> tuple[bytes, str]:
    """The QR code of an address as content and type; ``kind`` is one of KINDS.

    Black on white whatever the page looks like, with the quiet zone that scanners need.
    """
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=12, border=4)
    code.add_data(address)
    picture = (
        code.make_image(image_factory=SvgPathFillImage) if kind == "svg" else code.make_image()
    )
    content = BytesIO()
    picture.save(content)
    return content.getvalue(), KINDS[kind]
