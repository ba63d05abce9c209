"""Pages as tests read them: parsed, and asked by the classes of their parts."""

from lxml import html


def parsed(answer):
    return html.fromstring(answer.content.decode())


def read(client, address):
    """Return the page at an address, which must be there."""
    answer = client.get(address)
    assert answer.status_code == 200
    return parsed(answer)


def parts(page, *classes):
    """Return the elements of the last class given that stand inside those of the ones before."""
    places = [page]
    for name in classes:
        places = [part for place in places for part in place.find_class(name)]
    return places


def texts(page, *classes):
    """Return what the parts say, white space folded."""
    return [text(part) for part in parts(page, *classes)]


def text(element):
    return " ".join(element.text_content().split())


def unbroken(answer):
    """Return the HTML of an answer without the breaks between the phrases of headlines."""
    return answer.content.decode().replace("<wbr>", "")
