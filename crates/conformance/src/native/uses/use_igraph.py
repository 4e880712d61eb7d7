import igraph


def use():
    graph = igraph.Graph.Famous("Zachary")
    return [
        graph.diameter(),
        graph.modularity(graph.community_multilevel()) > 0.3,
        round(graph.pagerank()[0], 6),
        graph.get_shortest_paths(14, 16)[0],
    ]
