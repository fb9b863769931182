"""Scoring a file in a process of its own, so that a poisoned file costs one row and no more.

Both ends of the pipe are here. ``score_guarded`` hands a file's bytes to an idle child, or to a new one;
a child that takes too long is killed, one that dies (of memory, of a damaged file, by somebody's hand) is
replaced, and the file is tried once more. ``python -m lorscore.batch.guarded`` is the child: it loads the model
once, then answers a JSON line with a JSON line until its standard input closes.
"""

from __future__ import annotations

import base64
import faulthandler
import json
import os
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from lorscore.errors import LorscoreError

if TYPE_CHECKING:
    from lorscore.batch.work import WorkSettings

_MOST_FILES = 2000
"""A child is replaced after so many files, whatever memory it has gathered."""
_START_SECONDS = 180.0
_GRACE_SECONDS = 30.0
"""A child whose parent is gone ends itself this long after the time limit."""
_ATTEMPTS = 2


@dataclass(eq=False)
class _Child:
    process: subprocess.Popen[bytes]
    files: int = 0
    late: bool = False
    stopped: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


_lock = threading.Lock()
_idle: dict[WorkSettings, list[_Child]] = defaultdict(list)
_busy: set[_Child] = set()


def score_guarded(content: bytes, settings: WorkSettings) -> dict[str, Any]:
    """Score the letters in one file's bytes, in a process of its own.

    Returns
    -------
    dict
        As ``score_content`` returns it; also where the file took too long or ended its process.

    Raises
    ------
    LorscoreError
        If no child can start (a broken model, a missing extra), or ``stop_children`` was called meanwhile.
    """
    for _ in range(_ATTEMPTS):
        child = _take(settings)
        reply = _ask(child, {"content": base64.b64encode(content).decode()}, settings.seconds)
        _give_back(child, settings, alive=reply is not None)
        if child.stopped:
            raise LorscoreError("stopped before the letter was read")
        if reply is not None:
            return reply
        if child.late:
            return _problem("timed_out", f"took more than {settings.seconds:g} seconds; open it and save it again")
    return _problem("crashed", "ended its process twice (damaged, or too much memory); open it and save it again")


def stop_children() -> None:
    """End every child now, the busy ones too."""
    with _lock:
        children = [*_busy, *(c for idle in _idle.values() for c in idle)]
        _idle.clear()
        for child in children:
            child.stopped = True
    for child in children:
        _end(child)


def child_pids() -> list[int]:
    """Return the process ids of the children of this process, busy or idle."""
    with _lock:
        return [c.process.pid for c in (*_busy, *(c for idle in _idle.values() for c in idle))]


def _take(settings: WorkSettings) -> _Child:
    with _lock:
        child = _idle[settings].pop() if _idle[settings] else None
        if child:
            _busy.add(child)
    return child or _start(settings)


def _give_back(child: _Child, settings: WorkSettings, alive: bool) -> None:
    child.files += 1
    keep = alive and not child.stopped and child.files < _MOST_FILES
    with _lock:
        _busy.discard(child)
        if keep:
            _idle[settings].append(child)
    if not keep:
        _end(child)


def _start(settings: WorkSettings) -> _Child:
    package = str(Path(__file__).resolve().parents[2])
    paths = [package, *(os.path.abspath(p) for p in sys.path if p)]  # noqa: PTH100  (strings, as sys.path has them)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "lorscore.batch.guarded"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    child = _Child(process)
    with _lock:
        _busy.add(child)
    ready = _ask(child, asdict(settings), _START_SECONDS)
    if ready is None or "error" in ready:
        with _lock:
            _busy.discard(child)
        _end(child)
        why = "it did not answer" if ready is None else ready["error"]
        raise LorscoreError(f"a worker process could not start: {why}")
    return child


def _ask(child: _Child, question: dict[str, Any], seconds: float) -> dict[str, Any] | None:
    """Return the child's answer, or None when it died or was too late."""

    def too_late() -> None:
        child.late = True
        child.process.kill()

    stdin, stdout = child.process.stdin, child.process.stdout
    assert stdin and stdout
    timer = threading.Timer(seconds, too_late)
    timer.daemon = True
    timer.start()
    try:
        stdin.write(json.dumps(question).encode() + b"\n")
        stdin.flush()
        line = stdout.readline()
    except (OSError, ValueError):  # the pipe closed under us: the child is gone
        return None
    finally:
        timer.cancel()
    if not line.endswith(b"\n") or child.late:
        return None
    answer: dict[str, Any] = json.loads(line)
    return answer


def _end(child: _Child) -> None:
    with child.lock:
        child.process.kill()
        child.process.wait()
        for pipe in (child.process.stdin, child.process.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:  # what it had not read is lost with it
                pass


def _problem(code: str, message: str) -> dict[str, Any]:
    return {"letters": [], "problem": {"code": code, "message": message}}


def main() -> int:
    """Be the child: settings first, then one file's bytes a line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand between the answers
    settings = json.loads(questions.readline() or "{}")
    try:
        scorer = _ready(settings)
    except LorscoreError as error:
        _answer(answers, {"error": str(error)})
        return 2
    _answer(answers, {"ready": scorer.model_version})
    from lorscore.batch.work import score_content

    for line in questions:
        faulthandler.dump_traceback_later(settings["seconds"] + _GRACE_SECONDS, exit=True)
        content = base64.b64decode(json.loads(line)["content"])
        try:
            outcome = score_content(content, scorer, settings["ocr"])
        except MemoryError:
            outcome = _problem("out_of_memory", f"took more than {settings['gigabytes']:g} GB of memory")
        except Exception as error:  # a fault of ours: named by its kind, never by what the letter says
            outcome = _problem("failed", f"could not be scored ({type(error).__name__}); please report it")
        faulthandler.cancel_dump_traceback_later()
        _answer(answers, outcome)
    return 0


def _ready(settings: dict[str, Any]) -> Any:
    from lorscore.scoring.store import default_scorer, load

    if settings["ocr"]:
        from lorscore.reading.ocr import check_ocr

        check_ocr()
    scorer = load(settings["model"]) if settings["model"] else default_scorer()
    scorer.score("Dear Director: She carried six patients. Sincerely, A. Writer, MD")
    _limit_memory(settings["gigabytes"])
    return scorer


def _limit_memory(gigabytes: float) -> None:
    """Bound what the child may take beyond what it holds now; where the system has no such bound, time alone holds."""
    statm = Path("/proc/self/statm")
    if not statm.is_file():
        return
    import resource

    now = int(statm.read_text().split()[0]) * resource.getpagesize()
    most = now + int(gigabytes * 1024**3)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _answer(answers: IO[bytes], values: dict[str, Any]) -> None:
    answers.write(json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())
