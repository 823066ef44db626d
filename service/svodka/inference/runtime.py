"""Loads a profile's models from this machine, checked and ready to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svodka.cores import available_cores
from svodka.errors import ModelError, ModelNotPrepared
from svodka.inference.cache import model_folder, resolve_cache_dir
from svodka.inference.catalogue import find_models_dir, load_catalogue
from svodka.inference.cores import Cores
from svodka.inference.encoder import E5Encoder
from svodka.inference.manifest import verify_prepared
from svodka.inference.prompts import BATCH_TOKENS, Decoding
from svodka.inference.protocols import AnswerShape
from svodka.inference.side_by_side import SideBySide
from svodka.inference.texts import TextTokenizer, tokenizer_folder
from svodka.inference.translator import translator_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from svodka.inference.catalogue import Catalogue
    from svodka.inference.entries import ModelEntry, ProfileEntry
    from svodka.inference.protocols import Encoder, Translator
    from svodka.inference.translator import CountingGenerator

__all__ = ["LoadedProfile", "ctranslate2_searches", "load_encoder", "load_generator", "load_model", "load_profile"]


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedProfile:
    """A loaded profile: its models, and the catalogue's entries of all models behind it, bases included."""

    name: str
    encoder: Encoder
    translator: Translator
    summarisers: Mapping[str, CountingGenerator]  # by their language
    models: Mapping[str, ModelEntry]


def load_profile(
    name: str, *, models_dir: Path | None = None, catalogue_file: Path | None = None, cache_dir: Path | None = None, threads: int = 0
) -> LoadedProfile:
    """Check the hashes of a profile's files and load its models.

    Args:
        name: the profile's name in the catalogue.
        models_dir: folder of the catalogue; None: the package's own.
        catalogue_file: models and profiles of the user's own, beside those; None: there are none.
        cache_dir: folder of the prepared models; None: the user's cache.
        threads: threads of inference; 0: as many as this process may use cores.

    Raises:
        UnknownProfile: the catalogue has no such profile.
        ModelNotPrepared: `svodka models prepare` has not been run.
        ModelMissing: a package or a file is missing.
        ModelDamaged: a file is not the expected one.
    """
    catalogue = load_catalogue(find_models_dir(models_dir), catalogue_file)
    entry = catalogue.profile(name)
    encoder = load_encoder(name, models_dir=models_dir, catalogue_file=catalogue_file, cache_dir=cache_dir, threads=threads)
    generators = {
        identifier: load_generator(
            name, identifier, models_dir=models_dir, catalogue_file=catalogue_file, cache_dir=cache_dir, threads=threads
        )
        for identifier in entry.language_models
    }
    return LoadedProfile(
        name=name,
        encoder=encoder,
        translator=translator_of(catalogue, name, generators),
        summarisers={language: generators[identifier] for language, identifier in entry.summarisers.items()},
        models=catalogue.models_of(name),
    )


def load_model(
    profile: str,
    identifier: str,
    *,
    models_dir: Path | None = None,
    catalogue_file: Path | None = None,
    cache_dir: Path | None = None,
    threads: int = 0,
    batch_tokens: int = BATCH_TOKENS,
) -> Encoder | CountingGenerator:
    """One model of a profile, be it the encoder or another; arguments and errors are those of `load_generator`."""
    if identifier == load_catalogue(find_models_dir(models_dir), catalogue_file).profile(profile).encoder:
        return load_encoder(profile, models_dir=models_dir, catalogue_file=catalogue_file, cache_dir=cache_dir, threads=threads)
    return load_generator(
        profile,
        identifier,
        models_dir=models_dir,
        catalogue_file=catalogue_file,
        cache_dir=cache_dir,
        threads=threads,
        batch_tokens=batch_tokens,
    )


def load_encoder(
    profile: str, *, models_dir: Path | None = None, catalogue_file: Path | None = None, cache_dir: Path | None = None, threads: int = 0
) -> E5Encoder:
    """The encoder of a profile alone; arguments and errors are those of `load_profile`."""
    catalogue = load_catalogue(find_models_dir(models_dir), catalogue_file)
    folder = _verified(catalogue, profile, catalogue.profile(profile).encoder, cache_dir)
    try:
        return E5Encoder(folder, threads=threads or available_cores())
    except (RuntimeError, ValueError) as error:
        raise ModelError(f"onnxruntime cannot load {folder}: {error}") from error


def load_generator(
    profile: str,
    identifier: str,
    *,
    models_dir: Path | None = None,
    catalogue_file: Path | None = None,
    cache_dir: Path | None = None,
    threads: int = 0,
    batch_tokens: int = BATCH_TOKENS,
) -> CountingGenerator:
    """One of a profile's language models alone; arguments and errors are those of `load_profile`.

    `batch_tokens`: of prompts and answers, times beams, that are searched together at most, where the model continues prompts.
    """
    catalogue = load_catalogue(find_models_dir(models_dir), catalogue_file)
    entry, model = catalogue.profile(profile), catalogue.models[identifier]
    folder = _verified(catalogue, profile, identifier, cache_dir)
    try:
        return _load(model, entry, folder, threads or available_cores(), batch_tokens)
    except (RuntimeError, ValueError) as error:
        raise ModelError(f"{entry.runtime} cannot load {folder}: {error}") from error


def _verified(catalogue: Catalogue, profile: str, identifier: str, cache_dir: Path | None) -> Path:
    """The folder of a prepared model, whose files are whole."""
    cache_dir = resolve_cache_dir(cache_dir)
    folder = model_folder(catalogue, catalogue.profile(profile), identifier, cache_dir)
    try:
        verify_prepared(folder)
    except ModelNotPrepared as error:
        command = f"svodka models prepare --profile {profile}"
        raise ModelNotPrepared(f"profile {profile!r} is not prepared in {cache_dir}; run: {command}") from error
    return folder


def _load(model: ModelEntry, profile: ProfileEntry, folder: Path, threads: int, batch_tokens: int) -> CountingGenerator:
    """By runtime, and by the sort of model; what a profile does not need is not imported."""
    decoding = Decoding(length_penalty=model.length_penalty, batch_tokens=batch_tokens)
    if profile.runtime == "ctranslate2":
        return _by_ctranslate2(model, profile.quantization, folder, threads, decoding)
    if profile.runtime == "onnxruntime":
        return _by_onnxruntime(model, folder, decoding, Cores(threads))
    from svodka.inference.reference import TorchGenerator, TorchSequences

    if model.architecture is None:
        return TorchGenerator(folder, threads=threads, decoding=decoding)
    return TorchSequences(folder, _text_tokenizer(model, folder), dtype=profile.quantization, threads=threads, shape=_shape(model))


def _by_onnxruntime(model: ModelEntry, folder: Path, decoding: Decoding, cores: Cores) -> CountingGenerator:
    if model.architecture is None:
        from svodka.inference.onnx_generator import OnnxGenerator

        return OnnxGenerator(folder, cores=cores, decoding=decoding)
    from svodka.inference.onnx_sequences import OnnxSequences

    return SideBySide(OnnxSequences(folder, _text_tokenizer(model, folder), cores=cores, shape=_shape(model)), cores)


def _by_ctranslate2(model: ModelEntry, quantization: str, folder: Path, threads: int, decoding: Decoding) -> CountingGenerator:
    from svodka.inference.generator import CTranslate2Generator
    from svodka.inference.sequences import CTranslate2Sequences

    searches = ctranslate2_searches(quantization, threads)
    generator: CountingGenerator
    if model.architecture is None:
        generator = CTranslate2Generator(folder, threads=threads, searches=searches, decoding=decoding)
    else:
        generator = CTranslate2Sequences(folder, _text_tokenizer(model, folder), threads=threads, searches=searches, shape=_shape(model))
    return SideBySide(generator, Cores(searches))


def ctranslate2_searches(quantization: str, threads: int) -> int:
    """How many searches CTranslate2 has side by side, of one thread each; a single one has all `threads`."""
    import ctranslate2

    # A GPU is better used by one wide batch, and 32 bits a weight are read sooner by all threads together.
    return threads if quantization.startswith("int8") and not ctranslate2.get_cuda_device_count() else 1


def _text_tokenizer(model: ModelEntry, folder: Path) -> TextTokenizer:
    return TextTokenizer(tokenizer_folder(folder), codes=model.codes)


def _shape(model: ModelEntry) -> AnswerShape:
    return AnswerShape(length_penalty=model.length_penalty, min_tokens=model.limits.min_output_tokens)
