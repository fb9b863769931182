"""Build sdist and wheel (the wheel from the sdist), install each in a clean environment, and score a letter there."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRY = (
    "import lorscore, pathlib; "
    "s = lorscore.score(pathlib.Path({letter!r}).read_text('utf-8')); "
    "assert 'site-packages' in lorscore.__file__, lorscore.__file__; "
    "assert s.is_letter and s.evidence and 'lorscore-default' in s.model_version; "
    "assert (pathlib.Path(lorscore.__file__).parent / 'py.typed').is_file(); "
    "print('  scored:', s.rating, s.model_version)"
)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        dist = Path(folder) / "dist"
        subprocess.run([sys.executable, "-m", "build", "--outdir", dist, ROOT], check=True, stdout=subprocess.DEVNULL)
        letter = next((ROOT / "data" / "samples" / "letters").glob("*.txt"))
        for package in sorted(dist.iterdir()):
            size = package.stat().st_size / 1e6
            print(f"{package.name}: {size:.1f} MB", flush=True)
            if package.suffix == ".whl" and size > 60:
                print("  the wheel is over 60 MB")
                return 1
            place = Path(folder) / package.name.replace(".", "_")
            venv.create(place, with_pip=True)
            python = place / "bin" / "python"
            subprocess.run([python, "-m", "pip", "install", "--quiet", package], check=True)
            subprocess.run([python, "-c", TRY.format(letter=str(letter))], check=True, cwd=folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
