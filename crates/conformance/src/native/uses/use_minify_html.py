import minify_html


def use():
    page = "<!doctype html><html><body><p class=''>  a   <b> b </b></p><style>p { color: #ff0000 }</style></body></html>"
    return [minify_html.minify(page, minify_css=True)]
