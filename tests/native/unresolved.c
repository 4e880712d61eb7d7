/* A module that can't be loaded: it calls a function that doesn't exist. */
void *nobody_has_this(void);

void *PyInit__unresolved(void) { return nobody_has_this(); }
