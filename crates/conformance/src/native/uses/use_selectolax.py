from selectolax.lexbor import LexborHTMLParser


def use():
    tree = LexborHTMLParser("<ul><li class=a>x<li>y</ul>")
    return [[node.text() for node in tree.css("li")], tree.css_first("li.a").html]
