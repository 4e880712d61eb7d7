import sys

print("started as", __name__, "with", sys.argv[1:])
