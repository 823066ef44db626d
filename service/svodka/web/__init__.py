"""The web page: articles in, summaries and ledger out, translations side by side. It asks a gRPC server for everything that it shows."""
