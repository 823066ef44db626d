"""Makes a pulled checkpoint of an encoder-decoder model into a CTranslate2 model, its tokenizer beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctranslate2.converters import TransformersConverter

from svodka.errors import ModelError
from svodka.inference.texts import copy_tokenizer

if TYPE_CHECKING:
    from pathlib import Path

    from svodka.inference.protocols import Progress

__all__ = ["LIBRARIES", "write_converted"]

LIBRARIES = ("ctranslate2", "sentencepiece", "tokenizers", "torch", "transformers")


def write_converted(checkpoint: Path, *, quantization: str, target: Path, progress: Progress) -> None:
    """Write the converted model into the folder `target`, which exists.

    Raises:
        ModelError: CTranslate2 cannot convert the checkpoint.
    """
    progress("converting", 0, 1)
    try:
        _Converter(str(checkpoint)).convert(str(target), quantization=quantization, force=True)
    except (ValueError, KeyError, NotImplementedError, OSError) as error:
        raise ModelError(f"{checkpoint} cannot be converted: {error}") from error
    copy_tokenizer(checkpoint, target)
    progress("converting", 1, 1)


class _Converter(TransformersConverter):  # type: ignore[misc]  # CTranslate2 is untyped
    """Takes safe weights alone, and asks nothing of a network."""

    def load_model(self, model_class: Any, model_name_or_path: str, **kwargs: Any) -> Any:  # noqa: ANN401  CTranslate2 is untyped
        model = model_class.from_pretrained(model_name_or_path, **kwargs, use_safetensors=True, local_files_only=True)
        if model.config.model_type == "mt5":
            # transformers 5 says of every mT5 that it ties its embeddings, which CTranslate2 4.8 takes for T5's scaling of the output: the
            # answers of a beam would be as good as drawn by lot.
            model.config.tie_word_embeddings = False
        return model

    def load_tokenizer(self, tokenizer_class: Any, model_name_or_path: str, **kwargs: Any) -> Any:  # noqa: ANN401  CTranslate2 is untyped
        return tokenizer_class.from_pretrained(model_name_or_path, **kwargs, local_files_only=True)
