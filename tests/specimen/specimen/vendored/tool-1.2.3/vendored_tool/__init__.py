from . import sub

VALUE = sub.VALUE
