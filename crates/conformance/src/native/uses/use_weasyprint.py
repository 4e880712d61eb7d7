import base64
import importlib.resources
import re

import weasyprint


def use():
    # The only font: there is none in an empty root.
    font = importlib.resources.files("matplotlib").joinpath("mpl-data/fonts/ttf/DejaVuSans.ttf").read_bytes()
    face = "data:font/ttf;base64," + base64.b64encode(font).decode()
    page = f"""<style>@font-face {{ font-family: own; src: url({face}) }} p {{ font-family: own }}</style>
        <p>Hello, fi and ∑</p><p style="page-break-before: always">second</p>"""
    document = weasyprint.HTML(string=page).render()
    pdf = document.write_pdf(uncompressed_pdf=True)
    fonts = sorted(set(re.findall(rb"/BaseFont\s*/(?:[A-Z]+\+)?([\w-]+)", pdf)))
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)
    return [pdf[:5].decode(), len(document.pages), [name.decode() for name in fonts], len(streams)]
