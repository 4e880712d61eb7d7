import black


def use():
    # Compiled by mypyc: the modules share one library, with a name of digits at the top level.
    text = black.format_str("x = {  'a':37,'b':42 }\ndef  f(a,):\n  return  a\n", mode=black.Mode())
    return [text, black.__file__.endswith(".so")]
