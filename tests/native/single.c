/* A single-phase module, which is initialised only once and counts its initialisations. */
#include <Python.h>

int inner_count(void);

static int initialised;

static PyObject *count(PyObject *self, PyObject *unused) {
    return Py_BuildValue("ii", initialised, inner_count());
}

static PyMethodDef methods[] = {{"count", count, METH_NOARGS, 0}, {0}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_single", 0, -1, methods};

PyMODINIT_FUNC PyInit__single(void) {
    initialised++;
    return PyModule_Create(&definition);
}
