"""One module for each package, with a function `main` that uses it as a program would."""
