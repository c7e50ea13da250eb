"""The same picture as `svg.line_svg`, as a Plotly figure for the pages where people explore."""

from collections.abc import Sequence
from html import escape
from typing import Any

from followup.charts.spec import ACCENT, INK, LINE, MUTED, ChartSpec, PathPoint, axis
from organisation.danish import format_value

BAND = "rgba(92,102,112,0.14)"
REST = "#b6bec5"  # a line among many
TICKS = {"ticks": "outside", "ticklen": 8, "tickcolor": "#fff"}  # room between the years and the lowest number


def plotly_figure(spec: ChartSpec) -> dict[str, Any]:
    """A figure of JSON values: traces in drawing order, and the layout with the SVG's own axis range."""
    low, high, lines = axis(spec.values())
    first, last = spec.days()
    data = [*_expectation(spec), _actual(spec), *_baseline(spec)]
    layout = {
        "font": {"family": "IBM Plex Sans, sans-serif", "size": 14, "color": INK},
        "margin": {"l": 56, "r": 110, "t": 16, "b": 36},
        "height": 340,
        "showlegend": False,
        "hovermode": "x unified",
        "separators": ",.",
        "plot_bgcolor": "#fff",
        "paper_bgcolor": "#fff",
        "xaxis": {
            "type": "date",
            "range": [first.isoformat(), last.isoformat()],
            "showgrid": False,
            "tickformat": "%Y",
        },
        "yaxis": {"range": [low, high], "tickvals": lines, "gridcolor": LINE, "zeroline": False},
        "annotations": _annotations(spec),
        "shapes": _range(spec),
    }
    return {"data": data, "layout": layout}


def plotly_many(specs: Sequence[tuple[str, ChartSpec]]) -> list[dict[str, Any]]:
    """Several figures to choose between: name and figure."""
    return [{"name": name, **plotly_figure(spec)} for name, spec in specs]


def plotly_together(specs: Sequence[tuple[str, ChartSpec]]) -> dict[str, Any]:
    """Many series in one figure, a grey line each: the page draws the one that is chosen in colour, over the rest."""
    values = [value for _name, spec in specs for value in _plain_values(spec)]
    low, high, lines = axis(values)
    traces = [
        {
            **_actual(spec),
            "name": name,
            "mode": "lines",
            "hovertemplate": f"{escape(name)}, %{{text}}<extra></extra>",
            "line": {"color": REST, "width": 1.2},
        }
        for name, spec in specs
    ]
    days = [point.day for _name, spec in specs for point in spec.points if point.value is not None]
    figure = plotly_figure(specs[0][1])
    layout = {
        **figure["layout"],
        "height": 440,
        "margin": {**figure["layout"]["margin"], "r": 24},
        "hovermode": "closest",
        "annotations": [],
        "shapes": [],
        "xaxis": {
            **figure["layout"]["xaxis"],
            "range": [min(days).isoformat(), max(days).isoformat()],
            "dtick": "M12",
            **TICKS,
        },
        "yaxis": {**figure["layout"]["yaxis"], "range": [low, high], "tickvals": lines},
    }
    return {"data": traces, "layout": layout}


def _plain_values(spec: ChartSpec) -> list[float]:
    return [float(point.value) for point in spec.points if point.value is not None]


def _actual(spec: ChartSpec) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": spec.subtitle,
        "x": [point.day.isoformat() for point in spec.points],
        "y": [float(point.value) if point.value is not None else None for point in spec.points],
        "text": [_hover(spec, point) for point in spec.points],
        "hovertemplate": "%{text}<extra></extra>",
        "connectgaps": False,
        "line": {"color": ACCENT, "width": 2},
        "marker": {
            "size": 7,
            "color": ["#fff" if p.is_example else ACCENT for p in spec.points],
            "line": {"color": [INK if p.is_corrected else ACCENT for p in spec.points], "width": 1.5},
        },
    }


def _baseline(spec: ChartSpec) -> list[dict[str, Any]]:
    if spec.baseline is None or spec.baseline.value is None:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "udgangspunkt",
            "x": [spec.baseline.day.isoformat()],
            "y": [float(spec.baseline.value)],
            "hoverinfo": "skip",
            "marker": {"size": 9, "color": "#fff", "line": {"color": ACCENT, "width": 2}},
        }
    ]


def _range(spec: ChartSpec) -> list[dict[str, Any]]:
    """The band the values are to lie in, across the whole plot."""
    if spec.low is None or spec.high is None:
        return []
    edges = {"x0": 0, "x1": 1, "y0": float(spec.low), "y1": float(spec.high)}
    return [{"type": "rect", "xref": "paper", "layer": "below", "fillcolor": BAND, "line": {"width": 0}, **edges}]


def _hover(spec: ChartSpec, point: Any) -> str:
    if point.value is None:
        return f"{point.label}: –"
    mark = " (eksempeldata)" if point.is_example else " (rettet)" if point.is_corrected else ""
    return f"{point.label}: {format_value(point.value, spec.decimals, spec.unit)}{mark}"


def _expectation(spec: ChartSpec) -> list[dict[str, Any]]:
    traces: list[dict[str, Any]] = []
    days = [point.day.isoformat() for point in spec.path]
    if spec.tolerance and len(spec.path) > 1:
        upper = [float(point.value + spec.tolerance) for point in spec.path]
        lower = [float(point.value - spec.tolerance) for point in spec.path]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": "tolerance",
                "x": days + days[::-1],
                "y": upper + lower[::-1],
                "fill": "toself",
                "fillcolor": BAND,
                "line": {"width": 0},
                "hoverinfo": "skip",
            }
        )
    for target in spec.earlier:
        start = spec.path[0] if spec.path else None
        x = ([start.day.isoformat()] if start else []) + [target.day.isoformat()]
        y = ([float(start.value)] if start else []) + [float(target.value)]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": target.label,
                "x": x,
                "y": y,
                "line": {"color": MUTED, "width": 1, "dash": "dot"},
                "hoverinfo": "skip",
            }
        )
    if spec.path:
        # A lone target is a level line from the chart's first day, as in the SVG.
        path = spec.path if len(spec.path) > 1 else (PathPoint(spec.days()[0], spec.path[0].value), *spec.path)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": "forventet",
                "x": [point.day.isoformat() for point in path],
                "y": [float(point.value) for point in path],
                "text": [format_value(point.value, spec.decimals, spec.unit) for point in path],
                "hovertemplate": "forventet %{text}<extra></extra>",
                "line": {"color": MUTED, "width": 1.5, "dash": "dash"},
            }
        )
    return traces


def _annotations(spec: ChartSpec) -> list[dict[str, Any]]:
    plain = {"showarrow": False, "xanchor": "left", "xshift": 8}
    notes = [
        {"x": t.day.isoformat(), "y": float(t.value), "text": t.label, "font": {"color": MUTED}, **plain}
        for t in spec.earlier
    ]
    if spec.path and spec.target_label:
        end = spec.path[-1]
        notes.append({"x": end.day.isoformat(), "y": float(end.value), "text": spec.target_label, **plain})
    return notes
