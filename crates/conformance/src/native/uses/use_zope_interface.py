import zope.interface
from zope.interface import _zope_interface_coptimizations
from zope.interface.adapter import AdapterRegistry


class IShape(zope.interface.Interface):
    def area():
        """The area."""


@zope.interface.implementer(IShape)
class Square:
    def area(self):
        return 4


def use():
    registry = AdapterRegistry()
    registry.register([IShape], IShape, "", "adapter")
    return [IShape.providedBy(Square()), IShape.implementedBy(int), registry.lookup1(IShape, IShape), len(dir(_zope_interface_coptimizations)) > 5]
