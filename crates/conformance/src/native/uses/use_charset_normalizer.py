import charset_normalizer
import charset_normalizer.md


def use():
    text = "Всеки човек има право на образование. " * 20
    best = charset_normalizer.from_bytes(text.encode("cp1251")).best()
    return [best.encoding, str(best)[:5], charset_normalizer.md.__file__.endswith(".so")]
