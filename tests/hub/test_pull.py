"""Pulling from a hub: what comes, what is refused, and how it goes on after a fault."""

from __future__ import annotations

import errno
import hashlib
import re
import shutil
from collections import namedtuple
from typing import TYPE_CHECKING, Any

import huggingface_hub.constants
import pytest

import checkpoints
from hub_server import TOKEN
from svodka.errors import (
    DiskFull,
    HubNotFound,
    HubRefused,
    HubUnreachable,
    ModelChanged,
    ModelDamaged,
    ModelError,
    ModelMissing,
)
from svodka.inference.entries import ModelEntry
from svodka.inference.hub import Patience
from svodka.inference.pull import FROM_DISK, Pulled, adopt_checkpoint, pull_model
from svodka.inference.pulled import check_pulled, pulled_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hub_server import Hub, Repository

REPO = "somebody/marian"
IMPATIENT = Patience(attempts=1, pause_seconds=0)


def entry(*, revision: str = "main", architecture: str = "marian", repo: str = REPO, **more: Any) -> ModelEntry:
    return ModelEntry.model_validate(
        {
            "task": "translate",
            "description": "A tiny one.",
            "languages": ["en", "ru"],
            "architecture": architecture,
            "directions": ["en-ru"],
            "source": {"kind": "hub", "repo": repo, "revision": revision},
            "licence": {"name": "MIT", "url": "https://example.org", "commercial_use": True, "notice": "Ours."},
            "limits": {"max_input_tokens": 512},
            **more,
        }
    )


@pytest.fixture
def marian(checkpoint: Callable[[str], Path]) -> Path:
    return checkpoint("marian")


@pytest.fixture
def repository(hub: Hub, marian: Path) -> Repository:
    return hub.add(REPO, marian)


@pytest.fixture
def pull(hub: Hub, tmp_path: Path) -> Callable[..., Pulled]:
    def pull(model: ModelEntry, **options: Any) -> Pulled:
        return pull_model("tiny", model, cache_dir=tmp_path / "cache", endpoint=hub.url, **{"patience": IMPATIENT} | options)

    return pull


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"}


@pytest.mark.parametrize("architecture", checkpoints.ARCHITECTURES)
@pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")
def test_each_architecture_comes_whole_and_loads(
    architecture: str, hub: Hub, checkpoint: Callable[[str], Path], pull: Callable[..., Pulled], tmp_path: Path
):
    import transformers

    number = hub.add(REPO, checkpoint(architecture)).names["main"]
    model = entry(architecture="m2m_100" if architecture == "nllb" else architecture)
    pulled = pull(model)
    assert (pulled.commit, pulled.already) == (number, False)
    assert pulled.folder == pulled_folder("tiny", model, tmp_path / "cache")
    assert contents(pulled.folder) == contents(checkpoint(architecture))
    assert check_pulled("tiny", model, tmp_path / "cache").sources == {REPO: number}
    assert transformers.AutoTokenizer.from_pretrained(pulled.folder)("8 млрд").input_ids
    transformers.AutoModelForSeq2SeqLM.from_pretrained(pulled.folder)


def test_what_is_here_whole_is_not_pulled_again(hub: Hub, repository: Repository, pull: Callable[..., Pulled]):
    model = entry(revision=repository.names["main"])
    first = pull(model)
    hub.requests.clear()
    assert pull(model) == Pulled(folder=first.folder, commit=first.commit, already=True)
    assert not hub.requests


def test_a_name_is_asked_for_again_but_its_files_are_not(hub: Hub, repository: Repository, pull: Callable[..., Pulled]):
    pull(entry())
    hub.requests.clear()
    assert pull(entry()).already
    assert [request.path for request in hub.requests] == [f"/api/models/{REPO}/revision/main"]


def test_only_a_damaged_file_comes_again(hub: Hub, repository: Repository, pull: Callable[..., Pulled]):
    folder = pull(entry()).folder
    (folder / "vocab.json").write_bytes(b"{}")
    hub.requests.clear()
    assert not pull(entry()).already
    assert [request.path.rpartition("/")[2] for request in hub.requests[1:]] == ["vocab.json"]
    assert contents(folder) == repository.commits[repository.names["main"]]


def test_pickles_code_and_folders_are_left(hub: Hub, marian: Path, pull: Callable[..., Pulled], tmp_path: Path):
    folder = shutil.copytree(marian, tmp_path / "full")
    for name in ("pytorch_model.bin", "modeling_tiny.py", "training_args.bin", "README.md", "rust_model.ot"):
        (folder / name).write_bytes(b"not wanted")
    hub.add(REPO, folder)
    assert contents(pull(entry()).folder) == contents(marian)
    assert not hub.asked(".bin")


def test_a_repository_without_safetensors_is_refused_with_advice(hub: Hub, marian: Path, pull: Callable[..., Pulled]):
    repository = hub.add(REPO, marian, leave_out=("model.safetensors",))
    with pytest.raises(ModelMissing, match=r"no weights in safetensors.*--revision refs/pr/N.*--from DIR"):
        pull(entry())
    number = repository.commit(marian)
    repository.names |= {"refs/pr/7": number, "main": next(iter(repository.commits))}
    assert pull(entry(), revision="refs/pr/7").commit == number


def test_a_download_that_breaks_off_goes_on_where_it_was(hub: Hub, repository: Repository, pull: Callable[..., Pulled], tmp_path: Path):
    weights = repository.commits[repository.names["main"]]["model.safetensors"]
    hub.cuts = [100_000, 0]
    with pytest.raises(
        HubUnreachable, match=rf"model.safetensors broke off after 100000 of {len(weights)} bytes.*run the same command again"
    ):
        pull(entry())
    assert not pulled_folder("tiny", entry(), tmp_path / "cache").exists()
    hub.requests.clear()
    folder = pull(entry()).folder
    assert [request.range for request in hub.asked("model.safetensors") if request.path.startswith("/content/")] == ["bytes=100000-"]
    assert contents(folder)["model.safetensors"] == weights
    assert [path.name for path in folder.parent.iterdir() if path.is_dir()] == [folder.name]


def test_a_short_break_is_waited_out(hub: Hub, repository: Repository, pull: Callable[..., Pulled]):
    hub.cuts = [50_000, 60_000, 0]
    seen: list[int] = []

    def note(stage: str, done: int, total: int) -> None:
        if stage == "model.safetensors":
            seen.append(done)

    pull(entry(), patience=Patience(attempts=2, pause_seconds=0), progress=note)
    begun = [request.range for request in hub.asked("model.safetensors") if request.path.startswith("/content/")]
    assert begun == [None, "bytes=50000-", "bytes=110000-", "bytes=110000-"]
    assert seen == sorted(seen)
    assert seen[-1] == len(repository.commits[repository.names["main"]]["model.safetensors"])


def test_a_hub_that_sends_too_little_is_not_asked_for_ever(hub: Hub, repository: Repository, pull: Callable[..., Pulled]):
    hub.short = {"vocab.json"}
    with pytest.raises(HubUnreachable, match=r"vocab.json broke off after 10 of .* bytes: .* sends nothing more"):
        pull(entry())


def test_what_broke_off_is_not_gone_on_with_as_another_file(
    hub: Hub, repository: Repository, marian: Path, pull: Callable[..., Pulled], tmp_path: Path
):
    hub.cuts = [100_000, 0]
    with pytest.raises(HubUnreachable):
        pull(entry())
    folder = shutil.copytree(marian, tmp_path / "newer")
    altered = bytearray((folder / "model.safetensors").read_bytes())
    altered[-1] ^= 1
    (folder / "model.safetensors").write_bytes(altered)
    repository.commit(folder)
    assert contents(pull(entry()).folder)["model.safetensors"] == altered


@pytest.mark.parametrize("name", ["model.safetensors", "vocab.json"])
def test_a_file_with_another_hash_is_thrown_away(name: str, hub: Hub, repository: Repository, pull: Callable[..., Pulled], tmp_path: Path):
    hub.altered = {name}
    with pytest.raises(ModelDamaged, match=rf"{name} came with .* and the hash .*; the hub states"):
        pull(entry())
    assert not pulled_folder("tiny", entry(), tmp_path / "cache").exists()
    hub.altered.clear()
    assert contents(pull(entry()).folder) == repository.commits[repository.names["main"]]


def test_the_catalogues_hash_counts_too(hub: Hub, repository: Repository, marian: Path, pull: Callable[..., Pulled]):
    size = (marian / "model.safetensors").stat().st_size
    wrong = entry(files=[{"path": "model.safetensors", "size": size, "sha256": "0" * 64}])
    with pytest.raises(ModelDamaged, match=r"has a model.safetensors of SHA-256 .* instead of the catalogue's 000"):
        pull(wrong)
    small = hashlib.sha256((marian / "config.json").read_bytes()).hexdigest()
    wrong = entry(files=[{"path": "vocab.json", "size": (marian / "vocab.json").stat().st_size, "sha256": small}])
    with pytest.raises(ModelDamaged, match=r"vocab.json is damaged"):
        pull(wrong)
    right = entry(files=[{"path": "config.json", "size": (marian / "config.json").stat().st_size, "sha256": small}])
    assert not pull(right).already


def test_a_file_that_is_not_there_is_named(hub: Hub, repository: Repository, marian: Path, pull: Callable[..., Pulled]):
    with pytest.raises(ModelMissing, match=r"lacks target-vocab.json"):
        pull(entry(files=[{"path": "target-vocab.json", "size": 1, "sha256": "0" * 64}]))
    hub.lost = {"vocab.json"}
    with pytest.raises(HubNotFound, match=f"{REPO} lacks a file that http.* lists"):
        pull(entry())


def test_another_kind_of_model_is_refused(hub: Hub, checkpoint: Callable[[str], Path], pull: Callable[..., Pulled]):
    hub.add(REPO, checkpoint("mbart"))
    with pytest.raises(ModelDamaged, match="a model of the type 'mbart' instead of 'marian'"):
        pull(entry())


def test_too_little_room_is_told_before_anything_comes(
    hub: Hub, repository: Repository, pull: Callable[..., Pulled], monkeypatch: pytest.MonkeyPatch
):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(1, 1, 1_000))
    with pytest.raises(DiskFull, match=r"has 0 MiB free, and 64 MiB are needed for tiny; make room"):
        pull(entry())
    assert [request.path for request in hub.requests] == [f"/api/models/{REPO}/revision/main"]


def test_a_disk_that_fills_up_is_told(hub: Hub, repository: Repository, pull: Callable[..., Pulled]):
    def fill(stage: str, done: int, total: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskFull, match=r"is full; make room and run the same command again"):
        pull(entry(), progress=fill)


def test_a_gated_model_needs_a_token(hub: Hub, marian: Path, pull: Callable[..., Pulled], monkeypatch: pytest.MonkeyPatch):
    hub.add(REPO, marian, gated=True)
    with pytest.raises(HubRefused, match=rf"{REPO} is gated: accept its terms at {hub.url}/{REPO}, then set HF_TOKEN"):
        pull(entry())
    monkeypatch.setenv("HF_TOKEN", "hf_of_a_stranger")
    with pytest.raises(HubRefused, match="is gated"):
        pull(entry())
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert not pull(entry()).already


@pytest.mark.parametrize(
    ("status", "error", "message"),
    [
        pytest.param(401, HubRefused, "refuses somebody/marian with status 401; check HF_TOKEN", id="unauthorised"),
        pytest.param(403, HubRefused, "refuses somebody/marian with status 403; check HF_TOKEN", id="forbidden"),
        pytest.param(404, HubNotFound, "has no such repository, revision or file", id="a 404 of no hub"),
        pytest.param(429, HubUnreachable, "answers with status 429", id="too much to do"),
        pytest.param(503, HubUnreachable, "answers with status 503", id="out of order"),
    ],
)
def test_what_a_hub_answers_is_told_plainly(
    status: int, error: type[Exception], message: str, hub: Hub, repository: Repository, pull: Callable[..., Pulled]
):
    hub.status = status
    with pytest.raises(error, match=message):
        pull(entry())


def test_an_unknown_repository_or_revision_is_told(hub: Hub, repository: Repository, pull: Callable[..., Pulled]):
    with pytest.raises(HubNotFound, match="there is no somebody/else at"):
        pull(entry(repo="somebody/else"))
    with pytest.raises(HubNotFound, match="somebody/marian has no such revision"):
        pull(entry(revision="v2"))


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "ftp://example.org", "http://[", "no address"])
def test_a_hub_that_is_not_there_is_told(endpoint: str, tmp_path: Path):
    with pytest.raises(HubUnreachable, match=rf"no connection to {re.escape(endpoint)} .*: check the network and HF_ENDPOINT"):
        pull_model("tiny", entry(), cache_dir=tmp_path, endpoint=endpoint)


def test_what_is_no_hub_is_told(hub: Hub, repository: Repository, pull: Callable[..., Pulled]):
    hub.page = b"<!doctype html><title>Welcome</title>"
    with pytest.raises(HubUnreachable, match=f"{hub.url} does not answer as a hub .*; check HF_ENDPOINT"):
        pull(entry())


def test_offline_what_is_here_serves_and_the_rest_is_told(
    hub: Hub, repository: Repository, pull: Callable[..., Pulled], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(
        HubUnreachable, match="offline mode is on; unset HF_HUB_OFFLINE, or take a checkpoint from the disk with --from DIR"
    ):
        pull(entry())
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    pull(entry())
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    assert pull(entry()).already


def test_a_name_that_leads_elsewhere_is_refused_until_it_is_allowed(
    hub: Hub, repository: Repository, marian: Path, pull: Callable[..., Pulled], tmp_path: Path
):
    first = pull(entry())
    newer = shutil.copytree(marian, tmp_path / "newer")
    (newer / "vocab.json").write_text("{}", encoding="utf-8")
    number = repository.commit(newer)
    with pytest.raises(ModelChanged, match=rf"is now at {number}, and what was pulled first was {first.commit}.*--update"):
        pull(entry())
    assert contents(first.folder) == contents(marian)
    hub.requests.clear()
    assert pull(entry(), update=True).commit == number
    assert contents(first.folder) == contents(newer)
    assert not hub.asked("model.safetensors")  # it is the same


def test_a_pinned_model_stays_at_its_commit(hub: Hub, repository: Repository, marian: Path, pull: Callable[..., Pulled], tmp_path: Path):
    pinned = entry(revision=repository.names["main"])
    (newer := shutil.copytree(marian, tmp_path / "newer") / "vocab.json").write_text("{}", encoding="utf-8")
    repository.commit(newer.parent)
    assert contents(pull(pinned).folder) == contents(marian)
    with pytest.raises(ModelError, match=r"tiny is pinned to .*; for another revision"):
        pull(pinned, revision="refs/pr/1")


def test_a_checkpoint_from_the_disk_serves_as_well(marian: Path, repository: Repository, pull: Callable[..., Pulled], tmp_path: Path):
    weights = {"path": "model.safetensors", "size": (marian / "model.safetensors").stat().st_size}
    right = entry(files=[weights | {"sha256": hashlib.sha256((marian / "model.safetensors").read_bytes()).hexdigest()}])
    taken = adopt_checkpoint("tiny", right, marian, cache_dir=tmp_path / "cache")
    assert (taken.commit.startswith(FROM_DISK), contents(taken.folder)) == (True, contents(marian))
    check_pulled("tiny", right, tmp_path / "cache")
    assert pull(right).commit == repository.names["main"]  # the hub has the same


@pytest.mark.parametrize(
    ("damage", "error", "message"),
    [
        pytest.param(shutil.rmtree, ModelMissing, "there is no folder", id="no folder"),
        pytest.param(lambda folder: (folder / "model.safetensors").unlink(), ModelMissing, "no weights in safetensors", id="no weights"),
        pytest.param(lambda folder: (folder / "config.json").unlink(), ModelMissing, "lacks config.json", id="no configuration"),
        pytest.param(
            lambda folder: (folder / "config.json").write_text("[]"),
            ModelDamaged,
            "is no model's configuration",
            id="no such configuration",
        ),
        pytest.param(lambda folder: (folder / "vocab.json").write_text("{}"), ModelChanged, "vocab.json would not be what", id="changed"),
    ],
)
def test_a_wrong_checkpoint_on_the_disk_is_refused(
    damage: Callable[[Path], object], error: type[Exception], message: str, marian: Path, tmp_path: Path
):
    first = adopt_checkpoint("tiny", entry(), marian, cache_dir=tmp_path / "cache")
    damage(folder := shutil.copytree(marian, tmp_path / "damaged"))
    with pytest.raises(error, match=message):
        adopt_checkpoint("tiny", entry(), folder, cache_dir=tmp_path / "cache")
    assert contents(first.folder) == contents(marian)


def test_a_model_of_no_hub_is_not_pulled(tmp_path: Path):
    local = {"source": {"kind": "local"}, "files": [{"path": "w", "size": 1, "sha256": "0" * 64}]}
    model = ModelEntry.model_validate(entry().model_dump() | local)
    with pytest.raises(ModelError, match=re.escape("tiny comes from no hub (trained by us): there is nothing to pull")):
        pull_model("tiny", model, cache_dir=tmp_path)
