"""Feeds, read back by a parser that shares nothing with the writer: the required elements of RFC 4287."""

from datetime import UTC, datetime
from uuid import UUID
from xml.dom.minidom import Element, parseString

from hypothesis import given
from hypothesis import strategies as st

from reports.portal.atom import Entry, Feed, atom, stable_id

AT = datetime(2026, 8, 10, 9, 0, tzinfo=UTC)


def feed(*entries: Entry) -> Feed:
    return Feed("901/maal", "Åbne mål", "Fjordby", "https://a.dk/", "https://a.dk/feed/", AT, entries)


def entry(key: str = "901/serie/1/2026K2", title: str = "Fravær: 5,4 pct.") -> Entry:
    return Entry(key, title, "Nyt tal", "https://a.dk/serier/1/", AT)


def children(element: Element, name: str) -> list[Element]:
    return [one for one in element.childNodes if getattr(one, "tagName", "") == name]


def text(element: Element, name: str) -> str:
    [one] = children(element, name)
    return one.firstChild.data if one.firstChild else ""


def check(written: str) -> Element:
    """RFC 4287, 4.1.1 and 4.1.2: exactly one id, title and updated; an author; links of different kinds."""
    root = parseString(written.encode()).documentElement
    assert root.tagName == "feed"
    assert root.getAttribute("xmlns") == "http://www.w3.org/2005/Atom"
    ids = [text(root, "id")]
    assert text(root, "title")
    assert datetime.fromisoformat(text(root, "updated")).tzinfo
    assert text(children(root, "author")[0], "name")
    relations = [link.getAttribute("rel") for link in children(root, "link")]
    assert sorted(relations) == ["alternate", "self"]
    for one in children(root, "entry"):
        ids.append(text(one, "id"))
        text(one, "title")
        assert datetime.fromisoformat(text(one, "updated")).tzinfo
        assert children(one, "link")[0].getAttribute("href").startswith("http")
    assert len(set(ids)) == len(ids)
    assert all(":" in one for one in ids)
    return root


def test_a_feed_without_entries_is_whole():
    assert not children(check(atom(feed())), "entry")


def test_entries_are_whole():
    assert len(children(check(atom(feed(entry(), entry("901/serie/1/2026K3")))), "entry")) == 2


def test_ids_depend_on_the_key_alone():
    assert UUID(stable_id("901/serie/1/2026K2").removeprefix("urn:uuid:")).version == 5
    elsewhere = Entry("901/serie/1/2026K2", "Andet", "Andet", "https://b.dk/", AT)
    assert stable_id(elsewhere.key) == stable_id(entry().key)
    assert stable_id("901/serie/1/2026K2") != stable_id("901/serie/1/2026K3")


@given(st.text())
def test_whatever_is_typed_is_read_back(title):
    """But for what XML cannot hold, and line ends, which a parser turns into one."""
    root = check(atom(feed(entry(title=f"x{title}"))))
    kept = "".join(c for c in title if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
    read = text(children(root, "entry")[0], "title")
    assert read.replace("\r", "\n") == f"x{kept}".replace("\r\n", "\n").replace("\r", "\n")
