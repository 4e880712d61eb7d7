import contourpy


def use():
    grid = [[0.0, 1.0, 2.0], [1.0, 3.0, 1.0], [0.0, 1.0, 0.0]]
    lines = contourpy.contour_generator(z=grid).lines(1.5)
    filled = contourpy.contour_generator(z=grid, name="threaded", thread_count=2).filled(0.5, 1.5)
    return [[line.tolist() for line in lines], len(filled[0])]
