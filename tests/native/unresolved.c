/* A module that can't be loaded: it calls a function that nobody has. */
void *nobody_has_this(void);

void *PyInit__unresolved(void) { return nobody_has_this(); }
