import cmarkgfm


def use():
    return [cmarkgfm.github_flavored_markdown_to_html("| a |\n|---|\n| ~b~ |"), cmarkgfm.markdown_to_html("*x*")]
