"""How well an audit tells true reports from false ones: mutants, clean twins, and the metrics beside it."""
