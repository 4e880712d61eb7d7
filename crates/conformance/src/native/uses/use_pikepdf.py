import io

import pikepdf


def use():
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(100, 200))
    pdf.docinfo["/Title"] = "Title"
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = "Title"
    buffer = io.BytesIO()
    pdf.save(buffer, encryption=pikepdf.Encryption(user="u", owner="o"), deterministic_id=False)
    again = pikepdf.open(buffer, password="u")
    return [len(again.pages), [int(side) for side in again.pages[0].mediabox], str(again.docinfo["/Title"])]
