/* Makes the module MODULE by its own function, INIT.

   A module of one phase, which is complete when the function returns, has the name that its definition has.
   CPython knows better for one in a package: from a shared library it gives the full name (import.c:
   _PyImport_ResolveNameWithPackageContext, 3.13), but not for a built-in one. */

#include <Python.h>

PyObject *INIT(void);
PyObject *NAMED(void);

static int rename_in(PyObject *names, PyObject *name) {
    PyObject *key, *value, *old = PyDict_GetItemString(names, "__name__");
    Py_ssize_t position = 0;
    int status = 0;
    Py_XINCREF(old);
    if (PyDict_SetItemString(names, "__name__", name) < 0)
        status = -1;
    while (status == 0 && old != NULL && PyDict_Next(names, &position, &key, &value)) {
        PyObject *module;
        if (!PyCFunction_Check(value))
            continue;
        module = PyObject_GetAttrString(value, "__module__");
        status = module == NULL ? -1 : PyObject_RichCompareBool(module, old, Py_EQ);
        Py_XDECREF(module);
        if (status == 1)
            status = PyObject_SetAttrString(value, "__module__", name);
    }
    Py_XDECREF(old);
    return status;
}

PyObject *NAMED(void) {
    PyObject *name, *module = INIT();
    if (module == NULL || !PyModule_Check(module))
        return module;
    name = PyUnicode_FromString(MODULE);
    if (name == NULL || rename_in(PyModule_GetDict(module), name) < 0) {
        Py_DECREF(module);
        module = NULL;
    }
    Py_XDECREF(name);
    return module;
}
