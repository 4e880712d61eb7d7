import tree_sitter
import tree_sitter_javascript


def use():
    language = tree_sitter.Language(tree_sitter_javascript.language())
    tree = tree_sitter.Parser(language).parse(b"f(1 + 2);")
    query = tree_sitter.Query(language, tree_sitter_javascript.HIGHLIGHTS_QUERY)
    return [str(tree.root_node), query.pattern_count > 5]
