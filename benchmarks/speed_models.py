"""Models of the sizes of well-known ones with random weights: as fast, or slow, as those, and to be had without a model hub."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
import transformers
from tests.hub import checkpoints

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SIZES", "Size", "build"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """Shape of a model, as its published config.json has it, and how the benchmark speaks to it."""

    like: str
    architecture: str
    vocabulary: int
    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    direction: str = ""
    codes: tuple[tuple[str, str], ...] = ()


SIZES = {
    "marian": Size(
        like="Helsinki-NLP/opus-mt-en-ru",
        architecture="marian",
        vocabulary=62_518,
        width=512,
        layers=6,
        heads=8,
        inner=2048,
        positions=512,
        direction="en-ru",
    ),
    "nllb": Size(
        like="facebook/nllb-200-distilled-600M",
        architecture="nllb",
        vocabulary=256_206,
        width=1024,
        layers=12,
        heads=16,
        inner=4096,
        positions=1024,
        direction="en-ru",
        codes=(("en", "eng_Latn"), ("ru", "rus_Cyrl")),
    ),
    "bart": Size(
        like="facebook/bart-large-cnn",
        architecture="bart",
        vocabulary=50_264,
        width=1024,
        layers=12,
        heads=16,
        inner=4096,
        positions=1024,
    ),
}


def build(size: Size, folder: Path) -> int:
    """Write a checkpoint of that size in float32; return how many of its weights every step of the decoder reads."""
    checkpoints.build(size.architecture, folder)
    config: Any = transformers.AutoConfig.from_pretrained(folder)
    if (folder / "vocab.json").is_file():
        _fill(folder / "vocab.json", size.vocabulary, config)
    for side in ("encoder", "decoder"):
        setattr(config, f"{side}_layers", size.layers)
        setattr(config, f"{side}_attention_heads", size.heads)
        setattr(config, f"{side}_ffn_dim", size.inner)
    config.d_model, config.vocab_size, config.max_position_embeddings, config.init_std = size.width, size.vocabulary, size.positions, 0.02
    generation = transformers.GenerationConfig.from_pretrained(folder)
    if size.architecture == "marian":  # its padding goes last, as the start of answers
        config.decoder_vocab_size = size.vocabulary
        config.pad_token_id = config.decoder_start_token_id = size.vocabulary - 1
        padding = size.vocabulary - 1
        generation.update(pad_token_id=padding, decoder_start_token_id=padding, bad_words_ids=[[padding]])
    torch.manual_seed(1)
    model: Any = transformers.AutoModelForSeq2SeqLM.from_config(config)
    model.generation_config = generation
    for old in folder.glob("*.safetensors"):
        old.unlink()
    model.save_pretrained(folder)
    decoder = sum(weight.numel() for name, weight in model.named_parameters() if ".decoder.layers." in name)
    return decoder + size.vocabulary * size.width


def _fill(path: Path, size: int, config: Any) -> None:  # noqa: ANN401  transformers is typed in part
    """Bring a vocabulary to its size by words that no text has; a padding that is its last stays that."""
    vocabulary: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    pieces = sorted(vocabulary, key=vocabulary.__getitem__)
    last = [pieces.pop()] if pieces[-1] == "<pad>" and config.model_type == "marian" else []
    pieces += [f"madeupword{number}" for number in range(size - len(pieces) - len(last))] + last
    path.write_text(json.dumps({piece: number for number, piece in enumerate(pieces)}, ensure_ascii=False), encoding="utf-8")
