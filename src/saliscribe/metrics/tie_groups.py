"""Groups of things that were not shown to differ, in place of one winner."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx


def tie_groups(
    values: Mapping[str, float],
    p_values: Mapping[tuple[str, str], float],
    alpha: float,
    *,
    higher: bool = True,
) -> list[list[str]]:
    """Maximal sets in which no pair differs (adjusted p above ``alpha``), best first inside and among them.

    The sets are those of a compact letter display (Piepho 2004): two things that share no set differ. A pair without a
    p value counts as not shown to differ. Not differing is no proof of being equal.
    """
    graph = nx.Graph()
    graph.add_nodes_from(values)
    names = list(values)
    for at, first in enumerate(names):
        for second in names[at + 1 :]:
            p = p_values.get((first, second), p_values.get((second, first)))
            if p is None or p > alpha:
                graph.add_edge(first, second)
    rank = {
        name: place
        for place, name in enumerate(sorted(names, key=lambda n: -values[n] if higher else values[n]))
    }
    groups = [sorted(clique, key=rank.__getitem__) for clique in nx.find_cliques(graph)]
    return sorted(groups, key=lambda group: [rank[name] for name in group])
