"""Many articles: a file of requests in, a file of answers out, so written that a run that was stopped is gone on with.

`articles` reads, `journal` writes, `local` and `stream` are the two ways to be answered, `run` puts them together.
"""
