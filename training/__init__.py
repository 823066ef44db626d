"""Programs that train the embedded translator further: prepare, train, evaluate, export. Not part of the package that is installed."""
