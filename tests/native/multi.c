/* A multi-phase module (PEP 489) of the package `app`: `value()` comes from a private library. */
#include <Python.h>

int inner_count(void);

static PyObject *value(PyObject *self, PyObject *unused) {
    return PyLong_FromLong(inner_count());
}

static int execute(PyObject *module) {
    return PyModule_AddStringConstant(module, "KIND", "multi-phase");
}

static PyMethodDef methods[] = {{"value", value, METH_NOARGS, 0}, {0}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_multi", 0, 0, methods, slots,
};

PyMODINIT_FUNC PyInit__multi(void) { return PyModuleDef_Init(&definition); }
