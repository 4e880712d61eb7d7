/* A module whose library has a constructor, which imports another module of the bundle while it is loaded. */
#include <Python.h>

int inner_count(void);

static int imported;

__attribute__((constructor)) static void import(void) {
    PyObject *module = PyImport_ImportModule("app.constructed._multi");
    imported = module != NULL;
    PyErr_Clear();
    Py_XDECREF(module);
}

static PyObject *value(PyObject *self, PyObject *unused) {
    return Py_BuildValue("ii", imported, inner_count());
}

static PyMethodDef methods[] = {{"value", value, METH_NOARGS, 0}, {0}};
static PyModuleDef_Slot slots[] = {{0}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_constructs", 0, 0, methods, slots,
};

PyMODINIT_FUNC PyInit__constructs(void) { return PyModuleDef_Init(&definition); }
