from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.engine import archive as archive_file
from playground.engine.project_file import (
    Document,
    Extra,
    Project,
    ProjectError,
    load_project,
    read_project,
    save_project,
    write_project,
)
from tests.project_samples import a_checkpoint, a_document, a_project, assert_same_document

DOCUMENT, TENSORS = "network-1/document.json", "network-1/tensors.safetensors"


def packed(project: Project) -> dict[str, bytes]:
    """Return what a project file holds, by name."""
    stream = io.BytesIO()
    write_project(stream, project)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def opened(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Project:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return read_project(stream, "x.playground")


def with_json(entries: dict[str, bytes], path: str, change: Callable[[Any], None]) -> dict[str, bytes]:
    value = json.loads(entries[path])
    change(value)
    return {**entries, path: json.dumps(value).encode()}


def first(manifest: Any) -> Any:
    return manifest["documents"][0]


def setting(document: Any) -> Any:
    return document["checkpoint"]["settings"]


def layer(document: Any) -> Any:
    return document["checkpoint"]["spec"]["layers"][0]


def with_state(state: np.ndarray[Any, Any]) -> Project:
    saved = a_checkpoint()
    return Project((a_document(checkpoint=replace(saved, arrays={**saved.arrays, "init_generator": state})),))


def with_tensors(entries: dict[str, bytes], **changes: Any) -> dict[str, bytes]:
    arrays = safetensors.numpy.load(entries[TENSORS])
    arrays.update({name.replace("_dot_", "."): array for name, array in changes.items() if array is not None})
    for name in [name for name, array in changes.items() if array is None]:
        del arrays[name.replace("_dot_", ".")]
    return {**entries, TENSORS: safetensors.numpy.save(arrays)}


@pytest.fixture
def entries() -> dict[str, bytes]:
    return packed(a_project())


class TestThereAndBack:
    def test_every_bit_comes_back(self, tmp_path: Path) -> None:
        project = Project((a_document(), a_document("second", widths=(2, 3), added=0)), view={"lab": "network"})
        save_project(tmp_path / "a.playground", project)
        found = load_project(tmp_path / "a.playground")
        assert len(found.documents) == 2
        for one, other in zip(found.documents, project.documents, strict=True):
            assert_same_document(one, other)
        assert found.view == {"lab": "network"}

    def test_a_fresh_training_without_curves_moments_or_masks_comes_back(self, tmp_path: Path) -> None:
        full = a_checkpoint()
        bare = type(full)(full.spec, full.settings, 0, 0, 0, 0, {"parameters": full.arrays["parameters"]})
        none = np.zeros((0, 6), np.float32)
        document = Document("network", "", bare, {"kind": "none"}, none, np.zeros(0, np.int64))
        save_project(tmp_path / "a.playground", Project((document,)))
        assert_same_document(load_project(tmp_path / "a.playground").documents[0], document)

    def test_a_diverged_training_can_be_saved_and_opened(self, tmp_path: Path) -> None:
        saved = a_checkpoint()
        arrays = {**saved.arrays, "parameters": np.full_like(saved.arrays["parameters"], np.nan)}
        document = a_document(checkpoint=replace(saved, arrays=arrays))
        save_project(tmp_path / "a.playground", Project((document,)))
        assert_same_document(load_project(tmp_path / "a.playground").documents[0], document)

    def test_the_same_project_gives_the_same_bytes(self, tmp_path: Path) -> None:
        save_project(tmp_path / "a", a_project())
        save_project(tmp_path / "b", load_project(tmp_path / "a"))
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()

    def test_what_json_does_not_know_in_the_view_does_not_stop_the_saving(self) -> None:
        document = replace(a_document(), view={"zoom": float("nan"), "at": (1, np.float32(0.5)), "a": np.arange(2)})
        found = opened(packed(Project((document,)))).documents[0]
        assert found.view == {"zoom": None, "at": [1, 0.5], "a": [0, 1]}

    def test_it_holds_json_and_safetensors_alone(self, entries: dict[str, bytes]) -> None:
        assert set(entries) == {"manifest.json", DOCUMENT, TENSORS}
        manifest = json.loads(entries["manifest.json"])
        assert manifest["format"] == "playground-project"
        assert manifest["documents"] == [{"kind": "network", "schema": 1, "folder": "network-1"}]

    def test_it_needs_neither_torch_nor_qt(self) -> None:
        code = "import sys, playground.engine.project_file; print({'torch', 'PySide6'} & set(sys.modules))"
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert run.stdout.strip() == "set()"


class TestCarriedThrough:
    def test_unknown_kinds_files_and_manifest_values_stay_byte_for_byte(self, entries: dict[str, bytes]) -> None:
        foreign = {"kind": "dissection", "schema": 7, "folder": "network-2", "depth": [1, {"x": None}]}

        def add(manifest: Any) -> None:
            manifest["documents"].insert(0, foreign)
            manifest["lesson"] = {"step": 3}

        strange = {"network-2/model.bin": bytes(range(256)), "network-2/a/b.json": b"{", "notes für mich.txt": b"hi"}
        once = opened({**with_json(entries, "manifest.json", add), **strange})
        again = packed(Project((*once.documents, a_document("third")), once.view, once.extra))
        assert {name: again[name] for name in strange} == strange
        manifest = json.loads(again["manifest.json"])
        assert foreign in manifest["documents"]
        assert manifest["lesson"] == {"step": 3}
        twice = opened(again)
        assert [document.name for document in twice.documents] == ["My network", "third"]
        assert twice.extra.files == strange

    def test_unknown_entries_in_known_folders_are_left_out(self, entries: dict[str, bytes]) -> None:
        found = opened({**entries, "network-1/evil.pkl": b"\x80\x04."})
        assert found.extra.files == {}

    def test_the_folder_of_an_unknown_document_without_files_is_not_taken(self) -> None:
        extra = Extra(({"kind": "x", "schema": 1, "folder": "network-1"},))
        again = packed(Project((a_document(),), {}, extra))
        assert opened(again).extra.documents == extra.documents


class TestSaving:
    def test_a_full_disk_leaves_the_old_file_and_no_other(self, tmp_path: Path) -> None:
        """The limit of the file size is the system's own: the write fails in its middle, as on a full disk."""
        path = tmp_path / "a.playground"
        save_project(path, a_project())
        before = path.read_bytes()
        code = (
            "import resource, sys; sys.path.insert(0, '.')\n"
            "from tests.project_samples import a_project\n"
            "from playground.engine.project_file import ProjectError, save_project\n"
            "big = a_project(widths=(300, 300, 3))\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
            "try:\n    save_project(sys.argv[1], big)\n"
            "except ProjectError as error:\n    print(error)\n"
        )
        root = Path(__file__).resolve().parents[2]
        run = subprocess.run(
            [sys.executable, "-c", code, str(path)], capture_output=True, text=True, cwd=root, check=True
        )
        assert run.stdout.startswith(f"a.playground could not be saved in {tmp_path}: the disk")
        assert path.read_bytes() == before
        assert list(tmp_path.iterdir()) == [path]

    def test_a_missing_folder_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(ProjectError, match=r"could not be saved in .*nowhere: that folder does not exist"):
            save_project(tmp_path / "nowhere" / "a.playground", a_project())

    def test_an_odd_path_gets_a_sentence(self, tmp_path: Path) -> None:
        for path in (tmp_path, tmp_path / "a\0b", tmp_path / ("x" * 300)):
            with pytest.raises(ProjectError, match=r"save"):
                save_project(path, a_project())
            with pytest.raises(ProjectError, match=r"file|read"):
                load_project(path)

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"parameters": np.zeros(5, np.float32)}, "shape 5, not 74"),
            ({"movable": np.zeros(74, np.uint8)}, "are uint8, not bool"),
            ({"second_moment": np.full(74, -1, np.float32)}, "below zero"),
            ({"unheard_of": np.zeros(1)}, "no place for its numbers 'unheard_of'"),
        ],
    )
    def test_nothing_is_written_that_could_not_be_read(self, change: dict[str, Any], sentence: str) -> None:
        saved = a_checkpoint()
        document = a_document(checkpoint=replace(saved, arrays={**saved.arrays, **change}))
        with pytest.raises(ProjectError, match=sentence):
            write_project(io.BytesIO(), Project((document,)))


class TestTampered:
    """Each damage gets a sentence that names the file and says what is wrong."""

    @pytest.mark.parametrize(
        ("path", "change", "sentence"),
        [
            ("manifest.json", lambda m: m.update(schema=2, program="9.9"), r"9\.9 in version 2 .* knows version 1"),
            ("manifest.json", lambda m: first(m).update(schema=3), r"network of version 3; .* which knows version 1"),
            ("manifest.json", lambda m: m.update(schema="1"), "does not say which version"),
            ("manifest.json", lambda m: m.update(schema=True), "does not say which version"),
            ("manifest.json", lambda m: m.update(format="other"), "that of something else"),
            ("manifest.json", lambda m: m.update(documents={}), "list of documents is garbled"),
            ("manifest.json", lambda m: m.update(documents=[]), r"holds no network \(documents: none\)"),
            ("manifest.json", lambda m: first(m).update(kind="cnn"), r"holds no network \(documents: cnn\)"),
            ("manifest.json", lambda m: first(m).update(folder="../.."), "which is no folder"),
            ("manifest.json", lambda m: first(m).update(folder="/etc"), "which is no folder"),
            ("manifest.json", lambda m: first(m).update(folder="elsewhere"), "incomplete: 'elsewhere/document.json'"),
            ("manifest.json", lambda m: m["documents"].append(m["documents"][0]), "share a folder"),
            ("manifest.json", lambda m: m["documents"].append({**first(m), "folder": "network-1/a"}), "share a folder"),
            ("manifest.json", lambda m: m.update(view=[1]), "view of its window is not a table"),
            (DOCUMENT, lambda d: d.update(checkpoint=None), "incomplete or garbled"),
            (DOCUMENT, lambda d: d.update(name=3), "has no name"),
            (DOCUMENT, lambda d: d.update(data_source="/etc/passwd"), "description of its data is not a table"),
            (DOCUMENT, lambda d: d["checkpoint"].update(step=-1), "'-1' stands where a whole number belongs"),
            (DOCUMENT, lambda d: d["checkpoint"].update(step=1.5), "'1.5' stands where a whole number belongs"),
            (DOCUMENT, lambda d: d["checkpoint"].update(step=10**30), "where a whole number belongs"),
            (DOCUMENT, lambda d: d["checkpoint"].update(position=51), "behind the end of the epoch"),
            (DOCUMENT, lambda d: d["checkpoint"].update(marks=[[1, 2]]), "incomplete or garbled"),
            (DOCUMENT, lambda d: setting(d).update(learning_rate=-1), "learning rate must lie between"),
            (DOCUMENT, lambda d: setting(d).update(optimizer="magic"), "'magic' is no optimizer"),
            (DOCUMENT, lambda d: d["checkpoint"]["evaluation"].update(train=[1, "x", 2]), "'x' stands where a number"),
            (DOCUMENT, lambda d: d["checkpoint"]["spec"].update(input_shape=[7]), "shape 74, not 79"),
            (DOCUMENT, lambda d: d["checkpoint"]["spec"].update(input_shape=[]), r"describes|shape|dimensions"),
            (DOCUMENT, lambda d: d["checkpoint"]["spec"].update(next_id=1), "use an id"),
            (DOCUMENT, lambda d: layer(d).update(units=[[8, 5, 1]]), "garbled"),
            (DOCUMENT, lambda d: layer(d).update(activation="cos"), "'cos' is no activation"),
            (DOCUMENT, lambda d: layer(d).update(units=[[8, 90_000_000]]), r"as many|in memory"),
            (DOCUMENT, lambda d: layer(d).update(units=[[8, 10**12]]), "do not fit in memory"),
            (DOCUMENT, lambda d: d["checkpoint"]["spec"].update(layers=[]), r"describes|number of layers"),
        ],
    )  # fmt: skip
    def test_json(self, entries: dict[str, bytes], path: str, change: Callable[[Any], None], sentence: str) -> None:
        with pytest.raises(ProjectError, match=sentence) as caught:
            opened(with_json(entries, path, change))
        assert "x.playground" in str(caught.value)

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"parameters": None}, "'parameters' are missing"),
            ({"parameters": np.zeros(74)}, "are float64, not float32"),
            ({"parameters": np.zeros((2, 37), np.float32)}, "have the shape 2 × 37, not 74"),
            ({"present": np.zeros(73, np.bool_)}, "shape 73, not 74"),
            ({"order": np.array([-1, 2], np.int64)}, "order of its examples is impossible"),
            ({"order": np.zeros(2, np.int32)}, "are int32"),
            ({"batch_generator": np.zeros(2_000_000, np.uint8)}, "too long"),
            ({"curves_dot_steps": np.array([0, 5, 5], np.int64)}, "not in order"),
            ({"curves_dot_steps": np.array([0, 5], np.int64)}, "shape 3 × 4, not 2 × 4"),
            ({"curves_dot_values": None}, "'curves.values' are missing"),
            ({"added_dot_inputs": np.full((2, 6), np.nan, np.float32)}, "not all finite"),
            ({"added_dot_inputs": np.zeros((2, 7), np.uint8)}, "shape 2 × 7, not 2 × 6"),
            ({"added_dot_labels": np.array([0, 3], np.int64)}, "label beyond the 3 classes"),
            ({"added_dot_drawings": np.zeros((3, 4), np.uint8)}, "drawings of the added examples"),
        ],
    )
    def test_tensors(self, entries: dict[str, bytes], change: dict[str, Any], sentence: str) -> None:
        with pytest.raises(ProjectError, match=sentence):
            opened(with_tensors(entries, **change))

    def test_a_mask_that_is_neither_yes_nor_no(self, entries: dict[str, bytes]) -> None:
        twos = np.full(74, 2, np.uint8).view(np.bool_)
        with pytest.raises(ProjectError, match="something else than yes and no"):
            opened(with_tensors(entries, present=twos))

    @settings(max_examples=300, deadline=None)
    @given(st.integers(-3, 630), st.integers(-1, 2), st.integers(0, 700) | st.just(2**63))
    def test_torch_takes_every_state_of_a_generator_that_passes(self, left: int, seeded: int, following: int) -> None:
        generator = torch.Generator().manual_seed(1)
        state = np.array(generator.get_state().numpy())
        state[8:24] = np.frombuffer(struct.pack("<iiQ", left, seeded, following), np.uint8)
        try:
            write_project(io.BytesIO(), with_state(state))
        except ProjectError as error:
            assert "none of a random generator" in str(error)  # noqa: PT017 - either way is right for some
        else:
            generator.set_state(torch.from_numpy(state))

    def test_every_state_that_torch_has_passes(self) -> None:
        generator = torch.Generator().manual_seed(1)
        for count in (0, 1, 7, 615, 1, 624, 625, 10_000):
            torch.rand(count, generator=generator)
            torch.randn(count % 20, generator=generator)
            write_project(io.BytesIO(), with_state(np.array(generator.get_state().numpy())))

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\xff" * 40,
            b'{"a": NaN}',
            b'{"a": 1e999}',
            b"[" * 5_000,
            b'{"a":' * 99 + b"1" + b"}" * 99,
            b"[]",
            b"9" * 5_000,
        ],
    )
    def test_json_that_is_none(self, entries: dict[str, bytes], content: bytes) -> None:
        for path in ("manifest.json", DOCUMENT):
            with pytest.raises(ProjectError, match="no proper JSON"):
                opened({**entries, path: content})

    @pytest.mark.parametrize("content", [b"", b"\x01", b"\xff" * 400, b"\x08" + b"\0" * 7 + b'{"a":1} ' + b"\0" * 400])
    def test_safetensors_that_are_none(self, entries: dict[str, bytes], content: bytes) -> None:
        with pytest.raises(ProjectError, match=r"garbled|cut off|does not hold as many|not described"):
            opened({**entries, TENSORS: content})


class TestHostileArchives:
    def test_a_name_that_leads_out_of_the_archive(self, entries: dict[str, bytes]) -> None:
        for name in ("../evil", "/etc/passwd", "a/../../b", "C:/x", "a\\b", "a//b", "./a", "a" * 500):
            with pytest.raises(ProjectError, match="holds an entry of the name"):
                opened({**entries, name: b""})

    def test_an_entry_without_a_name(self, entries: dict[str, bytes]) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in [*entries.items(), ("xEyEz", b"")]:
                archive.writestr(name, content)
        # zipfile cuts a name off at a NUL, and this one begins with it
        content = stream.getvalue().replace(b"xEyEz", b"\0EyEz")
        with pytest.raises(ProjectError, match="holds an entry of the name"):
            read_project(io.BytesIO(content), "x.playground")

    def test_a_name_with_a_nul_in_it(self, entries: dict[str, bytes]) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in [*entries.items(), ("xEyEz", b"")]:
                archive.writestr(name, content)
        content = stream.getvalue().replace(b"xEyEz", b"x\0y\0z")
        with pytest.raises(ProjectError, match="holds an entry of the name"):
            read_project(io.BytesIO(content), "x.playground")

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_two_entries_of_one_name(self, entries: dict[str, bytes]) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in [*entries.items(), (DOCUMENT, b"{}")]:
                archive.writestr(name, content)
        with pytest.raises(ProjectError, match="two entries of the same name"):
            read_project(stream, "x.playground")

    def test_a_zip_bomb_is_not_unpacked(self, entries: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archive_file, "TRUSTED_BYTES", 1 << 16)
        with pytest.raises(ProjectError, match=r"would unpack to .*, which no real file does"):
            opened({**entries, "network-1/x": bytes(1 << 22)})
        with pytest.raises(ProjectError, match="would unpack"):
            opened({**entries, DOCUMENT: b" " * (1 << 22)})

    def test_an_entry_that_is_too_large_for_its_place(self, entries: dict[str, bytes]) -> None:
        with pytest.raises(ProjectError, match=r"'manifest.json' in it has .* more than the 4,194,304"):
            opened({**entries, "manifest.json": b" " * (5 << 20)})

    def test_an_entry_that_lies_about_its_size(self, entries: dict[str, bytes]) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in entries.items():
                archive.writestr(name, content)
            for entry in archive.infolist():
                if entry.filename == "manifest.json":
                    entry.file_size = 10
        with pytest.raises(ProjectError, match="cannot be unpacked"):
            read_project(stream, "x.playground")

    def test_too_many_entries(self, entries: dict[str, bytes]) -> None:
        with pytest.raises(ProjectError, match="more entries than can belong there"):
            opened({**entries, **{f"f{n}": b"" for n in range(5_000)}}, zipfile.ZIP_STORED)

    def test_an_encrypted_archive(self) -> None:
        stream = io.BytesIO()
        write_project(stream, a_project())
        content = bytearray(stream.getvalue())
        place = -1
        while (place := content.find(b"PK\1\2", place + 1)) >= 0:
            content[place + 8] |= 1
        with pytest.raises(ProjectError, match="is encrypted"):
            read_project(io.BytesIO(bytes(content)), "x.playground")

    def test_an_unusual_packing(self, entries: dict[str, bytes]) -> None:
        with pytest.raises(ProjectError, match="packed in a way"):
            opened(entries, zipfile.ZIP_LZMA)

    def test_a_flipped_bit_in_the_weights_is_noticed(self) -> None:
        stream = io.BytesIO()
        write_project(stream, a_project())
        content = bytearray(stream.getvalue())
        parameters = a_checkpoint().arrays["parameters"].tobytes()
        content[content.find(parameters) + 40] ^= 4
        with pytest.raises(ProjectError, match=r"'network-1/tensors\.safetensors' in it cannot be unpacked"):
            read_project(io.BytesIO(bytes(content)), "x.playground")

    def test_a_file_that_is_cut_off_anywhere(self) -> None:
        stream = io.BytesIO()
        write_project(stream, a_project())
        content = stream.getvalue()
        for length in [*range(60), *range(60, len(content), 97), len(content) - 1]:
            with pytest.raises(ProjectError, match=r"cut off|not a zip archive"):
                read_project(io.BytesIO(content[:length]), "x.playground")

    def test_files_of_other_kinds(self, tmp_path: Path) -> None:
        for name, content, sentence in (
            ("empty", b"", "not a zip archive"),
            ("picture", b"\x89PNG\r\n\x1a\n" + bytes(500), "not a zip archive"),
            ("pickle", b"\x80\x04\x95" + bytes(100_000), "not a zip archive"),
        ):
            (tmp_path / name).write_bytes(content)
            with pytest.raises(ProjectError, match=f"{name} is {sentence}: choose another file"):
                load_project(tmp_path / name)
        with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
            archive.writestr("word/document.xml", "<a/>")
        with pytest.raises(ProjectError, match="no project of this program: it is a zip archive without"):
            load_project(tmp_path / "other.zip")
        with pytest.raises(ProjectError, match="does not exist"):
            load_project(tmp_path / "gone")
        with pytest.raises(ProjectError, match="no ordinary file"):
            load_project("/dev/zero")

    def test_a_project_that_was_packed_again_by_hand_opens(self, entries: dict[str, bytes]) -> None:
        assert_same_document(opened(entries).documents[0], a_document())
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.mkdir("network-1")
            for name, content in entries.items():
                archive.writestr(name, content)
        assert_same_document(read_project(stream, "x").documents[0], a_document())
