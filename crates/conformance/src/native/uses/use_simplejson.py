import decimal

import simplejson
import simplejson._speedups


def use():
    text = simplejson.dumps({"a": decimal.Decimal("1.10"), "b": [None]}, sort_keys=True)
    return [text, str(simplejson.loads(text, use_decimal=True)["a"]), simplejson.scanner.c_make_scanner is not None]
