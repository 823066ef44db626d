"""The tokenizer of an encoder-decoder model, as its checkpoint brings it, with what tells the model its languages."""

from __future__ import annotations

import re
import shutil
import threading
from typing import TYPE_CHECKING, Any

from svodka.inference.cache import TOKENIZER_FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["TextTokenizer", "copy_tokenizer", "tokenizer_folder"]

_WEIGHTS = ".safetensors"
# Tokenizers split other tokens' names as they are asked to; these stand among the pieces of words in some vocabularies.
_TOKEN = re.compile(r"<(?=(?:/?s|pad|unk|mask|extra_id_\d+)>)")


def tokenizer_folder(model_folder: Path) -> Path:
    """Where the tokenizer of a model lies: beside a converted model's weights in a folder of its own, in a checkpoint among them."""
    own = model_folder / TOKENIZER_FOLDER
    return own if own.is_dir() else model_folder


def copy_tokenizer(checkpoint: Path, model_folder: Path) -> None:
    """Lay what a checkpoint has beside its weights into the folder of a model that was made of it."""
    tokenizer = model_folder / TOKENIZER_FOLDER
    tokenizer.mkdir()
    for path in sorted(checkpoint.iterdir()):
        if path.is_file() and not path.name.endswith((_WEIGHTS, f"{_WEIGHTS}.index.json")):
            shutil.copyfile(path, tokenizer / path.name)


class TextTokenizer:
    """Speaks to a model of the languages `codes`, if it has to be told them. Safe to call from several threads."""

    def __init__(self, folder: Path, *, codes: Mapping[str, str]) -> None:
        """Load the tokenizer of a checkpoint's folder; nothing is asked of a network.

        Args:
            folder: with config.json and the tokenizer's files.
            codes: the tokenizer's name of each language; empty for a model that is not told languages.
        """
        from transformers import AutoConfig, AutoTokenizer  # a heavy import, which profiles without such models do not need

        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        config: Any = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        steering: Any = _generation_config(folder, config)
        self._start: int = steering.decoder_start_token_id
        self._forced: int | None = steering.forced_bos_token_id
        # As mBART's first 25 languages were trained: the language is the decoder's start itself.
        self.starts_with_language = bool(codes) and config.model_type == "mbart"
        self._codes = dict(codes)
        self._lock = threading.Lock()  # its language is a state of the tokenizer

    def count(self, text: str) -> int:
        """Return how many tokens a text has, those that frame it not counted."""
        return len(self._ids(text, frame=False))

    def source(self, text: str, direction: str) -> list[int]:
        """Return the tokens of a model's input, frame included."""
        with self._lock:
            self._speak(direction)
            return self._ids(text, frame=True)

    def target(self, text: str, direction: str) -> list[int]:
        """Return the tokens of an answer, or of its beginning, without a frame."""
        if not text:
            return []
        with self._lock:
            self._speak(direction)
            ids: list[int] = self._tokenizer(text_target=text, add_special_tokens=False, split_special_tokens=True)["input_ids"]
            return ids

    def start(self, direction: str) -> list[int]:
        """Return the tokens that the decoder is given before its own: its start, and the language or the token that it is forced to."""
        code = self._code(direction, -1)
        if code is None:
            return [self._start] if self._forced is None else [self._start, self._forced]
        return [code] if self.starts_with_language else [self._start, code]

    @property
    def end(self) -> int:
        """The token that ends an answer."""
        end: int = self._tokenizer.eos_token_id
        return end

    @property
    def padding(self) -> int:
        """The token that fills up."""
        padding: int = self._tokenizer.pad_token_id
        return padding

    def pieces(self, ids: Sequence[int]) -> list[str]:
        """Return tokens by their spelling."""
        spelled: list[str] = self._tokenizer.convert_ids_to_tokens(list(ids))
        return spelled

    def ids(self, pieces: Sequence[str]) -> list[int]:
        """Return tokens by their spelling; undoes `pieces`."""
        identifiers: list[int] = self._tokenizer.convert_tokens_to_ids(list(pieces))
        return identifiers

    def text(self, ids: Sequence[int]) -> str:
        """Return what tokens say; what frames it is left out."""
        told: str = self._tokenizer.decode(list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return told.strip()

    def _ids(self, text: str, *, frame: bool) -> list[int]:
        # A text that spells a token such as </s> (which HTML strikes out with) means the letters, not the token.
        text = _TOKEN.sub("< ", text)
        options = {"add_special_tokens": frame, "split_special_tokens": True, "truncation": False, "verbose": False}
        ids: list[int] = self._tokenizer(text, **options)["input_ids"]
        return ids

    def _speak(self, direction: str) -> None:
        if self._codes:
            source, target = self._languages(direction)
            self._tokenizer.src_lang, self._tokenizer.tgt_lang = self._codes[source], self._codes[target]

    def _code(self, direction: str, end: int) -> int | None:
        if not self._codes:
            return None
        name = self._codes[self._languages(direction)[end]]
        token = self._tokenizer.get_lang_token(name) if hasattr(self._tokenizer, "get_lang_token") else name
        identifier: int = self._tokenizer.convert_tokens_to_ids(token)
        return identifier

    def _languages(self, direction: str) -> tuple[str, str]:
        if direction:
            source, _, target = direction.partition("-")
            return source, target
        (language,) = self._codes  # a model that is not told a direction knows one language
        return language, language


def _generation_config(folder: Path, config: Any) -> Any:  # noqa: ANN401  transformers is typed in part
    """A file of its own in newer checkpoints, a part of config.json in older ones."""
    from transformers import GenerationConfig

    if (folder / "generation_config.json").is_file():
        return GenerationConfig.from_pretrained(folder, local_files_only=True)
    return GenerationConfig.from_model_config(config)
