"""An Atom feed (RFC 4287) as text. Pure: no Django."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

ATOM = "http://www.w3.org/2005/Atom"
ElementTree.register_namespace("", ATOM)
# What XML 1.0 cannot hold, whatever somebody typed.
_NOT_IN_XML = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of news. `key` names it for ever: the same key gives the same id, at whatever address."""

    key: str
    title: str
    summary: str
    address: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed with its entries, the latest first."""

    key: str
    title: str
    author: str
    address: str  # of the page it is about
    own_address: str
    updated: datetime  # where there is no entry
    entries: Sequence[Entry] = ()
    rights: str = ""


def stable_id(key: str) -> str:
    """An id that depends on nothing but the key."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'maalstyring:{key}')}"


def atom(feed: Feed) -> str:
    """The feed as XML."""
    root = ElementTree.Element(_tag("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": "da"})
    latest = max((entry.updated for entry in feed.entries), default=feed.updated)
    _add(root, "id", stable_id(feed.key))
    _add(root, "title", feed.title)
    _add(root, "updated", latest.isoformat())
    _add(ElementTree.SubElement(root, _tag("author")), "name", feed.author)
    ElementTree.SubElement(
        root, _tag("link"), {"rel": "self", "type": "application/atom+xml", "href": feed.own_address}
    )
    ElementTree.SubElement(root, _tag("link"), {"rel": "alternate", "type": "text/html", "href": feed.address})
    if feed.rights:
        _add(root, "rights", feed.rights)
    for entry in feed.entries:
        _add_entry(root, entry)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode")


def _add_entry(root: ElementTree.Element, entry: Entry) -> None:
    element = ElementTree.SubElement(root, _tag("entry"))
    _add(element, "id", stable_id(entry.key))
    _add(element, "title", entry.title)
    _add(element, "updated", entry.updated.isoformat())
    _link(element, "alternate", "text/html", entry.address)
    _add(element, "summary", entry.summary)


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, _tag(name)).text = text.translate(_NOT_IN_XML)


def _link(parent: ElementTree.Element, relation: str, media_type: str, address: str) -> None:
    ElementTree.SubElement(parent, _tag("link"), {"rel": relation, "type": media_type, "href": address})


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"
