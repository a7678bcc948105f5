"""Real launches in fresh processes: torch stays away until the window has painted, and every end is a clean one."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from playground.engine.plane import PlaneSetup, plane_data
from playground.engine.settings import Settings
from playground.engine.share import share_text
from playground.engine.spec import build
from playground.session.autosave import recoverable
from playground.session.folders import folders

ROOT = Path(__file__).resolve().parent.parent.parent

# what no window waits for: it is imported when it is needed
HEAVY = (
    "torch",
    "scipy",
    "safetensors.torch",
    "numpy.ma",
    "numpy.random",
    "importlib.metadata",
    "PySide6.QtNetwork",
    "playground.engine.image_data",
    "playground.engine.tables",
    "playground.views.data.table_sheet",
)

# Runs the program and lets ``when`` close it: at the first painting, in mid-import, or in mid-training.
LAUNCH = """
import sys
from PySide6.QtCore import QTimer
from playground.app.program import Program
program = Program()
document, window = program.workspace.document, program.window
def say(word):
    print(word, flush=True)
def at_painting():
    heavy = [name for name in {heavy} if name in sys.modules]
    say(" ".join(heavy) or "nothing heavy")
    say(" ".join(sorted(view for view in ("{lab}",) if window.lab_name == view)))
window.painted.connect(at_painting)
{when}
program.begin()
sys.exit(program.run())
"""
AT_PAINTING = "window.painted.connect(window.close)"
IN_IMPORT = """
program.workspace.clock.wake()
look = QTimer(program, interval=5)
look.timeout.connect(lambda: "torch" in sys.modules and (look.stop(), say("importing"), window.close_without_asking()))
look.start()
"""
FEW_DIGITS = """
from tests.app.journeys import small_digits
small_digits.install()
"""
IN_TRAINING = f"""{FEW_DIGITS}
def follow(snapshot):
    if snapshot.step > 20:
        say("training")
        window.close_without_asking()
document.snapshot_ready.connect(follow)
document.data_changed.connect(lambda data: len(data.train) and document.run())
"""


def launch(when: str) -> subprocess.CompletedProcess[str]:
    code = LAUNCH.format(when=when, lab="network", heavy=HEAVY)
    words = [sys.executable, "-c", code]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)


def _started(when: str, *, until: str) -> subprocess.Popen[str]:
    """Return a process that has said ``until``."""
    code = LAUNCH.format(when=when, lab="network", heavy=HEAVY)
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    while process.stdout.readline().strip() != until:
        assert process.poll() is None
    return process


def test_the_window_has_painted_before_torch_is_imported() -> None:
    result = launch(AT_PAINTING)
    assert result.stdout.splitlines()[:2] == ["nothing heavy", "network"], result.stderr
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(("when", "word"), [(IN_IMPORT, "importing"), (IN_TRAINING, "training")])
def test_closing_while_something_goes_on_is_a_clean_end(when: str, word: str) -> None:
    result = launch(when)
    assert word in result.stdout, result.stderr
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_program_through_its_event_loop(kind: signal.Signals) -> None:
    process = _started(f"{FEW_DIGITS}window.painted.connect(lambda: say('painted'))", until="painted")
    process.send_signal(kind)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_unsaved_work_outlives_a_signal() -> None:
    when = f"""{FEW_DIGITS}
def follow(snapshot):
    if snapshot.step > 5 and not snapshot.is_running:
        say("trained")
document.snapshot_ready.connect(follow)
document.data_changed.connect(lambda data: len(data.train) and document.advance(steps=6))
"""
    process = _started(when, until="trained")
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    found = recoverable(folders().autosave)
    assert [recovery.name for recovery in found] == ["untitled"]
    assert found[0].load().documents[0].checkpoint.step == 6


@pytest.mark.slow
@pytest.mark.parametrize("number", range(20))
def test_twenty_launches(number: int) -> None:
    when = (AT_PAINTING, IN_IMPORT, IN_TRAINING)[number % 3]
    result = launch(when)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_picture_is_taken_without_a_display(tmp_path: Path) -> None:
    out = tmp_path / "pictures" / "lab.png"
    words = ["shot", str(out), "--size", "1280x800", "--train", "20", "--theme", "light"]
    result = subprocess.run(
        [sys.executable, "-m", "playground", *words], capture_output=True, text=True, check=False, timeout=100
    )
    assert (result.returncode, result.stderr) == (0, "")
    from PySide6.QtGui import QImage

    image = QImage(str(out))
    assert (image.width(), image.height()) == (1280, 800)
    # letters are many shades between ground and ink; a picture without fonts has hardly any
    row = {image.pixel(x, y) for x in range(140, 520) for y in range(4, 24)}
    assert len(row) > 30


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["x.jpg"], "does not end in .png"),
        (["x.png", "--size", "10x10"], "is no size"),
        (["x.png", "--train", "-3"], "is no number of steps"),
        (["x.png", "--lab", "moon"], "there is no lab 'moon'"),
        (["x.png", "--open", "/nowhere.playground"], "there is no file"),
    ],
)
def test_a_wrong_wish_for_a_picture_is_named(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from playground.app.main import main

    with pytest.raises(SystemExit) as end:
        main(["shot", *words])
    assert end.value.code == 2
    assert sentence in capsys.readouterr().err


# Runs the command line, and says what network a shared text has brought.
SHARED = """
import sys
from playground.app.files import Files
opened = Files._opened_shared
def tell(files, lab):
    opened(files, lab)
    print(files._workspace.document.spec.text, flush=True)
    files._window.close_without_asking()
Files._opened_shared = tell
from playground.app.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("is_one_word", [True, False])
def test_a_shared_text_of_several_lines_is_opened_from_the_command_line(is_one_word: bool) -> None:
    text = share_text(build((2, 5, 1)), Settings(), plane_data(PlaneSetup(shape="xor", count=60)).source, None)
    lines = [text[at : at + 40] for at in range(0, len(text), 40)]
    words = ["\n".join(["", *lines, ""])] if is_one_word else lines
    command = [sys.executable, "-c", SHARED, *words]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert (result.returncode, result.stdout, result.stderr) == (0, "2-5-1\n", "")
