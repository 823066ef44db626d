"""ONNX Runtime, told to send nothing: the only place that imports it.

Its builds send events to their maker and keep an identifier of the machine, unless they are told before they are loaded (`Privacy.md` of
the package).
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

onnxruntime.disable_telemetry_events()  # what can still be helped where another had loaded it before

__all__ = ["in_the_callers_thread", "onnxruntime"]


def in_the_callers_thread() -> onnxruntime.SessionOptions:
    """How a graph is run where several searches run side by side."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # What a wide batch took is given back behind it.
    options.enable_cpu_mem_arena = False
    return options
