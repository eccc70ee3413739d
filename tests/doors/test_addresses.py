import pytest

from studio.domain import SettingsError
from studio.doors.addresses import (
    Authority,
    authority,
    authority_of_origin,
    host_names,
    is_number,
    is_this_machine,
    is_within,
    networks,
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("localhost:7860", Authority("localhost", 7860)),
        ("LOCALHOST.", Authority("localhost", None)),
        ("127.0.0.1", Authority("127.0.0.1", None)),
        ("[::1]:80", Authority("::1", 80)),
        ("studio.example.com:443", Authority("studio.example.com", 443)),
    ],
)
def test_a_host_is_a_name_or_a_number_and_a_port(text, meant):
    assert authority(text) == meant


@pytest.mark.parametrize(
    "text",
    ["", "a b", "evil.com/..", "user@localhost", "localhost:", "localhost:123456", "a\r\nb", "[x]"],
)
def test_nothing_else_is_a_host(text):
    assert authority(text) is None


def test_an_origin_means_the_usual_port_of_its_scheme():
    assert authority_of_origin("https://a.example") == Authority("a.example", 443)
    assert authority_of_origin("http://a.example") == Authority("a.example", 80)
    assert authority_of_origin("http://a.example:7860") == Authority("a.example", 7860)


@pytest.mark.parametrize("origin", ["null", "file://", "chrome-extension://abc", "https://", "x"])
def test_what_is_no_site_is_no_origin(origin):
    assert authority_of_origin(origin) is None


def test_numbers_are_told_from_names_that_look_like_them():
    assert is_number("10.0.0.1")
    assert is_number("fe80::1")
    assert not is_number("10.0.0.1.nip.io")
    assert not is_number("0x7f.1")


def test_this_machine_is_known_by_name_and_number_but_not_by_a_name_that_only_begins_so():
    assert all(map(is_this_machine, ("localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]")))
    assert not any(map(is_this_machine, ("localhost.evil.com", "0.0.0.0", "10.0.0.1")))


def test_a_number_is_within_a_range_and_a_name_is_within_none():
    ranges = networks(["10.0.0.0/8", " ::1"])

    assert is_within("10.9.8.7", ranges)
    assert is_within("::1", ranges)
    assert not is_within("11.0.0.1", ranges)
    assert not is_within("proxy.example.com", ranges)


@pytest.mark.parametrize("text", ["proxy", "10.0.0.0/99", "10.0.0.1 10.0.0.2"])
def test_a_range_that_is_none_is_a_sentence(text):
    with pytest.raises(SettingsError, match="--trusted-proxies"):
        networks([text])


def test_host_names_are_a_list_with_commas_between():
    assert host_names(" a.example, B.example:443,") == {"a.example", "b.example"}
    with pytest.raises(SettingsError, match="without http://"):
        host_names("http://a.example")
