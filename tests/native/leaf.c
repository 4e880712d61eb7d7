/* A library that the private library needs. */
int leaf(int count) { return count * 10; }
