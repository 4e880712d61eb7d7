import numpy
import skimage
from skimage import data, filters, measure, morphology, segmentation, transform


def use():
    square = numpy.zeros((40, 40))
    square[10:20, 10:20] = 1
    square[25:35, 5:30] = 1
    labels = measure.label(square)
    coins = data.coins()
    return [
        labels.max().item(),
        [int(region.area) for region in measure.regionprops(labels)],
        round(filters.threshold_otsu(coins).item(), 3),
        transform.rotate(square, 90).sum().round(3).item(),
        morphology.skeletonize(square > 0).sum().item(),
        len(numpy.unique(segmentation.slic(data.astronaut(), n_segments=20, start_label=1))) > 5,
        skimage.__version__,
    ]
