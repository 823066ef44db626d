"""Assignment: of all candidate pairs, the set that costs least and uses nothing twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

__all__ = ["assign"]

Costs = Mapping[tuple[int, int], float]

# A component larger than this (a page of like figures) is paired greedily: the exact answer is cubic.
_LARGEST_EXACT = 40
# What a pair must beat: dearer than any candidate, so that as many figures as possible find a counterpart.
_UNPAIRED = 1_000.0


def assign(costs: Costs) -> list[tuple[int, int]]:
    """The cheapest pairing over the candidates, as (row, column), with as many pairs as the candidates allow."""
    chosen: list[tuple[int, int]] = []
    for component in _components(costs):
        if len(component) == 1:
            chosen += component
        elif len({row for row, _ in component}) <= _LARGEST_EXACT and len({column for _, column in component}) <= _LARGEST_EXACT:
            chosen += _exact(component, costs)
        else:
            chosen += _greedy(component, costs)
    return chosen


def _components(edges: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Candidates that compete with each other, directly or through others."""
    rows: dict[int, list[int]] = defaultdict(list)
    columns: dict[int, list[int]] = defaultdict(list)
    for row, column in edges:
        rows[row].append(column)
        columns[column].append(row)
    components, seen = [], set()
    for start in rows:
        if start in seen:
            continue
        seen.add(start)
        component, queue, met = [], [start], set()
        while queue:
            row = queue.pop()
            for column in rows[row]:
                component.append((row, column))
                if column not in met:
                    met.add(column)
                    fresh = [other for other in columns[column] if other not in seen]
                    seen.update(fresh)
                    queue += fresh
        components.append(component)
    return components


def _greedy(component: list[tuple[int, int]], costs: Costs) -> list[tuple[int, int]]:
    chosen, rows, columns = [], set(), set()
    for row, column in sorted(component, key=lambda edge: (costs[edge], edge)):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            chosen.append((row, column))
    return chosen


def _exact(component: list[tuple[int, int]], costs: Costs) -> list[tuple[int, int]]:
    """Kuhn–Munkres by shortest augmenting paths over the dense matrix of one component."""
    rows = sorted({row for row, _ in component})
    columns = sorted({column for _, column in component})
    swap = len(rows) > len(columns)
    left, right = (columns, rows) if swap else (rows, columns)
    matrix = [[costs.get((b, a) if swap else (a, b), _UNPAIRED) for b in right] for a in left]
    pairs = [(left[i], right[j]) for i, j in _shortest_paths(matrix) if matrix[i][j] < _UNPAIRED]
    return [(b, a) for a, b in pairs] if swap else pairs


def _shortest_paths(matrix: list[list[float]]) -> list[tuple[int, int]]:
    """One column for every row; needs at least as many columns as rows."""
    height, width = len(matrix), len(matrix[0])
    of_row, of_column = [0.0] * (height + 1), [0.0] * (width + 1)
    owner, way = [0] * (width + 1), [0] * (width + 1)
    for row in range(1, height + 1):
        owner[0], column = row, 0
        slack, used = [float("inf")] * (width + 1), [False] * (width + 1)
        while owner[column]:
            used[column] = True
            current, step, following = owner[column], float("inf"), 0
            costs, base = matrix[current - 1], of_row[current]
            for other in range(1, width + 1):
                if used[other]:
                    continue
                reduced = costs[other - 1] - base - of_column[other]
                if reduced < slack[other]:
                    slack[other], way[other] = reduced, column
                if slack[other] < step:
                    step, following = slack[other], other
            for other in range(width + 1):
                if used[other]:
                    of_row[owner[other]] += step
                    of_column[other] -= step
                else:
                    slack[other] -= step
            column = following
        while column:
            owner[column], column = owner[way[column]], way[column]
    return [(owner[column] - 1, column - 1) for column in range(1, width + 1) if owner[column]]
