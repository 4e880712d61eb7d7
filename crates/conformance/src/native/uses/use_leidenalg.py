import igraph
import leidenalg


def use():
    graph = igraph.Graph.Ring(4) + igraph.Graph.Full(5)
    found = leidenalg.find_partition(graph, leidenalg.ModularityVertexPartition, seed=1)
    return [sorted(found.sizes()), round(found.modularity, 4)]
