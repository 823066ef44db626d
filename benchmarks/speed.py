"""How fast models run: transformers as its documentation uses it, our runtimes, the same weights and texts, one process a run.

    python -m benchmarks.speed [--models marian,nllb,bart,gemma] [--systems transformers,torch,float32,int8,onnxruntime] [--beam 4]
        [--tokens 32]

Weights of marian, nllb and bart are random, at the size of the models that they stand for, and answers are made to have `--tokens` tokens:
fair for speed, and of no use for anything else. gemma is the embedded translator itself. transformers 5 has no pipeline for translation or
summaries any more; "transformers" is what its documentation does instead: tokenizer(texts, padding=True), model.generate, batch_decode, and
for gemma the text-generation pipeline. Every system searches with the same beam. The share of the memory's bandwidth is the weights that
the steps of the decoder read in a second, one text at a time, against what a copy of much memory reaches.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.speed_models import SIZES, build

MODELS = (*SIZES, "gemma")
# float32 and int8 are by CTranslate2, onnxruntime is at 8 bits.
SYSTEMS = ("transformers", "torch", "float32", "int8", "onnxruntime")
BATCHES = (1, 16)
REPEAT = 2
WIDTH = {"transformers": 4, "torch": 4, "float32": 4, "int8": 1, "onnxruntime": 1}  # bytes of a weight
_SEEDS = Path(__file__).parents[1] / "seeds"
# Sentences of about thirty tokens of a real vocabulary, and the made-up ones cut no more than those.
TEXTS = [text[:100] for path in sorted(_SEEDS.glob("*.en.txt")) for text in path.read_text("utf-8").splitlines() if len(text) > 100][:16]
Answering = Callable[[list[str], int], object]  # texts, tokens of each answer


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one process measured; times in seconds, memory in MiB."""

    model: str
    system: str
    load: float
    first_token: float
    memory: int
    tokens_per_second: dict[str, float]  # by the size of the batch


def main() -> None:
    """Build what is missing, measure each system in a process of its own, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--systems", default=",".join(SYSTEMS))
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument("--tokens", type=int, default=32)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--work", type=Path, help="folder of the made-up models, kept; default: a temporary one")
    parser.add_argument("--json", type=Path, help="write the results there too")
    parser.add_argument("--run", nargs=2, metavar=("MODEL", "SYSTEM"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        print(json.dumps(asdict(_measure(*options.run, options))))
        return
    with tempfile.TemporaryDirectory() as temporary:
        options.work = options.work or Path(temporary)
        bandwidth = _bandwidth(options.threads)
        print(
            f"{options.threads} threads, beam {options.beam}, answers of {options.tokens} tokens, memory copies {bandwidth / 1e9:.1f} GB/s"
        )
        runs = []
        for model in options.models.split(","):
            read = _prepare(model, options.work)
            for system in options.systems.split(","):
                runs.append(_in_a_process(model, system, options))
                _print_row(runs, read, bandwidth)
        if options.json:
            options.json.write_text(json.dumps([asdict(run) for run in runs], indent=2) + "\n", encoding="utf-8")


def _print_row(runs: list[Run], read: int, bandwidth: float) -> None:
    run = runs[-1]
    usual = next((other for other in runs if other.model == run.model and other.system == "transformers"), None)
    cells = [f"{run.model:7}{run.system:13}"]
    for batch, speed in run.tokens_per_second.items():
        factor = f" ({speed / usual.tokens_per_second[batch]:4.1f}x)" if usual else ""
        cells.append(f"batch {batch}: {speed:7.1f} tokens/s{factor}")
    share = run.tokens_per_second["1"] * read * WIDTH[run.system] / bandwidth
    cells.append(
        f"first token {run.first_token * 1000:6.0f} ms, load {run.load:5.1f} s, memory {run.memory:5d} MiB, bandwidth {share:4.0%}"
    )
    print("  ".join(cells), flush=True)


def _in_a_process(model: str, system: str, options: argparse.Namespace) -> Run:
    command = [sys.executable, "-m", "benchmarks.speed", "--run", model, system, "--work", str(options.work)]
    command += ["--beam", str(options.beam), "--tokens", str(options.tokens), "--threads", str(options.threads)]
    environment = os.environ | {"OMP_NUM_THREADS": str(options.threads), "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(  # noqa: S603  this program itself
        command, stdout=subprocess.PIPE, text=True, check=True, env=environment
    )
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def _measure(model: str, system: str, options: argparse.Namespace) -> Run:
    started = time.perf_counter()
    answering = _load(model, system, options)
    load = time.perf_counter() - started
    answering(TEXTS[:1], 4)  # the first of all is slow
    first = min(_seconds(answering, TEXTS[:1], 1) for _ in range(REPEAT))
    speeds = {}
    for batch in BATCHES:
        speeds[str(batch)] = batch * options.tokens / min(_seconds(answering, TEXTS[:batch], options.tokens) for _ in range(REPEAT))
    # Not ru_maxrss, which begins with what the process had before it became this program.
    (peak,) = (line for line in Path("/proc/self/status").read_text("utf-8").splitlines() if line.startswith("VmHWM"))
    memory = int(peak.split()[1]) // 1024
    return Run(model=model, system=system, load=load, first_token=first, memory=memory, tokens_per_second=speeds)


def _seconds(answering: Answering, texts: list[str], tokens: int) -> float:
    started = time.perf_counter()
    answering(texts, tokens)
    return time.perf_counter() - started


def _load(model: str, system: str, options: argparse.Namespace) -> Answering:
    if system == "transformers":
        return _usual_gemma(options) if model == "gemma" else _usual(model, options)
    return _ours_gemma(system, options) if model == "gemma" else _ours(model, system, options)


def _usual(model: str, options: argparse.Namespace) -> Answering:
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    torch.set_num_threads(options.threads)
    folder, size = options.work / model, SIZES[model]
    codes = dict(size.codes)
    tokenizer: Any = AutoTokenizer.from_pretrained(folder, **({"src_lang": codes["en"]} if codes else {}))
    loaded: Any = AutoModelForSeq2SeqLM.from_pretrained(folder)
    forced = {"forced_bos_token_id": tokenizer.convert_tokens_to_ids(codes["ru"])} if codes else {}

    def answering(texts: list[str], tokens: int) -> object:
        inputs = tokenizer(texts, return_tensors="pt", padding=True)
        found = loaded.generate(**inputs, num_beams=options.beam, min_new_tokens=tokens, max_new_tokens=tokens, do_sample=False, **forced)
        return tokenizer.batch_decode(found, skip_special_tokens=True)

    return answering


def _ours(model: str, system: str, options: argparse.Namespace) -> Answering:
    from svodka.inference.cores import Cores
    from svodka.inference.protocols import AnswerShape, Search
    from svodka.inference.side_by_side import SideBySide
    from svodka.inference.texts import TextTokenizer, tokenizer_folder

    size = SIZES[model]
    shape = AnswerShape(min_tokens=options.tokens)
    folder = options.work / (model if system == "torch" else f"{model}-{system}")
    tokenizer = TextTokenizer(tokenizer_folder(folder), codes=dict(size.codes))
    loaded: Any
    if system == "torch":
        from svodka.inference.reference import TorchSequences

        loaded = TorchSequences(folder, tokenizer, dtype="float32", threads=options.threads, shape=shape)
    elif system == "onnxruntime":
        from svodka.inference.onnx_sequences import OnnxSequences

        cores = Cores(options.threads)
        loaded = SideBySide(OnnxSequences(folder, tokenizer, cores=cores, shape=shape), cores)
    else:
        from svodka.inference.runtime import ctranslate2_searches
        from svodka.inference.sequences import CTranslate2Sequences

        searches = ctranslate2_searches(system, options.threads)
        sequences = CTranslate2Sequences(folder, tokenizer, threads=options.threads, searches=searches, shape=shape)
        loaded = SideBySide(sequences, Cores(searches))
    search = Search(beam=options.beam, direction=size.direction)
    return lambda texts, tokens: loaded.generate(texts, search=search, max_tokens=[tokens] * len(texts))


def _usual_gemma(options: argparse.Namespace) -> Answering:
    import torch
    from transformers import GemmaTokenizer, GenerationConfig, pipeline

    from svodka.inference.gemma import load_gemma

    torch.set_num_threads(options.threads)
    folder = options.work / "gemma-torch"
    tokenizer: Any = GemmaTokenizer.from_pretrained(folder, padding_side="left", local_files_only=True)
    loaded = load_gemma(folder)
    loaded.generation_config = GenerationConfig(pad_token_id=0)
    pipe: Any = pipeline("text-generation", model=loaded, tokenizer=tokenizer)

    def answering(texts: list[str], tokens: int) -> object:
        prompts = [f"English: {text}\nRussian:" for text in texts]
        limits = {"min_new_tokens": tokens, "max_new_tokens": tokens}
        return pipe(prompts, batch_size=len(prompts), num_beams=options.beam, do_sample=False, return_full_text=False, **limits)

    return answering


def _ours_gemma(system: str, options: argparse.Namespace) -> Answering:
    from svodka.inference.cores import Cores
    from svodka.inference.prompts import Decoding
    from svodka.inference.protocols import Search
    from svodka.inference.side_by_side import SideBySide

    decoding = Decoding(end_tokens=("<unk>",))  # which it never says: answers run to their limit
    folder = options.work / f"gemma-{system}"
    loaded: Any
    if system == "torch":
        from svodka.inference.reference import TorchGenerator

        loaded = TorchGenerator(folder, threads=options.threads, decoding=decoding)
    elif system == "onnxruntime":
        from svodka.inference.onnx_generator import OnnxGenerator

        loaded = OnnxGenerator(folder, cores=Cores(options.threads), decoding=decoding)
    else:
        from svodka.inference.generator import CTranslate2Generator
        from svodka.inference.runtime import ctranslate2_searches

        searches = ctranslate2_searches(system, options.threads)
        generator = CTranslate2Generator(folder, threads=options.threads, searches=searches, decoding=decoding)
        loaded = SideBySide(generator, Cores(searches))
    search = Search(beam=options.beam, direction="en-ru")

    def answering(texts: list[str], tokens: int) -> object:
        prompts = [f"English: {text}\nRussian:" for text in texts]
        return loaded.generate(prompts, search=search, max_tokens=[tokens] * len(texts))

    return answering


def _prepare(model: str, work: Path) -> int:
    """Make what the systems load, unless it is there; return how many weights a step of the decoder reads."""
    note = work / f"{model}.json"
    if not note.is_file():
        read = _prepare_gemma(work) if model == "gemma" else _prepare_made_up(model, work)
        note.write_text(json.dumps(read), encoding="utf-8")
    read: int = json.loads(note.read_text(encoding="utf-8"))
    return read


def _prepare_made_up(model: str, work: Path) -> int:
    from svodka.inference.hub_convert import write_converted
    from svodka.inference.hub_graphs import write_graphed
    from svodka.inference.protocols import unseen

    read = build(SIZES[model], work / model)
    for system, write, quantization in (
        ("float32", write_converted, "float32"),
        ("int8", write_converted, "int8"),
        ("onnxruntime", write_graphed, "int8"),
    ):
        target = work / f"{model}-{system}"
        target.mkdir()
        write(work / model, quantization=quantization, target=target, progress=unseen)
    return read


def _prepare_gemma(work: Path) -> int:
    from svodka.inference.catalogue import find_models_dir, load_catalogue
    from svodka.inference.gemma import load_gemma
    from svodka.inference.merge import write_merged
    from svodka.inference.protocols import unseen

    models_dir = find_models_dir()
    catalogue = load_catalogue(models_dir)
    profile = catalogue.profile("embedded")
    identifier = profile.language_models[0]
    for name, runtime, quantization in (
        ("torch", "transformers", "float32"),
        ("float32", "ctranslate2", "float32"),
        ("int8", "ctranslate2", "int8"),
        ("onnxruntime", "onnxruntime", "int8"),
    ):
        made = profile.model_copy(update={"runtime": runtime, "quantization": quantization})
        target = work / f"gemma-{name}"
        target.mkdir()
        with tempfile.TemporaryDirectory() as temporary:
            write_merged(catalogue, made, identifier, models_dir=models_dir, work=Path(temporary), target=target, progress=unseen)
    return sum(weight.numel() for weight in load_gemma(work / "gemma-torch").parameters())


def _bandwidth(threads: int) -> float:
    """Bytes a second that a copy of half a gigabyte reads, as all threads do it; it writes as many."""
    import torch

    torch.set_num_threads(threads)
    source = torch.ones(128 * 1024 * 1024)
    target = torch.empty_like(source)
    target.copy_(source)
    seconds = min(_seconds(lambda _texts, _tokens: target.copy_(source), [], 0) for _ in range(5))
    return 2 * source.numel() * source.element_size() / seconds


if __name__ == "__main__":
    main()
