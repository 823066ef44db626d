"""Svodka on a Ray cluster: the service behind Ray Serve, with as many replicas as there is work, and large corpora on Ray Data.

A call comes in at the `door` of a proxy, Serve hands it to a `replica`, whose `context` lets gate and servicer work as they do in the
server of one machine. `application` says how Serve shall run the replicas, `cluster` starts all that here, `corpus` is the batch.
Only the functions that need Ray import it.
"""
