"""Adds a directory of the bundle to the package's path."""

import os
import specimen

specimen.__path__.append(os.path.join(specimen.__path__[0], "vendored"))
