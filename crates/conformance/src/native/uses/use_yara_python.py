import yara


def use():
    rules = yara.compile(source='rule a { strings: $x = "abc" condition: $x and math.mean(0, 2) > 0 }'.replace(
        "rule a", 'import "math" rule a'
    ))
    return [match.rule for match in rules.match(data=b"xxabcxx")]
