/* Stands in for hash functions that the modules in libpython's archive call, and that no installed archive has.

   FUNCTIONS defines them: HASH(name) for each. MODULE is the module that calls them. It can't work, so it is taken out of
   CPython's table of built-in modules before `main`; importing it fails then, and Python's `hashlib` and `random` use
   OpenSSL's functions, as they do wherever the module is missing. */

#include <string.h>

struct entry {
    const char *name;
    void *(*function)(void);
};

extern struct entry *PyImport_Inittab;
extern void *PyErr_NoMemory(void);

/* Called by a program only that goes around the import system. */
#define HASH(name) \
    void *name(void) { return PyErr_NoMemory(); }
FUNCTIONS

__attribute__((constructor)) static void leave_out(void) {
    struct entry *kept = PyImport_Inittab;
    const struct entry *next = kept;
    for (; next->name != NULL; next++)
        if (strcmp(next->name, MODULE) != 0)
            *kept++ = *next;
    kept->name = NULL;
    kept->function = NULL;
}
