"""joblib: workers that loky starts as `sys.executable -m …`, its resource tracker, functions by value."""

import os

import joblib
from joblib.externals.loky import get_reusable_executor


def square(number):
    return number * number, os.getpid()


def main():
    results = joblib.Parallel(n_jobs=2)(joblib.delayed(square)(number) for number in range(6))
    found = [result for result, _ in results]
    found.append(os.getpid() in {pid for _, pid in results})
    # Only cloudpickle can send it.
    found += joblib.Parallel(n_jobs=2)(joblib.delayed(lambda x: x + 1)(number) for number in range(3))
    processes = joblib.Parallel(n_jobs=2, backend="multiprocessing")
    found += processes(joblib.delayed(abs)(-number) for number in range(3))
    executor = get_reusable_executor(max_workers=2)
    found += executor.map(abs, [-3, -1, -2])
    executor.shutdown(wait=True)
    return found
