"""What worker processes run: functions of a bundled module, and of `__main__` if this is run as it."""
import os
import sys

STATE = []


def square(number):
    return number * number


def begin(value):
    STATE.append(value)


def state(_):
    return STATE[-1]


def put(queue, value):
    queue.put((value, sys.argv[1:], os.getppid()))


def fill(name, value):
    from multiprocessing import shared_memory

    memory = shared_memory.SharedMemory(name)
    memory.buf[0] = value
    memory.close()


def battery(method):
    """Uses most of multiprocessing, and prints one line."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import shared_memory

    context = multiprocessing.get_context(method)
    queue = context.Queue()
    process = context.Process(target=put, args=(queue, "queued"))
    process.start()
    value, arguments, _ = queue.get(timeout=60)
    process.join(60)
    assert (process.exitcode, value, arguments) == (0, "queued", sys.argv[1:]), (process.exitcode, value)

    with context.Pool(2, begin, ("begun",)) as pool:
        assert pool.map(square, range(5)) == [0, 1, 4, 9, 16]
        assert pool.apply(state, (0,)) == "begun"
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        assert list(executor.map(square, range(5))) == [0, 1, 4, 9, 16]
    with context.Manager() as manager:
        shared = manager.dict(a=1)
        shared["b"] = 2
        assert dict(shared) == {"a": 1, "b": 2}

    memory = shared_memory.SharedMemory(create=True, size=8)
    process = context.Process(target=fill, args=(memory.name, 7))
    process.start()
    process.join(60)
    assert memory.buf[0] == 7, process.exitcode
    memory.close()
    memory.unlink()
    print("all of", method, "works", flush=True)


if __name__ == "__main__":
    battery(sys.argv[-1])
