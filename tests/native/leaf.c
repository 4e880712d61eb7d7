/* What the library needs in its turn. */
int leaf(int count) { return count * 10; }
