"""What is taken out of URLs before anybody sees them."""

import pytest

from driftcheck.support.redaction import redacted, without_credentials


@pytest.mark.parametrize(
    "url, shown",
    [
        ("https://user:secret@index.example/x", "https://****@index.example/x"),
        ("https://token@index.example/", "https://****@index.example/"),
        ("https://user:sec@ret@index.example/", "https://****@index.example/"),
        ("https://user:sec/ret@index.example/", "https://****@index.example/"),
        ("see git+ssh://git@git.example/r.git@main now", "see git+ssh://****@git.example/r.git@main now"),
        ("http://user:secret@[::1/simple/", "http://****@[::1/simple/"),
        ("https://index.example:8080/name@1.0", "https://index.example:8080/name@1.0"),
        ("https://index.example/?mail=a@b.example", "https://index.example/?mail=a@b.example"),
        ("git+https://git.example/r.git@main#egg=r", "git+https://git.example/r.git@main#egg=r"),
    ],
)
def test_logins_are_taken_out_and_nothing_else(url: str, shown: str) -> None:
    assert redacted(url) == shown


def test_malformed_urls_lose_their_login_too() -> None:
    assert without_credentials("http://user:secret@[::1/simple/") == "http://[::1/simple/"
    assert without_credentials("https://user:se@cret@index.example/x") == "https://index.example/x"
