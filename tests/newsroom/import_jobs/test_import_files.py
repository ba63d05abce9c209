"""Where the files of an import are: uploads, private and for a time, and one opened folder."""

import pytest

from newsroom.import_jobs.opened_folder import NotInFolder, list_files, list_folders, resolve_name
from newsroom.import_jobs.upload_store import (
    UploadRefused,
    delete_upload,
    draw_token,
    find_folder,
    list_uploaded,
    store_piece,
)

pytestmark = pytest.mark.once
XML = (".xml",)


def test_a_file_comes_in_pieces_and_is_private():
    token = draw_token()
    assert store_piece(token, "港.xml", 0, [b"ab", b"c"], XML) == 3
    assert store_piece(token, "港.xml", 3, [b"de"], XML) == 5
    path = find_folder(token) / "港.xml"
    assert path.read_bytes() == b"abcde"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list_uploaded(token) == ["港.xml"]
    delete_upload(token)
    delete_upload(token)
    assert list_uploaded(token) == []


def test_a_missing_piece_is_noticed_and_the_first_begins_anew():
    token = draw_token()
    store_piece(token, "a.xml", 0, [b"abc"], XML)
    for offset in (2, 4):
        with pytest.raises(UploadRefused):
            store_piece(token, "a.xml", offset, [b"x"], XML)
    assert store_piece(token, "a.xml", 0, [b"x"], XML) == 1


def test_too_much_is_refused_and_what_is_there_stays(settings):
    settings.IMPORT_UPLOAD_MB = 1
    token = draw_token()
    store_piece(token, "a.xml", 0, [b"x" * 2**19], XML)
    with pytest.raises(UploadRefused, match="1"):
        store_piece(token, "a.xml", 2**19, [b"x" * 2**18, b"x" * 2**18, b"x"], XML)
    assert (find_folder(token) / "a.xml").stat().st_size == 2**19
    with pytest.raises(UploadRefused):
        store_piece(token, "b.xml", 0, [b"x" * 2**20], XML)


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("../../etc/passwd.xml", "passwd.xml"),
        ("C:\\export\\a.xml", "a.xml"),
        ("a\x00b\n.xml", "a_b_.xml"),
        (".xml", None),
        ("a.php", None),
        ("", None),
        ("..", None),
    ],
)
def test_a_name_leads_nowhere_else(name, stored):
    token = draw_token()
    if stored is None:
        with pytest.raises(UploadRefused):
            store_piece(token, name, 0, [b"x"], XML)
        assert list_uploaded(token) == []
    else:
        store_piece(token, name, 0, [b"x"], XML)
        assert list_uploaded(token) == [stored]


@pytest.mark.parametrize("token", ["", "..", "../x", "A" * 32, "a" * 31, "a" * 32 + "\n"])
def test_only_a_token_names_an_upload(token):
    with pytest.raises(UploadRefused):
        find_folder(token)


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path):
    token, other = draw_token(), tmp_path / "other.xml"
    other.write_bytes(b"abc")
    find_folder(token).mkdir(parents=True)
    (find_folder(token) / "a.xml").symlink_to(other)
    with pytest.raises(UploadRefused):
        store_piece(token, "a.xml", 3, [b"x"], XML)
    assert other.read_bytes() == b"abc"


def test_the_opened_folder_offers_what_is_in_it(opened):
    (opened / ".hidden.xml").write_bytes(b"")
    (opened / "old" / "notes.pdf").write_bytes(b"")
    assert list_files(XML) == ["old/export.xml"]
    assert list_folders() == ["old"]
    assert resolve_name("old/export.xml").is_file()
    assert resolve_name("old").is_dir()


@pytest.mark.parametrize(
    "name", ["../secret.xml", "link.xml", "/etc/passwd", "old/../../secret.xml", "", ".", "none"]
)
def test_nothing_outside_of_the_opened_folder_has_a_name(opened, name):
    with pytest.raises(NotInFolder):
        resolve_name(name)


def test_a_folder_that_links_outside_is_not_offered(opened, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "export.xml").write_bytes(b"")
    (opened / "way").symlink_to(tmp_path / "outside")
    assert list_folders() == ["old"]
    assert list_files(XML) == ["old/export.xml"]
    with pytest.raises(NotInFolder):
        resolve_name("way/export.xml")


def test_without_an_opened_folder_nothing_is_offered():
    assert (list_files(XML), list_folders()) == ([], [])
    with pytest.raises(NotInFolder):
        resolve_name("etc/passwd")


def test_long_names_that_differ_at_the_end_are_two_files():
    token, names = draw_token(), [f"{'港' * 100}.{part}.xml" for part in ("000", "001")]
    for name in names:
        store_piece(token, name, 0, [name.encode()], XML)
    paths = [find_folder(token) / name for name in list_uploaded(token)]
    assert sorted(path.read_bytes().decode() for path in paths) == names
    assert all(len(path.name.encode()) <= 255 for path in paths)
