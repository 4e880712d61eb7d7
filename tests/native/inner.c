/* A private library of the package that both modules need: it counts for both. */
int leaf(int);

static int count;

int inner_count(void) { return leaf(++count); }
