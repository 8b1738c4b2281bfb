"""The peers: what each is made from and how it is run."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# One thread each, so that CPU seconds compare; the same hashes in every run.
ENVIRONMENT = {
    **os.environ,
    "RAYON_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "POLARS_MAX_THREADS": "1",
    "GOMAXPROCS": "1",
    "PYTHONHASHSEED": "0",
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
}


class NotSetUp(Exception):
    """A peer can't be had here; the message says why."""


@dataclass
class Peer:
    """One tool. Its command takes a corpus and writes pairs."""

    name: str
    version: str = ""
    note: str = ""
    most: int = 50_000  # articles it is run on, at most

    def set_up(self):
        """Makes the peer ready, or raises NotSetUp."""

    def command(self, corpus, pairs):
        raise NotImplementedError

    def threads(self):
        return ENVIRONMENT


@dataclass
class Python(Peer):
    """A driver in this folder with a virtual environment of its own."""

    driver: str = ""
    packages: list = field(default_factory=list)
    oldest: tuple = (3, 11)  # Python it needs

    @property
    def folder(self):
        return HERE / f".venv-{self.name}"

    def set_up(self):
        ready = self.folder / "ready"
        wanted = "\n".join(self.packages)
        if ready.exists() and ready.read_text() == wanted:
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        checked([interpreter(self.oldest), "-m", "venv", str(self.folder)])
        checked([str(self.folder / "bin/pip"), "install", "-q", "--disable-pip-version-check", *self.packages])
        ready.write_text(wanted)

    def command(self, corpus, pairs):
        return [str(self.folder / "bin/python"), str(HERE / self.driver), str(corpus), str(pairs)]


@dataclass
class Crate(Peer):
    """A Rust driver: a package of this folder."""

    package: str = ""

    def set_up(self):
        checked(
            ["cargo", "build", "--release", "--quiet", "--locked", "--target-dir", str(HERE / "target")],
            cwd=HERE / self.package,
        )

    def command(self, corpus, pairs):
        return [str(HERE / "target/release" / self.package), str(corpus), str(pairs)]


@dataclass
class Go(Peer):
    """A Go driver: a module of this folder."""

    module: str = ""

    def set_up(self):
        checked(["go", "build", "-o", str(HERE / "target" / self.module), "."], cwd=HERE / self.module)

    def command(self, corpus, pairs):
        return [str(HERE / "target" / self.module), str(corpus), str(pairs)]


@dataclass
class Chaff(Peer):
    """This project's own command."""

    binary: str = "chaff"
    workers: int = 1

    def set_up(self):
        if shutil.which(self.binary) is None:
            raise NotSetUp(f"no command {Path(self.binary).name}")

    def command(self, corpus, pairs):
        return [
            self.binary,
            "scan",
            "--only",
            "near-duplicate",
            "--jaccard",
            "0.8",
            "--containment",
            "0",
            "--shingle-size",
            "5",
            "--workers",
            str(self.workers),
            "--pairs",
            str(pairs),
            "--format",
            "jsonl",
            str(corpus),
        ]

    def threads(self):
        return {**ENVIRONMENT, "GOMAXPROCS": str(self.workers)}


def checked(command, cwd=None):
    """Runs a set-up command and raises NotSetUp with the last line it printed if it fails."""
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise NotSetUp(f"no command {error.filename}") from error
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise NotSetUp(f"{Path(command[0]).name} failed: {said[-1]}")


def interpreter(oldest):
    """The newest Python at hand, not under oldest and at most 3.13."""
    if sys.version_info[:2] >= oldest:
        return sys.executable
    for minor in range(13, oldest[1] - 1, -1):
        installed = sorted(Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python3"))
        named = shutil.which(f"python3.{minor}")
        for candidate in filter(None, [named, *map(str, installed)]):
            if subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0:
                return candidate
    raise NotSetUp(f"needs Python {oldest[0]}.{oldest[1]} or later")


CHECKED = "checked by the signatures' estimate"
CLOSURE = "keeps clusters; all pairs of a cluster counted"


def peers(chaff, workers):
    """All peers; chaff is the path of this project's command."""
    million = 1_000_000
    return [
        Chaff("chaff", note=f"exact, {workers} worker(s)", most=million, binary=chaff, workers=workers),
        Crate("gaoya-crate", "0.2.2", f"Rust; {CHECKED}", million, package="gaoya-crate"),
        Python("gaoya", "0.2.2", CHECKED, driver="gaoya_py.py", packages=["gaoya==0.2.2", "orjson==3.13.0"]),
        Python(
            "rensa", "0.5.0", f"RMinHash + LSH, {CHECKED}", million, "rensa_lsh.py", ["rensa==0.5.0", "orjson==3.13.0"]
        ),
        Python(
            "fastsketchlsh",
            "1.0.1",
            CHECKED,
            driver="fastsketch_lsh.py",
            packages=["FastSketchLSH==1.0.1", "numpy==2.4.6", "orjson==3.13.0"],
        ),
        Python(
            "datasketch", "2.0.0", CHECKED, driver="datasketch_lsh.py", packages=["datasketch==2.0.0", "orjson==3.13.0"]
        ),
        Go("ekzhu", "2017", f"go-minhash + minhash-lsh; {CHECKED}", module="ekzhu"),
        Python(
            "datatrove",
            "0.10.1",
            f"unchecked, {CLOSURE}",
            driver="datatrove_minhash.py",
            packages=["datatrove[io,processing]==0.10.1", "spacy==3.8.16", "orjson==3.13.0"],
        ),
        Python(
            "text-dedup",
            "0.4.1",
            f"checked exactly, own words, {CLOSURE}",
            5000,
            "textdedup_minhash.py",
            ["text-dedup==0.4.1", "orjson==3.13.0"],
            (3, 12),
        ),
    ]
