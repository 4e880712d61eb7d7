import vl_convert


CHART = {
    "data": {"values": [{"a": "x", "b": 3}, {"a": "y", "b": 5}]},
    "mark": "bar",
    "encoding": {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}},
}


def use():
    svg = vl_convert.vegalite_to_svg(CHART)
    png = vl_convert.vegalite_to_png(CHART)
    return [svg[:4], svg.count("<path") > 3, png[:4].hex()]
