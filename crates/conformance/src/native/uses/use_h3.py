import h3


def use():
    cell = h3.latlng_to_cell(52.52, 13.4, 8)
    return [cell, h3.grid_disk(cell, 1)[0] == cell or len(h3.grid_disk(cell, 1)), round(h3.cell_area(cell), 5), h3.cell_to_parent(cell, 5)]
