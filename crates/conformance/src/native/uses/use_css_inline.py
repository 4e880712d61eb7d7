import css_inline


def use():
    page = "<html><head><style>p { color: red } .x { margin: 0 }</style></head><body><p class='x'>text</p></body></html>"
    return [css_inline.inline(page), css_inline.CSSInliner(keep_style_tags=True).inline(page).count("<style>")]
