import io

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table


def use():
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    buffer = io.BytesIO()
    style = getSampleStyleSheet()["Normal"]
    style.fontName = "Vera"
    document = SimpleDocTemplate(buffer, pagesize=A4, invariant=1)
    document.build([Paragraph("Hello <b>world</b>", style), Table([["a", 1], ["b", 2]])])
    return [buffer.getvalue()[:8].decode(), len(buffer.getvalue())]
