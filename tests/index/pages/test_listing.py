"""Lists of many projects' files: the groups lose nothing that a project's page would show."""

from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

from driftcheck.index.pages.listing import Listing
from driftcheck.index.pages.page_blob import distil
from driftcheck.index.pages.page_entries import PageEntries

SPELLINGS = st.lists(st.sampled_from(["a", "b", "2", "-", "_", ".", "A"]), min_size=1, max_size=6).map(
    "".join
)
FILENAMES = st.one_of(
    st.builds("{}-1.{}-py3-none-any.whl".format, SPELLINGS, st.integers(0, 3)),
    st.builds("{}-1.{}{}".format, SPELLINGS, st.integers(0, 3), st.sampled_from([".tar.gz", ".zip"])),
    st.none(),
    st.text(max_size=8),
)
NAMES = (
    st.lists(st.sampled_from(["a", "b", "a2"]), min_size=1, max_size=3).map("-".join).map(canonicalize_name)
)


@given(st.lists(FILENAMES, max_size=12), NAMES)
def test_a_project_finds_what_is_its_own_in_the_lists_order(filenames: list[str | None], name: str) -> None:
    entries = [(filename, f'{{"filename":"{number}"}}') for number, filename in enumerate(filenames)]
    page = PageEntries(url="file:///links/", entries=list(entries))
    project = canonicalize_name(name)
    assert distil(Listing(page).of_project(project), project) == distil(page, project)


def test_other_projects_files_are_left_out() -> None:
    entries = [(f"{name}-1.0-py3-none-any.whl", "{}") for name in ("flask", "flask_cors", "jinja2")]
    listing = Listing(PageEntries(url="file:///links/", entries=list(entries)))
    found = listing.of_project(canonicalize_name("flask"))
    assert [filename for filename, _ in found.entries] == ["flask-1.0-py3-none-any.whl"]
