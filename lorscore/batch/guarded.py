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
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from lorscore.batch.listing import Problem
from lorscore.errors import LorscoreError

if TYPE_CHECKING:
    from lorscore.batch.work import WorkSettings

_MOST_FILES = 2000
"""A child is replaced after so many files, whatever memory it has gathered."""
_START_SECONDS = 180.0
_GRACE_SECONDS = 30.0
"""A child whose parent is gone ends itself this long after the time limit."""
_IDLE_SECONDS = 300.0
"""A child that is asked nothing for so long ends itself: on a cluster nobody else would."""
_ATTEMPTS = 2


@dataclass(eq=False)
class _Child:
    process: subprocess.Popen[bytes]
    settings: WorkSettings
    scratch: str
    files: int = 0
    late: bool = False
    stopped: bool = False
    asked: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


_lock = threading.Lock()
_idle: list[_Child] = []
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
    seconds = settings.most_seconds()
    for _ in range(_ATTEMPTS):
        child = _take(settings)
        reply = _ask(child, {"content": base64.b64encode(content).decode()}, seconds)
        _give_back(child, alive=reply is not None)
        if child.stopped:
            raise LorscoreError("stopped before the letter was read")
        if reply is not None:
            return reply
        if child.late:
            why = f"took more than {seconds:g} seconds; allow more with --timeout, or save it again"
            return Problem("timed_out", why).outcome()
    why = "damaged, or it wants more memory: allow more with --memory, or open it and save it again"
    return Problem("crashed", f"ended its process twice ({why})").outcome()


def stop_children(run: str) -> None:
    """End every child of a run now, the busy ones too."""
    with _lock:
        children = [c for c in (*_busy, *_idle) if c.settings.run == run]
        _idle[:] = [c for c in _idle if c.settings.run != run]
        for child in children:
            child.stopped = True
    for child in children:
        _end(child)


def child_pids(run: str = "") -> list[int]:
    """Return the process ids of a run's children in this process, busy or idle."""
    with _lock:
        return [c.process.pid for c in (*_busy, *_idle) if c.settings.run == run]


def _take(settings: WorkSettings) -> _Child:
    dead = []
    with _lock:
        child = None
        for other in [c for c in _idle if c.settings == settings]:
            _idle.remove(other)
            if other.process.poll() is None:
                child = other
                _busy.add(child)
                break
            dead.append(other)
    for other in dead:
        _end(other)
    return child or _start(settings)


def _give_back(child: _Child, alive: bool) -> None:
    child.files += 1
    with _lock:
        _busy.discard(child)
        keep = alive and not child.stopped and child.files < _MOST_FILES
        if keep:
            _idle.append(child)
    if not keep:
        _end(child)


def _start(settings: WorkSettings) -> _Child:
    why = ""
    for _ in range(_ATTEMPTS):
        try:
            child = _new_child(settings)
        except OSError as error:
            raise LorscoreError(f"a worker process could not start ({error.strerror}); run fewer jobs.") from None
        with _lock:
            _busy.add(child)
        ready = _ask(child, asdict(settings), _START_SECONDS)
        if ready is not None and settings.expects in ("", ready.get("ready")):
            return child
        with _lock:
            _busy.discard(child)
        _end(child)
        if child.stopped:
            raise LorscoreError("stopped before the letter was read")
        if ready is not None:
            why = ready.get("error") or f"it has the model {ready['ready']}, not {settings.expects}; give it the same."
            break
        why = "it ended before it was ready; try again, with more memory or fewer jobs."
    raise LorscoreError(f"a worker process could not start: {why}")


def _new_child(settings: WorkSettings) -> _Child:
    package = str(Path(__file__).resolve().parents[2])
    paths = [package, *(os.path.abspath(p) for p in sys.path if p)]  # noqa: PTH100  (strings, as sys.path has them)
    scratch = tempfile.mkdtemp(prefix="lorscore-") if settings.ocr else ""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        **({"TMPDIR": scratch} if scratch else {}),
    }
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "lorscore.batch.guarded"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,  # Ctrl-C is for the parent, and what the child started ends with it
    )
    return _Child(process, settings, scratch)


def _ask(child: _Child, question: dict[str, Any], seconds: float) -> dict[str, Any] | None:
    """Return the child's answer, or None when it died or was too late."""

    def too_late() -> None:
        with child.lock:
            if child.asked:
                child.late = True
                child.process.kill()

    stdin, stdout = child.process.stdin, child.process.stdout
    assert stdin and stdout
    child.asked = True
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
        with child.lock:
            child.asked = False
        timer.cancel()
    if not line.endswith(b"\n") or child.late:
        return None
    answer: dict[str, Any] = json.loads(line)
    return answer


def _end(child: _Child) -> None:
    with child.lock:
        if child.process.poll() is None:
            try:
                os.killpg(child.process.pid, signal.SIGKILL)
            except (AttributeError, OSError):  # no such thing here, or it has just ended
                child.process.kill()
        child.process.wait()
        for pipe in (child.process.stdin, child.process.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:  # what it had not read is lost with it
                pass
        if child.scratch:
            shutil.rmtree(child.scratch, ignore_errors=True)


def main() -> int:
    """Be the child: settings first, then one file's bytes a line."""
    questions = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand between the answers
    settings = json.loads(questions.readline() or "{}")
    try:
        scorer = _ready(settings)
    except LorscoreError as error:
        _answer(answers, {"error": str(error)})
        return 2
    except Exception as error:
        _answer(answers, {"error": f"{type(error).__name__} while it loaded; reinstall lorscore."})
        return 2
    _answer(answers, {"ready": scorer.model_version})
    from lorscore.batch.work import WorkSettings, score_content

    most = WorkSettings(**settings).most_seconds() + _GRACE_SECONDS
    while line := _next(questions):
        faulthandler.dump_traceback_later(most, exit=True)
        content = base64.b64decode(json.loads(line)["content"])
        try:
            outcome = score_content(content, scorer, settings["ocr"])
        except MemoryError:
            why = f"took more than {settings['gigabytes']:g} GB of memory; allow more with --memory"
            outcome = Problem("out_of_memory", why).outcome()
        except Exception as error:  # a fault of ours: named by its kind, never by what the letter says
            why = f"could not be scored ({type(error).__name__}); please report it"
            outcome = Problem("failed", why).outcome()
        faulthandler.cancel_dump_traceback_later()
        _answer(answers, outcome)
    return 0


def _next(questions: IO[bytes]) -> bytes:
    """The next question; nothing when there will be none, or none came for long."""
    if os.name == "posix" and not select.select([questions], [], [], _IDLE_SECONDS)[0]:
        return b""
    return questions.readline()


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
