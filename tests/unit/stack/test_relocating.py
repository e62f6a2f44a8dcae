from pathlib import Path

from tradewatch.stack.relocating import make_workplace, relocate


def unpacked(folder: Path, package: str, content: bytes) -> Path:
    program = folder / "usr" / "bin" / package
    program.parent.mkdir(parents=True)
    program.write_bytes(content)
    program.chmod(0o755)
    return program


def test_a_server_looks_for_its_files_where_it_is_started_and_stays_as_long(tmp_path: Path) -> None:
    program = unpacked(tmp_path, "prometheus-alertmanager", b"\x7fELF/usr/share/prometheus/alertmanager/ui/\0code")
    relocate("prometheus-alertmanager", tmp_path)
    assert program.read_bytes() == b"\x7fELF/proc/self/cwd////////////////////" + b"/ui/\0code"
    assert program.stat().st_mode & 0o111


def test_other_packages_are_left_as_they_are(tmp_path: Path) -> None:
    program = unpacked(tmp_path, "other", b"/usr/share/prometheus/web")
    relocate("other", tmp_path)
    assert program.read_bytes() == b"/usr/share/prometheus/web"


def test_the_workplace_links_to_the_files_of_all_servers_and_to_the_secrets(tmp_path: Path) -> None:
    pages = tmp_path / "usr" / "share" / "prometheus" / "web" / "static"
    pages.mkdir(parents=True)
    secrets = tmp_path / "secrets"
    for _ in range(2):
        make_workplace(tmp_path / "workplace", [tmp_path / "usr" / "bin" / "prometheus"], secrets)
    assert {link.name: link.readlink() for link in (tmp_path / "workplace").iterdir()} == {
        "static": pages,
        "secrets": secrets,
    }
