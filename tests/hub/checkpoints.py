"""Tiny random checkpoints of each architecture, with real tokenizers trained on the seeds, laid out as their models' repositories are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sentencepiece
import torch
import transformers
from tokenizers import ByteLevelBPETokenizer
from transformers.convert_slow_tokenizer import SentencePieceExtractor

if TYPE_CHECKING:
    from collections.abc import Callable

SEEDS = Path(__file__).parents[2] / "seeds"
_PIECES = 600  # in a vocabulary: more than the letters, so that there are words
_SIZES: dict[str, Any] = {
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "init_std": 0.25,  # wide enough that no two tokens are about as likely, as they are not in a trained model
}
# Random models say their last token again and again; these hear themselves less, and the text and the place in it more.
_LOUDNESS = {"shared.weight": 0.25, "embed_positions.weight": 4, "out_proj.weight": 4, "fc2.weight": 4, "o.weight": 4, "wo.weight": 4}
_FAIRSEQ_IDS = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}


def build(architecture: str, folder: Path) -> None:
    """Write a checkpoint of one of `ARCHITECTURES` into a folder; the same weights each time."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    _BUILDERS[architecture](folder)


def _bart(folder: Path) -> None:
    tokenizer = ByteLevelBPETokenizer()
    specials = ["<s>", "<pad>", "</s>", "<unk>"]
    tokenizer.train(_texts("en"), vocab_size=_PIECES, special_tokens=[*specials, "<mask>"], show_progress=False)
    tokenizer.save_model(str(folder))
    _write(folder / "tokenizer_config.json", {"tokenizer_class": "BartTokenizer", "model_max_length": 1024})
    config = transformers.BartConfig(
        vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=1024, normalize_before=False, normalize_embedding=True, **_SIZES
    )
    _save(
        transformers.BartForConditionalGeneration(config),
        folder,
        decoder_start_token_id=2,
        forced_bos_token_id=0,
        forced_eos_token_id=2,
        max_length=142,
    )


def _mbart(folder: Path) -> None:
    pieces = _sentencepiece(folder / "sentencepiece.bpe.model", _texts("en", "ru"), model_type="unigram")
    _write(
        folder / "tokenizer_config.json",
        {"tokenizer_class": "MBartTokenizer", "model_max_length": 1024, "src_lang": "ru_RU", "tgt_lang": "ru_RU"},
    )
    languages = transformers.models.mbart.tokenization_mbart.FAIRSEQ_LANGUAGE_CODES
    first_language = pieces.get_piece_size() + 1  # the file has no <pad>
    config = transformers.MBartConfig(
        vocab_size=first_language + len(languages) + 1,
        max_position_embeddings=1024,
        scale_embedding=True,
        normalize_before=True,
        normalize_embedding=True,
        **_SIZES,
    )
    start = first_language + languages.index("ru_RU")
    config.tokenizer_class = "MBartTokenizer"
    _save(transformers.MBartForConditionalGeneration(config), folder, decoder_start_token_id=start, max_length=200)


def _mt5(folder: Path) -> None:
    ids = {"pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1}
    pieces = _sentencepiece(folder / "spiece.model", _texts("en", "ru"), model_type="unigram", byte_fallback=True, **ids)
    _write(folder / "tokenizer_config.json", {"tokenizer_class": "T5Tokenizer", "extra_ids": 0, "additional_special_tokens": None})
    config = transformers.MT5Config(
        vocab_size=pieces.get_piece_size() + 40,  # like the real ones, with rows that no token has
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_layers=2,
        num_heads=4,
        initializer_factor=1.0,
        decoder_start_token_id=0,
    )
    _save(transformers.MT5ForConditionalGeneration(config), folder, decoder_start_token_id=0, max_length=84)


def _marian(folder: Path) -> None:
    source = _sentencepiece(folder / "source.spm", _texts("en"), model_type="unigram")
    target = _sentencepiece(folder / "target.spm", _texts("ru"), model_type="unigram")
    both = dict.fromkeys(["</s>", "<unk>", *_words_of(source), *_words_of(target), "<pad>"])
    vocabulary = {piece: number for number, piece in enumerate(both)}
    _write(folder / "vocab.json", vocabulary)
    _write(folder / "tokenizer_config.json", {"tokenizer_class": "MarianTokenizer", "source_lang": "eng", "target_lang": "rus"})
    padding = vocabulary["<pad>"]
    config = transformers.MarianConfig(
        vocab_size=len(vocabulary),
        max_position_embeddings=512,
        scale_embedding=True,
        static_position_embeddings=True,
        share_encoder_decoder_embeddings=True,
        activation_function="swish",
        pad_token_id=padding,
        eos_token_id=0,
        bos_token_id=0,
        decoder_start_token_id=padding,
        **_SIZES,
    )
    model = transformers.MarianMTModel(config)
    _save(model, folder, decoder_start_token_id=padding, forced_eos_token_id=0, bad_words_ids=[[padding]], max_length=512)


def _m2m_100(folder: Path) -> None:
    pieces = _sentencepiece(folder / "sentencepiece.bpe.model", _texts("en", "ru"), model_type="bpe")
    vocabulary = dict(_FAIRSEQ_IDS)
    for piece in _words_of(pieces):
        vocabulary.setdefault(piece, len(vocabulary))
    _write(folder / "vocab.json", vocabulary)
    languages = transformers.models.m2m_100.tokenization_m2m_100.FAIRSEQ_LANGUAGE_CODES["m2m100"]
    _write(folder / "tokenizer_config.json", {"tokenizer_class": "M2M100Tokenizer", "model_max_length": 1024})
    _write(folder / "special_tokens_map.json", {"additional_special_tokens": [f"__{language}__" for language in languages]})
    config = transformers.M2M100Config(
        vocab_size=len(vocabulary) + len(languages) + 8, max_position_embeddings=1024, scale_embedding=True, **_SIZES
    )
    _save(transformers.M2M100ForConditionalGeneration(config), folder, decoder_start_token_id=2, max_length=200)


def _nllb(folder: Path) -> None:
    path = folder / "sentencepiece.bpe.model"
    pieces = _sentencepiece(path, _texts("en", "ru"), model_type="bpe")
    vocabulary = dict(_FAIRSEQ_IDS)
    for token in [*_words_of(pieces), *transformers.models.nllb.tokenization_nllb.FAIRSEQ_LANGUAGE_CODES, "<mask>"]:
        vocabulary.setdefault(token, len(vocabulary))
    merges = SentencePieceExtractor(str(path)).extract(None)["merges"]
    transformers.NllbTokenizer(vocab=vocabulary, merges=merges, model_max_length=1024).save_pretrained(folder)
    config = transformers.M2M100Config(vocab_size=len(vocabulary) + 2, max_position_embeddings=1024, scale_embedding=True, **_SIZES)
    config.tokenizer_class = "NllbTokenizer"
    model = transformers.M2M100ForConditionalGeneration(config)
    model.get_input_embeddings().weight.data[vocabulary["ace_Arab"] :] *= 0.1  # it would say little but names of languages
    _save(model, folder, decoder_start_token_id=2, max_length=200)


_BUILDERS: dict[str, Callable[[Path], None]] = {
    "bart": _bart,
    "m2m_100": _m2m_100,
    "marian": _marian,
    "mbart": _mbart,
    "mt5": _mt5,
    "nllb": _nllb,  # an m2m_100 with a tokenizer of its own
}
ARCHITECTURES = tuple(_BUILDERS)


def _texts(*languages: str) -> list[str]:
    return [str(path) for language in languages for path in sorted(SEEDS.glob(f"*.{language}.txt"))]


def _sentencepiece(path: Path, texts: list[str], **options: Any) -> sentencepiece.SentencePieceProcessor:
    sentencepiece.SentencePieceTrainer.train(
        input=texts,
        model_prefix=str(path.with_suffix("")),
        vocab_size=_PIECES,
        character_coverage=1.0,
        hard_vocab_limit=False,
        minloglevel=2,
        num_threads=1,
        **options,
    )
    path.with_suffix(".vocab").unlink()
    path.with_suffix(".model").rename(path)
    return sentencepiece.SentencePieceProcessor(model_file=str(path))


def _words_of(pieces: sentencepiece.SentencePieceProcessor) -> list[str]:
    numbers = range(pieces.get_piece_size())
    return [pieces.id_to_piece(number) for number in numbers if not (pieces.is_control(number) or pieces.is_unknown(number))]


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _save(model: transformers.PreTrainedModel, folder: Path, **generation: Any) -> None:
    for name, weight in model.named_parameters():
        weight.data *= _LOUDNESS.get(".".join(name.split(".")[-2:]), 1)
    model.generation_config.update(**generation)
    model.config.decoder_start_token_id = generation["decoder_start_token_id"]
    model.save_pretrained(folder)
