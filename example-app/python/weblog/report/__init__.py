"""The forms a result is written in: `text`, `html` (with `chart` and `markup`) and `data`."""
