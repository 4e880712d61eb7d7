import regex


def use():
    return [
        regex.findall(r"\p{Lu}\p{Ll}+", "Ärger und Öl, Übel"),
        regex.search(r"(?:cats){e<=1}", "cat").group(),
        regex.sub(r"(?<word>\w+) (?&word)", "x", "one two three"),
    ]
