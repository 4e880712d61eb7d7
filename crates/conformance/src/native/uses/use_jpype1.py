import _jpype
import jpype


def use():
    try:
        jpype.startJVM("/nowhere/libjvm.so")
    except OSError as error:
        refused = type(error).__name__
    return [refused, jpype.isJVMStarted(), len(dir(_jpype)) > 20]
